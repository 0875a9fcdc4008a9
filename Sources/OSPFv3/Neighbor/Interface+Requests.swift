import RouteCore

// Link State Requests, RFC 2328 §10.9, and retransmission (§13.6).

extension Interface {
  /// Asks for more if nothing is outstanding, or declares the loading done.
  mutating func requestIfIdle(_ n: NeighborID, in context: inout InterfaceContext) {
    guard neighbors[n].isExchanging else { return }
    if neighbors[n].requests.isEmpty {
      neighbors[n].requestDeadline = nil
      if neighbors[n].state == .loading { generate(.loadingDone, for: n, in: &context) }
    } else if neighbors[n].requests.outstanding == 0 {
      sendRequest(to: n, in: &context)
    }
  }

  /// One packet of requests; repeated after RxmtInterval for what has not come by then.
  mutating func sendRequest(to n: NeighborID, in context: inout InterfaceContext) {
    let room = maximumPacket - PacketHeader.size
    let keys = neighbors[n].requests.next(max(room / LinkStateRequestPacket.requestSize, 1))
    if keys.isEmpty { return neighbors[n].requestDeadline = nil }
    send(.linkStateRequest, to: neighbors[n].address, in: &context) {
      LinkStateRequestPacket(requests: keys).encode(into: &$0)
    }
    neighbors[n].requestDeadline = context.now + retransmitInterval
  }

  /// §13.6: what has not been acknowledged for RxmtInterval goes to the neighbour alone. A long list is spread over several rounds.
  mutating func retransmit(to n: NeighborID, from database: LinkStateDatabase, in context: inout InterfaceContext) {
    let limit = context.now - retransmitInterval
    var lsas: [LSAHandle] = []
    while lsas.count < 4096, let lsa = neighbors[n].retransmissions.first(sentBy: limit) {
      if database.resolve(lsa) == nil {
        _ = neighbors[n].retransmissions.remove(lsa)
        continue
      }
      neighbors[n].retransmissions.resent(lsa, at: context.now)
      lsas.append(lsa)
    }
    if lsas.isEmpty { return }
    context.output.trace(.events, "Retransmitting \(lsas.count) LSAs to neighbor \(neighbors[n].routerID)")
    sendUpdates(lsas, of: database, to: neighbors[n].address, in: &context)
  }
}
