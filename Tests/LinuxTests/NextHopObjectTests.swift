import Glibc
import KernelSync
import Linux
import RouteCore
import Testing

@Suite(.enabled(if: NetworkNamespace.isAvailable, "needs root and network namespaces"))
struct NextHopObjectTests {
  @Test func `Routes follow their group in one message, and a lost member at once`() throws {
    let lab = try RouteLab()
    defer { lab.close() }
    let hops = lab.via("2001:db8:1::2", "2001:db8:1::3", "2001:db8:1::4")
    for (index, hop) in hops.enumerated() {
      lab.batch.make(nextHopObject: UInt32(index + 1), hop, family: .ipv6, token: UInt32(index))
    }
    lab.batch.make(nextHopGroup: 100, [NextHopMember(id: 1), NextHopMember(id: 2, weight: 3)], token: 10)
    for index in 0..<50 {
      let prefix = Prefix(IPAddress(high: 0x2001_0db8_0100_0000 | UInt64(index), low: 0), 64)
      lab.batch.install(RouteRequest(prefix), nextHopObject: 100, mode: .create, token: 20)
    }
    lab.batch.install(RouteRequest(net("10.7.0.0/16")), nextHopObject: 100, mode: .create, token: 21)
    #expect(lab.batch.commit().failures == [])
    func expect(_ members: [(hop: Int, weight: UInt16)]) throws {
      let wanted = Set(
        members.map { member in
          var hop = hops[member.hop]
          hop.weight = member.weight
          return hop
        })
      let found = try lab.routes(.ipv6)
      #expect(found.count == 50)
      #expect(found.allSatisfy { $0.nextHopObject == 100 && Set($0.nextHops.map(\.hop)) == wanted })
      #expect(try lab.routes(.ipv4).first.map { Set($0.nextHops.map(\.hop)) } == wanted)
    }
    try expect([(0, 1), (1, 3)])

    // What is there already is nobody's to be overwritten.
    lab.batch.make(nextHopGroup: 100, [NextHopMember(id: 1), NextHopMember(id: 2), NextHopMember(id: 3)], token: 11)
    lab.batch.make(nextHopObject: 3, hops[0], family: .ipv6, token: 12)
    #expect(lab.batch.commit().failures.map { [Int32($0.token), $0.code] } == [[11, EEXIST], [12, EEXIST]])
    try expect([(0, 1), (1, 3)])

    lab.batch.remove(nextHopObject: 2, token: 12)
    lab.batch.remove(nextHopObject: 77, token: 13)
    #expect(lab.batch.commit().failures == [])
    try expect([(0, 1)])

    lab.batch.install(RouteRequest(net("2001:db8:ffff::/64")), nextHopObject: 77, token: 14)
    #expect(lab.batch.commit().failures.map(\.token) == [14])
    lab.batch.remove(nextHopObject: 100, token: 15)
    #expect(lab.batch.commit().failures == [])
    #expect(try lab.routes(.ipv6).isEmpty)
  }

  @Test func `A classic route and one with a group replace each other`() throws {
    let lab = try RouteLab()
    defer { lab.close() }
    let hops = lab.via("2001:db8:1::2", "2001:db8:1::3")
    for (index, hop) in hops.enumerated() { lab.batch.make(nextHopObject: UInt32(index + 1), hop, family: .ipv6, token: 0) }
    lab.batch.make(nextHopGroup: 100, [NextHopMember(id: 1), NextHopMember(id: 2)], token: 0)
    let request = RouteRequest(net("2001:db8:a2::/64"))
    let single = Array(hops[..<1])
    for round in 0..<6 {
      switch round % 3 {
      case 0: lab.batch.install(request, via: hops.span, token: 1)
      case 1: lab.batch.install(request, nextHopObject: 100, token: 2)
      default: lab.batch.install(request, via: single.span, token: 3)
      }
      #expect(lab.batch.commit().failures == [])
      let found = try lab.routes(.ipv6)
      #expect(found.count == 1 && found.first?.nextHopObject == (round % 3 == 1 ? 100 : 0), "round \(round)")
      #expect(found.first?.nextHops.count == (round % 3 == 2 ? 1 : 2))
    }
  }
}
