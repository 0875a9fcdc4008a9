import RouteCore

// Link State Requests received, RFC 2328 §10.7.

extension Instance {
  mutating func receive(_ packet: LinkStateRequestPacket, from sender: NeighborPath, at now: Instant, into output: inout Output) {
    guard self[sender].state >= .exchange else { return }
    let i = sender.interface
    var lsas: [LSAHandle] = []
    lsas.reserveCapacity(packet.requests.count)
    for key in packet.requests {
      guard let scope = scope(of: key.type, on: i), let place = database.find(scope, key) else {
        return generate(.badLSRequest, for: sender, at: now, into: &output)
      }
      lsas.append(database.handle(place))
    }
    interfaces[i].sendUpdates(lsas, of: database, to: self[sender].address, context(of: i, at: now), into: &output)
  }
}
