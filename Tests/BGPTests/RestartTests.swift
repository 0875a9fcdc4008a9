import RouteCore
import Testing

@testable import BGP

/// Graceful restart (RFC 4724) and long-lived graceful restart (RFC 9494) as transcripts. A is only aware; B restarts.
@Suite struct RestartTests {
  static let endOfRIB = message(.update, hex("0000 0006 800f03 000201"))
  static let endOfRIB4 = message(.update, hex("0000 0000"))

  /// B with `graceful restart yes`, and a time of 10 s.
  static func able(_ change: @escaping (inout PeerConfiguration) -> Void = { _ in }) -> (inout PeerConfiguration) -> Void {
    {
      $0.gracefulRestart = .yes
      $0.gracefulRestartTime = 10
      change(&$0)
    }
  }

  /// B's OPEN after its restart.
  static func open(
    _ isRecovering: Bool = true, _ change: @escaping (inout PeerConfiguration) -> Void = { _ in }
  ) -> [UInt8] {
    let configuration = configurationB(able(change))
    return OpenMessage(configuration, capabilities: Capabilities(configuration, isRecovering: isRecovering)).encoded
  }

  /// B comes back by a connection of its own; what happens when the session is up.
  static func comeBack(_ bench: inout Bench, at seconds: Double, _ open: [UInt8] = open()) -> [String] {
    _ = bench.at(seconds, .accepted(Bench.in7, endpointsA))
    _ = bench.at(seconds, Bench.in7, receives: open)
    return bench.at(seconds, Bench.in7, receives: MessageHeader.keepalive)
  }

  static func bench(_ change: @escaping (inout PeerConfiguration) -> Void = { _ in }) -> Bench {
    Bench.established({ $0.holdTime = 240 }, remote: able { change(&$0) })
  }

  // MARK: Capabilities

  @Test(
    arguments: [
      ("aware as in BIRD 2", false, "40020078 4700", { @Sendable (_: inout PeerConfiguration) in }),
      ("aware as in BIRD 1.6", false, "40020000 4700", { @Sendable in $0.gracefulRestartTime = 0 }),
      ("off", false, "", { @Sendable in $0.gracefulRestart = .no }),
      ("aware, without the long-lived kind", false, "40020078", { @Sendable in $0.longLivedGracefulRestart = .no }),
      ("able", false, "40060078 00020100 4700", { @Sendable in $0.gracefulRestart = .yes }),
      ("able, after a restart", true, "40068078 00020180 4700", { @Sendable in $0.gracefulRestart = .yes }),
      (
        "both", true, "40068078 00020180 4707 00020180000e10",
        { @Sendable in
          $0.gracefulRestart = .yes
          $0.longLivedGracefulRestart = .yes
        }
      ),
      (
        "only a channel", false, "40060078 00020100 4707 00020100000005",
        { @Sendable in
          $0.ipv6?.gracefulRestart = true
          $0.ipv6?.longLivedGracefulRestart = true
          $0.ipv6?.longLivedStaleTime = 5
        }
      ),
      (
        "all but a channel", false, "40020078 4700",
        { @Sendable in
          $0.gracefulRestart = .yes
          $0.longLivedGracefulRestart = .yes
          $0.ipv6?.gracefulRestart = false
          $0.ipv6?.longLivedGracefulRestart = false
        }
      ),
    ] as [(String, Bool, String, @Sendable (inout PeerConfiguration) -> Void)])
  func `what is announced of restarts has the octets of the RFCs, both ways`(
    name: String, isRecovering: Bool, expected: String, change: @Sendable (inout PeerConfiguration) -> Void
  ) throws {
    let configuration = configurationA {
      $0.enableRouteRefresh = false
      $0.enableAS4 = false
      change(&$0)
    }
    let open = OpenMessage(configuration, capabilities: Capabilities(configuration, isRecovering: isRecovering))
    #expect(hexText(Array(open.encoded.dropFirst(37))) == hexText(hex(expected)))
    let decoded = try OpenMessage(decoding: Array(open.encoded.dropFirst(MessageHeader.size)).span.bytes)
    #expect(decoded == open)
  }

  @Test func `the long-lived kind without the other is ignored`() throws {
    let open = try OpenMessage(decoding: hex("04 fdea 0006 01000002 0b 0209 4707 00020180000e10").span.bytes)
    #expect(open.capabilities.longLivedGracefulRestart == nil)
  }

  // MARK: The receiving speaker

