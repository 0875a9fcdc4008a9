// What a plan asks of the present tables.
extension Router {
  /// Appends the attributes of the routes to a network that are announced to a channel's protocol, each with one reference for the caller:
  /// one at most, unless every path is.
  package mutating func appendAnnounced<Gate: ExportGate>(
    _ prefix: Prefix, to id: ChannelID, gate: Gate, _ found: inout [AttributeID]
  ) {
    let table = channels[id].table
    guard let net = network(prefix, in: table) else { return }
    let mode = channels[id].exportMode
    var rest = self[table: table].routes(of: net)
    while let (number, _) = self[table: table].nextCandidate(&rest) {
      if let attributes = attributes(of: number, net, exportedTo: id, .announced, gate: gate) {
        found.append(attributes)
        if mode != .everyPath { return }
      }
      // Of a sorted table any route may be the one.
      guard mode == .accepted || mode == .everyPath else { return }
    }
  }

  /// Whether two sets of attributes of different routers say the same, next hops included.
  package func holdsSame(_ id: AttributeID, as theirs: AttributeID, of other: borrowing Router) -> Bool {
    guard id != .none, theirs != .none else { return id == theirs }
    var mine = attributes.header(id)
    var header = other.attributes.header(theirs)
    guard nextHops.hops(mine.nextHops) == other.nextHops.hops(header.nextHops) else { return false }
    mine.nextHops = .none
    header.nextHops = .none
    // The number of a channel there is not that of one here.
    mine.pipe = 0
    header.pipe = 0
    guard mine == header else { return false }
    let records = attributes.records(id)
    let others = other.attributes.records(theirs)
    guard records.byteCount == others.byteCount else { return false }
    return records.withUnsafeBytes { a in others.withUnsafeBytes { b in a.elementsEqual(b) } }
  }
}
