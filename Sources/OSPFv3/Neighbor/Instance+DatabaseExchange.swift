import RouteCore

// Database Description packets, RFC 2328 §10.6 and §10.8.

extension Instance {
  /// §10.3, NegotiationDone: the LSAs of the area, of the AS and of the link, except those of MaxAge, which are flooded instead.
  mutating func fillSummary(_ i: Int, _ n: Int, at now: Instant) {
    var summary: [LSAHandle] = []
    let area = areas[interfaces[i].area]
    // AS-external-LSAs have no place in stub areas, and come to the other end of a virtual link through the transit area.
    let hasExternals = area.isExternalCapable && interfaces[i].virtualLink == nil
    let scopes = hasExternals ? [area.scope, .autonomousSystem, .link(interfaces[i].key)] : [area.scope, .link(interfaces[i].key)]
    for scope in scopes {
      for place in database.sorted(scope) {
        let handle = database.handle(place)
        if database.age(place, at: now) >= Constants.maxAge {
          addRetransmission(handle, i, n, at: now)
        } else {
          summary.append(handle)
        }
      }
    }
    interfaces[i].neighbors[n].summary = summary
    interfaces[i].neighbors[n].summaryPosition = 0
  }

  /// Sends the next packet: the empty first one in ExStart, else as many headers of the summary list as fit.
  mutating func sendDatabaseDescription(_ i: Int, _ n: Int, at now: Instant, into output: inout Output) {
    var packet = DatabaseDescriptionPacket(
      options: areas[interfaces[i].area].options,
      interfaceMTU: interfaces[i].announcedMTU, flags: [],
      sequenceNumber: interfaces[i].neighbors[n].sequenceNumber)
    if interfaces[i].neighbors[n].state == .exStart {
      packet.flags = [.initial, .more, .master]
    } else {
      let room = interfaces[i].maximumPacket - PacketHeader.size - DatabaseDescriptionPacket.fixedSize
      let limit = max(room / LSAHeader.size, 1)
      var position = interfaces[i].neighbors[n].summaryPosition
      while position < interfaces[i].neighbors[n].summary.count, packet.headers.count < limit {
        if let place = database.resolve(interfaces[i].neighbors[n].summary[position]) {
          packet.headers.append(database.header(place, at: now))
        }
        position += 1
      }
      interfaces[i].neighbors[n].summaryPosition = position
      if position < interfaces[i].neighbors[n].summary.count { packet.flags.insert(.more) } else { interfaces[i].neighbors[n].summary = [] }
      if interfaces[i].neighbors[n].summary.isEmpty { interfaces[i].neighbors[n].summaryPosition = 0 }
      if interfaces[i].neighbors[n].isLocalMaster { packet.flags.insert(.master) }
    }
    interfaces[i].neighbors[n].lastSent = packet
    transmit(packet, i, n, into: &output)
    interfaces[i].neighbors[n].exchangeDeadline = interfaces[i].neighbors[n].isLocalMaster ? now + repeatInterval(i, n) : nil
  }

  /// RxmtInterval; but the empty first packet is lost on every neighbour that is still waiting for its own election, and costs
  /// nothing to say again.
  private func repeatInterval(_ i: Int, _ n: Int) -> Duration {
    let interval = interfaces[i].retransmitInterval
    return interfaces[i].neighbors[n].state == .exStart ? min(interval, .seconds(1)) : interval
  }

  private func transmit(_ packet: DatabaseDescriptionPacket, _ i: Int, _ n: Int, into output: inout Output) {
    let start = beginPacket(.databaseDescription, on: i, into: &output)
    packet.encode(into: &output.writer)
    endPacket(start, .databaseDescription, on: i, to: interfaces[i].neighbors[n].address, into: &output)
  }

  mutating func repeatDatabaseDescription(_ i: Int, _ n: Int, at now: Instant, into output: inout Output) {
    // An adjacency that a wrong MTU prevents comes to be when it is put right.
    let mtu = interfaces[i].announcedMTU
    if interfaces[i].neighbors[n].state == .exStart { interfaces[i].neighbors[n].lastSent?.interfaceMTU = mtu }
    if let packet = interfaces[i].neighbors[n].lastSent { transmit(packet, i, n, into: &output) }
    interfaces[i].neighbors[n].exchangeDeadline = now + repeatInterval(i, n)
  }

  mutating func receiveDatabaseDescription(
    _ packet: DatabaseDescriptionPacket, _ i: Int, _ n: Int, at now: Instant, into output: inout Output
  ) {
    // §10.6: a Database Description in state Init is as good as a Hello that lists us.
    if interfaces[i].neighbors[n].state == .`init` { neighbor(i, n, .twoWayReceived, at: now, into: &output) }
    let signature = Neighbor.DatabaseDescriptionSignature(
      flags: packet.flags, options: packet.options, sequenceNumber: packet.sequenceNumber)
    switch interfaces[i].neighbors[n].state {
    case .down, .attempt, .`init`, .twoWay: break
    case .exStart: negotiate(packet, signature, i, n, at: now, into: &output)
    case .exchange: exchange(packet, signature, i, n, at: now, into: &output)
    case .loading, .full:
      // Only duplicates may come now, and the slave answers them.
      guard signature == interfaces[i].neighbors[n].lastReceived, !packet.flags.contains(.initial) else {
        return neighbor(i, n, .sequenceNumberMismatch, at: now, into: &output)
      }
      answerDuplicate(i, n, into: &output)
    }
  }

