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

  func sendHello(_ i: Int, at now: Instant, into output: inout Output) {
    let interface = interfaces[i]
    let hello = HelloPacket(
      interfaceID: interface.key.index, priority: interface.options.priority, options: areas[interface.area].options,
      helloInterval: interface.options.helloInterval, deadInterval: UInt16(clamping: interface.options.effectiveDeadInterval),
      designatedRouter: interface.designatedRouter, backupDesignatedRouter: interface.backupDesignatedRouter,
      neighbors: interface.neighbors.filter { $0.state >= .`init` }.map { $0.routerID })
    let start = beginPacket(.hello, on: i, into: &output)
    hello.encode(into: &output.writer)
    endPacket(start, .hello, on: i, to: interface.allRouters, into: &output)
  }

  /// Where floods and delayed acknowledgments go (RFC 2328 §13.3 (5), §13.5).
  func floodDestination(_ i: Int) -> IPAddress {
    let isForAll = !interfaces[i].isBroadcast || interfaces[i].state == .designatedRouter || interfaces[i].state == .backup
    return isForAll ? interfaces[i].allRouters : Constants.allDRouters
  }
}
