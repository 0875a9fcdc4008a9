import RouteCore

/// Why a packet was dropped before anything in it was looked at.
package enum PacketError: Error, Hashable, Sendable, CustomStringConvertible {
  case truncated
  case version(UInt8)
  case type(UInt8)
  case length(UInt16)

  package var description: String {
    switch self {
    case .truncated: "too short"
    case .version(let version): "version mismatch (\(version))"
    case .type(let type): "unknown packet type (\(type))"
    case .length(let length): "size field mismatch (\(length))"
    }
  }
}

package enum PacketType: UInt8, Hashable, Sendable {
  case hello = 1
  case databaseDescription = 2
  case linkStateRequest = 3
  case linkStateUpdate = 4
  case linkStateAcknowledgment = 5

  package var name: String {
    switch self {
    case .hello: "HELLO"
    case .databaseDescription: "DBDES"
    case .linkStateRequest: "LSREQ"
    case .linkStateUpdate: "LSUPD"
    case .linkStateAcknowledgment: "LSACK"
    }
  }
}

/// RFC 5340 §A.3.1
///
///      0                   1                   2                   3
///     |   Version (3) |     Type      |         Packet length         |
///     |                         Router ID                             |
///     |                          Area ID                              |
///     |          Checksum             |  Instance ID  |      0        |
///
/// The checksum covers the IPv6 pseudo-header too; the kernel fills and verifies it.
package struct PacketHeader: Hashable, Sendable {
  package static let size = 16

  package var type: PacketType
  /// The whole packet, this header included.
  package var length: UInt16
  package var routerID: RouterID
  package var areaID: RouterID
  package var instanceID: UInt8

  package init(type: PacketType, length: UInt16 = 0, routerID: RouterID, areaID: RouterID, instanceID: UInt8) {
    self.type = type
    self.length = length
    self.routerID = routerID
    self.areaID = areaID
    self.instanceID = instanceID
  }

  package static func decode(_ packet: RawSpan) throws(PacketError) -> PacketHeader {
    guard packet.byteCount >= size else { throw .truncated }
    var reader = WireReader(packet)
    guard let version = try? reader.u8(), let type = try? reader.u8(), let length = try? reader.u16() else { throw .truncated }
    guard version == Constants.version else { throw .version(version) }
    guard let known = PacketType(rawValue: type) else { throw .type(type) }
    guard length >= size, Int(length) <= packet.byteCount, length % 4 == 0 else { throw .length(length) }
    do {
      let routerID = try RouterID(rawValue: reader.u32())
      let areaID = try RouterID(rawValue: reader.u32())
      try reader.skip(2)
      return try PacketHeader(type: known, length: length, routerID: routerID, areaID: areaID, instanceID: reader.u8())
    } catch {
      throw .truncated
    }
  }

  /// Writes the header with a length of zero; `finish` fills it in.
  package func encode(into writer: inout WireWriter) {
    writer.u8(Constants.version)
    writer.u8(type.rawValue)
    writer.u16(length)
    writer.u32(routerID.rawValue)
    writer.u32(areaID.rawValue)
    writer.u16(0)
    writer.u8(instanceID)
    writer.u8(0)
  }

  /// Sets the length of the packet that began at `start`.
  package static func finish(from start: Int, in writer: inout WireWriter) {
    writer.patch(UInt16(clamping: writer.count - start), at: start + 2)
  }
}