  @Test func `The routes of a peer that goes without a word stay until its End-of-RIB`() {
    var bench = Self.bench()
    #expect(bench.at(6, .connectionClosed(Bench.out1, reason: nil)) == ["suspended ipv6", "Active"])
    #expect(bench.peer.isNeighborRestarting)
    #expect(bench.peer.restartTimer(at: bench.now) == .seconds(10))
    #expect(bench.peer.restartKind(.ipv6) == .gracefulRestart)
    #expect(Self.comeBack(&bench, at: 8) == ["established in7 hold 6", "Established"])
    #expect(bench.peer.restartTimer(at: bench.now) == nil)
    #expect(bench.peer.isNeighborRestarting)
    #expect(bench.at(9, Bench.in7, receives: Self.endOfRIB) == [])
    #expect(bench.sink.lines == ["EoR ipv6", "EoRR ipv6"])
    #expect(!bench.peer.isNeighborRestarting)
    // Once more it is only the end.
    _ = bench.at(9, Bench.in7, receives: Self.endOfRIB)
    #expect(bench.sink.lines == ["EoR ipv6", "EoRR ipv6", "EoR ipv6"])
  }

  @Test func `They go when the restart time is over, to the nanosecond`() {
    var bench = Self.bench()
    _ = bench.at(6, .connectionClosed(Bench.out1, reason: "Connection reset by peer"))
    bench.peer.connectDeadline = nil
    #expect(bench.peer.nextDeadline == Instant(nanoseconds: 16_000_000_000))
    #expect(bench.at(15.999_999_999, .deadline) == [])
    #expect(bench.at(16, .deadline) == ["down"])
    #expect(!bench.peer.isNeighborRestarting)
    #expect(bench.at(17, .deadline) == [])
  }

  @Test func `They go at once if the peer has not kept its forwarding state, or no longer speaks of it`() {
    for open in [Self.open(false), Bench.open()] {
      var bench = Self.bench()
      _ = bench.at(6, .connectionClosed(Bench.out1, reason: nil))
      #expect(Self.comeBack(&bench, at: 8, open) == ["sweep ipv6", "established in7 hold 6", "Established"])
      #expect(!bench.peer.isNeighborRestarting)
    }
  }

  @Test func `A peer that is only aware, and one of which we know nothing of restarts, lose their routes with the session`() {
    var aware = Bench.established()
    #expect(aware.at(6, .connectionClosed(Bench.out1, reason: nil)) == ["down", "Active"])
    var off = Bench.established({ $0.gracefulRestart = .no }, remote: Self.able())
    #expect(off.at(6, .connectionClosed(Bench.out1, reason: nil)) == ["down", "Active"])
  }

