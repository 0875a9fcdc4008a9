import RouteCore

/// The checksum of RFC 2328 §12.1.7 (ISO 8473 Fletcher) over an LSA without its age field, and LSAs put together.
package enum LSAEncoding {
  /// Where the checksum field lies.
  private static let checksumOffset = 16

  /// Whether the checksum field is right.
  package static func isChecksumValid(_ lsa: RawSpan) -> Bool {
    guard lsa.byteCount >= LSAHeader.size else { return false }
    let (c0, c1) = sums(lsa.extracting(droppingFirst: 2))
    return c0 == 0 && c1 == 0
  }

  /// Puts header and body together, with length and checksum filled in.
  package static func lsa(_ header: LSAHeader, body: [UInt8]) -> [UInt8] {
    var writer = WireWriter(reserving: LSAHeader.size + body.count)
    var header = header
    header.length = UInt16(clamping: LSAHeader.size + body.count)
    header.checksum = 0
    header.encode(into: &writer)
    writer.append(body)
    let (c0, c1) = sums(writer.bytes.span.bytes.extracting(droppingFirst: 2))
    // RFC 905 annex B, with the bytes counted from behind the age field.
    let place = checksumOffset - 2
    let rest = (writer.count - 2 - place - 1) % 255
    let x = (rest * c0 + 255 - c1) % 255
    let y = (510 - c0 - x) % 255
    writer.patch(UInt8(x == 0 ? 255 : x), at: checksumOffset)
    writer.patch(UInt8(y == 0 ? 255 : y), at: checksumOffset + 1)
    return writer.bytes
  }

  private static func sums(_ bytes: RawSpan) -> (Int, Int) {
    var c0 = 0
    var c1 = 0
    bytes.withUnsafeBytes { buffer in
      var index = 0
      while index < buffer.count {
        // 4096 bytes cannot overflow 64 bits before the reduction.
        let end = min(index + 4096, buffer.count)
        while index < end {
          c0 &+= Int(buffer[index])
          c1 &+= c0
          index &+= 1
        }
        c0 %= 255
        c1 %= 255
      }
    }
    return (c0, c1)
  }
}
