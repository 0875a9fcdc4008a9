/// One route towards one network: 16 bytes.
@usableFromInline package struct Route: BitwiseCopyable {
  /// The next candidate for the same network, `none` at the end.
  @usableFromInline package var next: RouteID
  @usableFromInline package var attributes: AttributeID
  @usableFromInline var timeLow: UInt32
  /// The channel of the protocol that announced the route.
  @usableFromInline package var channel: ChannelID
  @usableFromInline var timeHigh: UInt8
  @usableFromInline package var flags: Flags

  @usableFromInline package struct Flags: OptionSet, BitwiseCopyable {
    @usableFromInline package let rawValue: UInt8
    @usableFromInline package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Rejected by the import filter and kept only to be shown (`import keep filtered`).
    @usableFromInline package static var filtered: Flags { Flags(rawValue: 1) }
    /// In an `export table`: to be announced again, be it with the same attributes.
    @usableFromInline package static var expected: Flags { Flags(rawValue: 2) }
    /// Came by a pipe: `channel` is that of the protocol that announced it, in another table; the header names the pipe's.
    @usableFromInline package static var piped: Flags { Flags(rawValue: 4) }
    /// Has a path identifier other than 0, which its table keeps beside it.
    @usableFromInline package static var hasPath: Flags { Flags(rawValue: 8) }

    /// By which the channel tells since when the route is there (`RouteMarks`), 0...`lastMark`.
    var mark: UInt8 {
      get { rawValue >> 4 }
      set { self = bearing(newValue) }
    }
    func bearing(_ mark: UInt8) -> Flags { Flags(rawValue: rawValue & 0xf | mark << 4) }
    static var lastMark: UInt8 { 15 }
  }

  /// When the route took its present form, in milliseconds since the table's epoch (34 years fit).
  @usableFromInline package var time: UInt64 {
    get { UInt64(timeHigh) << 32 | UInt64(timeLow) }
    set {
      timeLow = UInt32(truncatingIfNeeded: newValue)
      timeHigh = UInt8(truncatingIfNeeded: newValue >> 32)
    }
  }

  package init(attributes: AttributeID, channel: ChannelID, time: UInt64, flags: Flags) {
    next = .none
    self.attributes = attributes
    self.channel = channel
    self.flags = flags
    timeLow = UInt32(truncatingIfNeeded: time)
    timeHigh = UInt8(truncatingIfNeeded: time >> 32)
  }
}

/// One network and the head of its candidates: 24 bytes. The best route stands first, filtered ones last.
package struct Net: HashedRecord {
  package var address: IPAddress
  package var first = RouteID.none
  package var length: UInt8
  /// The step of the decision that chose the best route.
  package var decidedBy = DecisionStep.onlyRoute
  /// How many exporting channels still have to look at this network.
  package var pins: UInt16 = 0

  init(_ prefix: Prefix) {
    address = prefix.address
    length = prefix.length
  }

  @usableFromInline package var slabHash: UInt32 { Net.hash(address, length) }
  @inline(__always) static func hash(_ address: IPAddress, _ length: UInt8) -> UInt32 {
    mix(address.high &* 0x9e37_79b9_7f4a_7c15 ^ (address.low &+ UInt64(length)))
  }

  @usableFromInline package var isFree: Bool { length == 0xff }
  @usableFromInline package mutating func markFree() { length = 0xff }
}

/// A place in a walk over the networks of a table.
package typealias NetCursor = SlabCursor<NetID>

/// A place in a walk over the routes to a network.
package struct RouteCursor: BitwiseCopyable {
  fileprivate var next: RouteID
}

/// Where a route stands in its network's list: `previous` is the one before it, `none` at the head.
package struct RoutePlace: BitwiseCopyable {
  package var route: RouteID
  var previous: RouteID
}

