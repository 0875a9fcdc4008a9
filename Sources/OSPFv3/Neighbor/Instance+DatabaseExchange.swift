import RouteCore

// What Database Descriptions say, beside the database: RFC 2328 §10.3 and §10.6.

extension Instance {
  mutating func receive(_ packet: DatabaseDescriptionPacket, from sender: NeighborPath, at now: Instant, into output: inout Output) {
    let verdict = act(sender.interface, at: now, into: &output) { $0.receive(packet, from: sender.neighbor, in: &$1) }
    switch verdict {
    case .ignored, .duplicate, .mismatch: return
    case .negotiated:
      fillSummary(of: sender, at: now)
      generate(.negotiationDone, for: sender, at: now, into: &output)
    case .accepted: break
    }
    guard noteDescribed(packet.headers, by: sender, at: now) else {
      return generate(.sequenceNumberMismatch, for: sender, at: now, into: &output)
    }
    let limit = interfaces[sender.interface].headersPerPacket(behind: DatabaseDescriptionPacket.fixedSize)
    let headers = interfaces[sender.interface].neighbors[sender.neighbor].takeSummary(limit) { lsa in
      database.resolve(lsa).map { database.header($0, at: now) }
    }
    act(sender.interface, at: now, into: &output) {
      $0.proceed(after: packet, from: sender.neighbor, describing: headers, in: &$1)
    }
  }

  /// §10.3, NegotiationDone: the LSAs of the area, of the AS and of the link, except those of MaxAge, which are flooded instead.
  private mutating func fillSummary(of neighbor: NeighborPath, at now: Instant) {
    let interface = interfaces[neighbor.interface]
    let area = areas[interface.area]
    // AS-external-LSAs have no place in stub areas, and come to the other end of a virtual link through the transit area.
    let hasExternals = area.isExternalCapable && interface.virtualLink == nil
    let scopes = hasExternals ? [area.scope, .autonomousSystem, .link(interface.key)] : [area.scope, .link(interface.key)]
    var summary: [LSAHandle] = []
    for scope in scopes {
      for place in database.sorted(scope) {
        let lsa = database.handle(place)
        if database.age(place, at: now) >= Constants.maxAge {
          if self[neighbor].retransmissions.add(lsa, sent: now) { database[place].retransmissions &+= 1 }
        } else {
          summary.append(lsa)
        }
      }
    }
    self[neighbor].summary = summary
    self[neighbor].summaryPosition = 0
  }

  /// §10.6: what the neighbour has that is newer is to be requested. Returns false if it described an LSA that has no place here.
  private mutating func noteDescribed(_ headers: [LSAHeader], by neighbor: NeighborPath, at now: Instant) -> Bool {
    for header in headers {
      guard let scope = scope(of: header.type, on: neighbor.interface) else { return false }
      if header.type == .router, header.advertisingRouter == routerID { self[neighbor].hasOurRouterLSA = true }
      if let place = database.find(scope, header.key), header.recency(comparedTo: database.header(place, at: now)) != .newer { continue }
      self[neighbor].requests.add(header)
    }
    return true
  }
}
