import RouteCore

/// RFC 5340 §A.3.4: for each LSA asked for
///
///     |              0                |        LS Type                |
///     |                       Link State ID                           |
///     |                     Advertising Router                        |
package struct LinkStateRequestPacket: Hashable, Sendable {
  package static let requestSize = 12
  package var requests: [LSAKey]

  package init(requests: [LSAKey]) { self.requests = requests }

  package static func decode(_ body: RawSpan) throws(Truncated) -> LinkStateRequestPacket {
    var reader = WireReader(body)
    var packet = LinkStateRequestPacket(requests: [])
    packet.requests.reserveCapacity(reader.remaining / requestSize)
    while !reader.isEmpty {
      try reader.skip(2)
      try packet.requests.append(
        LSAKey(
          type: LSAType(rawValue: reader.u16()), linkStateID: reader.u32(), advertisingRouter: RouterID(rawValue: reader.u32())))
    }
    return packet
  }

  package func encode(into writer: inout WireWriter) {
    for request in requests {
      writer.u16(0)
      writer.u16(request.type.rawValue)
      writer.u32(request.linkStateID)
      writer.u32(request.advertisingRouter.rawValue)
    }
  }
}

/// RFC 5340 §A.3.5: the number of LSAs (32 bits), then the LSAs.
package struct LinkStateUpdatePacket: Hashable, Sendable {
  package static let fixedSize = 4

  /// Each LSA as received, header included. Its length field agrees with the bytes here, nothing else has been checked.
  package var lsas: [[UInt8]]

  package init(lsas: [[UInt8]]) { self.lsas = lsas }

  package static func decode(_ body: RawSpan) throws(Truncated) -> LinkStateUpdatePacket {
    var reader = WireReader(body)
    let count = try Int(reader.u32())
    // The count is only believed as far as the bytes go.
    guard count <= reader.remaining / LSAHeader.size else { throw Truncated() }
    var packet = LinkStateUpdatePacket(lsas: [])
    packet.lsas.reserveCapacity(count)
    for _ in 0..<count {
      var ahead = WireReader(reader.rest)
      let length = try Int(LSAHeader.decode(&ahead).length)
      guard length >= LSAHeader.size else { throw Truncated() }
      packet.lsas.append(try reader.take(length).withUnsafeBytes { Array($0) })
    }
    return packet
  }

  package func encode(into writer: inout WireWriter) {
    writer.u32(UInt32(clamping: lsas.count))
    for lsa in lsas { writer.append(lsa) }
  }
}

/// RFC 5340 §A.3.6: the headers of the LSAs acknowledged.
package struct LinkStateAcknowledgmentPacket: Hashable, Sendable {
  package var headers: [LSAHeader]

  package init(headers: [LSAHeader]) { self.headers = headers }

  package static func decode(_ body: RawSpan) throws(Truncated) -> LinkStateAcknowledgmentPacket {
    var reader = WireReader(body)
    var packet = LinkStateAcknowledgmentPacket(headers: [])
    packet.headers.reserveCapacity(reader.remaining / LSAHeader.size)
    while !reader.isEmpty { packet.headers.append(try LSAHeader.decode(&reader)) }
    return packet
  }

  package func encode(into writer: inout WireWriter) {
    for header in headers { header.encode(into: &writer) }
  }
}
