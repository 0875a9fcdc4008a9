import RouteCore

// Sending and receiving Database Descriptions, RFC 2328 §10.6 and §10.8.

extension Interface {
  /// Takes a Database Description from a neighbour. What it describes is for the owner of the database to look at if the verdict is
  /// `negotiated` or `accepted`; everything else is done here.
  mutating func receive(
    _ packet: DatabaseDescriptionPacket, from n: NeighborID, in context: inout InterfaceContext
  ) -> Neighbor.DescriptionVerdict {
    // §10.6: a Database Description in state Init is as good as a Hello that lists us.
    if neighbors[n].state == .`init` { generate(.twoWayReceived, for: n, in: &context) }
    if neighbors[n].state == .exStart, !fits(packet.interfaceMTU, n, in: &context) { return .ignored }
    let verdict = neighbors[n].judge(packet, local: context.routerID)
    switch verdict {
    case .ignored, .negotiated, .accepted: break
    case .duplicate: if !neighbors[n].isLocalMaster, let last = neighbors[n].lastSent { transmit(last, to: n, in: &context) }
    case .mismatch: generate(.sequenceNumberMismatch, for: n, in: &context)
    }
    return verdict
  }

  /// §10.6: a router that may send packets we cannot receive gets no adjacency, as routes over it would lose them. BIRD refuses the other
  /// way round too: so do we, and both ends stay in ExStart and say so, instead of one in Exchange that says nothing. Without an MTU (0,
  /// RFC 5340 §A.3.3) there is nothing to compare.
  private mutating func fits(_ remote: UInt16, _ n: NeighborID, in context: inout InterfaceContext) -> Bool {
    let local = announcedMTU
    let isMismatch = remote != local && remote != 0 && local != 0
    // It comes with every repetition.
    if isMismatch, neighbors[n].refusedMTU != remote {
      context.output.log(.remote, "MTU mismatch with nbr \(neighbors[n].routerID) on \(status.name) (remote \(remote), local \(local))")
    }
    neighbors[n].refusedMTU = isMismatch ? remote : nil
    return !isMismatch
  }

  /// Goes on after an accepted packet, describing the next LSAs of the summary list in turn.
  mutating func proceed(
    after packet: DatabaseDescriptionPacket, from n: NeighborID, describing headers: [LSAHeader], in context: inout InterfaceContext
  ) {
    let hasMore = packet.flags.contains(.more)
    neighbors[n].lastReceived = Neighbor.DescriptionIdentity(packet)
    if neighbors[n].isLocalMaster {
      neighbors[n].sequenceNumber &+= 1
      if hasDescribedAll(to: n), !hasMore {
        generate(.exchangeDone, for: n, in: &context)
      } else {
        sendDatabaseDescription(to: n, describing: headers, in: &context)
      }
    } else {
      neighbors[n].sequenceNumber = packet.sequenceNumber
      sendDatabaseDescription(to: n, describing: headers, in: &context)
      if hasDescribedAll(to: n), !hasMore { generate(.exchangeDone, for: n, in: &context) }
    }
    requestIfIdle(n, in: &context)
  }

  private func hasDescribedAll(to n: NeighborID) -> Bool { neighbors[n].lastSent.map { !$0.flags.contains(.more) } ?? false }

  /// Sends the next packet: the empty first one in ExStart, else one that describes `headers`.
  mutating func sendDatabaseDescription(to n: NeighborID, describing headers: [LSAHeader], in context: inout InterfaceContext) {
    var flags: DatabaseDescriptionPacket.Flags = neighbors[n].isLocalMaster ? .master : []
    if neighbors[n].state == .exStart { flags = [.initial, .more, .master] } else if !neighbors[n].summary.isEmpty { flags.insert(.more) }
    let packet = DatabaseDescriptionPacket(
      options: context.options, interfaceMTU: announcedMTU, flags: flags, sequenceNumber: neighbors[n].sequenceNumber, headers: headers)
    neighbors[n].lastSent = packet
    transmit(packet, to: n, in: &context)
    neighbors[n].exchangeDeadline = neighbors[n].isLocalMaster ? context.now + repeatInterval(n) : nil
  }

  /// RxmtInterval; but the empty first packet is lost on every neighbour that is still waiting for its own election, and costs
  /// nothing to say again.
  private func repeatInterval(_ n: NeighborID) -> Duration {
    neighbors[n].state == .exStart ? min(retransmitInterval, .seconds(1)) : retransmitInterval
  }

  private func transmit(_ packet: DatabaseDescriptionPacket, to n: NeighborID, in context: inout InterfaceContext) {
    send(.databaseDescription, to: neighbors[n].address, in: &context) { packet.encode(into: &$0) }
  }

  mutating func repeatDatabaseDescription(to n: NeighborID, in context: inout InterfaceContext) {
    // An adjacency that a wrong MTU prevents comes up when that is corrected.
    let mtu = announcedMTU
    if neighbors[n].state == .exStart { neighbors[n].lastSent?.interfaceMTU = mtu }
    if let packet = neighbors[n].lastSent { transmit(packet, to: n, in: &context) }
    neighbors[n].exchangeDeadline = context.now + repeatInterval(n)
  }
}
