import RouteCore

// Link State Requests, RFC 2328 §10.7 and §10.9.

extension Instance {
  /// Asks for more if nothing is outstanding, or declares the loading done.
  mutating func requestIfIdle(_ i: Int, _ n: Int, at now: Instant, into output: inout Output) {
    let state = interfaces[i].neighbors[n].state
    guard state == .exchange || state == .loading else { return }
    if interfaces[i].neighbors[n].requests.isEmpty {
      interfaces[i].neighbors[n].requestDeadline = nil
      if state == .loading { neighbor(i, n, .loadingDone, at: now, into: &output) }
    } else if interfaces[i].neighbors[n].requests.outstanding == 0 {
      sendRequest(i, n, at: now, into: &output)
    }
  }

  /// A request list can also be emptied by what other neighbours send (RFC 2328 §13.3 (1b)).
  mutating func finishLoading(at now: Instant, into output: inout Output) {
    hasEmptiedRequests = false
    for i in interfaces.indices {
      for n in interfaces[i].neighbors.indices { requestIfIdle(i, n, at: now, into: &output) }
    }
  }

  /// One packet of requests; repeated after RxmtInterval for what has not come by then.
  mutating func sendRequest(_ i: Int, _ n: Int, at now: Instant, into output: inout Output) {
    let room = interfaces[i].maximumPacket - PacketHeader.size
    let keys = interfaces[i].neighbors[n].requests.next(max(room / LinkStateRequestPacket.requestSize, 1))
    if keys.isEmpty { return interfaces[i].neighbors[n].requestDeadline = nil }
    let start = beginPacket(.linkStateRequest, on: i, into: &output)
    LinkStateRequestPacket(requests: keys).encode(into: &output.writer)
    endPacket(start, .linkStateRequest, on: i, to: interfaces[i].neighbors[n].address, into: &output)
    interfaces[i].neighbors[n].requestDeadline = now + interfaces[i].retransmitInterval
  }

  /// §10.7
  mutating func receiveRequest(_ packet: LinkStateRequestPacket, _ i: Int, _ n: Int, at now: Instant, into output: inout Output) {
    guard interfaces[i].neighbors[n].state >= .exchange else { return }
    var handles: [LSAHandle] = []
    handles.reserveCapacity(packet.requests.count)
    for key in packet.requests {
      guard let scope = scope(of: key.type, on: i), let place = database.find(scope, key) else {
        return neighbor(i, n, .badLSRequest, at: now, into: &output)
      }
      handles.append(database.handle(place))
    }
    sendUpdates(handles, on: i, to: interfaces[i].neighbors[n].address, at: now, into: &output)
  }
}
