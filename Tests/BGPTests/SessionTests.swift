import RouteCore
import Testing

@testable import BGP

@Suite struct SessionTests {
  @Test func `A session goes through all states`() {
    var bench = Bench(configurationA())
    #expect(bench.peer.statusName == "Down")
    #expect(bench.at(0, .start) == ["Active"])
    // The connect delay of 5 s, shortened by at most a quarter.
    let first = bench.next()
    #expect(first == ["connect out1", "Connect"])
    #expect((3.75...5).contains(Double(bench.now.nanoseconds) / 1e9))
    #expect(bench.at(5, .connectionOpened(Bench.out1, endpointsA)) == ["send out1 OPEN", "OpenSent"])
    #expect(bench.at(5.1, Bench.out1, receives: Bench.open()) == ["send out1 KEEPALIVE", "OpenConfirm"])
    #expect(bench.at(5.2, Bench.out1, receives: MessageHeader.keepalive) == ["established out1 hold 6", "Established"])
    #expect(bench.peer.holdTimer(at: bench.now) == Peer.TimerView(remaining: .seconds(6), total: .seconds(6)))
    #expect(bench.peer.session?.families == [.ipv6])
    #expect(bench.peer.session?.descriptionWords == ["external", "AS4"])
    #expect(bench.peer.session?.remoteCapabilities.words == ["refresh", "restart-aware", "llgr-aware", "AS4"])
  }

