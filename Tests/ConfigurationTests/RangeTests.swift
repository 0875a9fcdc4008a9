import BGP
import RouteCore
import Testing

@testable import Configuration

/// `neighbor range`, `dynamic name`, `dynamic name digits`.
@Suite struct RangeTests {
  private static let text = """
    template bgp peers { local as 65001; ipv6 { import all; export all; }; ipv4 { import all; export none; }; }
    protocol bgp A from peers { neighbor range 2001:db8::/64 external; dynamic name "peer"; dynamic name digits 3; }
    protocol bgp B from peers { neighbor range 10.0.0.0/8 port 1790 as 65002; description "b"; }
    filter peer1 { accept; }
    """

  private func peer(_ item: ProtocolConfiguration?) throws -> PeerConfiguration {
    guard case .bgp(let peer)? = item?.specification else { throw Unreadable(diagnostics: []) }
    return peer
  }

  @Test func `a range with its names`() throws {
    let read = try configuration(Self.text)
    let a = try peer(read.protocolInstance(named: "A"))
    #expect(a.isListener && a.neighborRange == Prefix("2001:db8::/64") && a.neighborAS == .external)
    #expect(a.dynamicName(5) == "peer005")
    let b = try peer(read.protocolInstance(named: "B"))
    #expect(b.neighborRange == Prefix("10.0.0.0/8") && b.neighborPort == 1790 && b.neighborAS == .number(65002))
    #expect(b.dynamicName(5) == "dynbgp5")
  }

  @Test func `a protocol's own neighbor takes the place of its template's range, and the other way round`() throws {
    let read = try configuration(
      """
      template bgp R { local as 1; neighbor range 10.0.0.0/8 as 1; ipv4; }
      template bgp N { local as 1; neighbor 10.0.0.1 as 1; ipv4; }
      protocol bgp A from R { neighbor 10.0.0.9 as 1; }
      protocol bgp B from N { neighbor range 10.0.0.0/9 as 1; }
      """)
    #expect(try peer(read.protocolInstance(named: "A")).neighborRange == nil)
    #expect(try peer(read.protocolInstance(named: "B")).isListener)
  }

  @Test func `what is spawned is what the range is, with an address and a name`() throws {
    let read = try configuration(Self.text)
    let parent = try #require(read.protocolInstance(named: "B"))
    let neighbor = try #require(IPAddress("10.1.2.3"))
    let item = try #require(parent.spawned("dynbgp1", for: neighbor))
    #expect(item.spawnedBy == "B" && item.description == "b" && item.channels.count == 2)
    #expect(try peer(item).neighborAddress == neighbor)
    #expect(item.spawned("dynbgp2", for: neighbor) == nil)
  }

  @Test func `names of the file are taken, whatever they are`() throws {
    let read = try configuration(Self.text)
    #expect(read.isTaken("peer1") && read.isTaken("A") && read.isTaken("peers") && !read.isTaken("peer2"))
  }

  /// What becomes of a spawned protocol when its range is changed.
  private func change(_ old: String, _ new: String) throws -> String {
    var before = try configuration(Self.text)
    var after = try configuration(Self.text.replacing(old, with: new))
    let neighbor = try #require(IPAddress("10.1.2.3"))
    for item in [before.protocolInstance(named: "B")?.spawned("dynbgp1", for: neighbor)] { before.protocols.append(try #require(item)) }
    for item in [after.protocolInstance(named: "B")?.spawned("dynbgp1", for: neighbor)] { after.protocols.append(try #require(item)) }
    let difference = ConfigurationDifference(from: before, to: after)
    let found = try #require(difference.changes.first { $0.name == "dynbgp1" })
    return "\(found.effect): \(found.reasons.joined(separator: ", "))"
  }

  @Test func `changes of the range are changes of what it has spawned`() throws {
    #expect(try change("peer005", "") == "none: ")
    #expect(try change("export none", "export all") == "reload: export filter of ipv4")
    #expect(try change("\"b\"", "\"c\"") == "adjust: description")
    #expect(try change("\"b\"", "\"b\"; hold time 30") == "adjust: hold time")
    #expect(try change("10.0.0.0/8", "10.0.0.0/9") == "restart: neighbor range")
    #expect(try change("\"b\"", "\"b\"; disabled") == "restart: disabled")
    #expect(try change("\"b\"", "\"b\"; dynamic name \"x\"") == "restart: dynamic name")
    #expect(try change("\"b\"", "\"b\"; dynamic name digits 2") == "restart: dynamic name digits")
  }
}
