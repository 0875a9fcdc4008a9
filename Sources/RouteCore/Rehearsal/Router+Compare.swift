// What a plan asks of the present tables.
extension Router {
  /// The attributes of the route that is announced to a channel's protocol, with one reference for the caller; nil if there is none.
  package mutating func announcedAttributes<Gate: ExportGate>(_ prefix: Prefix, to id: ChannelID, gate: Gate) -> AttributeID? {
    guard let net = network(prefix, in: channels[Int(id.rawValue)].table) else { return nil }
    return attributes(ofBest: net, exportedTo: id, .announced, gate: gate)
  }

  /// The attributes of the best route of a network of a channel's table; `.none` if it has none.
  package func bestAttributes(_ prefix: Prefix, of id: ChannelID) -> AttributeID {
    let table = channels[Int(id.rawValue)].table
    guard let net = network(prefix, in: table), let best = self[table: table].best(net) else { return .none }
    return self[table: table].routes[best].attributes
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
