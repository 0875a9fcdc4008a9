import RouteCore

// Link State Requests received, RFC 2328 §10.7.

extension Instance {
  mutating func receive(_ packet: LinkStateRequestPacket, from sender: NeighborPath, at now: Instant, into output: inout Output) {
    guard self[sender].state >= .exchange else { return }
    var lsas: [LSAHandle] = []
    lsas.reserveCapacity(packet.requests.count)
    for key in packet.requests {
      guard let scope = scope(of: key.type, on: sender.interface), let place = database.find(scope, key) else {
        return generate(.badLSRequest, for: sender, at: now, into: &output)
      }
      lsas.append(database.handle(place))
    }
    sendUpdates(lsas, to: sender, at: now, into: &output)
  }

  /// Sends LSAs to one neighbour.
  mutating func sendUpdates(_ lsas: [LSAHandle], to neighbor: NeighborPath, at now: Instant, into output: inout Output) {
    actWithDatabase(neighbor.interface, at: now, into: &output) { interface, context, database in
      interface.sendUpdates(lsas, of: database, to: interface.neighbors[neighbor.neighbor].address, in: &context)
    }
  }
}
