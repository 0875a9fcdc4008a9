import BGP
import RouteCore

/// Turns changes of a channel's table into UPDATEs: networks with the same attributes are packed together, whatever their order.
struct BGPExporter {
  var writer = WireWriter()
  private var packer = UpdateWriter()
  private var batch = ExportBatch()
  /// The families whose initial announcement is not complete.
  private var initial: Set<AddressFamily> = []
  /// The families whose routes are being sent again at the peer's request, and those for which that has just ended.
  private var refreshing: Set<AddressFamily> = []
  private var endedRefreshes: [AddressFamily] = []
  private var scratch = RouteAttributes(AttributeHeader(source: .none, preference: 0))
  /// The first item of each set of attributes, the next one of each item, and the sets in the order in which they were met.
  private var heads: [AttributeID: Int32] = [:]
  private var links: [Int32] = []
  private var order: [AttributeID] = []

  /// How many networks are processed in one turn.
  private static let slice = 16384

  mutating func reset(_ session: SessionParameters) {
    initial = Set(session.families)
    refreshing = []
    endedRefreshes = []
    writer.removeAll()
  }

  /// Begins to answer a request for all routes; false if one is being answered already.
  mutating func beginRefresh(_ family: AddressFamily) -> Bool { refreshing.insert(family).inserted }

  /// The families for which all routes have been written again.
  mutating func takeEndedRefreshes() -> [AddressFamily] {
    defer { endedRefreshes.removeAll() }
    return endedRefreshes
  }

  /// Whether there is something to write even if nothing changes.
  var owesMarker: Bool { !initial.isEmpty || !refreshing.isEmpty }

  /// Writes the UPDATEs of one slice of the channel's changes. Returns whether there is more.
  mutating func pump(_ channel: ChannelID, _ family: AddressFamily, _ session: SessionParameters, _ router: UnsafeMutablePointer<Router>)
    -> Bool
  {
    let more = router.pointee.pullExports(channel, limit: BGPExporter.slice, gate: BGPGate(session: session, family: family), into: &batch)
    write(family, session, router)
    router.pointee.finish(&batch)
    if !more, refreshing.remove(family) != nil { endedRefreshes.append(family) }
    if !more, initial.remove(family) != nil { UpdateWriter.writeEndOfRIB(family, into: &writer) }
    return more
  }

  private mutating func write(_ family: AddressFamily, _ session: SessionParameters, _ router: UnsafeMutablePointer<Router>) {
    guard !batch.items.isEmpty else { return }
    // Withdrawals first: a network that changes from announced to withdrawn and back within a slice is one item.
    packer.beginWithdrawing(family, session)
    for item in batch.items where item.attributes == .none { packer.add(item.prefix, path: item.path, into: &writer) }
    packer.end(into: &writer)
    sortIntoBuckets()
    var unsent: [Int32] = []
    for id in order {
      var place = heads[id] ?? -1
      if BGPExporter.prepare(&scratch, id, family, session, router.pointee), packer.beginAnnouncing(scratch, family, session) {
        while place >= 0 {
          packer.add(batch.items[Int(place)].prefix, path: batch.items[Int(place)].path, into: &writer)
          place = links[Int(place)]
        }
        packer.end(into: &writer)
      } else {
        // It cannot be announced to this peer; an earlier announcement is withdrawn.
        while place >= 0 {
          unsent.append(place)
          place = links[Int(place)]
        }
      }
    }
    packer.beginWithdrawing(family, session)
    for place in unsent { packer.add(batch.items[Int(place)].prefix, path: batch.items[Int(place)].path, into: &writer) }
    packer.end(into: &writer)
  }

  /// Chains the items of each set of attributes, in the order in which the sets first occur.
  private mutating func sortIntoBuckets() {
    heads.removeAll(keepingCapacity: true)
    order.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    links.append(contentsOf: repeatElement(-1, count: batch.items.count))
    // From the last to the first, so that each chain runs forward.
    for index in stride(from: batch.items.count - 1, through: 0, by: -1) {
      let item = batch.items[index]
      if item.attributes == .none { continue }
      if let head = heads.updateValue(Int32(truncatingIfNeeded: index), forKey: item.attributes) {
        links[index] = head
      } else {
        order.append(item.attributes)
      }
    }
    order.reverse()
  }

  /// Writes the attributes to be announced to the peer into `scratch`. Returns whether they can be announced.
  static func prepare(
    _ scratch: inout RouteAttributes, _ id: AttributeID, _ family: AddressFamily, _ session: SessionParameters, _ router: borrowing Router
  ) -> Bool {
    router.attributes.load(id, into: &scratch)
    return ExportRules.prepare(&scratch, family: family, via: gateway(scratch, session, router), to: session)
  }

  /// Where packets for the route would go: to the next hop that the export filter has set, or to where the route leads.
  private static func gateway(
    _ route: borrowing RouteAttributes, _ session: SessionParameters, _ router: borrowing Router
  ) -> ExportGateway {
    let header = route.header
    let metric =
      header.source != .bgp
      ? router.igpMetric(header, route.records.span.bytes)
      : router.nextHops.isReachable(header.nextHops) ? router.nextHops.igpMetric(header.nextHops) : NextHopTable.unknownMetric
    if header.flags.contains(.nextHopAttributeSetByFilter), let address = ExportRules.nextHop(of: route) {
      let interface = session.endpoints.interface
      return ExportGateway(
        address: address, interface: router.isConnected(address, to: interface) ? interface : 0, igpMetric: metric)
    }
    return ExportGateway(router.nextHops.hops(header.nextHops), igpMetric: metric)
  }
}

/// The rules of RFC 4271 §9.2 that come before the export filter.
struct BGPGate: ExportGate {
  let session: SessionParameters
  let family: AddressFamily
  func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool { ExportRules.mayExport(header, records, to: session) }
  var presetsRoutes: Bool { session.configuration.presetsAttributes }
  func preset(_ route: inout RouteAttributes, via hops: [NextHop]) {
    ExportRules.preset(&route, family: family, via: ExportGateway(hops), to: session)
  }
}
