import RouteCore

/// RFC 5340 §A.4.5: a zero byte, the metric (24 bits), the prefix.
package struct InterAreaPrefixLSA: LSABody, Hashable, Sendable {
  package var metric: UInt32
  package var prefix: LSAPrefix

  package init(metric: UInt32, prefix: LSAPrefix) {
    self.metric = metric
    self.prefix = prefix
  }

  package static func decode(_ body: RawSpan, _ family: AddressFamily = .ipv6) throws(Truncated) -> InterAreaPrefixLSA {
    var reader = WireReader(body)
    try reader.skip(1)
    return try InterAreaPrefixLSA(metric: reader.u24(), prefix: LSAPrefix.decode(&reader, family))
  }

  package func encode(into writer: inout WireWriter) {
    writer.u32(metric & Constants.lsInfinity)
    prefix.encode(into: &writer)
  }
}

/// RFC 5340 §A.4.6: Options, metric (24 bits each behind a zero byte), the router.
package struct InterAreaRouterLSA: LSABody, Hashable, Sendable {
  package var options: Options
  package var metric: UInt32
  package var destination: RouterID

  package init(options: Options, metric: UInt32, destination: RouterID) {
    self.options = options
    self.metric = metric
    self.destination = destination
  }

  package static func decode(_ body: RawSpan) throws(Truncated) -> InterAreaRouterLSA {
    var reader = WireReader(body)
    try reader.skip(1)
    let options = try Options(rawValue: reader.u24())
    try reader.skip(1)
    return try InterAreaRouterLSA(options: options, metric: reader.u24(), destination: RouterID(rawValue: reader.u32()))
  }

  package func encode(into writer: inout WireWriter) {
    writer.u32(options.rawValue)
    writer.u32(metric & Constants.lsInfinity)
    writer.u32(destination.rawValue)
  }
}
