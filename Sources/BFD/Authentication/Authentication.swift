import RouteCore

/// `authentication` with its passwords (RFC 5880 §6.7).
public struct Authentication: Hashable, Sendable {
  /// The types of RFC 5880 §4.1 by their numbers.
  public enum Method: UInt8, Hashable, Sendable {
    /// The password in the clear (RFC 5880 §6.7.2).
    case simplePassword = 1
    /// MD5; the sequence number may stand still for a while (§6.7.3).
    case keyedMD5 = 2
    /// MD5; the sequence number grows with each packet (§6.7.3).
    case meticulousKeyedMD5 = 3
    /// SHA-1; the sequence number may stand still for a while (§6.7.4).
    case keyedSHA1 = 4
    /// SHA-1; the sequence number grows with each packet (§6.7.4).
    case meticulousKeyedSHA1 = 5

    var digest: Digest? {
      switch self {
      case .simplePassword: nil
      case .keyedMD5, .meticulousKeyedMD5: .md5
      case .keyedSHA1, .meticulousKeyedSHA1: .sha1
      }
    }

    /// Whether the sequence number grows with each packet (§6.7.3).
    var isMeticulous: Bool { self == .meticulousKeyedMD5 || self == .meticulousKeyedSHA1 }
  }

  /// One of the passwords, by its Auth Key ID.
  public struct Key: Hashable, Sendable {
    /// The Auth Key ID in packets, 0...255.
    public var id: UInt8
    /// What exceeds 16 bytes (20 for SHA-1) is not used.
    public var secret: [UInt8]

    /// A password under its Auth Key ID.
    public init(id: UInt8, secret: [UInt8]) {
      self.id = id
      self.secret = secret
    }
  }

  /// The Auth Type of all packets, in both directions.
  public var method: Method
  /// What we send is signed with the first; what comes may be with any.
  public var keys: [Key]

  /// Without keys nothing is signed and nothing is accepted.
  public init(method: Method, keys: [Key]) {
    self.method = method
    self.keys = keys
  }

  /// §4.2 to §4.4: what the field of the password or digest has room for. A shorter secret of a digest is followed by zeros.
  func field(_ key: Key) -> [UInt8] {
    let secret = Array(key.secret.prefix(method.digest?.size ?? 16))
    return secret + repeatElement(0, count: (method.digest?.size ?? secret.count) - secret.count)
  }
}

/// The variables of RFC 5880 §6.8.1 that authentication needs.
struct AuthenticationState: Hashable, Sendable {
  var sentSequence: UInt32
  /// Whole seconds at which it was last increased.
  var sentSecond: Int64 = -1
  /// bfd.RcvAuthSeq, nil while bfd.AuthSeqKnown is zero.
  var receivedSequence: UInt32?
}

extension Authentication {
  /// Appends the authentication section to the packet from `start` on, and puts its length and flag into the packet.
  ///
  ///     |   Auth Type   |   Auth Len    |  Auth Key ID  | password, or a reserved octet, the sequence number and the digest
  func sign(_ writer: inout WireWriter, from start: Int, _ state: inout AuthenticationState, at now: Instant) {
    guard let key = keys.first else { return }
    let field = field(key)
    let length = field.count + (method.digest == nil ? 3 : 8)
    writer.u8(method.rawValue)
    writer.u8(UInt8(clamping: length))
    writer.u8(key.id)
    if method.digest != nil {
      // §6.7.3 wants it to grow now and then, or always.
      let second = now.nanoseconds / 1_000_000_000
      if method.isMeticulous || second != state.sentSecond { state.sentSequence &+= 1 }
      state.sentSecond = second
      writer.u8(0)
      writer.u32(state.sentSequence)
    }
    writer.append(field)
    writer.patch(writer.bytes[start + 1] | ControlPacket.Flags.authenticationPresent.rawValue, at: start + 1)
    writer.patch(UInt8(clamping: writer.count - start), at: start + 3)
    guard let digest = method.digest else { return }
    let value = digest.digest(of: Array(writer.bytes[start...]))
    writer.truncate(to: writer.count - field.count)
    writer.append(value)
  }

  /// §6.7.2 to §6.7.4. `bytes` are those of a packet whose length has been checked, without what follows it.
  func verify(_ bytes: RawSpan, window: UInt32, _ state: inout AuthenticationState) throws(PacketProblem) {
    guard let section = Section(bytes) else { throw PacketProblem("wrong authentication length", UInt32(clamping: bytes.byteCount)) }
    if section.type != method.rawValue { throw PacketProblem("authentication method mismatch", UInt32(section.type)) }
    guard let key = keys.first(where: { $0.id == section.keyID }) else {
      throw PacketProblem("no suitable password found", UInt32(section.keyID))
    }
    let field = field(key)
    guard let digest = method.digest else {
      if !Authentication.isSame(section.rest, field) { throw PacketProblem("wrong password", UInt32(key.id)) }
      return
    }
    // Reserved, the sequence number, the digest.
    let size = 5 + digest.size
    guard section.rest.count == size else { throw PacketProblem("wrong authentication length", UInt32(clamping: section.rest.count + 3)) }
    let sequence = section.rest[1..<5].reduce(0) { $0 << 8 | UInt32($1) }
    if let last = state.receivedSequence {
      let step = sequence &- last
      if step > window || (step == 0 && method.isMeticulous) { throw PacketProblem("wrong sequence number", sequence) }
    }
    let signed = bytes.withUnsafeBytes { Array($0) }.dropLast(digest.size) + field
    if !Authentication.isSame(Array(section.rest.dropFirst(5)), digest.digest(of: Array(signed))) {
      throw PacketProblem("wrong authentication code", UInt32(key.id))
    }
    state.receivedSequence = sequence
  }

  /// In a time that tells nothing of where they differ.
  private static func isSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// The section as it was received, to the end of the packet, which has to be its own.
  private struct Section {
    var type: UInt8
    var keyID: UInt8
    /// Behind the Key ID.
    var rest: [UInt8]

    init?(_ bytes: RawSpan) {
      var reader = WireReader(bytes)
      do throws(Truncated) {
        try reader.skip(ControlPacket.size)
        let available = reader.remaining
        type = try reader.u8()
        let length = try reader.u8()
        guard Int(length) == available else { return nil }
        keyID = try reader.u8()
        rest = reader.rest.withUnsafeBytes { Array($0) }
      } catch {
        return nil
      }
    }
  }
}
