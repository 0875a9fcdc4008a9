// What a plan asks of the present tables.
extension Router {
  /// The attributes of the route that is announced to a channel's protocol, with one reference for the caller; nil if none is.
  package mutating func announced<Gate: ExportGate>(_ prefix: Prefix, to id: ChannelID, gate: Gate) -> AttributeID? {
    let table = channels[Int(id.rawValue)].table
    guard let net = network(prefix, in: table), let best = self[table: table].best(net) else { return nil }
    var number = best
    while number != 0 {
      let route = self[table: table].routes[number]
      if route.flags.contains(.filtered) { return nil }
      if let found = attributes(of: number, net, exportedTo: id, .announced, gate: gate) { return found }
      // Of a sorted table any route may be the one.
      guard channels[Int(id.rawValue)].exportMode == .accepted else { return nil }
      number = route.next
    }
    return nil
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