  private func answerDuplicate(_ i: Int, _ n: Int, into output: inout Output) {
    if interfaces[i].neighbors[n].isLocalMaster { return }
    if let packet = interfaces[i].neighbors[n].lastSent { transmit(packet, i, n, into: &output) }
  }

  /// §10.6, state ExStart
  private mutating func negotiate(
    _ packet: DatabaseDescriptionPacket, _ signature: Neighbor.DatabaseDescriptionSignature, _ i: Int, _ n: Int, at now: Instant,
    into output: inout Output
  ) {
    guard fits(packet.interfaceMTU, i, n, into: &output) else { return }
    let id = interfaces[i].neighbors[n].routerID
    if packet.flags == [.initial, .more, .master], packet.headers.isEmpty, id > routerID {
      interfaces[i].neighbors[n].isLocalMaster = false
      interfaces[i].neighbors[n].sequenceNumber = packet.sequenceNumber
      interfaces[i].neighbors[n].exchangeDeadline = nil
    } else if !packet.flags.contains(.initial), !packet.flags.contains(.master),
      packet.sequenceNumber == interfaces[i].neighbors[n].sequenceNumber, id < routerID
    {
      interfaces[i].neighbors[n].isLocalMaster = true
    } else {
      return
    }
    interfaces[i].neighbors[n].options = packet.options
    neighbor(i, n, .negotiationDone, at: now, into: &output)
    accept(packet, signature, i, n, at: now, into: &output)
  }

  /// §10.6: who may send packets that we cannot receive gets no adjacency, as routes over it would lose them. BIRD refuses the other way
  /// round too: so do we, and both ends stay in ExStart and tell it, instead of one in Exchange that says nothing. Without an MTU (0, RFC
  /// 5340 §A.3.3) there is nothing to compare.
  private mutating func fits(_ remote: UInt16, _ i: Int, _ n: Int, into output: inout Output) -> Bool {
    let local = interfaces[i].announcedMTU
    let isMismatch = remote != local && remote != 0 && local != 0
    // It comes with every repetition.
    if isMismatch, interfaces[i].neighbors[n].refusedMTU != remote {
      output.log(
        .remote,
        "MTU mismatch with nbr \(interfaces[i].neighbors[n].routerID) on \(interfaces[i].status.name) (remote \(remote), local \(local))")
    }
    interfaces[i].neighbors[n].refusedMTU = isMismatch ? remote : nil
    return !isMismatch
  }

  /// §10.6, state Exchange
  private mutating func exchange(
    _ packet: DatabaseDescriptionPacket, _ signature: Neighbor.DatabaseDescriptionSignature, _ i: Int, _ n: Int, at now: Instant,
    into output: inout Output
  ) {
    if signature == interfaces[i].neighbors[n].lastReceived { return answerDuplicate(i, n, into: &output) }
    let isMaster = interfaces[i].neighbors[n].isLocalMaster
    let expected = isMaster ? interfaces[i].neighbors[n].sequenceNumber : interfaces[i].neighbors[n].sequenceNumber &+ 1
    guard packet.flags.contains(.master) != isMaster, !packet.flags.contains(.initial),
      packet.options == interfaces[i].neighbors[n].options, packet.sequenceNumber == expected
    else { return neighbor(i, n, .sequenceNumberMismatch, at: now, into: &output) }
    accept(packet, signature, i, n, at: now, into: &output)
  }

  /// §10.6: the packet is the next in sequence; take down what it describes and go on.
  private mutating func accept(
    _ packet: DatabaseDescriptionPacket, _ signature: Neighbor.DatabaseDescriptionSignature, _ i: Int, _ n: Int, at now: Instant,
    into output: inout Output
  ) {
    for header in packet.headers {
      guard let scope = scope(of: header.type, on: i) else {
        return neighbor(i, n, .sequenceNumberMismatch, at: now, into: &output)
      }
      if header.type == .router, header.advertisingRouter == routerID { interfaces[i].neighbors[n].hasOurRouterLSA = true }
      if let place = database.find(scope, header.key), header.recency(comparedTo: database.header(place, at: now)) != .newer { continue }
      interfaces[i].neighbors[n].requests.add(header)
    }
    let hadSentAll = interfaces[i].neighbors[n].lastSent.map { !$0.flags.contains(.more) } ?? false
    interfaces[i].neighbors[n].lastReceived = signature
    if interfaces[i].neighbors[n].isLocalMaster {
      interfaces[i].neighbors[n].sequenceNumber &+= 1
      if hadSentAll, !packet.flags.contains(.more) {
        neighbor(i, n, .exchangeDone, at: now, into: &output)
      } else {
        sendDatabaseDescription(i, n, at: now, into: &output)
      }
    } else {
      interfaces[i].neighbors[n].sequenceNumber = packet.sequenceNumber
      sendDatabaseDescription(i, n, at: now, into: &output)
      let sentAll = interfaces[i].neighbors[n].lastSent.map { !$0.flags.contains(.more) } ?? false
      if sentAll, !packet.flags.contains(.more) { neighbor(i, n, .exchangeDone, at: now, into: &output) }
    }
    requestIfIdle(i, n, at: now, into: &output)
  }
}
