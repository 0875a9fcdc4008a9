import RouteCore

/// RFC 5340 §A.3.2
///
///     |                        Interface ID                           |
///     | Rtr Priority  |             Options                           |
///     |        HelloInterval          |       RouterDeadInterval      |
///     |                   Designated Router ID                        |
///     |                Backup Designated Router ID                    |
///     |                        Neighbor ID                            |  …
package struct HelloPacket: Hashable, Sendable {
  package var interfaceID: UInt32
  package var priority: UInt8
  package var options: Options
  package var helloInterval: UInt16
  package var deadInterval: UInt16
  package var designatedRouter: RouterID
  package var backupDesignatedRouter: RouterID
  package var neighbors: [RouterID]

  package init(
    interfaceID: UInt32, priority: UInt8, options: Options, helloInterval: UInt16, deadInterval: UInt16, designatedRouter: RouterID,
    backupDesignatedRouter: RouterID, neighbors: [RouterID]
  ) {
    self.interfaceID = interfaceID
    self.priority = priority
    self.options = options
    self.helloInterval = helloInterval
    self.deadInterval = deadInterval
    self.designatedRouter = designatedRouter
    self.backupDesignatedRouter = backupDesignatedRouter
    self.neighbors = neighbors
  }

  package static func decode(_ body: RawSpan) throws(Truncated) -> HelloPacket {
    var reader = WireReader(body)
    var hello = try HelloPacket(
      interfaceID: reader.u32(), priority: reader.u8(), options: Options(rawValue: reader.u24()), helloInterval: reader.u16(),
      deadInterval: reader.u16(), designatedRouter: RouterID(rawValue: reader.u32()),
      backupDesignatedRouter: RouterID(rawValue: reader.u32()), neighbors: [])
    hello.neighbors.reserveCapacity(reader.remaining / 4)
    while reader.remaining >= 4 { try hello.neighbors.append(RouterID(rawValue: reader.u32())) }
    return hello
  }

  package func encode(into writer: inout WireWriter) {
    writer.u32(interfaceID)
    writer.u8(priority)
    writer.u24(options.rawValue)
    writer.u16(helloInterval)
    writer.u16(deadInterval)
    writer.u32(designatedRouter.rawValue)
    writer.u32(backupDesignatedRouter.rawValue)
    for neighbor in neighbors { writer.u32(neighbor.rawValue) }
  }
}
