import RouteCore

// Receiving Link State Updates: the flooding procedure, RFC 2328 §13 as amended by RFC 5340 §4.5.1.

extension Instance {
  mutating func receiveUpdate(_ packet: LinkStateUpdatePacket, _ i: Int, _ n: Int, at now: Instant, into output: inout Output) {
    guard interfaces[i].neighbors[n].state >= .exchange else { return }
    var direct: [LSAHeader] = []
    for lsa in packet.lsas {
      // BadLSReq (6) ends the packet; so does a neighbour that is no longer one.
      guard interfaces[i].neighbors[n].state >= .exchange else { break }
      receive(lsa, i, n, &direct, at: now, into: &output)
    }
    if !direct.isEmpty { sendAcknowledgments(direct, on: i, to: interfaces[i].neighbors[n].address, into: &output) }
    requestIfIdle(i, n, at: now, into: &output)
  }

  private mutating func receive(
    _ lsa: [UInt8], _ i: Int, _ n: Int, _ direct: inout [LSAHeader], at now: Instant, into output: inout Output
  ) {
    // (1) The checksum.
    guard LSAEncoding.isChecksumValid(lsa.span.bytes), let header = LSAHeader(lsa.span.bytes) else {
      return complain(i, interfaces[i].neighbors[n].address, "LSA with a wrong checksum", at: now, into: &output)
    }
    // (2), (3) RFC 5340 §4.5.1: the reserved scope is discarded, unknown types are stored by their scope and U-bit. A body that
    // cannot be read must not be passed on either.
    guard let scope = scope(of: header.type, on: i), header.sequenceNumber != Int32.min, isWellFormed(lsa, header) else {
      return complain(
        i, interfaces[i].neighbors[n].address, "malformed LSA, type \(String(header.type.rawValue, radix: 16))", at: now, into: &output)
    }
    let known = database.find(scope, header.key)
    let current = known.map { database.header($0, at: now) }
    // (4) The end of an LSA nobody here knows or is learning about.
    if header.age >= Constants.maxAge, known == nil, exchangingNeighbors == 0 {
      direct.append(header)
      return
    }
    let recency = current.map { header.recency(comparedTo: $0) } ?? .newer
    switch recency {
    case .newer:
      acceptNewer(lsa, header, scope, known, i, n, at: now, into: &output)
    case .same:
      // (6)
      if interfaces[i].neighbors[n].requests.find(header.key) != nil {
        return neighbor(i, n, .badLSRequest, at: now, into: &output)
      }
      guard let known else { return }
      acknowledgeSame(header, known, i, n, &direct, at: now, into: &output)
    case .older:
      if interfaces[i].neighbors[n].requests.find(header.key) != nil {
        return neighbor(i, n, .badLSRequest, at: now, into: &output)
      }
      // (8) The database has a newer one: send it back, unless it is about to wrap.
      guard let known, let current else { return }
      if current.age >= Constants.maxAge, current.sequenceNumber == Constants.maxSequenceNumber { return }
      if database[known].installed + Constants.minLSArrival > now, database[known].wasFlooded { return }
      sendUpdates([database.handle(known)], on: i, to: interfaces[i].neighbors[n].address, at: now, into: &output)
    }
  }

  /// (5) No database copy, or an older one.
  ///
  /// MinLSArrival is there to hold off what changes on and on. A few early instances are let through: while adjacencies come up one
  /// follows the other at once, and what is dropped comes again only after RxmtInterval.
  private mutating func acceptNewer(
    _ lsa: [UInt8], _ header: LSAHeader, _ scope: Scope, _ known: UInt32?, _ i: Int, _ n: Int, at now: Instant, into output: inout Output
  ) {
    // (5a) MinLSArrival
    var haste: UInt8 = 0
    if let known, database[known].wasFlooded {
      let interval = now - database[known].installed
      haste = interval < Constants.minLSInterval ? database[known].haste : 0
      if interval < Constants.minLSArrival {
        if haste >= Self.maximumHaste { return }
        haste += 1
      }
    }
    // (5c) and (5d) come before (5b) here, as flooding sends the database copy; nothing leaves before the end of the event anyway.
    let place = install(lsa, header, scope: scope, isSelfOriginated: header.advertisingRouter == routerID, wasFlooded: true, at: now)
    database[place].haste = haste
    // RFC 3623 §3.1
    if header.type == .grace { receivedGrace(place, i, at: now, into: &output) }
    // (5b)
    let wentBack = flood(place, header, from: (i, n), at: now)
    // (5e) and §13.5, table 19
    if !wentBack {
      let state = interfaces[i].state
      if state != .backup || interfaces[i].neighbors[n].routerID == interfaces[i].designatedRouter {
        delayAcknowledgment(header, i, at: now, into: &output)
      }
    }
    // (5f) In OSPFv3 an LSA is our own by its Advertising Router alone.
    if header.advertisingRouter == routerID { receivedOwn(place, at: now) }
  }

  /// (7) The same instance, received once more.
  private mutating func acknowledgeSame(
    _ header: LSAHeader, _ known: UInt32, _ i: Int, _ n: Int, _ direct: inout [LSAHeader], at now: Instant, into output: inout Output
  ) {
    let handle = database.handle(known)
    // (7a) An implied acknowledgment. (7b) §13.5: the backup still acknowledges what came from the designated router.
    if interfaces[i].neighbors[n].retransmissions.remove(handle) {
      releaseRetransmission(handle)
      if interfaces[i].state == .backup, interfaces[i].neighbors[n].routerID == interfaces[i].designatedRouter {
        delayAcknowledgment(header, i, at: now, into: &output)
      }
    } else {
      direct.append(header)
    }
  }

  /// Whether the body can be read; types unknown here are not looked into.
  private func isWellFormed(_ lsa: [UInt8], _ header: LSAHeader) -> Bool {
    guard header.type.isKnown else { return true }
    return DecodedLSA(lsa, header.type, family) != nil
  }
}
