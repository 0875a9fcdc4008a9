import RouteCore

/// An AFI and SAFI (RFC 4760 §3) as announced; we only route two of them.
public struct FamilyCode: Hashable, Sendable {
  public var afi: UInt16
  public var safi: UInt8

  public init(afi: UInt16, safi: UInt8) {
    self.afi = afi
    self.safi = safi
  }
  public init(_ family: AddressFamily) { self.init(afi: family == .ipv4 ? 1 : 2, safi: 1) }

  /// The family, if it is one that we route.
  public var unicast: AddressFamily? {
    guard safi == 1 else { return nil }
    return afi == 1 ? .ipv4 : afi == 2 ? .ipv6 : nil
  }
}

/// What one side of a session announced in its OPEN (RFC 5492).
///
///     | Code (1) | Length (1) | Value |  …
public struct Capabilities: Hashable, Sendable {
  /// RFC 4724 §3. Without a family: no state is kept over a restart, but others are helped over theirs.
  public struct GracefulRestart: Hashable, Sendable {
    /// In seconds.
    public var restartTime: UInt16
    /// The R bit: the session is one after a restart.
    public var restarted: Bool
    public var families: [FamilyCode] = []
    /// Those of them with the F bit: forwarding went on during the restart.
    public var preserved: [FamilyCode] = []
    /// Twelve bits.
    public static let longestTime: UInt16 = 0xfff
  }

  /// RFC 9494 §3.1. Without a family: stale routes of others are known, ours are not to be kept.
  public struct LongLivedGracefulRestart: Hashable, Sendable {
    public struct Family: Hashable, Sendable {
      public var code: FamilyCode
      /// How long the routes are to be kept, in seconds.
      public var staleTime: UInt32
      /// The F bit.
      public var isPreserved: Bool
    }
    public var families: [Family] = []
    /// Twenty-four bits.
    public static let longestTime: UInt32 = 0xff_ffff

    public func family(_ family: AddressFamily) -> Family? { families.first { $0.code == FamilyCode(family) } }
  }

  /// Multiprotocol families (code 1), in the order announced.
  public var multiprotocol: [FamilyCode] = []
  /// Code 2.
  public var routeRefresh = false
  /// Code 5 (RFC 8950): the families of IPv4 that may have IPv6 next hops.
  public var extendedNextHop: [FamilyCode] = []
  /// Code 6.
  public var extendedMessages = false
  /// Code 9 (RFC 9234).
  public var role: UInt8?
  /// Code 64.
  public var gracefulRestart: GracefulRestart?
  /// Code 65: the AS number.
  public var as4: UInt32?
  /// Code 69 (RFC 7911): families it can receive or send several paths of.
  public var addPathReceive: [FamilyCode] = []
  public var addPathSend: [FamilyCode] = []
  /// Code 70.
  public var enhancedRefresh = false
  /// Code 71.
  public var longLivedGracefulRestart: LongLivedGracefulRestart?
  /// Code 73: the host name.
  public var hostname: String?
  /// What fits beside the two lengths.
  public static let longestHostname = 253
  /// Any capability at all was announced.
  public var isPresent = false

  public init() {}

  /// Adds the capabilities of one optional parameter. RFC 5492 §4: the same one may come several times; unknown ones are ignored.
  /// A capability whose value has the wrong size is ignored too; only a list that does not add up is an error.
  mutating func decode(_ bytes: RawSpan) throws(Notification) {
    var reader = WireReader(bytes)
    while !reader.isEmpty {
      guard let code = try? reader.u8(), let length = try? reader.u8(), let value = try? reader.take(Int(length)) else {
        throw .malformedOpen
      }
      isPresent = true
      if code == 9, length == 1 { try note(role: value.loadU8(0)) }
      var fields = WireReader(value)
      try? decode(code, length, &fields)
    }
  }

  /// RFC 9234 §4.2: several roles must be the same one. 255 is reserved (§8).
  private mutating func note(role number: UInt8) throws(Notification) {
    guard number != 255, role == nil || role == number else { throw .roleMismatch }
    role = number
  }

