import RouteCore

/// RFC 5340 §A.4.4: a zero byte, the Options (24 bits), then the routers attached, the originator among them.
package struct NetworkLSA: LSABody, Hashable, Sendable {
  package var options: Options
  package var attachedRouters: [RouterID]

  package init(options: Options, attachedRouters: [RouterID]) {
    self.options = options
    self.attachedRouters = attachedRouters
  }

  package static func decode(_ body: RawSpan) throws(Truncated) -> NetworkLSA {
    var reader = WireReader(body)
    try reader.skip(1)
    var lsa = try NetworkLSA(options: Options(rawValue: reader.u24()), attachedRouters: [])
    lsa.attachedRouters.reserveCapacity(reader.remaining / 4)
    while !reader.isEmpty { try lsa.attachedRouters.append(RouterID(rawValue: reader.u32())) }
    return lsa
  }

  package func encode(into writer: inout WireWriter) {
    writer.u32(options.rawValue)
    for router in attachedRouters { writer.u32(router.rawValue) }
  }
}