  @Test func `A peer that lacks a mandatory family is refused, and told which`() {
    func bench(_ mandatory: Bool) -> Bench {
      var bench = Bench(
        configurationA {
          $0.ipv4 = ChannelOptions()
          $0.ipv4?.mandatory = mandatory
        })
      _ = bench.at(0, .start)
      _ = bench.at(5, .deadline)
      _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
      return bench
    }
    var strict = bench(true)
    #expect(
      strict.at(5, Bench.out1, receives: Bench.open()) == [
        "send out1 NOTIFICATION Required capability missing", "close out1", "Idle",
      ])
    let sent = strict.output.actions.compactMap { if case .send(_, let bytes) = $0 { bytes } else { nil } }
    #expect(sent.first.map { Array($0.dropFirst(19)) } == hex("0207 0104 0001 00 01"))
    #expect(strict.peer.errorWaitTimer(at: strict.now)?.total == .seconds(60))
    var lax = bench(false)
    #expect(lax.at(5, Bench.out1, receives: Bench.open()) == ["send out1 KEEPALIVE", "OpenConfirm"])
    var both = bench(true)
    #expect(both.at(5, Bench.out1, receives: Bench.open { $0.ipv4 = ChannelOptions() }) == ["send out1 KEEPALIVE", "OpenConfirm"])
    // Whoever announces no capabilities cannot ask for any.
    var silent = Bench(
      configurationA {
        $0.ipv4 = ChannelOptions()
        $0.ipv4?.mandatory = true
        $0.capabilities = .no
      })
    _ = silent.at(0, .start)
    _ = silent.at(5, .deadline)
    _ = silent.at(5, .connectionOpened(Bench.out1, endpointsA))
    #expect(silent.at(5, Bench.out1, receives: Bench.open()) == ["send out1 KEEPALIVE", "OpenConfirm"])
  }

  @Test func `A new host name ends no session, and the next OPEN says it`() {
    func name(_ bench: Bench) -> String? {
      for case .send(_, let bytes) in bench.output.actions {
        return (try? OpenMessage(decoding: bytes.span.bytes.extracting(droppingFirst: MessageHeader.size)))?.capabilities.hostname
      }
      return nil
    }
    var bench = Bench.established({
      $0.advertiseHostname = true
      $0.hostname = "old"
    })
    #expect(bench.peer.session?.localCapabilities.hostname == "old")
    var new = bench.peer.configuration
    new.hostname = "new"
    #expect(bench.reconfigure(new) == ["session changed"] && bench.peer.state == .established)
    _ = bench.at(6, .connectionClosed(Bench.out1, reason: nil))
    while bench.peer.state != .connect { _ = bench.next() }
    _ = bench.at(bench.now, .connectionOpened(Bench.out2, endpointsA))
    #expect(name(bench) == "new")
  }

  @Test func `A peer that closes each connection at once is asked once in a second, even without a connect delay`() {
    var bench = Bench(configurationA { $0.connectDelayTime = .zero })
    _ = bench.at(0, .start)
    var attempts = 0
    while bench.now < Instant(nanoseconds: 10_000_000_000), attempts < 100 {
      for line in bench.next() where line.hasPrefix("connect ") {
        attempts += 1
        let id = ConnectionID(.outgoing, UInt32(attempts))
        let now = Double(bench.now.nanoseconds) / 1e9
        _ = bench.at(now, .connectionOpened(id, endpointsA))
        _ = bench.at(now, .connectionClosed(id, reason: nil))
      }
    }
    #expect((10...15).contains(attempts))
  }

  @Test func `The hold timer expires exactly after the hold time and the peer is tried again at once`() {
    var bench = Bench.established()
    _ = bench.at(8, Bench.out1, receives: MessageHeader.keepalive)
    var expiry: [String] = []
    while bench.now < Instant(nanoseconds: 20_000_000_000) {
      let lines = bench.next()
      if lines != ["send out1 KEEPALIVE"] {
        expiry = lines
        break
      }
    }
    #expect(bench.now == Instant(nanoseconds: 14_000_000_000))
    #expect(expiry == ["send out1 NOTIFICATION Hold timer expired", "close out1", "down", "Active"])
    #expect(bench.peer.lastError?.description == "BGP Error: Hold timer expired")
    #expect(bench.next() == ["connect out2", "Connect"])
    #expect(bench.now == Instant(nanoseconds: 14_000_000_000))
  }

  @Test func `What the peer says may disprove are the hold timer, the wait for its answer, and that it takes nothing`() {
    var bench = Bench(configurationA())
    _ = bench.at(0, .start)
    #expect(bench.peer.silenceDeadline == nil)
    _ = bench.at(5, .deadline)
    #expect(bench.peer.silenceDeadline == bench.now + Peer.attemptTime)
    bench = Bench.established { $0.sendHoldTime = 4 }
    #expect(bench.peer.silenceDeadline == bench.now + .seconds(6))
    // Not our keepalives.
    #expect(bench.peer.nextDeadline.map { $0 < bench.now + .seconds(6) } == true)
    _ = bench.at(5.5, .written(Bench.out1, pending: 100))
    #expect(bench.peer.silenceDeadline == bench.now + .seconds(4))
    _ = bench.at(8, .written(Bench.out1, pending: 0))
    #expect(bench.peer.silenceDeadline == .zero + .seconds(11))
  }

  @Test func `A nanosecond before the hold time nothing happens`() {
    var bench = Bench.established()
    bench.peer.outgoing?.keepaliveDeadline = nil
    #expect(bench.at(10.999_999_999, .deadline) == [])
    #expect(bench.at(11, .deadline).first == "send out1 NOTIFICATION Hold timer expired")
  }

  @Test func `Keepalives go out at three quarters to all of a third of the hold time`() {
    var bench = Bench.established()
    var last = bench.now
    for _ in 0..<50 {
      _ = bench.receive(MessageHeader.keepalive, Bench.out1)
      #expect(bench.next() == ["send out1 KEEPALIVE"])
      #expect((Duration.milliseconds(1500)...Duration.seconds(2)).contains(bench.now - last))
      last = bench.now
    }
  }

  @Test func `Sessions lost to the hold timer again and again get growing pauses`() {
    var bench = Bench.established()
    var pauses: [Double] = []
    for round in UInt32(1)...5 {
      bench.peer.outgoing?.keepaliveDeadline = nil
      _ = bench.next()
      pauses.append(Double(bench.peer.connectDelay.milliseconds) / 1000)
      _ = bench.next()
      let id = ConnectionID(.outgoing, round + 1)
      _ = bench.at(bench.now, .connectionOpened(id, endpointsA))
      _ = bench.receive(Bench.open() + MessageHeader.keepalive, id)
      #expect(bench.peer.state == .established)
    }
    #expect(pauses == [0, 7.5, 15, 30, 60])
  }

  @Test func `A session whose path has failed for BFD ends, says so, and is tried again like one lost to the hold timer`() {
    var bench = Bench.established()
    #expect(
      bench.at(6, .restart(.bfdDown)) == ["send out1 NOTIFICATION BFD session down", "close out1", "down", "Active"])
    #expect(bench.peer.lastError?.description == "Error: BFD session down")
    #expect(bench.next() == ["connect out2", "Connect"])
    #expect(bench.now == Instant(nanoseconds: 6_000_000_000))
    // Nothing is there to be ended, and what is being begun goes on.
    #expect(bench.at(6.5, .restart(.bfdDown)) == [])
    _ = bench.at(7, .connectionOpened(Bench.out2, endpointsA))
    _ = bench.receive(Bench.open() + MessageHeader.keepalive, Bench.out2)
    #expect(bench.peer.state == .established)
    _ = bench.at(8, .restart(.bfdDown))
    #expect(bench.peer.connectDelay == .milliseconds(7500))
  }

  @Test func `The driver may open its channels before it hands over the routes that follow the establishing message at once`() {
    var bench = Bench(configurationA())
    _ = bench.at(0, .start)
    _ = bench.next()
    _ = bench.at(bench.now, .connectionOpened(Bench.out1, endpointsA))
    let establishing = Bench.open() + MessageHeader.keepalive
    var writer = WireWriter()
    UpdateWriter.writeEndOfRIB(.ipv6, into: &writer)
    let bytes = establishing + writer.bytes
    let used = bench.peer.receive(bytes.span.bytes, on: Bench.out1, at: bench.now, sink: &bench.sink, into: &bench.output)
    #expect(used == establishing.count)
    #expect(bench.peer.state == .established)
  }

  @Test func `An attempt is given up after two seconds and begun anew`() {
    var bench = Bench(configurationA())
    _ = bench.at(0, .start)
    _ = bench.next()
    let begun = bench.now
    #expect(bench.next() == ["close out1", "connect out2"])
    #expect(bench.now - begun == .seconds(2))
    // An answer to the attempt given up comes too late.
    #expect(bench.at(20, .connectionOpened(Bench.out1, endpointsA)) == ["abort out1"])
  }

  @Test func `A refused connection is tried again after the connect delay`() {
    var bench = Bench(configurationA { $0.connectDelayTime = .seconds(1) })
    _ = bench.at(0, .start)
    _ = bench.at(1, .deadline)
    #expect(bench.at(1, .connectionFailed(Bench.out1, reason: "Connection refused")) == ["Active"])
    #expect(bench.peer.lastError?.description == "Socket: Connection refused")
    #expect(bench.next() == ["connect out2", "Connect"])
    #expect((1.75...2).contains(Double(bench.now.nanoseconds) / 1e9))
  }

  @Test func `A passive peer waits and accepts`() {
    var bench = Bench(configurationA { $0.passive = true })
    #expect(bench.at(0, .start) == ["Active"])
    #expect(bench.peer.statusName == "Passive")
    #expect(bench.peer.nextDeadline == nil)
    #expect(bench.at(3, .accepted(Bench.in7, endpointsA)) == ["send in7 OPEN", "OpenSent"])
    #expect(
      bench.at(3, Bench.in7, receives: Bench.open() + MessageHeader.keepalive) == [
        "send in7 KEEPALIVE", "OpenConfirm", "established in7 hold 6", "Established",
      ])
    #expect(bench.at(4, .connectionClosed(Bench.in7, reason: nil)) == ["down", "Active"])
    #expect(bench.peer.lastError?.description == "Socket: Connection closed")
  }

  @Test func `The startup hold time limits the wait for OPEN`() {
    var bench = Bench(configurationA { $0.startupHoldTime = 30 })
    _ = bench.at(0, .start)
    _ = bench.at(5, .deadline)
    _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
    #expect(bench.next().first == "send out1 NOTIFICATION Hold timer expired")
    #expect(bench.now == Instant(nanoseconds: 35_000_000_000))
  }

  @Test func `After an error the peer is idle for the error wait time, doubled each time`() {
    var bench = Bench.established()
    let bad = message(.update, hex("0000 0005 40010100"))
    #expect(
      bench.at(6, Bench.out1, receives: bad) == [
        "send out1 NOTIFICATION Malformed attribute list", "close out1", "down", "Idle",
      ])
    #expect(bench.peer.errorWaitTimer(at: bench.now) == Peer.TimerView(remaining: .seconds(60), total: .seconds(60)))
    #expect(bench.at(30, .accepted(Bench.in7, endpointsA)) == ["abort in7"])
    #expect(bench.next() == ["connect out2", "Connect"])
    #expect(bench.now == Instant(nanoseconds: 66_000_000_000))
    _ = bench.at(66, .connectionOpened(Bench.out2, endpointsA))
    #expect(
      bench.at(66, Bench.out2, receives: MessageHeader.keepalive).first == "send out2 NOTIFICATION Unexpected message in OpenSent state")
    #expect(bench.peer.errorWaitTimer(at: bench.now)?.total == .seconds(120))
  }

  @Test func `Disable after error disables`() {
    var bench = Bench.established({ $0.disableAfterError = true })
    #expect(bench.at(6, Bench.out1, receives: Bench.open()).suffix(3) == ["down", "disable", "Idle"])
    #expect(bench.peer.statusName == "Down" && bench.peer.nextDeadline == nil)
  }

  @Test func `A received Cease is shown and the connection is tried again`() {
    var bench = Bench.established()
    let shutdown = Notification.cease(.administrativeShutdown, message: "maintenance\nof the link").encoded
    #expect(bench.at(6, Bench.out1, receives: shutdown) == ["close out1", "down", "Active"])
    #expect(bench.peer.lastError?.description == "Received: Administrative shutdown")
    #expect(bench.output.actions.contains(.log(.remote, "Received: Administrative shutdown: \"maintenance of the link\"")))
    #expect(bench.next() == ["connect out2", "Connect"])
  }

  @Test func `Disable after cease obeys its set`() {
    var bench = Bench.established({ $0.disableAfterCease = .administrativeShutdown })
    #expect(
      bench.at(6, Bench.out1, receives: Notification.cease(.administrativeShutdown).encoded) == ["close out1", "down", "disable", "Idle"])
    bench = Bench.established({ $0.disableAfterCease = .allButCollision })
    #expect(bench.at(6, Bench.out1, receives: Notification.cease(.connectionCollision).encoded) == ["close out1", "down", "Active"])
  }

  @Test func `Stopping tells the peer why and stays down`() {
    var bench = Bench.established()
    #expect(bench.at(6, .stop(.shutdown("bye"))) == ["send out1 NOTIFICATION Administrative shutdown", "close out1", "down", "Idle"])
    #expect(bench.peer.lastError == nil)
    #expect(bench.at(7, .accepted(Bench.in7, endpointsA)) == ["abort in7"])
    #expect(bench.at(8, .start) == ["Active"])
    _ = bench.at(9, .stop(.neighborLost))
    #expect(bench.peer.lastError?.description == "Error: Neighbor lost")
    _ = bench.at(10, .start)
    _ = bench.at(11, .stop(.shutdown("")))
    #expect(bench.peer.lastError == nil)
  }

  @Test func `A peer that refuses capabilities gets an OPEN without them`() throws {
    var bench = Bench(configurationA())
    _ = bench.at(0, .start)
    _ = bench.at(5, .deadline)
    _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
    #expect(bench.at(5, Bench.out1, receives: Notification(.open, 4).encoded) == ["close out1", "Active"])
    #expect(bench.at(5, .deadline) == ["connect out2", "Connect"])
    _ = bench.at(5, .connectionOpened(Bench.out2, endpointsA))
    guard case .send(_, let bytes)? = bench.output.actions.first else {
      Issue.record("no OPEN")
      return
    }
    #expect(hexText(bytes) == "ffffffffffffffffffffffffffffffff001d0104fde900060100000100")
    #expect(bench.at(5, Bench.out2, receives: Bench.open { $0.capabilities = .no } + MessageHeader.keepalive).contains("Established"))
    #expect(bench.peer.session?.families == [.ipv6])
    #expect(bench.peer.session?.fourOctetAS == false)
  }

  @Test func `A peer without a common family is told so`() {
    var bench = Bench(configurationA())
    _ = bench.at(0, .start)
    _ = bench.at(5, .deadline)
    _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
    let open = Bench.open { configuration in
      configuration.ipv6 = nil
      configuration.ipv4 = ChannelOptions()
    }
    _ = bench.at(5, Bench.out1, receives: open)
    guard case .send(_, let bytes)? = bench.output.actions.first(where: { if case .send = $0 { true } else { false } }) else {
      Issue.record("no NOTIFICATION")
      return
    }
    #expect(hexText(Array(bytes.dropFirst(19))) == "0207010400020001")
  }

  @Test func `A peer that takes nothing is dropped by the send hold timer`() {
    var bench = Bench.established({ $0.sendHoldTime = 10 }, remote: { $0.holdTime = 6 })
    _ = bench.at(6, .written(Bench.out1, pending: 5000))
    bench.peer.outgoing?.holdDeadline = nil
    bench.peer.outgoing?.keepaliveDeadline = nil
    _ = bench.at(8, .written(Bench.out1, pending: 4000))
    _ = bench.at(9, .written(Bench.out1, pending: 4019))
    #expect(bench.at(17.9, .deadline) == [])
    #expect(bench.at(18, .deadline) == ["abort out1", "down", "Active"])
    #expect(bench.peer.lastError?.description == "BGP Error: Send hold timer expired")
  }

  @Test func `Nothing waits, nothing is dropped`() {
    var bench = Bench.established({ $0.sendHoldTime = 10 })
    _ = bench.at(6, .written(Bench.out1, pending: 5000))
    _ = bench.at(7, .written(Bench.out1, pending: 0))
    #expect(bench.peer.sendHoldTimer(at: bench.now) == nil)
  }

  @Test func `Route refresh goes both ways`() {
    var bench = Bench.established()
    #expect(bench.at(6, .requestRefresh(.ipv6)) == ["send out1 ROUTE-REFRESH"])
    #expect(bench.at(6, .requestRefresh(.ipv4)) == [])
    #expect(bench.at(6, .refreshBegins(.ipv6)) == [])
    #expect(bench.at(6, Bench.out1, receives: RouteRefresh(.ipv6).encoded) == ["refresh ipv6"])
    #expect(bench.at(6, Bench.out1, receives: RouteRefresh(.ipv4).encoded) == [])
    bench = Bench.established(
      { $0.enableEnhancedRefresh = true },
      remote: {
        $0.enableEnhancedRefresh = true
        $0.gracefulRestart = .no
      })
    #expect(bench.at(6, .refreshBegins(.ipv6)) == ["send out1 ROUTE-REFRESH"])
    #expect(bench.at(6, Bench.out1, receives: RouteRefresh(.ipv6, .begin).encoded + RouteRefresh(.ipv6, .end).encoded) == [])
    #expect(bench.sink.lines == ["BoRR ipv6", "EoRR ipv6"])
  }

  @Test func `Hold time zero means no timers`() {
    let bench = Bench.established(remote: { $0.holdTime = 0 })
    #expect(bench.peer.state == .established)
    #expect(bench.peer.nextDeadline == nil)
  }

  @Test(arguments: [1, 2, 3, 7, 18, 19, 20, 64, 1000])
  func `Input may arrive in chunks of any size`(chunk: Int) {
    var bench = Bench(configurationA { $0.passive = true })
    _ = bench.at(0, .start)
    _ = bench.at(1, .accepted(Bench.in7, endpointsA))
    let update = message(.update, hex("0000 0000"))
    let stream = Bench.open() + MessageHeader.keepalive + update + RouteRefresh(.ipv6).encoded + MessageHeader.keepalive
    var lines: [String] = []
    for start in stride(from: 0, to: stream.count, by: chunk) {
      lines += bench.at(1, Bench.in7, receives: Array(stream[start..<min(start + chunk, stream.count)]))
    }
    #expect(lines.filter { !$0.hasPrefix("Open") } == ["send in7 KEEPALIVE", "established in7 hold 6", "Established", "refresh ipv6"])
    #expect(bench.peer.incoming?.partial.isEmpty == true)
  }

  @Test(arguments: [
    ("00ffffffffffffffffffffffffffffff001304", "Connection not synchronized"),
    ("ffffffffffffffffffffffffffffffff001204", "Bad message length"),
    ("ffffffffffffffffffffffffffffffff100104", "Bad message length"),
    ("ffffffffffffffffffffffffffffffff001404", "Bad message length"),
    ("ffffffffffffffffffffffffffffffff001609", "Bad message type"),
  ])
  func `A bad header is answered`(input: (String, String)) {
    var bench = Bench.established()
    #expect(bench.at(6, Bench.out1, receives: hex(input.0)).first == "send out1 NOTIFICATION \(input.1)")
    // The same header in two pieces.
    bench = Bench.established()
    _ = bench.at(6, Bench.out1, receives: Array(hex(input.0).prefix(17)))
    #expect(bench.at(6, Bench.out1, receives: Array(hex(input.0).dropFirst(17))).first == "send out1 NOTIFICATION \(input.1)")
  }
}
