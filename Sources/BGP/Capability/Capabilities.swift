import RouteCore

/// What one side of a session announced in its OPEN (RFC 5492). Each capability has a file in this folder, a member here and a row below.
///
///     | Code (1) | Length (1) | Value |  …
public struct Capabilities: Hashable, Sendable {
  /// Multiprotocol families, in the order announced.
  public var multiprotocol: [FamilyCode] = []
  /// Route refresh (RFC 2918), under its code or the older one of Cisco, 128.
  public var routeRefresh = false
  /// The families of IPv4 that may have IPv6 next hops.
  public var extendedNextHop: [FamilyCode] = []
  /// Messages of up to 65,535 octets (RFC 8654).
  public var extendedMessages = false
  /// The BGP Role (RFC 9234 §4.1) as it was announced, registered or not.
  public var role: UInt8?
  /// What it announced about its restarts (RFC 4724).
  public var gracefulRestart: GracefulRestart?
  /// The AS number.
  public var as4: UInt32?
  /// Families of which it can receive several paths (RFC 7911 §4).
  public var addPathReceive: [FamilyCode] = []
  /// Families of which it can send several paths.
  public var addPathSend: [FamilyCode] = []
  /// Enhanced route refresh (RFC 7313).
  public var enhancedRefresh = false
  /// How long stale routes are to be kept (RFC 9494); only beside `gracefulRestart`.
  public var longLivedGracefulRestart: LongLivedGracefulRestart?
  /// The system's name (draft-walton-bgp-hostname-capability), without a domain.
  public var hostname: String?
  /// Any capability at all was announced.
  public var isPresent = false

  /// In the order of our OPEN, which is BIRD's.
  private static let rows: [CapabilityRow] = [
    .multiprotocol, .routeRefresh, .extendedNextHop, .role, .gracefulRestart, .as4, .addPath, .enhancedRefresh, .extendedMessages,
    .longLivedGracefulRestart, .hostname,
  ]

  /// None.
  public init() {}

  /// What we announce with a configuration; nothing where it says so. `isRecovering`: we have just restarted, and our peers may have kept
  /// our routes (RFC 4724 §4.1).
  init(_ configuration: PeerConfiguration, isRecovering: Bool = false) {
    for row in Capabilities.rows { row.announce(&self, configuration, isRecovering) }
    isPresent = true
  }

  /// Adds the capabilities of one optional parameter. RFC 5492 §4: the same one may come several times; unknown ones are ignored.
  /// A capability whose value has the wrong size is ignored too; only a list that does not add up is an error.
  mutating func decode(_ bytes: RawSpan) throws(Notification) {
    var reader = WireReader(bytes)
    while !reader.isEmpty {
      guard let code = try? reader.u8(), let length = try? reader.u8(), let value = try? reader.take(Int(length)) else {
        throw .malformedOpen
      }
      isPresent = true
      for row in Capabilities.rows where row.code == code || row.formerCode == code {
        if let problem = row.check?(self, value) { throw problem }
        var fields = WireReader(value)
        try? row.decode(&self, &fields)
      }
    }
  }

  /// The capabilities we announce. Only what we do is announced.
  func write(into writer: inout WireWriter) {
    var value = WireWriter()
    for row in Capabilities.rows {
      row.write(self) { body in
        value.removeAll()
        body(&value)
        // What a capability's length can say.
        guard let length = UInt8(exactly: value.count) else { return }
        writer.u8(row.code)
        writer.u8(length)
        writer.append(value.bytes)
      }
    }
  }

  /// What `show protocols all` says of them.
  public var descriptions: [CapabilityDescription] {
    Capabilities.rows.map { row in
      var description = CapabilityDescription(code: row.code)
      row.describe(self, &description)
      return description
    }
  }
}

/// One capability: all that the daemon knows of it.
struct CapabilityRow: Sendable {
  /// Announces one value.
  typealias Announcer = ((inout WireWriter) -> Void) -> Void

  let code: UInt8
  /// What it had before it was standardised.
  var formerCode: UInt8?
  /// Fills in what we announce with a configuration; true if we have just restarted.
  let announce: @Sendable (inout Capabilities, PeerConfiguration, Bool) -> Void
  /// What there is to be said against a value that a peer has announced.
  var check: (@Sendable (Capabilities, RawSpan) -> Notification?)?
  /// Takes a value that a peer has announced.
  let decode: @Sendable (inout Capabilities, inout WireReader) throws(Truncated) -> Void
  /// Hands out the values to be announced; none if the capability is not there.
  let write: @Sendable (Capabilities, Announcer) -> Void
  let describe: @Sendable (Capabilities, inout CapabilityDescription) -> Void
}
