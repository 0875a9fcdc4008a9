import RouteCore

// Receiving Link State Updates: the flooding procedure, RFC 2328 §13 as amended by RFC 5340 §4.5.1.

/// An LSA of a Link State Update, as far as it has been checked.
private struct ReceivedLSA {
  var bytes: [UInt8]
  var header: LSAHeader
  var scope: Scope
  /// The place of the instance that the database has.
  var known: UInt32?
  var sender: NeighborPath
}

extension Instance {
  mutating func receive(_ packet: LinkStateUpdatePacket, from sender: NeighborPath, at now: Instant, into output: inout Output) {
    guard self[sender].state >= .exchange else { return }
    var direct: [LSAHeader] = []
    for lsa in packet.lsas {
      // BadLSReq (6) ends the packet; so does a neighbour that is no longer one.
      guard self[sender].state >= .exchange else { break }
      if let header = receive(lsa, from: sender, at: now, into: &output) { direct.append(header) }
    }
    act(sender.interface, at: now, into: &output) { interface, context in
      interface.sendAcknowledgments(direct, to: interface.neighbors[sender.neighbor].address, in: &context)
      interface.requestIfIdle(sender.neighbor, in: &context)
    }
  }

  /// Returns the header if it has to be acknowledged at once.
  private mutating func receive(_ lsa: [UInt8], from sender: NeighborPath, at now: Instant, into output: inout Output) -> LSAHeader? {
    // (1) The checksum.
    guard LSAEncoding.isChecksumValid(lsa.span.bytes), let header = LSAHeader(lsa.span.bytes) else {
      interfaces[sender.interface].complain(of: self[sender].address, "LSA with a wrong checksum", at: now, into: &output)
      return nil
    }
    // (2), (3) RFC 5340 §4.5.1: the reserved scope is discarded, unknown types are stored by their scope and U-bit. A body that
    // cannot be read must not be passed on either.
    guard let scope = scope(of: header.type, on: sender.interface), header.sequenceNumber != Int32.min, isWellFormed(lsa, header) else {
      let text = "malformed LSA, type \(String(header.type.rawValue, radix: 16))"
      interfaces[sender.interface].complain(of: self[sender].address, text, at: now, into: &output)
      return nil
    }
    let known = database.find(scope, header.key)
    let current = known.map { database.header($0, at: now) }
    // (4) The end of an LSA nobody here knows or is learning about.
    if header.age >= Constants.maxAge, known == nil, exchangingNeighbors == 0 { return header }
    let recency = current.map { header.recency(comparedTo: $0) } ?? .newer
    if recency == .newer {
      acceptNewer(ReceivedLSA(bytes: lsa, header: header, scope: scope, known: known, sender: sender), at: now, into: &output)
      return nil
    }
    // (6)
    if self[sender].requests.find(header.key) != nil {
      generate(.badLSRequest, for: sender, at: now, into: &output)
      return nil
    }
    guard let known, let current else { return nil }
    if recency == .same { return acknowledgeSame(header, known, from: sender, at: now, into: &output) ? header : nil }
    // (8) The database has a newer one: send it back, unless it is about to wrap.
    if current.age >= Constants.maxAge, current.sequenceNumber == Constants.maxSequenceNumber { return nil }
    if database[known].installed + Constants.minLSArrival > now, database[known].origin != .local { return nil }
    sendUpdates([database.handle(known)], to: sender, at: now, into: &output)
    return nil
  }

  /// (5) No database copy, or an older one.
  ///
  /// MinLSArrival is there to hold off what changes on and on. A few early instances are let through: while adjacencies come up one
  /// follows the other at once, and what is dropped comes again only after RxmtInterval.
  private mutating func acceptNewer(_ lsa: ReceivedLSA, at now: Instant, into output: inout Output) {
    let header = lsa.header
    // (5a) MinLSArrival
    var haste: UInt8 = 0
    if let known = lsa.known, database[known].origin != .local {
      let interval = now - database[known].installed
      haste = interval < Constants.minLSInterval ? database[known].haste : 0
      if interval < Constants.minLSArrival {
        if haste >= Self.maximumHaste { return }
        haste += 1
      }
    }
    // (5c) and (5d) come before (5b) here, as flooding sends the database copy; nothing leaves before the end of the event anyway.
    let isOurs = header.advertisingRouter == routerID
    let place = install(lsa.bytes, header, scope: lsa.scope, origin: isOurs ? .earlierLife : .remote, at: now)
    database[place].haste = haste
    // RFC 3623 §3.1
    if header.type == .grace { receivedGrace(place, on: lsa.sender.interface, at: now, into: &output) }
    // (5b)
    let wentBack = flood(place, header, from: lsa.sender, at: now)
    // (5e) and §13.5, table 19
    if !wentBack { delayAcknowledgment(header, of: lsa.sender, at: now, into: &output) }
    // (5f) In OSPFv3 an LSA is our own by its Advertising Router alone.
    if isOurs { receivedOwn(place, at: now) }
  }

  /// (7) The same instance, received once more. Returns whether to acknowledge it at once.
  private mutating func acknowledgeSame(
    _ header: LSAHeader, _ known: UInt32, from sender: NeighborPath, at now: Instant, into output: inout Output
  ) -> Bool {
    let lsa = database.handle(known)
    // (7b)
    guard self[sender].retransmissions.remove(lsa) else { return true }
    // (7a) An implied acknowledgment. §13.5: the backup still acknowledges what came from the designated router.
    releaseRetransmission(lsa)
    if interfaces[sender.interface].state == .backup { delayAcknowledgment(header, of: sender, at: now, into: &output) }
    return false
  }

  /// §13.5, table 19: the backup only acknowledges what came from the designated router.
  private mutating func delayAcknowledgment(_ header: LSAHeader, of sender: NeighborPath, at now: Instant, into output: inout Output) {
    let i = sender.interface
    if interfaces[i].state == .backup, self[sender].routerID != interfaces[i].designatedRouter { return }
    guard interfaces[i].delayAcknowledgment(header, at: now) else { return }
    act(i, at: now, into: &output) { $0.sendDelayedAcknowledgments(in: &$1) }
  }

  /// Whether the body can be read; types unknown here are not looked into.
  private func isWellFormed(_ lsa: [UInt8], _ header: LSAHeader) -> Bool {
    header.type.kind == nil || DecodedLSA(lsa, header.type, family) != nil
  }
}
