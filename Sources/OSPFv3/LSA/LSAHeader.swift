import RouteCore

/// What identifies an LSA within its flooding scope (RFC 2328 §12.1).
package struct LSAKey: Hashable, Sendable, Comparable {
  package var type: LSAType
  package var linkStateID: UInt32
  package var advertisingRouter: RouterID

  package init(type: LSAType, linkStateID: UInt32, advertisingRouter: RouterID) {
    self.type = type
    self.linkStateID = linkStateID
    self.advertisingRouter = advertisingRouter
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(UInt64(linkStateID) << 32 | UInt64(advertisingRouter.rawValue))
    hasher.combine(type.rawValue)
  }

  /// By advertising router, Link State ID, type: the order of `show ospf lsadb`.
  package static func < (a: LSAKey, b: LSAKey) -> Bool {
    if a.advertisingRouter != b.advertisingRouter { return a.advertisingRouter < b.advertisingRouter }
    return a.linkStateID != b.linkStateID ? a.linkStateID < b.linkStateID : a.type < b.type
  }
}

/// RFC 5340 §A.4.2
///
///     |           LS Age              |           LS Type             |
///     |                       Link State ID                           |
///     |                    Advertising Router                         |
///     |                    LS Sequence Number                         |
///     |        LS Checksum            |             Length            |
package struct LSAHeader: Hashable, Sendable {
  package static let size = 20

  /// In seconds; at most MaxAge here, whatever the wire said.
  package var age: UInt16
  package var type: LSAType
  package var linkStateID: UInt32
  package var advertisingRouter: RouterID
  /// Signed: 0x80000001 is the first and lowest (RFC 2328 §12.1.6).
  package var sequenceNumber: Int32
  package var checksum: UInt16
  /// The whole LSA, this header included.
  package var length: UInt16

  package init(
    age: UInt16, type: LSAType, linkStateID: UInt32, advertisingRouter: RouterID, sequenceNumber: Int32, checksum: UInt16 = 0,
    length: UInt16 = 0
  ) {
    self.age = age
    self.type = type
    self.linkStateID = linkStateID
    self.advertisingRouter = advertisingRouter
    self.sequenceNumber = sequenceNumber
    self.checksum = checksum
    self.length = length
  }

  package var key: LSAKey { LSAKey(type: type, linkStateID: linkStateID, advertisingRouter: advertisingRouter) }

  package static func decode(_ reader: inout WireReader) throws(Truncated) -> LSAHeader {
    try LSAHeader(
      age: min(reader.u16(), Constants.maxAge), type: LSAType(rawValue: reader.u16()), linkStateID: reader.u32(),
      advertisingRouter: RouterID(rawValue: reader.u32()), sequenceNumber: Int32(bitPattern: reader.u32()), checksum: reader.u16(),
      length: reader.u16())
  }

  /// The header at the start of an LSA's bytes; nil if there are too few.
  package init?(_ lsa: RawSpan) {
    var reader = WireReader(lsa)
    guard let header = try? LSAHeader.decode(&reader) else { return nil }
    self = header
  }

  package func encode(into writer: inout WireWriter) {
    writer.u16(age)
    writer.u16(type.rawValue)
    writer.u32(linkStateID)
    writer.u32(advertisingRouter.rawValue)
    writer.u32(UInt32(bitPattern: sequenceNumber))
    writer.u16(checksum)
    writer.u16(length)
  }

  package enum Recency: Hashable, Sendable { case older, same, newer }

  /// Which of two instances of an LSA is more recent (RFC 2328 §13.1).
  package func recency(comparedTo other: LSAHeader) -> Recency {
    if sequenceNumber != other.sequenceNumber { return sequenceNumber > other.sequenceNumber ? .newer : .older }
    if checksum != other.checksum { return checksum > other.checksum ? .newer : .older }
    let isMaxAge = age >= Constants.maxAge
    let otherIsMaxAge = other.age >= Constants.maxAge
    if isMaxAge != otherIsMaxAge { return isMaxAge ? .newer : .older }
    let difference = age > other.age ? age - other.age : other.age - age
    if difference > Constants.maxAgeDiff { return age < other.age ? .newer : .older }
    return .same
  }
}
