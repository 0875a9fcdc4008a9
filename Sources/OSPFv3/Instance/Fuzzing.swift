import RouteCore

/// One entry for fuzzers: a packet, whatever its bytes, meets every decoder, and an instance with a neighbour in full swing.
package enum Fuzzing {
  /// Decodes, and encodes again what could be decoded. Returns whether the header was right.
  @discardableResult
  package static func decode(_ bytes: [UInt8]) -> Bool {
    guard let header = try? PacketHeader.decode(bytes.span.bytes) else { return false }
    let body = bytes.span.bytes.extracting(PacketHeader.size..<Int(header.length))
    var writer = WireWriter()
    do {
      switch header.type {
      case .hello: try HelloPacket.decode(body).encode(into: &writer)
      case .databaseDescription: try DatabaseDescriptionPacket.decode(body).encode(into: &writer)
      case .linkStateRequest: try LinkStateRequestPacket.decode(body).encode(into: &writer)
      case .linkStateAcknowledgment: try LinkStateAcknowledgmentPacket.decode(body).encode(into: &writer)
      case .linkStateUpdate:
        for lsa in try LinkStateUpdatePacket.decode(body).lsas {
          guard let header = LSAHeader(lsa.span.bytes) else { continue }
          for family in AddressFamily.allCases where DecodedLSA(lsa, header.type, family) != nil {
            _ = LSAEncoding.isChecksumValid(lsa.span.bytes)
          }
        }
      }
    } catch {
      return true
    }
    return true
  }

  /// Gives LSAs of an update right checksums, so that mutations reach what lies behind that check.
  package static func repairChecksums(_ bytes: [UInt8]) -> [UInt8] {
    guard let header = try? PacketHeader.decode(bytes.span.bytes), header.type == .linkStateUpdate,
      let update = try? LinkStateUpdatePacket.decode(bytes.span.bytes.extracting(PacketHeader.size..<Int(header.length)))
    else { return bytes }
    var writer = WireWriter()
    header.encode(into: &writer)
    let lsas = update.lsas.map { lsa in
      LSAHeader(lsa.span.bytes).map { LSAEncoding.lsa($0, body: Array(lsa.dropFirst(LSAHeader.size))) } ?? lsa
    }
    LinkStateUpdatePacket(lsas: lsas).encode(into: &writer)
    return writer.bytes
  }
}
