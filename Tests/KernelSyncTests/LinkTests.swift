import RouteCore
import Testing

@testable import KernelSync

@Suite struct LinkTests {
  let pair = [hop(1, on: 1), hop(1, on: 2)]

  /// Prefixes by one way, by two, and without objects, in both families.
  private func lab() -> (Lab, [KernelTableID]) {
    let lab = Lab(interfaces: 2)
    let tables = [lab.addTable(), lab.addTable(254, .ipv4), lab.addTable(7) { $0.usesObjects = false }]
    for table in tables {
      let family = lab.tables[Int(table.rawValue)].family
      let ways = [hop(1, on: 1, family), hop(1, on: 2, family)]
      lab.want(0..<5, table, via: ways)
      lab.want(5..<10, table, via: [ways[0]])
      lab.want(10..<15, table, via: [ways[1]])
    }
    #expect(lab.rest() == [])
    return (lab, tables)
  }

  @Test func `routes leave an interface that goes down and come again with it`() {
    let (lab, tables) = lab()
    lab.setLink(1) { $0.isUp = false }
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 30)
    #expect(lab.way(prefix(0), tables[0]) == [hop(1, on: 2)])
    #expect(lab.way(prefix(0), tables[2]) == [hop(1, on: 2)])
    #expect(lab.refusals.isEmpty)
    lab.setLink(1) { $0.isUp = true }
    lab.run(.milliseconds(100))
    #expect(lab.routeCount == 45)
    #expect(lab.way(prefix(0), tables[0]) == pair.sorted())
    #expect(lab.rest() == [])
  }

  @Test func `without a carrier plain routes stay, and those with objects go another way`() {
    let (lab, tables) = lab()
    lab.setLink(1) { $0.hasCarrier = false }
    #expect(lab.rest() == [])
    #expect(lab.way(prefix(0), tables[0]) == [hop(1, on: 2)])
    #expect(lab.way(prefix(0), tables[2]) == pair.sorted())
    #expect(lab.way(prefix(5), tables[0]) == nil)
    #expect(lab.way(prefix(5), tables[2]) == [hop(1, on: 1)])
    lab.setLink(1) { $0.hasCarrier = true }
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 45)
  }

  @Test func `an interface may be removed, and come back`() {
    let (lab, _) = lab()
    lab.kernel.setInterface(1, nil)
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 30)
    lab.kernel.setInterface(1, SimulatedKernel.Interface())
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 45)
  }

  @Test func `a link that is down for an instant takes nothing with it for longer`() {
    let (lab, _) = lab()
    lab.setLink(1) { $0.isUp = false }
    lab.setLink(1) { $0.isUp = true }
    lab.run(.milliseconds(100))
    #expect(lab.routeCount == 45)
    #expect(lab.rest() == [])
  }

  @Test func `with the last IPv4 address of an interface plain routes go, and come again with it`() {
    let lab = Lab(interfaces: 1)
    let table = lab.addTable(254, .ipv4) { $0.usesObjects = false }
    lab.want(0..<5, table, via: [hop(1, on: 1, .ipv4)])
    #expect(lab.rest() == [])
    lab.setLink(1) { $0.hasIPv4 = false }
    lab.run(.seconds(200))
    #expect(lab.routeCount == 0)
    lab.setLink(1) { $0.hasIPv4 = true }
    lab.run(.milliseconds(100))
    #expect(lab.routeCount == 5)
    #expect(lab.rest() == [])
  }
}
