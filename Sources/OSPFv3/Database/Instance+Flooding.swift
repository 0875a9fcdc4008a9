import RouteCore

// Sending LSAs on (RFC 2328 §13.3, RFC 5340 §4.5.2), and their acknowledgment (§13.7).

extension Instance {
  /// Queues the LSA for all interfaces of its scope. Returns whether it goes back out of the interface it came in by.
  @discardableResult
  mutating func flood(_ place: UInt32, _ header: LSAHeader, from sender: NeighborPath?, at now: Instant) -> Bool {
    let lsa = database.handle(place)
    let scope = database[place].scope
    var wentBack = false
    for i in interfaces.indices {
      guard interfaces[i].isActive, !interfaces[i].neighbors.isEmpty, isFlooded(scope, on: i) else { continue }
      let result = interfaces[i].flood(lsa, header, from: sender?.interface == i ? sender?.neighbor : nil, at: now)
      database[place].retransmissions &+= result.additions
      if result.hasEmptiedRequests { due.insert(.loading) }
      if result.wentBack { wentBack = true }
    }
    due.insert(.flooding)
    return wentBack
  }

  /// Whether the LSAs of a scope go out of an interface.
  func isFlooded(_ scope: Scope, on i: InterfaceID) -> Bool {
    switch scope {
    case .link(let key): return interfaces[i].key == key
    case .area(let id): return areas[interfaces[i].area].id == id
    // RFC 2328 §13.3: neither into stub areas nor over virtual links.
    case .autonomousSystem: return areas[interfaces[i].area].isExternalCapable && interfaces[i].virtualLink == nil
    }
  }

  /// (5) Sends what the present event has queued.
  mutating func sendFloodQueue(_ i: InterfaceID, at now: Instant, into output: inout Output) {
    if interfaces[i].floodQueue.isEmpty { return }
    actWithDatabase(i, at: now, into: &output) { interface, context, database in
      interface.sendToAdjacent(in: &context) { interface.sendUpdates(interface.floodQueue, of: database, to: $0, in: &$1) }
      interface.floodQueue.removeAll(keepingCapacity: true)
    }
  }

  /// One retransmission list less has the LSA.
  mutating func releaseRetransmission(_ lsa: LSAHandle) {
    guard let place = database.resolve(lsa) else { return }
    if database[place].retransmissions > 0 { database[place].retransmissions -= 1 }
    if database[place].retransmissions == 0, database[place].ageWhenInstalled >= Constants.maxAge { due.insert(.maxAgedRemoval) }
  }

  /// §13 (5c): a newer instance takes the old one off all lists.
  mutating func removeFromRetransmissionLists(_ place: UInt32) {
    guard database[place].retransmissions > 0 else { return }
    let lsa = database.handle(place)
    for i in interfaces.indices {
      for n in interfaces[i].neighbors.indices where interfaces[i].neighbors[n].retransmissions.remove(lsa) {
        database[place].retransmissions -= 1
      }
    }
  }

  /// §13.7
  mutating func receive(_ packet: LinkStateAcknowledgmentPacket, from sender: NeighborPath, at now: Instant) {
    guard self[sender].state >= .exchange else { return }
    for header in packet.headers {
      guard let scope = scope(of: header.type, on: sender.interface), let place = database.find(scope, header.key) else { continue }
      let lsa = database.handle(place)
      guard self[sender].retransmissions.contains(lsa), header.recency(comparedTo: database.header(place, at: now)) == .same else {
        continue
      }
      _ = self[sender].retransmissions.remove(lsa)
      releaseRetransmission(lsa)
    }
  }
}
