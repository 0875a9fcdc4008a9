import RouteCore

// Flooding out of one interface, RFC 2328 §13.3.

extension Interface {
  /// What flooding an LSA out of an interface has led to.
  struct Flooded: Hashable, Sendable {
    /// How many retransmission lists have it that did not have it before.
    var additions: UInt16 = 0
    /// It goes back out of the interface it came in by.
    var wentBack = false
    /// A request list has become empty.
    var hasEmptiedRequests = false
  }

  /// Queues an LSA if a neighbour has to hear of it. `sender` is the neighbour that sent it, if that is on this interface.
  mutating func flood(_ lsa: LSAHandle, _ header: LSAHeader, from sender: NeighborID?, at now: Instant) -> Flooded {
    var result = Flooded()
    var isWanted = false
    // (1) each neighbour
    for n in neighbors.indices {
      // (1a)
      if neighbors[n].state < .exchange { continue }
      // (1b) What the neighbour is known to have.
      let recency = neighbors[n].state == .full ? nil : neighbors[n].fulfillRequest(header)
      if recency != nil, neighbors[n].requests.isEmpty { result.hasEmptiedRequests = true }
      if recency == .older || recency == .same { continue }
      // (1c)
      if n == sender { continue }
      // (1d)
      if neighbors[n].retransmissions.add(lsa, sent: now) { result.additions &+= 1 }
      isWanted = true
    }
    // (2)
    if !isWanted { return result }
    if let sender {
      // (3) The designated router and its backup have sent it to everybody themselves. (4) The backup leaves it to the
      // designated router.
      let id = neighbors[sender].routerID
      let isFromOne = type.hasDesignatedRouter && (id == designatedRouter || id == backupDesignatedRouter)
      if isFromOne || state == .backup { return result }
      result.wentBack = true
    }
    // (5)
    floodQueue.append(lsa)
    return result
  }
}

extension Neighbor {
  /// (1b): an LSA of which the neighbour has described an instance, compared with that. Not less recent, it need not be requested any
  /// more. Returns nil if the neighbour has not described it.
  fileprivate mutating func fulfillRequest(_ header: LSAHeader) -> LSAHeader.Recency? {
    guard let wanted = requests.find(header.key) else { return nil }
    let recency = header.recency(comparedTo: wanted)
    if recency != .older { requests.remove(header.key) }
    return recency
  }
}
