import RouteCore

// Sending packets.

extension Interface {
  /// Sends a packet with the body that `encode` writes.
  func send(
    _ type: PacketType, to destination: IPAddress, in context: inout InterfaceContext,
    _ encode: (inout WireWriter) -> Void
  ) {
    guard let source = status.linkLocal else { return }
    let start = context.output.writer.count
    PacketHeader(type: type, routerID: context.routerID, areaID: context.areaID, instanceID: key.instanceID).encode(
      into: &context.output.writer)
    encode(&context.output.writer)
    PacketHeader.finish(from: start, in: &context.output.writer)
    let range = start..<context.output.writer.count
    context.output.packets.append(
      Output.Packet(
        interface: virtualLink == nil ? key.index : 0, source: source, destination: destination,
        hopLimit: virtualLink == nil ? options.hopLimit : VirtualLink.hopLimit, trafficClass: options.transmitClass,
        priority: options.transmitPriority, range: range))
    context.output.trace(.packets, "\(type.name) packet sent to \(destination) via \(status.name), length \(range.count)")
  }

  /// Sends LSAs in as few Link State Updates as their lengths allow.
  func sendUpdates(_ lsas: [LSAHandle], of database: LinkStateDatabase, to destination: IPAddress, in context: inout InterfaceContext) {
    let room = maximumPacket - PacketHeader.size - LinkStateUpdatePacket.fixedSize
    var places: [UInt32] = []
    var length = 0
    for lsa in lsas {
      guard let place = database.resolve(lsa) else { continue }
      let size = database[place].bytes.count
      if !places.isEmpty, length + size > room {
        sendUpdate(places, of: database, to: destination, in: &context)
        places.removeAll(keepingCapacity: true)
        length = 0
      }
      places.append(place)
      length += size
    }
    if !places.isEmpty { sendUpdate(places, of: database, to: destination, in: &context) }
  }

  /// RFC 2328 §13.3 (5): each LSA is aged by InfTransDelay.
  private func sendUpdate(
    _ places: [UInt32], of database: LinkStateDatabase, to destination: IPAddress, in context: inout InterfaceContext
  ) {
    let now = context.now
    send(.linkStateUpdate, to: destination, in: &context) { writer in
      writer.u32(UInt32(clamping: places.count))
      for place in places {
        let start = writer.count
        writer.append(database[place].bytes)
        let age = min(UInt32(database.age(place, at: now)) + UInt32(options.transmitDelay), UInt32(Constants.maxAge))
        writer.patch(UInt16(age), at: start)
      }
    }
  }

  func sendAcknowledgments(_ headers: [LSAHeader], to destination: IPAddress, in context: inout InterfaceContext) {
    var rest = headers[...]
    while !rest.isEmpty {
      let headers = rest.prefix(headersPerPacket())
      send(.linkStateAcknowledgment, to: destination, in: &context) { for header in headers { header.encode(into: &$0) } }
      rest = rest.dropFirst(headers.count)
    }
  }

  /// RFC 2328 §13.5: acknowledgments wait a little, so that one packet takes several. Returns whether one is full.
  mutating func delayAcknowledgment(_ header: LSAHeader, at now: Instant) -> Bool {
    delayedAcknowledgments.append(header)
    if acknowledgmentDeadline == nil { acknowledgmentDeadline = now + Constants.delayedAcknowledgment }
    return delayedAcknowledgments.count >= headersPerPacket()
  }

  mutating func sendDelayedAcknowledgments(in context: inout InterfaceContext) {
    acknowledgmentDeadline = nil
    sendToAdjacent(in: &context) { sendAcknowledgments(delayedAcknowledgments, to: $0, in: &$1) }
    delayedAcknowledgments.removeAll(keepingCapacity: true)
  }

  /// Sends floods and delayed acknowledgments (RFC 2328 §13.3 (5), §13.5): to a group, or without multicast to each neighbour in
  /// state Exchange or greater.
  func sendToAdjacent(in context: inout InterfaceContext, _ send: (IPAddress, inout InterfaceContext) -> Void) {
    if type.usesMulticast {
      send(type == .pointToPoint || isDesignated ? allRouters : Constants.allDRouters, &context)
    } else {
      self.send(to: neighbors.filter { $0.state >= .exchange }.map { $0.address }, in: &context, send)
    }
  }

  /// Sends the same to several destinations: the packets to the first are written, those to the others share their bytes.
  func send(to destinations: [IPAddress], in context: inout InterfaceContext, _ send: (IPAddress, inout InterfaceContext) -> Void) {
    guard let first = destinations.first else { return }
    let start = context.output.packets.count
    send(first, &context)
    context.output.repeatPackets(from: start, to: destinations.dropFirst())
  }

  /// Logs a bad packet: one line per second at most, as anybody on the link can cause them.
  mutating func complain(of source: IPAddress, _ text: String, at now: Instant, into output: inout Output) {
    if let last = lastComplaint, now < last + .seconds(1) { return }
    lastComplaint = now
    output.log(.remote, "Bad packet from \(source) via \(status.name) - \(text)")
  }
}