/// The networks of one address family and their candidate routes, in flat slabs with a hash index: about 45 bytes for a network with
/// one route. The table stores; choosing and telling others is the `Router`'s work.
package struct RoutingTable: ~Copyable {
  package let name: String
  package let family: AddressFamily
  /// All routes of a network stand in the order of preference, not only the best in front.
  package var isSorted = false
  /// A channel's own (`import table`, `export table`): nothing is decided in it, and nobody exports from it.
  package let isAdjacent: Bool
  /// Whether an adjacent table belongs to a channel at present.
  var isUsed = false
  /// What is being done to all networks.
  var walk = TableWalk()
  package private(set) var nets = HashSlab<NetID, Net>()
  package var routes = Slab<RouteID, Route>()
  /// The path identifiers of routes with `hasPath`, by the number of the route; empty where no route ever had one.
  private var paths: [UInt32] = []
  /// Networks per prefix length: a longest-prefix match probes only the lengths that are there.
  private var netsOfLength: [UInt32]

  package init(name: String, family: AddressFamily, isAdjacent: Bool = false) {
    self.name = name
    self.isAdjacent = isAdjacent
    self.family = family
    netsOfLength = Array(repeating: 0, count: Int(family.bitWidth) + 1)
  }

  package var netCount: Int { nets.count }
  package var routeCount: Int { routes.count }
  package var byteCount: Int { nets.byteCount + routes.byteCount + paths.capacity * 4 }

  package func prefix(_ net: NetID) -> Prefix {
    let entry = nets[net]
    return Prefix(unchecked: entry.address, entry.length, family)
  }

  package subscript(net id: NetID) -> Net {
    get { nets[id] }
    _modify { yield &nets[id] }
  }

  /// Whether a name is one of a network that is there.
  package func isLive(_ net: NetID) -> Bool { nets.isLive(net) }

  /// The network's name, or nil if the table has none of this prefix.
  package func find(_ prefix: Prefix) -> NetID? { find(prefix.address, prefix.length) }

  private func find(_ address: IPAddress, _ length: UInt8) -> NetID? {
    nets.find(Net.hash(address, length)) { nets[$0].address == address && nets[$0].length == length }
  }

  /// The network's name, made if needed; nil when the table holds as many as it can (16.7 million).
  package mutating func findOrInsert(_ prefix: Prefix) -> NetID? {
    if let id = find(prefix) { return id }
    guard let id = nets.insert(Net(prefix)) else { return nil }
    netsOfLength[Int(prefix.length)] += 1
    return id
  }

  /// Forgets a network that has no route and that no channel still has to look at.
  package mutating func removeIfUnused(_ id: NetID) {
    let net = nets[id]
    guard net.first == .none, net.pins == 0, !net.isFree else { return }
    netsOfLength[Int(net.length)] -= 1
    nets.remove(id)
  }

  // MARK: Walking

  // Walks are no sequences, as what is done at each place changes the table: they are places that their owner moves on.
  //
  //   var nets = NetCursor()
  //   while let net = table.next(&nets) {
  //     var routes = table.routes(of: net)
  //     while let (id, route) = table.next(&routes) {

  /// The next network of a walk; nil at the end. It may be one without routes that some channel still has to look at.
  @inline(__always) package func next(_ cursor: inout NetCursor) -> NetID? { nets.next(&cursor) }

  /// The same, in which each place costs 1: nil also when the budget is used up.
  package func next(_ cursor: inout NetCursor, budget: inout Int) -> NetID? { nets.next(&cursor, budget: &budget) }
  /// Whether no network is left for a walk.
  package func isEnd(_ cursor: NetCursor) -> Bool { nets.isEnd(cursor) }

  /// The beginning of a walk over a network's routes.
  @inline(__always) package func routes(of net: NetID) -> RouteCursor { RouteCursor(next: nets[net].first) }

  /// The next route of a walk; nil at the end. The walk goes on behind it even if it is removed meanwhile.
  @inline(__always) package func next(_ cursor: inout RouteCursor) -> (id: RouteID, route: Route)? {
    let id = cursor.next
    guard id != .none else { return nil }
    let route = routes[id]
    cursor.next = route.next
    return (id, route)
  }

  /// The same, without those that the import filter rejected, which stand last.
  @inline(__always) package func nextCandidate(_ cursor: inout RouteCursor) -> (id: RouteID, route: Route)? {
    guard let found = next(&cursor), !found.route.flags.contains(.filtered) else { return nil }
    return found
  }

  /// The longest prefix that contains `address`, is at most `limit` long and satisfies `accept`.
  package func longestMatch(_ address: IPAddress, limit: UInt8, where accept: (NetID) -> Bool) -> NetID? {
    var length = Int(min(limit, family.bitWidth))
    while length >= 0 {
      if netsOfLength[length] != 0, let id = find(address.masked(UInt8(length), family), UInt8(length)), accept(id) { return id }
      length -= 1
    }
    return nil
  }

  /// The first of a network's routes for which `condition` holds, and the one before it in the list.
  @inline(__always)
  package func firstRoute(in net: NetID, where condition: (RouteID, Route) -> Bool) -> RoutePlace? {
    var previous = RouteID.none
    var rest = routes(of: net)
    while let (id, route) = next(&rest) {
      if condition(id, route) { return RoutePlace(route: id, previous: previous) }
      previous = id
    }
    return nil
  }

  /// The route that `channel` brought with a path identifier.
  package func route(of channel: ChannelID, path: UInt32, in net: NetID) -> RoutePlace? {
    firstRoute(in: net) { id, route in route.channel == channel && self.path(of: id) == path }
  }

  /// A route's path identifier (RFC 7911 §3), 0 for one that has none.
  package func path(of route: RouteID) -> UInt32 { routes[route].flags.contains(.hasPath) ? paths[route.place] : 0 }

  /// A new route, which is on no network's list yet.
  package mutating func insert(_ route: Route, path: UInt32) -> RouteID {
    let id = routes.insert(route)
    guard path != 0 else { return id }
    if id.place >= paths.count { paths.append(contentsOf: repeatElement(0, count: Int(routes.limit) - paths.count + paths.count / 2)) }
    paths[id.place] = path
    routes[id].flags.insert(.hasPath)
    return id
  }

  package mutating func link(_ route: RouteID, after previous: RouteID, in net: NetID) {
    if previous == .none {
      routes[route].next = nets[net].first
      nets[net].first = route
    } else {
      routes[route].next = routes[previous].next
      routes[previous].next = route
    }
  }

  package mutating func unlink(_ found: RoutePlace, in net: NetID) {
    let next = routes[found.route].next
    if found.previous == .none { nets[net].first = next } else { routes[found.previous].next = next }
  }

  /// Moves a route to the head of its network's list.
  package mutating func promote(_ route: RouteID, in net: NetID) {
    guard nets[net].first != route, let found = firstRoute(in: net, where: { id, _ in id == route }) else { return }
    unlink(found, in: net)
    link(route, after: .none, in: net)
  }

  /// Moves a route to the place behind another one of its network.
  package mutating func move(_ route: RouteID, behind other: RouteID, in net: NetID) {
    guard routes[other].next != route, let found = firstRoute(in: net, where: { id, _ in id == route }) else { return }
    unlink(found, in: net)
    link(route, after: other, in: net)
  }
}
