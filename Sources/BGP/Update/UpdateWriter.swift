import RouteCore

/// Packs prefixes into UPDATEs: as many per message as fit, attributes encoded once for all of them. Reuse one writer.
///
///     IPv4: | Header | 0 (2) | Attributes length (2) | Attributes | NLRI … |
///     IPv6: | Header | 0 (2) | Attributes length (2) | MP_REACH_NLRI with its NLRI … | other attributes |
///
/// IPv6 routes travel in MP_REACH_NLRI, which RFC 7606 §5.1 wants first, IPv4 routes in the classic fields unless their next hops may be of
/// IPv6 (RFC 8950 §3).
public struct UpdateWriter: Sendable {
  private enum Kind { case announce, withdraw }

  private var kind = Kind.withdraw
  private var family = AddressFamily.ipv6
  /// A path identifier comes before each prefix (RFC 7911 §3).
  private var hasPaths = false
  /// In the fields of RFC 4271 §4.3.
  private var isClassic = false
  private var limit = MessageHeader.maximumLength
  /// The encoded attributes but MP_REACH_NLRI.
  private var attributes = WireWriter()
  private var nextHop: [UInt8] = []
  /// What follows the prefixes of a message.
  private var trailer = 0
  /// Where the open message and its length fields begin.
  private var start = 0
  private var attributesLength = 0
  private var fieldLength = 0
  private var isOpen = false

  /// A writer without an open message. Keep it: its buffers are reused.
  public init() {}

  /// Begins announcements with these attributes, as `ExportRules.prepare` made them. False if they are too long for a message.
  public mutating func beginAnnouncing(
    _ route: borrowing RouteAttributes, _ family: AddressFamily, _ session: borrowing SessionParameters
  ) -> Bool {
    kind = .announce
    set(family, session)
    limit = session.maximumMessageLength
    isOpen = false
    attributes.removeAll()
    nextHop.removeAll(keepingCapacity: true)
    let records = route.records.span.bytes
    guard let hop = AttributeRecords.find(.nextHop, in: records)?.value, hop.count == 4 ? family == .ipv4 : !isClassic && hop.count >= 16
    else { return false }
    records.extracting(hop).withUnsafeBytes { nextHop.append(contentsOf: $0) }
    AttributeEncoder.encode(route, fourOctets: session.fourOctetAS, nextHop: isClassic ? nextHop : nil, into: &attributes)
    trailer = isClassic ? 0 : attributes.count
    // Header, both lengths, MP_REACH_NLRI's own fields, and one prefix of full length.
    return MessageHeader.size + 4 + attributes.count + (isClassic ? 0 : 9 + nextHop.count) + (hasPaths ? 5 : 1) + family.byteCount <= limit
  }

  private mutating func set(_ family: AddressFamily, _ session: borrowing SessionParameters) {
    self.family = family
    isClassic = family == .ipv4 && !session.extendedNextHop(.ipv4)
    hasPaths = session.sendsPaths(family)
  }

  /// Begins withdrawals.
  public mutating func beginWithdrawing(_ family: AddressFamily, _ session: borrowing SessionParameters) {
    kind = .withdraw
    set(family, session)
    limit = session.maximumMessageLength
    // The classic withdrawals are followed by the length of no attributes.
    trailer = isClassic ? 2 : 0
    isOpen = false
  }

  /// Adds one prefix, to the open message or to a new one. The path identifier is written where the peer takes several paths.
  public mutating func add(_ prefix: Prefix, path: UInt32 = 0, into writer: inout WireWriter) {
    let size = (hasPaths ? 5 : 1) + (Int(prefix.length) + 7) / 8
    if isOpen, writer.count - start + size + trailer > limit { end(into: &writer) }
    if !isOpen { open(&writer) }
    if hasPaths { writer.u32(path) }
    writer.u8(prefix.length)
    writer.prefixBits(prefix)
  }

  /// Completes the open message, if there is one.
  public mutating func end(into writer: inout WireWriter) {
    guard isOpen else { return }
    isOpen = false
    switch (kind, isClassic) {
    case (.announce, true): break
    case (.withdraw, true):
      patchLength(at: fieldLength, &writer)
      writer.u16(0)
    case (.announce, false):
      patchLength(at: fieldLength, &writer)
      writer.append(attributes.bytes)
      patchLength(at: attributesLength, &writer)
    case (.withdraw, false):
      patchLength(at: fieldLength, &writer)
      patchLength(at: attributesLength, &writer)
    }
    MessageHeader.finish(at: start, in: &writer)
  }

  private func patchLength(at offset: Int, _ writer: inout WireWriter) {
    writer.patch(UInt16(truncatingIfNeeded: writer.count - offset - 2), at: offset)
  }

  private mutating func open(_ writer: inout WireWriter) {
    isOpen = true
    start = writer.count
    MessageHeader.write(.update, into: &writer)
    if kind == .withdraw, isClassic {
      fieldLength = writer.count
      writer.u16(0)
      return
    }
    writer.u16(0)
    attributesLength = writer.count
    if isClassic {
      writer.u16(UInt16(truncatingIfNeeded: attributes.count))
      writer.append(attributes.bytes)
      return
    }
    writer.u16(0)
    writer.u8(AttributeFlags.optionalNonTransitive.union(.extendedLength).rawValue)
    writer.u8(kind == .announce ? BGPAttribute.reach.rawValue : BGPAttribute.unreach.rawValue)
    fieldLength = writer.count
    writer.u16(0)
    let code = FamilyCode(family)
    writer.u16(code.afi)
    writer.u8(code.safi)
    if kind == .announce {
      writer.u8(UInt8(truncatingIfNeeded: nextHop.count))
      writer.append(nextHop)
      writer.u8(0)
    }
  }

  /// Announces all these prefixes with the same attributes. False if the attributes are too long for a message; then nothing is written.
  public mutating func writeUpdates(
    _ route: borrowing RouteAttributes, _ prefixes: some Sequence<Prefix>, _ family: AddressFamily,
    _ session: borrowing SessionParameters, into writer: inout WireWriter
  ) -> Bool {
    guard beginAnnouncing(route, family, session) else { return false }
    for prefix in prefixes { add(prefix, into: &writer) }
    end(into: &writer)
    return true
  }

  /// Withdraws all these prefixes.
  public mutating func writeWithdrawals(
    _ prefixes: some Sequence<Prefix>, _ family: AddressFamily, _ session: borrowing SessionParameters, into writer: inout WireWriter
  ) {
    beginWithdrawing(family, session)
    for prefix in prefixes { add(prefix, into: &writer) }
    end(into: &writer)
  }

  /// End-of-RIB (RFC 4724 §2). It may be sent to any peer: without the capability it is an UPDATE that says nothing.
  public static func writeEndOfRIB(_ family: AddressFamily, into writer: inout WireWriter) {
    let start = writer.count
    MessageHeader.write(.update, into: &writer)
    writer.u16(0)
    if family == .ipv4 {
      writer.u16(0)
    } else {
      writer.u16(6)
      writer.attribute(.unreach, length: 3)
      let code = FamilyCode(family)
      writer.u16(code.afi)
      writer.u8(code.safi)
    }
    MessageHeader.finish(at: start, in: &writer)
  }
}
