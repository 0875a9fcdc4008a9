import RouteCore

// Packets out.

extension Instance {
  /// Begins a packet; what follows into `output.writer` is its body, until `endPacket`.
  func beginPacket(_ type: PacketType, on i: Int, into output: inout Output) -> Int {
    let start = output.writer.count
    PacketHeader(
      type: type, routerID: routerID, areaID: areas[interfaces[i].area].id, instanceID: interfaces[i].key.instanceID
    ).encode(into: &output.writer)
    return start
  }

  func endPacket(_ start: Int, _ type: PacketType, on i: Int, to destination: IPAddress, into output: inout Output) {
    guard let source = interfaces[i].status.linkLocal else { return output.writer.truncate(to: start) }
    PacketHeader.finish(from: start, in: &output.writer)
    let options = interfaces[i].options
    output.packets.append(
      Output.Packet(
        interface: interfaces[i].virtualLink == nil ? interfaces[i].key.index : 0, source: source, destination: destination,
        hopLimit: interfaces[i].virtualLink == nil ? options.hopLimit : VirtualLink.hopLimit,
        trafficClass: options.transmitClass, priority: options.transmitPriority, range: start..<output.writer.count))
    let length = output.writer.count - start
    output.trace(.packets, "\(type.name) packet sent to \(destination) via \(interfaces[i].status.name), length \(length)")
  }

  /// Sends LSAs in as few Link State Updates as their lengths allow, each aged by InfTransDelay (RFC 2328 §13.3 (5)).
  func sendUpdates(_ handles: [LSAHandle], on i: Int, to destination: IPAddress, at now: Instant, into output: inout Output) {
    let limit = interfaces[i].maximumPacket
    var start = -1
    var count: UInt32 = 0
    for handle in handles {
      guard let place = database.resolve(handle) else { continue }
      let size = database[place].bytes.count
      if start >= 0, output.writer.count - start + size > limit {
        finishUpdate(start, count, on: i, to: destination, into: &output)
        start = -1
      }
      if start < 0 {
        start = beginPacket(.linkStateUpdate, on: i, into: &output)
        output.writer.u32(0)
        count = 0
      }
      let lsaStart = output.writer.count
      output.writer.append(database[place].bytes)
      let age = min(UInt32(database.age(place, at: now)) + UInt32(interfaces[i].options.transmitDelay), UInt32(Constants.maxAge))
      output.writer.patch(UInt16(age), at: lsaStart)
      count += 1
    }
    if start >= 0 { finishUpdate(start, count, on: i, to: destination, into: &output) }
  }

  private func finishUpdate(_ start: Int, _ count: UInt32, on i: Int, to destination: IPAddress, into output: inout Output) {
    let place = start + PacketHeader.size
    output.writer.patch(UInt16(truncatingIfNeeded: count >> 16), at: place)
    output.writer.patch(UInt16(truncatingIfNeeded: count), at: place + 2)
    endPacket(start, .linkStateUpdate, on: i, to: destination, into: &output)
  }

  func sendAcknowledgments(_ headers: [LSAHeader], on i: Int, to destination: IPAddress, into output: inout Output) {
    let perPacket = max((interfaces[i].maximumPacket - PacketHeader.size) / LSAHeader.size, 1)
    var position = 0
    while position < headers.count {
      let end = min(position + perPacket, headers.count)
      let start = beginPacket(.linkStateAcknowledgment, on: i, into: &output)
      for header in headers[position..<end] { header.encode(into: &output.writer) }
      endPacket(start, .linkStateAcknowledgment, on: i, to: destination, into: &output)
      position = end
    }
  }

  func sendHello(_ i: Int, to destinations: [IPAddress], into output: inout Output) {
    guard let destination = destinations.first else { return }
    let interface = interfaces[i]
    let hello = HelloPacket(
      interfaceID: interface.key.index, priority: interface.options.priority, options: areas[interface.area].options,
      helloInterval: interface.options.helloInterval, deadInterval: UInt16(clamping: interface.options.effectiveDeadInterval),
      designatedRouter: interface.designatedRouter, backupDesignatedRouter: interface.backupDesignatedRouter,
      neighbors: interface.neighbors.filter { $0.state >= .`init` }.map { $0.routerID })
    let first = output.packets.count
    let start = beginPacket(.hello, on: i, into: &output)
    hello.encode(into: &output.writer)
    endPacket(start, .hello, on: i, to: destination, into: &output)
    copyPackets(from: first, to: destinations.dropFirst(), into: &output)
  }

  /// Sends floods and delayed acknowledgments (RFC 2328 §13.3 (5), §13.5): to a group, or without multicast to each neighbour in
  /// state Exchange or greater.
  func sendToAdjacent(_ i: Int, into output: inout Output, _ send: (IPAddress, inout Output) -> Void) {
    if interfaces[i].type.usesMulticast { return send(floodDestination(i), &output) }
    let adjacent = interfaces[i].neighbors.filter { $0.state >= .exchange }.map { $0.address }
    guard let destination = adjacent.first else { return }
    let first = output.packets.count
    send(destination, &output)
    copyPackets(from: first, to: adjacent.dropFirst(), into: &output)
  }

  /// Sends the packets from the one at `first` on to others too; all share their bytes.
  private func copyPackets(from first: Int, to destinations: ArraySlice<IPAddress>, into output: inout Output) {
    let end = output.packets.count
    for destination in destinations {
      for place in first..<end {
        var packet = output.packets[place]
        packet.destination = destination
        output.packets.append(packet)
        output.trace(.packets, "the same sent to \(destination), length \(packet.range.count)")
      }
    }
  }

  private func floodDestination(_ i: Int) -> IPAddress {
    let isForAll = interfaces[i].type == .pointToPoint || interfaces[i].state == .designatedRouter || interfaces[i].state == .backup
    return isForAll ? interfaces[i].allRouters : Constants.allDRouters
  }
}
