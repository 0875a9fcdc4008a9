import RouteCore

/// RFC 5340 §A.4.3
///
///     |  0  |Nt|x|V|E|B|            Options                            |
///     |     Type      |       0       |          Metric               |
///     |                      Interface ID                             |
///     |                   Neighbor Interface ID                       |
///     |                     Neighbor Router ID                        |  …
package struct RouterLSA: LSABody, Hashable, Sendable {
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Area border router.
    package static let b = Flags(rawValue: 1)
    /// AS boundary router.
    package static let e = Flags(rawValue: 2)
    /// Endpoint of a virtual link.
    package static let v = Flags(rawValue: 4)
    /// Translates NSSA-LSAs (RFC 3101).
    package static let nt = Flags(rawValue: 16)
  }

  package enum LinkType: UInt8, Hashable, Sendable {
    case pointToPoint = 1
    case transit = 2
    case virtual = 4
  }

  package struct Link: Hashable, Sendable {
    package static let size = 16
    package var type: LinkType
    package var metric: UInt16
    package var interfaceID: UInt32
    package var neighborInterfaceID: UInt32
    package var neighborRouterID: RouterID

    package init(type: LinkType, metric: UInt16, interfaceID: UInt32, neighborInterfaceID: UInt32, neighborRouterID: RouterID) {
      self.type = type
      self.metric = metric
      self.interfaceID = interfaceID
      self.neighborInterfaceID = neighborInterfaceID
      self.neighborRouterID = neighborRouterID
    }
  }

  package var flags: Flags
  package var options: Options
  package var links: [Link]

  package init(flags: Flags, options: Options, links: [Link]) {
    self.flags = flags
    self.options = options
    self.links = links
  }

  /// Links of an unknown type are left out, as they cannot be followed.
  package static func decode(_ body: RawSpan) throws(Truncated) -> RouterLSA {
    var reader = WireReader(body)
    var lsa = try RouterLSA(flags: Flags(rawValue: reader.u8()), options: Options(rawValue: reader.u24()), links: [])
    lsa.links.reserveCapacity(reader.remaining / Link.size)
    while !reader.isEmpty {
      let type = try reader.u8()
      try reader.skip(1)
      let metric = try reader.u16()
      let interfaceID = try reader.u32()
      let neighborInterfaceID = try reader.u32()
      let neighborRouterID = try RouterID(rawValue: reader.u32())
      guard let type = LinkType(rawValue: type) else { continue }
      lsa.links.append(
        Link(
          type: type, metric: metric, interfaceID: interfaceID, neighborInterfaceID: neighborInterfaceID,
          neighborRouterID: neighborRouterID))
    }
    return lsa
  }

  package func encode(into writer: inout WireWriter) {
    writer.u8(flags.rawValue)
    writer.u24(options.rawValue)
    for link in links {
      writer.u8(link.type.rawValue)
      writer.u8(0)
      writer.u16(link.metric)
      writer.u32(link.interfaceID)
      writer.u32(link.neighborInterfaceID)
      writer.u32(link.neighborRouterID.rawValue)
    }
  }
}
