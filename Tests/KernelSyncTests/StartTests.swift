import RouteCore
import Testing

@testable import KernelSync

@Suite struct StartTests {
  let pair = [hop(1, on: 1), hop(1, on: 2)]

  @Test func `what is wanted comes, and what is not wanted any more goes`() {
    let lab = Lab(interfaces: 2)
    let table = lab.addTable()
    lab.want(0..<2000, table, via: pair)
    lab.want(2000..<3000, table, via: [hop(1, on: 1)])
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 3000)
    #expect(lab.objectCount == 4, "a way out for single routes, two as members, and their group")
    for number in 0..<2500 { lab.want(prefix(number), table, nil) }
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 500)
    #expect(lab.objectCount == 1)
  }

  @Test func `two tables and two families share their objects`() {
    let lab = Lab(interfaces: 2)
    let tables = [lab.addTable(), lab.addTable(7), lab.addTable(254, .ipv4)]
    for table in tables { lab.want(0..<10, table, via: pair) }
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 30)
    #expect(lab.objectCount == 3)
    lab.stop(tables[0], .remove)
    lab.want(0..<10, tables[1], via: [])
    #expect(lab.rest() == [])
    #expect(lab.objectCount == 3, "IPv4 has them still")
  }

  @Test func `what an earlier run left stays where it is wanted, and goes after the first audit where it is not`() {
    let lab = Lab(interfaces: 2)
    let table = lab.addTable()
    lab.want(0..<10, table, via: pair)
    lab.want(10..<20, table, via: [hop(2, on: 1)])
    #expect(lab.rest() == [])
    let objects = lab.kernel.objects
    lab.restart()
    for number in 5..<20 { lab.want(prefix(number), table, nil) }
    let changes = lab.changeCount
    lab.start(table)
    lab.run(.seconds(30))
    #expect(lab.tables[0].isReady)
    #expect(lab.changeCount == changes, "all is as it should be, and nobody knows yet what will not be wanted")
    #expect(lab.routeCount == 20)
    #expect(lab.kernel.objects == objects)
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 5)
    #expect(lab.objectCount == 3, "the object of the others has gone with them")
  }

  @Test func `nothing that an earlier run left goes while a restart lasts`() {
    let lab = Lab(interfaces: 2)
    let table = lab.addTable()
    lab.want(0..<10, table, via: pair)
    #expect(lab.rest() == [])
    lab.restart()
    for number in 0..<10 { lab.want(prefix(number), table, nil) }
    lab.start(table) { $0.keepsLeftOvers = true }
    lab.run(.seconds(500))
    #expect(lab.routeCount == 10)
    lab.want(0..<3, table, via: [hop(1, on: 2)])
    lab.run(.seconds(1))
    #expect(lab.way(prefix(0), table) == [hop(1, on: 2)])
    lab.setOptions(table) { $0.keepsLeftOvers = false }
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 3)
  }

  @Test func `routes that another daemon left without objects are taken over in their places`() {
    let lab = Lab(interfaces: 2)
    for number in 0..<10 {
      lab.kernel.routes[SimulatedKernel.Key(254, prefix(number), 32)] = SimulatedKernel.Route(hops: pair.sorted())
    }
    let table = lab.addTable()
    lab.want(0..<5, table, via: pair, metric: 32)
    lab.run(.seconds(1))
    #expect((0..<10).allSatisfy { lab.way(prefix($0), table) == pair.sorted() })
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 5)
    #expect(lab.batches.joined().allSatisfy { if case .write(_, let mode) = $0 { mode == .replace } else { true } })
  }

  @Test func `of two routes that a run left to a prefix, the one that the kernel uses stays until the right one is there`() {
    let lab = Lab(interfaces: 2)
    lab.kernel.routes[SimulatedKernel.Key(254, prefix(0), 32)] = SimulatedKernel.Route(hops: [hop(1, on: 1)])
    lab.kernel.routes[SimulatedKernel.Key(254, prefix(0), 50)] = SimulatedKernel.Route(hops: [hop(1, on: 2)])
    let table = lab.addTable()
    lab.want(prefix(0), table, via: hop(1, on: 2), metric: 50)
    #expect(lab.rest() == [])
    #expect(lab.routes(prefix(0), table).map { $0.metric } == [50])
  }

  @Test func `a table that stops loses its routes, keeps them without objects, or keeps them as they are`() {
    for end in [KernelTableEnd.remove, .persist, .leave] {
      let lab = Lab(interfaces: 2)
      let table = lab.addTable()
      lab.want(0..<700, table, via: pair)
      #expect(lab.rest() == [])
      lab.stop(table, end)
      lab.run(.seconds(5))
      #expect(lab.faults == [])
      #expect(lab.tables[0].isStopped)
      switch end {
      case .remove:
        #expect(lab.routeCount == 0)
        #expect(lab.objectCount == 0)
      case .persist:
        #expect(lab.kernel.routes.values.allSatisfy { $0.object == 0 && $0.hops == pair.sorted() })
        #expect(lab.routeCount == 700)
        #expect(lab.objectCount == 0)
      case .leave:
        #expect(lab.kernel.routes.values.allSatisfy { $0.object != 0 })
        #expect(lab.routeCount == 700)
      }
      lab.start(table)
      #expect(lab.rest() == [])
      #expect(lab.routeCount == 700)
    }
  }

  @Test func `a table that is started while it stops has what is wanted`() {
    for pause in 0..<10 {
      let lab = Lab(seed: UInt64(pause), interfaces: 2)
      let table = lab.addTable()
      lab.want(0..<1200, table, via: pair)
      #expect(lab.rest() == [])
      lab.stop(table, pause % 2 == 0 ? .remove : .persist)
      lab.run(.microseconds(500 * pause))
      for number in 600..<1200 { lab.want(prefix(number), table, nil) }
      lab.start(table)
      #expect(lab.rest() == [], "after \(pause)")
      #expect(lab.routeCount == 600)
    }
  }

  @Test func `a kernel without nexthop objects has plain routes`() {
    let lab = Lab(interfaces: 2) { $0.kernel.supportsObjects = false }
    let table = lab.addTable()
    lab.want(0..<10, table, via: pair)
    #expect(lab.rest() == [])
    #expect(lab.way(prefix(0), table) == pair.sorted())
    #expect(lab.objectCount == 0)
  }

  @Test func `routes follow the option for objects without a gap`() {
    let lab = Lab(interfaces: 2)
    let table = lab.addTable()
    lab.want(0..<1000, table, via: pair)
    for uses in [true, false, true] {
      lab.setOptions(table) { $0.usesObjects = uses }
      #expect(lab.rest() == [])
      #expect(lab.kernel.routes.values.allSatisfy { ($0.object != 0) == uses })
      #expect(lab.objectCount == (uses ? 3 : 0))
    }
  }
}
