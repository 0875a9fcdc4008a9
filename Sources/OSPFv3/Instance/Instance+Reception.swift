import RouteCore

// Packets in: the checks of RFC 5340 §4.2.2, then to the interface or neighbour they belong to.

/// A packet as it was received.
struct ReceivedPacket {
  /// The link.
  var interface: UInt32
  var source: IPAddress
  var destination: IPAddress
  var hopLimit: UInt8?
  var bytes: [UInt8]
}

extension Instance {
  mutating func receive(_ packet: ReceivedPacket, at now: Instant, into output: inout Output) {
    let header: PacketHeader
    do {
      header = try PacketHeader.decode(packet.bytes.span.bytes)
    } catch {
      if let i = interfaces.firstIndex(where: { $0.key.index == packet.interface }) {
        interfaces[i].complain(of: packet.source, "\(error)", at: now, into: &output)
      }
      return
    }
    guard let i = receiver(of: header, in: packet) else { return }
    // A packet of our own, come back.
    if packet.source == interfaces[i].status.linkLocal { return }
    if let problem = interfaces[i].problem(header, packet, area: areas[interfaces[i].area].id, local: routerID) {
      return interfaces[i].complain(of: packet.source, problem, at: now, into: &output)
    }
    // RFC 2328 §8.2: AllDRouters is for the designated router and its backup. A packet for the others is nobody's mistake.
    if packet.destination == Constants.allDRouters, !interfaces[i].isDesignated { return }
    if let problem = interfaces[i].problem(hopLimit: packet.hopLimit) {
      return interfaces[i].complain(of: packet.source, problem, at: now, into: &output)
    }
    output.trace(
      .packets,
      "\(header.type.name) packet received from \(packet.source) via \(interfaces[i].status.name), length \(header.length)")
    do throws(Truncated) {
      try receive(header, packet, on: i, at: now, into: &output)
    } catch {
      interfaces[i].complain(of: packet.source, "malformed \(header.type.name) packet", at: now, into: &output)
    }
  }

  private mutating func receive(
    _ header: PacketHeader, _ packet: ReceivedPacket, on i: InterfaceID, at now: Instant, into output: inout Output
  ) throws(Truncated) {
    let body = packet.bytes.span.bytes.extracting(PacketHeader.size..<Int(header.length))
    if header.type == .hello {
      let hello = try HelloPacket.decode(body)
      return act(i, at: now, into: &output) { $0.receive(hello, from: header.routerID, at: packet.source, in: &$1) }
    }
    guard let n = interfaces[i].neighbors.find(header.routerID) else {
      return interfaces[i].complain(of: packet.source, "unknown neighbor (\(header.routerID))", at: now, into: &output)
    }
    let sender = NeighborPath(interface: i, neighbor: n)
    switch header.type {
    case .hello: break
    case .databaseDescription: receive(try DatabaseDescriptionPacket.decode(body), from: sender, at: now, into: &output)
    case .linkStateRequest: receive(try LinkStateRequestPacket.decode(body), from: sender, at: now, into: &output)
    case .linkStateUpdate: receive(try LinkStateUpdatePacket.decode(body), from: sender, at: now, into: &output)
    case .linkStateAcknowledgment: receive(try LinkStateAcknowledgmentPacket.decode(body), from: sender, at: now)
    }
  }

  /// RFC 5340 §4.2.2: the interface whose area and Instance ID the packet has, or the virtual link that it came by.
  private func receiver(of header: PacketHeader, in packet: ReceivedPacket) -> InterfaceID? {
    // Another Instance ID is another protocol's business.
    let key = InterfaceKey(index: packet.interface, instanceID: header.instanceID)
    let real = interfaces.find(key).flatMap { interfaces[$0].isActive ? $0 : nil }
    guard header.areaID == .backbone, !packet.destination.isMulticast, isAreaBorderRouter else { return real }
    if let real, areas[interfaces[real].area].id == .backbone { return real }
    // By an interface in the transit area, from the router at the other end. What matches no link that is up is no mistake worth a line: it
    // may be one that we have still to bring up.
    return interfaces.firstIndex { candidate in
      guard let link = candidate.virtualLink else { return false }
      return link.peer == header.routerID && candidate.key.instanceID == header.instanceID && candidate.isActive
        && interfaces.contains { $0.key.index == packet.interface && $0.isActive && areas[$0.area].id == link.transitArea }
    }
  }
}

extension Interface {
  @inline(__always) fileprivate func problem(_ header: PacketHeader, _ packet: ReceivedPacket, area: RouterID, local: RouterID) -> String? {
    if !packet.source.isLinkLocal, virtualLink == nil { return "source is not link-local" }
    // RFC 5340 §4.2.2: virtual links apart, the area is the interface's.
    if header.areaID != area { return "area mismatch (\(header.areaID))" }
    if header.routerID == local { return "router ID is our own" }
    if header.routerID == .unspecified { return "router ID is zero" }
    return nil
  }

  /// RFC 5082
  @inline(__always) fileprivate func problem(hopLimit: UInt8?) -> String? {
    if options.ttlSecurity != .on || hopLimit == 255 { return nil }
    return "TTL \(hopLimit.map { String($0) } ?? "unknown")"
  }
}