  private mutating func decode(_ code: UInt8, _ length: UInt8, _ value: inout WireReader) throws(Truncated) {
    switch code {
    case 1:
      let afi = try value.u16()
      _ = try value.u8()
      let family = FamilyCode(afi: afi, safi: try value.u8())
      if !multiprotocol.contains(family) { multiprotocol.append(family) }
    case 2, 128: routeRefresh = true
    case 5:
      while value.remaining >= 6 {
        let afi = try value.u16()
        let safi = try value.u16()
        let nextHop = try value.u16()
        // RFC 8950 §4: for others it is not specified.
        guard afi == 1, nextHop == 2, let safi = UInt8(exactly: safi) else { continue }
        let family = FamilyCode(afi: afi, safi: safi)
        if !extendedNextHop.contains(family) { extendedNextHop.append(family) }
      }
    case 6: extendedMessages = true
    case 64:
      let word = try value.u16()
      var restart = GracefulRestart(restartTime: word & 0xfff, restarted: word & 0x8000 != 0)
      while value.remaining >= 4 {
        let family = FamilyCode(afi: try value.u16(), safi: try value.u8())
        restart.families.append(family)
        if try value.u8() & 0x80 != 0 { restart.preserved.append(family) }
      }
      gracefulRestart = restart
    case 65: as4 = try value.u32()
    case 69:
      while value.remaining >= 4 {
        let family = FamilyCode(afi: try value.u16(), safi: try value.u8())
        let direction = try value.u8()
        if direction & 1 != 0, !addPathReceive.contains(family) { addPathReceive.append(family) }
        if direction & 2 != 0, !addPathSend.contains(family) { addPathSend.append(family) }
      }
    case 70: enhancedRefresh = true
    case 71:
      var restart = LongLivedGracefulRestart()
      while value.remaining >= 7 {
        let family = FamilyCode(afi: try value.u16(), safi: try value.u8())
        let word = try value.u32()
        restart.families.append(.init(code: family, staleTime: word & 0xff_ffff, isPreserved: word & 0x8000_0000 != 0))
      }
      longLivedGracefulRestart = restart
    case 73:
      let size = try value.u8()
      let text = try value.take(Int(size)).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
      hostname = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
    default: break
    }
  }

  /// The capabilities we announce, in BIRD's order. Only what we do is announced.
  func write(into writer: inout WireWriter) {
    for family in multiprotocol {
      writer.u16(0x0104)
      writer.u16(family.afi)
      writer.u8(0)
      writer.u8(family.safi)
    }
    if routeRefresh { writer.u16(0x0200) }
    if !extendedNextHop.isEmpty {
      writer.u8(5)
      writer.u8(UInt8(truncatingIfNeeded: 6 * extendedNextHop.count))
      for family in extendedNextHop {
        writer.u16(family.afi)
        writer.u16(UInt16(family.safi))
        writer.u16(2)
      }
    }
    if let role {
      writer.u16(0x0901)
      writer.u8(role)
    }
    if let gracefulRestart { Self.write(gracefulRestart, into: &writer) }
    if let as4 {
      writer.u16(0x4104)
      writer.u32(as4)
    }
    Self.writeAddPath(receive: addPathReceive, send: addPathSend, into: &writer)
    if enhancedRefresh { writer.u16(0x4600) }
    if extendedMessages { writer.u16(0x0600) }
    if let longLivedGracefulRestart { Self.write(longLivedGracefulRestart, into: &writer) }
    // The name, and a domain, which we leave empty.
    if let hostname, let length = UInt8(exactly: hostname.utf8.count), length <= Self.longestHostname {
      writer.u8(73)
      writer.u8(length + 2)
      writer.u8(length)
      for byte in hostname.utf8 { writer.u8(byte) }
      writer.u8(0)
    }
  }

  /// What we announce with a configuration; nothing where it says so. `isRecovering`: we have just restarted, and our neighbours may
  /// have kept our routes (RFC 4724 §4.1).
  init(_ configuration: PeerConfiguration, isRecovering: Bool = false) {
    for family in configuration.families where family == .ipv6 || configuration.advertiseIPv4 || configuration.families.count > 1 {
      multiprotocol.append(FamilyCode(family))
    }
    routeRefresh = configuration.enableRouteRefresh
    if configuration.ipv4?.extendedNextHop == true { extendedNextHop.append(FamilyCode(.ipv4)) }
    enhancedRefresh = configuration.enableRouteRefresh && configuration.enableEnhancedRefresh
    extendedMessages = configuration.enableExtendedMessages
    role = configuration.localRole?.rawValue
    if configuration.advertiseHostname, !configuration.hostname.isEmpty { hostname = configuration.hostname }
    as4 = configuration.enableAS4 ? configuration.publicAS : nil
    for family in configuration.families {
      if configuration.channel(family)?.receivesPaths == true { addPathReceive.append(FamilyCode(family)) }
      if configuration.channel(family)?.sendsPaths == true { addPathSend.append(FamilyCode(family)) }
    }
    announceRestart(configuration, isRecovering)
    isPresent = true
  }
}
