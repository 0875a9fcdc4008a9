import RouteCore
import Testing

@testable import KernelSync

@Suite struct ObjectTests {
  let pair = [hop(1, on: 1), hop(1, on: 2)]

  @Test func `objects that somebody flushes are made anew, with all routes, and told of once`() {
    let lab = Lab(interfaces: 2)
    let table = lab.addTable()
    lab.want(0..<1000, table, via: pair)
    lab.want(1000..<1100, table, via: [pair[0]])
    #expect(lab.rest() == [])
    lab.kernel.othersFlushObjects()
    #expect(lab.routeCount == 0)
    lab.run(.milliseconds(100))
    #expect(lab.routeCount == 1100)
    #expect(lab.logs.count == 1)
    #expect(lab.rest() == [])
  }

  @Test func `a member that somebody removes comes back into the routes`() {
    let lab = Lab(interfaces: 2)
    let table = lab.addTable()
    lab.want(0..<10, table, via: pair)
    #expect(lab.rest() == [])
    lab.kernel.removeObject(lab.kernel.objects.keys.min() ?? 0, isTold: true)
    lab.run(.milliseconds(100))
    #expect(lab.way(prefix(0), table) == pair.sorted())
    #expect(lab.rest() == [])
  }

  @Test func `a number that somebody else has is left to him`() {
    let lab = Lab(interfaces: 2)
    for number in 1...5 {
      lab.kernel.othersMake(KernelObject(id: Lab.objectBase + UInt32(number), protocolNumber: 4, hop: hop(9, on: 2)))
    }
    let table = lab.addTable()
    lab.want(0..<10, table, via: pair)
    #expect(lab.rest() == [])
    #expect((1...5).allSatisfy { lab.kernel.objects[Lab.objectBase + UInt32($0)]?.hop == hop(9, on: 2) })
  }

  @Test func `a way out that the kernel refuses is left out while there is another one`() {
    let lab = Lab(interfaces: 2)
    let table = lab.addTable()
    lab.kernel.unreachable = [pair[0].gateway]
    lab.want(0..<10, table, via: pair)
    lab.run(.milliseconds(100))
    #expect(lab.way(prefix(0), table) == [pair[1]])
    #expect(lab.rest() == [])
    lab.kernel.unreachable = []
    #expect(lab.rest() == [])
    #expect(lab.way(prefix(0), table) == pair.sorted())
  }

  @Test func `a group whose member has gone unseen is not tried without a pause`() {
    let lab = Lab(interfaces: 3)
    let table = lab.addTable()
    lab.want(prefix(0), table, via: pair[0], pair[1])
    #expect(lab.rest() == [])
    let member = lab.sync.objects.place(.member(pair[0], .ipv6)).flatMap { lab.sync.objects[$0]?.id } ?? 0
    lab.kernel.removeObject(member, isTold: false)
    let changes = lab.changeCount
    lab.want(1..<50, table, via: [pair[0], hop(1, on: 3)])
    lab.run(.seconds(3))
    #expect(lab.routeCount == 50)
    #expect(lab.changeCount - changes < 200)
    #expect(lab.rest() == [])
  }

  @Test func `an object's place is not given away before the answer to its removal`() {
    // Members go by other hands while their group, which nobody uses any more, is being removed.
    for seed in 0..<30 {
      let lab = Lab(seed: UInt64(seed), interfaces: 3)
      lab.answerDelay = .seconds(1)
      let table = lab.addTable()
      lab.want(0..<10, table, via: pair)
      #expect(lab.rest() == [])
      lab.want(0..<10, table, via: [hop(2, on: 3)])
      while !lab.sync.inFlight.joined().contains(where: { $0.kind == .removeObject }) { lab.run(.milliseconds(10)) }
      lab.kernel.othersFlushObjects()
      lab.want(0..<5, table, via: [hop(1, on: 3), hop(2, on: 2)])
      lab.want(5..<10, table, via: [hop(2, on: 1), hop(2, on: 2)])
      #expect(lab.rest() == [], "seed \(seed)")
    }
  }

  @Test func `what a kernel object cannot say is written plainly`() {
    let lab = Lab(interfaces: 1)
    let table = lab.addTable(254, .ipv4)
    var want = Lab.Want(hops: [hop(1, on: 1, .ipv4)])
    want.details.realm = 7
    lab.want(prefix(0, .ipv4), table, want)
    want.details.realm = nil
    want.details.metrics[.mtu] = 1400
    lab.want(prefix(1, .ipv4), table, want)
    #expect(lab.rest() == [])
    #expect(lab.routes(prefix(0, .ipv4), table).first?.route.object == 0)
    #expect(lab.routes(prefix(1, .ipv4), table).first?.route.object != 0)
  }
}
