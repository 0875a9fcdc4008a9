import RouteCore

extension Peer {
  /// Our addresses on the way to the peer are others now. They are next hops of what is announced (RFC 2545 §3): an established session tells
  /// the new ones, one that is still to come begins with them.
  mutating func addressesChanged(_ linkLocal: IPAddress?, _ otherFamily: IPAddress?, into output: inout Output) {
    for direction in [ConnectionID.Direction.outgoing, .incoming] {
      guard var endpoints = self[direction]?.endpoints else { continue }
      guard endpoints.linkLocal != linkLocal || endpoints.otherFamily != otherFamily else { continue }
      endpoints.linkLocal = linkLocal
      endpoints.otherFamily = otherFamily
      self[direction]?.endpoints = endpoints
      self[direction]?.session?.endpoints = endpoints
      guard self[direction]?.state == .established, let session = self[direction]?.session else { continue }
      decoder.begin(session)
      output.actions.append(.sessionChanged(session, announcing: session.families))
    }
  }
}
