import RouteCore
import Testing

@testable import BGP

/// `neighbor range`: what a spawned protocol is, and how long it stays.
@Suite struct RangeTests {
  private func listener() throws -> PeerConfiguration {
    var value = try PeerConfigurationTests.configuration()
    value.neighborAddress = .unspecified
    value.neighborRange = Prefix("10.0.0.0/24")
    return value
  }

  @Test func `A range needs no address, and its family is that of the session`() throws {
    var value = try listener()
    #expect(value.problems() == [])
    #expect(value.isListener && value.transportFamily == .ipv4)
    value.neighborRange = nil
    #expect(value.problems() == ["Neighbor must be configured"])
  }

  @Test func `What is spawned has all options, an address, and the password of the range`() throws {
    var value = try listener()
    value.holdTime = 77
    let spawned = value.spawned(for: try #require(IPAddress("10.0.0.9")))
    #expect(!spawned.isListener && spawned.holdTime == 77 && spawned.transportFamily == .ipv4)
    #expect(spawned.passwordScope == Prefix("10.0.0.0/24"))
    #expect(try PeerConfigurationTests.configuration().passwordScope == Prefix("2001:db8:ff::1/128"))
    #expect(spawned != value)
  }

  @Test func `Names are numbered with the digits asked for`() throws {
    var value = try listener()
    #expect(value.dynamicName(7) == "dynbgp7")
    value.dynamicName = "peer"
    value.dynamicNameDigits = 3
    #expect([7, 70, 700, 7000].map { value.dynamicName($0) } == ["peer007", "peer070", "peer700", "peer7000"])
    value.dynamicNameDigits = 10
    #expect(value.dynamicName(.max) == "peer4294967295")
  }

  private let start = Instant.zero

  @Test func `Who never had a session is forgotten in minutes, who had one in an hour`() {
    var life = SpawnLifetime(at: start)
    #expect(life.end == start + .seconds(300))
    life.established()
    #expect(life.end == nil)
    life.lost(at: start + .seconds(1000))
    #expect(life.end == start + .seconds(4600))
    life.started(at: start + .seconds(2000))
    #expect(life.end == start + .seconds(5600))
  }

  @Test func `What the operator disabled stays until it is enabled, what disabled itself does not`() {
    var life = SpawnLifetime(at: start)
    life.failed(at: start + .seconds(5))
    #expect(life.end == start + .seconds(300))
    life.hold()
    #expect(life.end == nil && life.worth(at: start + .seconds(5000)) == nil)
    life.started(at: start + .seconds(6000))
    #expect(life.end == start + .seconds(6300))
  }

  @Test func `Too many give way in order: never established first, then the longest idle, none while it is young or up`() throws {
    let now = start + .seconds(100)
    var up = SpawnLifetime(at: start)
    up.established()
    var lost = up
    lost.lost(at: start + .seconds(1))
    let never = SpawnLifetime(at: start + .seconds(20))
    let older = SpawnLifetime(at: start + .seconds(10))
    let young = SpawnLifetime(at: start + .seconds(91))
    #expect(up.worth(at: now) == nil && young.worth(at: now) == nil)
    let order = try [lost, never, older].map { try #require($0.worth(at: now)) }
    #expect(order.sorted() == [order[2], order[1], order[0]])
  }
}
