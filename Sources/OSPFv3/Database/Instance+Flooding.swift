import RouteCore

// Sending LSAs on: RFC 2328 §13.3 and RFC 5340 §4.5.2, retransmission (§13.6) and acknowledgment (§13.5, §13.7).

extension Instance {
  /// Queues the LSA for all interfaces of its scope. Returns whether it goes back out the interface it came in by.
  @discardableResult
  mutating func flood(_ place: UInt32, _ header: LSAHeader, from sender: (i: Int, n: Int)?, at now: Instant) -> Bool {
    let handle = database.handle(place)
    let scope = database[place].scope
    var wentBack = false
    for i in interfaces.indices where isEligible(i, scope) {
      var isWanted = false
      // (1) each neighbour
      for n in interfaces[i].neighbors.indices where shouldHave(header, i, n, from: sender) {
        // (1d)
        addRetransmission(handle, i, n, at: now)
        isWanted = true
      }
      // (2)
      if !isWanted { continue }
      if let sender, sender.i == i {
        // (3) The designated router and its backup have sent it to everybody themselves. (4) The backup leaves it to the
        // designated router.
        let id = interfaces[i].neighbors[sender.n].routerID
        let isFromOne =
          interfaces[i].type.hasDesignatedRouter
          && (id == interfaces[i].designatedRouter || id == interfaces[i].backupDesignatedRouter)
        if isFromOne || interfaces[i].state == .backup { continue }
        wentBack = true
      }
      // (5)
      interfaces[i].floodQueue.append(handle)
    }
    return wentBack
  }

  private func isEligible(_ i: Int, _ scope: Scope) -> Bool {
    interfaces[i].isActive && !interfaces[i].neighbors.isEmpty && isFlooded(scope, on: i)
  }

  /// Whether the LSAs of a scope go out an interface.
  func isFlooded(_ scope: Scope, on i: Int) -> Bool {
    switch scope {
    case .link(let key): return interfaces[i].key == key
    case .area(let id): return areas[interfaces[i].area].id == id
    // RFC 2328 §13.3: neither into stub areas nor over virtual links.
    case .autonomousSystem: return areas[interfaces[i].area].isExternalCapable && interfaces[i].virtualLink == nil
    }
  }

  /// (1a) to (1c)
  private mutating func shouldHave(_ header: LSAHeader, _ i: Int, _ n: Int, from sender: (i: Int, n: Int)?) -> Bool {
    let state = interfaces[i].neighbors[n].state
    // (1a)
    if state < .exchange { return false }
    // (1b) What the neighbour is known to have.
    if state != .full, let wanted = interfaces[i].neighbors[n].requests.find(header.key) {
      let recency = header.recency(comparedTo: wanted)
      if recency != .older {
        interfaces[i].neighbors[n].requests.remove(header.key)
        if interfaces[i].neighbors[n].requests.isEmpty { hasEmptiedRequests = true }
      }
      if recency != .newer { return false }
    }
    // (1c)
    if let sender, sender.i == i, sender.n == n { return false }
    return true
  }

  mutating func drainFloodQueue(_ i: Int, at now: Instant, into output: inout Output) {
    let handles = interfaces[i].floodQueue
    sendToAdjacent(i, into: &output) { sendUpdates(handles, on: i, to: $0, at: now, into: &$1) }
    interfaces[i].floodQueue.removeAll(keepingCapacity: true)
  }

  // MARK: retransmission

  mutating func addRetransmission(_ handle: LSAHandle, _ i: Int, _ n: Int, at now: Instant) {
    guard let place = database.resolve(handle) else { return }
    if interfaces[i].neighbors[n].retransmissions.add(handle, sent: now) { database[place].retransmissions &+= 1 }
  }

  /// One list less has the LSA.
  mutating func releaseRetransmission(_ handle: LSAHandle) {
    guard let place = database.resolve(handle) else { return }
    if database[place].retransmissions > 0 { database[place].retransmissions -= 1 }
    if database[place].retransmissions == 0, database[place].ageWhenInstalled >= Constants.maxAge { hasMaxAgedToSweep = true }
  }

  /// §13 (5c): a newer instance takes the old one off all lists.
  mutating func removeFromRetransmissionLists(_ place: UInt32) {
    guard database[place].retransmissions > 0 else { return }
    let handle = database.handle(place)
    for i in interfaces.indices {
      for n in interfaces[i].neighbors.indices where interfaces[i].neighbors[n].retransmissions.remove(handle) {
        database[place].retransmissions -= 1
      }
    }
  }

  /// §13.6: what has not been acknowledged for RxmtInterval goes to the neighbour alone. A long list is spread over several rounds.
  mutating func retransmit(_ i: Int, _ n: Int, at now: Instant, into output: inout Output) {
    guard !interfaces[i].neighbors[n].retransmissions.isEmpty else { return }
    let limit = now - interfaces[i].retransmitInterval
    var handles: [LSAHandle] = []
    while handles.count < 4096, let handle = interfaces[i].neighbors[n].retransmissions.first(sentBy: limit) {
      if database.resolve(handle) == nil {
        _ = interfaces[i].neighbors[n].retransmissions.remove(handle)
        continue
      }
      interfaces[i].neighbors[n].retransmissions.resent(handle, at: now)
      handles.append(handle)
    }
    if handles.isEmpty { return }
    output.trace(.events, "Retransmitting \(handles.count) LSAs to neighbor \(interfaces[i].neighbors[n].routerID)")
    sendUpdates(handles, on: i, to: interfaces[i].neighbors[n].address, at: now, into: &output)
  }

  // MARK: acknowledgment

  mutating func delayAcknowledgment(_ header: LSAHeader, _ i: Int, at now: Instant, into output: inout Output) {
    interfaces[i].delayedAcknowledgments.append(header)
    if interfaces[i].acknowledgmentDeadline == nil { interfaces[i].acknowledgmentDeadline = now + Constants.delayedAcknowledgment }
    let full = (interfaces[i].maximumPacket - PacketHeader.size) / LSAHeader.size
    if interfaces[i].delayedAcknowledgments.count >= full { sendDelayedAcknowledgments(i, into: &output) }
  }

  mutating func sendDelayedAcknowledgments(_ i: Int, into output: inout Output) {
    interfaces[i].acknowledgmentDeadline = nil
    let headers = interfaces[i].delayedAcknowledgments
    sendToAdjacent(i, into: &output) { sendAcknowledgments(headers, on: i, to: $0, into: &$1) }
    interfaces[i].delayedAcknowledgments.removeAll(keepingCapacity: true)
  }

  /// §13.7
  mutating func receiveAcknowledgment(
    _ packet: LinkStateAcknowledgmentPacket, _ i: Int, _ n: Int, at now: Instant, into output: inout Output
  ) {
    guard interfaces[i].neighbors[n].state >= .exchange else { return }
    for header in packet.headers {
      guard let scope = scope(of: header.type, on: i), let place = database.find(scope, header.key) else { continue }
      let handle = database.handle(place)
      guard interfaces[i].neighbors[n].retransmissions.contains(handle),
        header.recency(comparedTo: database.header(place, at: now)) == .same
      else { continue }
      _ = interfaces[i].neighbors[n].retransmissions.remove(handle)
      releaseRetransmission(handle)
    }
  }
}
