import RouteCore

/// RFC 5340 §A.3.3
///
///     |       0       |               Options                         |
///     |        Interface MTU          |      0        |0|0|0|0|0|I|M|MS
///     |                    DD sequence number                         |
///     |                       LSA headers …                           |
package struct DatabaseDescriptionPacket: Hashable, Sendable {
  package static let fixedSize = 12

  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The sender is master of the exchange.
    package static let master = Flags(rawValue: 1)
    package static let more = Flags(rawValue: 2)
    /// The first packet of the exchange.
    package static let initial = Flags(rawValue: 4)
  }

  package var options: Options
  package var interfaceMTU: UInt16
  package var flags: Flags
  package var sequenceNumber: UInt32
  package var headers: [LSAHeader]

  package init(options: Options, interfaceMTU: UInt16, flags: Flags, sequenceNumber: UInt32, headers: [LSAHeader] = []) {
    self.options = options
    self.interfaceMTU = interfaceMTU
    self.flags = flags
    self.sequenceNumber = sequenceNumber
    self.headers = headers
  }

  package static func decode(_ body: RawSpan) throws(Truncated) -> DatabaseDescriptionPacket {
    var reader = WireReader(body)
    try reader.skip(1)
    let options = try Options(rawValue: reader.u24())
    let mtu = try reader.u16()
    try reader.skip(1)
    var packet = try DatabaseDescriptionPacket(
      options: options, interfaceMTU: mtu, flags: Flags(rawValue: reader.u8() & 7), sequenceNumber: reader.u32())
    packet.headers.reserveCapacity(reader.remaining / LSAHeader.size)
    while !reader.isEmpty { packet.headers.append(try LSAHeader.decode(&reader)) }
    return packet
  }

  package func encode(into writer: inout WireWriter) {
    writer.u32(options.rawValue)
    writer.u16(interfaceMTU)
    writer.u8(0)
    writer.u8(flags.rawValue)
    writer.u32(sequenceNumber)
    for header in headers { header.encode(into: &writer) }
  }
}