  @Test func `A NOTIFICATION ends everything, and so does the hold timer`() {
    var told = Self.bench()
    #expect(told.at(6, Bench.out1, receives: Notification.cease(.administrativeShutdown).encoded) == ["close out1", "down", "Active"])
    var silent = Self.bench()
    silent.peer.outgoing?.keepaliveDeadline = nil
    #expect(
      silent.at(11, .deadline) == ["send out1 NOTIFICATION Hold timer expired", "close out1", "down", "Active"])
  }

  @Test func `Where BFD fails gracefully, nothing is said to a peer that can restart, and its routes stay`() {
    var able = Self.bench()
    #expect(able.at(6, .pathLost) == ["abort out1", "suspended ipv6", "Active"])
    #expect(able.peer.isNeighborRestarting && able.peer.lastError?.description == "Error: BFD session down")
    // No session is there any more that could be lost.
    #expect(able.at(7, .pathLost) == [])
    #expect(Self.comeBack(&able, at: 8) == ["established in7 hold 6", "Established"])
    var aware = Bench.established()
    #expect(aware.at(6, .pathLost) == ["send out1 NOTIFICATION BFD session down", "close out1", "down", "Active"])
  }

  @Test func `Being stopped or finding an error while the peer is away drops its routes`() {
    var stopped = Self.bench()
    _ = stopped.at(6, .connectionClosed(Bench.out1, reason: nil))
    #expect(stopped.at(7, .stop(.neighborLost)) == ["down", "Idle"])
    var wrong = Self.bench()
    _ = wrong.at(6, .connectionClosed(Bench.out1, reason: nil))
    _ = wrong.at(7, .accepted(Bench.in7, endpointsA))
    #expect(
      wrong.at(7, Bench.in7, receives: Self.open { $0.localAS = 65009 }) == [
        "send in7 NOTIFICATION Bad peer AS", "close in7", "down", "Idle",
      ])
  }

  @Test func `Attempts that fail do not end the waiting`() {
    var bench = Self.bench()
    _ = bench.at(6, .connectionClosed(Bench.out1, reason: nil))
    _ = bench.at(7, .accepted(Bench.in7, endpointsA))
    #expect(bench.at(7, .connectionClosed(Bench.in7, reason: nil)) == ["Active"])
    _ = bench.at(8, .accepted(ConnectionID(.incoming, 8), endpointsA))
    #expect(bench.at(8, ConnectionID(.incoming, 8), receives: Notification.cease(.connectionRejected).encoded) == ["close in8", "Active"])
    #expect(bench.peer.isNeighborRestarting)
  }

  @Test func `A second restart before the first has ended drops what the first has left`() {
    var bench = Self.bench()
    _ = bench.at(6, .connectionClosed(Bench.out1, reason: nil))
    _ = Self.comeBack(&bench, at: 8)
    #expect(bench.at(9, .connectionClosed(Bench.in7, reason: nil)) == ["sweep ipv6", "suspended ipv6", "Active"])
    #expect(bench.peer.restartTimer(at: bench.now) == .seconds(10))
  }

  @Test func `A collision that the peer has decided otherwise costs no routes`() {
    var bench = Self.bench()
    _ = bench.at(6, .connectionClosed(Bench.out1, reason: nil))
    _ = Self.comeBack(&bench, at: 8)
    let collision = Notification.cease(.connectionCollision).encoded
    #expect(bench.at(8, Bench.in7, receives: collision) == ["close in7", "suspended ipv6", "Active"])
    #expect(bench.peer.restartKind(.ipv6) == .gracefulRestart)
    var aware = Bench.established()
    #expect(aware.at(6, Bench.out1, receives: collision) == ["close out1", "down", "Active"])
  }

  @Test func `A connection from a peer that should have one is its restart`() {
    var bench = Self.bench()
    // The session is there since 5 s: so soon it is only late.
    #expect(bench.at(9.999, .accepted(Bench.in7, endpointsA)) == ["abort in7"])
    _ = bench.at(10, Bench.out1, receives: MessageHeader.keepalive)
    #expect(bench.at(10, .accepted(Bench.in7, endpointsA)) == ["abort out1", "suspended ipv6", "send in7 OPEN", "OpenSent"])
    #expect(bench.peer.lastError?.description == "Error: Graceful restart")
    var aware = Bench.established()
    #expect(aware.at(10, .accepted(Bench.in7, endpointsA)) == ["abort in7"])
  }

  @Test func `Each family is kept or lost on its own`() {
    let both: (inout PeerConfiguration) -> Void = { $0.ipv4 = ChannelOptions() }
    var bench = Bench.established(
      both,
      remote: Self.able {
        both(&$0); $0.ipv4?.gracefulRestart = false
      })
    #expect(bench.at(6, .connectionClosed(Bench.out1, reason: nil)) == ["suspended ipv6", "Active"])
    var kept = Bench.established(both, remote: Self.able(both))
    #expect(kept.at(6, .connectionClosed(Bench.out1, reason: nil)) == ["suspended ipv4 ipv6", "Active"])
    #expect(
      Self.comeBack(
        &kept, at: 8,
        Self.open {
          both(&$0); $0.ipv4?.gracefulRestart = false
        }
      ).first == "sweep ipv4")
    #expect(kept.peer.restartKind(.ipv4) == nil)
    #expect(kept.peer.restartKind(.ipv6) == .gracefulRestart)
    _ = kept.at(9, Bench.in7, receives: Self.endOfRIB4)
    #expect(kept.peer.isNeighborRestarting)
    _ = kept.at(9, Bench.in7, receives: Self.endOfRIB)
    #expect(kept.sink.lines == ["EoR ipv4", "EoR ipv6", "EoRR ipv6"])
  }

  @Test func `A refresh before End-of-RIB is ignored, as what stays of the restart would go with it`() {
    var bench = Bench.established({ $0.enableEnhancedRefresh = true }, remote: Self.able { $0.enableEnhancedRefresh = true })
    _ = bench.at(6, Bench.out1, receives: RouteRefresh(.ipv6, .begin).encoded)
    _ = bench.at(6, Bench.out1, receives: RouteRefresh(.ipv6, .end).encoded)
    #expect(bench.sink.lines == [])
    _ = bench.at(6, Bench.out1, receives: Self.endOfRIB)
    _ = bench.at(6, Bench.out1, receives: RouteRefresh(.ipv6, .begin).encoded)
    _ = bench.at(6, Bench.out1, receives: RouteRefresh(.ipv6, .end).encoded)
    #expect(bench.sink.lines == ["EoR ipv6", "BoRR ipv6", "EoRR ipv6"])
  }

  // MARK: Long-lived

  static func longLived(_ configuration: inout PeerConfiguration) {
    configuration.longLivedGracefulRestart = .yes
    configuration.longLivedStaleTime = 100
  }

  @Test func `After the restart time the routes are the last resort, and go after the stale time`() {
    var bench = Self.bench(Self.longLived)
    _ = bench.at(6, .connectionClosed(Bench.out1, reason: nil))
    bench.peer.connectDeadline = nil
    #expect(bench.at(16, .deadline) == ["depreference ipv6"])
    #expect(bench.peer.restartKind(.ipv6) == .longLived)
    #expect(bench.peer.staleTimer(.ipv6, at: bench.now) == .seconds(100))
    #expect(bench.at(115.9, .deadline) == [])
    #expect(bench.at(116, .deadline) == ["sweep ipv6", "down"])
    #expect(!bench.peer.isNeighborRestarting)
  }

  @Test func `A silent peer that knows of it is no error, and its routes stay`() {
    var bench = Self.bench(Self.longLived)
    bench.peer.outgoing?.keepaliveDeadline = nil
    #expect(bench.at(11, .deadline) == ["abort out1", "suspended ipv6", "Active"])
    #expect(bench.peer.restartTimer(at: bench.now) == .seconds(10))
  }

  @Test func `Whoever comes back late with its forwarding state has its routes replaced one by one`() {
    var bench = Self.bench(Self.longLived)
    _ = bench.at(6, .connectionClosed(Bench.out1, reason: nil))
    bench.peer.connectDeadline = nil
    _ = bench.at(16, .deadline)
    #expect(Self.comeBack(&bench, at: 20, Self.open(true, Self.longLived)) == ["established in7 hold 6", "Established"])
    // Gone again: what has come meanwhile is as stale as the rest, and the stale time is still that of the first loss.
    #expect(bench.at(21, .connectionClosed(Bench.in7, reason: nil)) == ["suspended ipv6", "depreference ipv6", "Active"])
    #expect(bench.peer.staleTimer(.ipv6, at: bench.now) == .seconds(95))
    var without = Self.bench(Self.longLived)
    _ = without.at(6, .connectionClosed(Bench.out1, reason: nil))
    without.peer.connectDeadline = nil
    _ = without.at(16, .deadline)
    #expect(Self.comeBack(&without, at: 20, Self.open(false, Self.longLived)).first == "sweep ipv6")
  }

  @Test func `Where only one family is long-lived the other one goes with the restart time`() {
    let both: (inout PeerConfiguration) -> Void = { $0.ipv4 = ChannelOptions() }
    var bench = Bench.established(
      {
        both(&$0); $0.holdTime = 240
      },
      remote: Self.able {
        both(&$0)
        Self.longLived(&$0)
        $0.ipv4?.longLivedGracefulRestart = false
      })
    _ = bench.at(6, .connectionClosed(Bench.out1, reason: nil))
    bench.peer.connectDeadline = nil
    #expect(bench.at(16, .deadline) == ["depreference ipv6", "sweep ipv4"])
  }

  @Test func `Stale routes do not go to peers that do not know of them`() {
    var header = AttributeHeader(source: .bgp, preference: 100)
    header.flags = [.hasOrigin, .external]
    var attributes = RouteAttributes(header)
    attributes.set(.communities, hex("ffff0006"))
    let aware = session(configurationA())
    let ignorant = session(configurationA()) { $0.longLivedGracefulRestart = nil }
    let toAware = ExportRules.mayExport(attributes.header, attributes.records.span.bytes, to: aware)
    let toIgnorant = ExportRules.mayExport(attributes.header, attributes.records.span.bytes, to: ignorant)
    #expect(toAware)
    #expect(!toIgnorant)
  }

  // MARK: The restarting speaker

  @Test func `A stop for a restart says nothing to a peer that is to keep our routes`() {
    var able = Bench.established({ $0.gracefulRestart = .yes })
    #expect(able.at(6, .stop(.gracefulRestart)) == ["close out1", "down", "Idle"])
    var aware = Bench.established()
    #expect(aware.at(6, .stop(.gracefulRestart)).first == "send out1 NOTIFICATION Administrative shutdown")
  }

  @Test func `After a restart of ours the peer is not called while it calls us`() {
    var bench = Bench(configurationA { $0.gracefulRestart = .yes })
    bench.peer.isRecovering = true
    _ = bench.at(0, .start)
    _ = bench.at(1, .accepted(Bench.in7, endpointsA))
    #expect(bench.at(5, .deadline) == [])
    #expect(bench.peer.nextDeadline == Instant(nanoseconds: 6_000_000_000))
    #expect(bench.at(5.5, .connectionClosed(Bench.in7, reason: nil)) == ["Active"])
    #expect(bench.at(6, .deadline) == ["connect out1", "Connect"])
  }

  @Test func `A peer that restarts itself does not wait for us`() {
    var peer = configurationA { $0.gracefulRestart = .yes }
    peer.ipv6 = ChannelOptions()
    #expect(session(peer).peerAwaitsRestart)
    #expect(session(peer).keepsStateOverRestart(.ipv6))
    #expect(!session(configurationA()).keepsStateOverRestart(.ipv6))
    let restarting = session(peer) { $0.gracefulRestart?.restarted = true }
    #expect(!restarting.peerAwaitsRestart)
    let ignorant = session(peer) { $0.gracefulRestart = nil }
    #expect(!ignorant.peerAwaitsRestart)
  }
}
