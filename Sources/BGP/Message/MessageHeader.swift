import RouteCore

/// The five message types of RFC 4271 §4.1 and RFC 2918.
enum MessageType: UInt8, Sendable {
  case open = 1
  case update = 2
  case notification = 3
  case keepalive = 4
  case routeRefresh = 5
}

/// The header of every message (RFC 4271 §4.1), and finding messages in a stream.
///
///     | Marker (16 octets of ones) | Length (2, with the header) | Type (1) |
enum MessageHeader {
  static let size = 19
  /// The longest message, and the longest where both sides know extended messages (RFC 8654).
  static let maximumLength = 4096
  static let extendedLength = 65_535

  /// What the bytes at some place of a stream are.
  enum Found: Equatable {
    /// More bytes are needed.
    case incomplete
    /// A whole message; the range is its body's.
    case message(MessageType, Range<Int>)
    case malformed(Notification)
  }

  /// Reads the message that begins at `offset`.
  static func find(in bytes: RawSpan, at offset: Int, limit: Int) -> Found {
    guard bytes.byteCount - offset >= size else { return .incomplete }
    switch check(bytes, at: offset, limit: limit) {
    case .failure(let error): return .malformed(error)
    case .success(let (type, length)):
      guard bytes.byteCount - offset >= length else { return .incomplete }
      return .message(type, (offset + size)..<(offset + length))
    }
  }

  /// The type and the length, header included, said by a complete header. RFC 4271 §6.1.
  static func check(_ bytes: RawSpan, at offset: Int, limit: Int) -> Result<(MessageType, Int), Notification> {
    var reader = WireReader(bytes.extracting(droppingFirst: offset))
    guard let high = try? reader.u64(), let low = try? reader.u64(), let length = try? reader.u16(), let code = try? reader.u8() else {
      return .failure(.badLength(0))
    }
    guard high == .max, low == .max else { return .failure(.connectionNotSynchronized) }
    guard Int(length) >= size, Int(length) <= limit else { return .failure(.badLength(length)) }
    guard let type = MessageType(rawValue: code) else { return .failure(.badType(code)) }
    let valid: Bool
    switch type {
    // RFC 8654 §4: OPEN and KEEPALIVE are never extended.
    case .open: valid = length >= 29 && Int(length) <= maximumLength
    case .update: valid = length >= 23
    case .notification: valid = length >= 21
    case .keepalive: valid = Int(length) == size
    case .routeRefresh: valid = length >= 23
    }
    return valid ? .success((type, Int(length))) : .failure(.badLength(length))
  }

  /// Begins a message; its length is written by `finish`.
  static func write(_ type: MessageType, into writer: inout WireWriter) {
    writer.u64(.max)
    writer.u64(.max)
    writer.u16(0)
    writer.u8(type.rawValue)
  }

  /// Fills in the length of the message that began at `start` and ends here.
  static func finish(at start: Int, in writer: inout WireWriter) {
    writer.patch(UInt16(truncatingIfNeeded: writer.count - start), at: start + 16)
  }

  /// KEEPALIVE is nothing but a header (RFC 4271 §4.4).
  static let keepalive: [UInt8] = [UInt8](repeating: 0xff, count: 16) + [0, 19, MessageType.keepalive.rawValue]
}
