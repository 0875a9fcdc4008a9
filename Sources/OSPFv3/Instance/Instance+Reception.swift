import RouteCore

// Packets in: the checks of RFC 5340 §4.2.2, then to whom they belong.

extension Instance {
  mutating func receive(
    _ bytes: [UInt8], on index: UInt32, from source: IPAddress, to destination: IPAddress, hopLimit: UInt8?, at now: Instant,
    into output: inout Output
  ) {
    let header: PacketHeader
    do {
      header = try PacketHeader.decode(bytes.span.bytes)
    } catch {
      if let i = interfaces.firstIndex(where: { $0.key.index == index }) { complain(i, source, "\(error)", at: now, into: &output) }
      return
    }
    guard let i = receiver(of: header, on: index, to: destination) else { return }
    // A packet of our own, come back.
    if source == interfaces[i].status.linkLocal { return }
    if let problem = problem(header, on: i, from: source, to: destination, hopLimit: hopLimit) {
      return complain(i, source, problem, at: now, into: &output)
    }
    output.trace(.packets, "\(header.type.name) packet received from \(source) via \(interfaces[i].status.name), length \(header.length)")
    let body = bytes.span.bytes.extracting(PacketHeader.size..<Int(header.length))
    do throws(Truncated) {
      if header.type == .hello {
        // RFC 5340 §4.7: the other end of a virtual link is reached by the address it announces, whichever it sends from.
        let neighbor = interfaces[i].virtualLink?.peerAddress ?? source
        return receiveHello(try HelloPacket.decode(body), header.routerID, from: neighbor, on: i, at: now, into: &output)
      }
      guard let n = interfaces[i].neighbor(header.routerID) else {
        return complain(i, source, "unknown neighbor (\(header.routerID))", at: now, into: &output)
      }
      switch header.type {
      case .hello: break
      case .databaseDescription:
        receiveDatabaseDescription(try DatabaseDescriptionPacket.decode(body), i, n, at: now, into: &output)
      case .linkStateRequest:
        receiveRequest(try LinkStateRequestPacket.decode(body), i, n, at: now, into: &output)
      case .linkStateUpdate:
        receiveUpdate(try LinkStateUpdatePacket.decode(body), i, n, at: now, into: &output)
      case .linkStateAcknowledgment:
        receiveAcknowledgment(try LinkStateAcknowledgmentPacket.decode(body), i, n, at: now, into: &output)
      }
    } catch {
      complain(i, source, "malformed \(header.type.name) packet", at: now, into: &output)
    }
  }

  /// RFC 5340 §4.2.2: the interface whose area and Instance ID the packet has, or the virtual link that it came by.
  private func receiver(of header: PacketHeader, on index: UInt32, to destination: IPAddress) -> Int? {
    // Another Instance ID is another protocol's business.
    let real = interface(InterfaceKey(index: index, instanceID: header.instanceID)).flatMap { interfaces[$0].isActive ? $0 : nil }
    guard header.areaID == .backbone, !destination.isMulticast, isAreaBorderRouter else { return real }
    if let real, areas[interfaces[real].area].id == .backbone { return real }
    // By an interface in the transit area, from the router at the other end. What matches no link that is up is no mistake worth a line: it
    // may be one that we have still to bring up.
    return interfaces.firstIndex { candidate in
      guard let link = candidate.virtualLink else { return false }
      return link.peer == header.routerID && candidate.key.instanceID == header.instanceID && candidate.isActive
        && interfaces.contains { $0.key.index == index && $0.isActive && areas[$0.area].id == link.transitArea }
    }
  }

  private func problem(_ header: PacketHeader, on i: Int, from source: IPAddress, to destination: IPAddress, hopLimit: UInt8?) -> String? {
    if !source.isLinkLocal, interfaces[i].virtualLink == nil { return "source is not link-local" }
    // RFC 5340 §4.2.2: virtual links apart, the area is the interface's.
    let area = areas[interfaces[i].area].id
    if header.areaID != area { return "area mismatch (\(header.areaID))" }
    if header.routerID == routerID { return "router ID is our own" }
    if header.routerID.rawValue == 0 { return "router ID is zero" }
    // RFC 2328 §8.2: AllDRouters is for the designated router and its backup.
    if destination == Constants.allDRouters, interfaces[i].state != .designatedRouter, interfaces[i].state != .backup {
      return "wrong group"
    }
    // RFC 5082
    if interfaces[i].options.ttlSecurity == .on, hopLimit != 255 { return "TTL \(hopLimit.map { String($0) } ?? "unknown")" }
    return nil
  }

  /// One line per second and interface at most, as anybody on the link can cause them.
  mutating func complain(_ i: Int, _ source: IPAddress, _ text: String, at now: Instant, into output: inout Output) {
    if let last = interfaces[i].lastComplaint, now < last + .seconds(1) { return }
    // A packet for the other group is no mistake of anybody's.
    if text == "wrong group" { return }
    interfaces[i].lastComplaint = now
    output.log(.remote, "Bad packet from \(source) via \(interfaces[i].status.name) - \(text)")
  }
}
