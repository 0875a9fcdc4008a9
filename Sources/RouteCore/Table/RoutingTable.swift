/// Names a channel: the connection of one protocol with one table.
public struct ChannelID: RawRepresentable, Hashable, Sendable, Comparable, BitwiseCopyable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public static func < (a: ChannelID, b: ChannelID) -> Bool { a.rawValue < b.rawValue }
}

/// One route towards one network: 16 bytes.
@usableFromInline package struct Route: BitwiseCopyable {
  /// The next candidate for the same network, 0 at the end.
  @usableFromInline package var next: UInt32
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
    next = 0
    self.attributes = attributes
    self.channel = channel
    self.flags = flags
    timeLow = UInt32(truncatingIfNeeded: time)
    timeHigh = UInt8(truncatingIfNeeded: time >> 32)
  }
}

/// One network and the head of its candidates: 24 bytes. The best route stands first, filtered ones last.
package struct Net: BitwiseCopyable {
  package var address: IPAddress
  package var first: UInt32
  package var length: UInt8
  /// The step of the decision that chose the best route.
  package var decidedBy: DecisionStep
  /// How many exporting channels still have to look at this network.
  package var pins: UInt16
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
  package private(set) var nets = Slab<Net>()
  package var routes = Slab<Route>()
  private var index = HashIndex()
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
  package var byteCount: Int { nets.byteCount + routes.byteCount + index.byteCount + paths.capacity * 4 }
  /// All network numbers are below this.
  package var netLimit: UInt32 { nets.limit }

  @inline(__always) private static func hash(_ address: IPAddress, _ length: UInt8) -> UInt32 {
    mix(address.high &* 0x9e37_79b9_7f4a_7c15 ^ (address.low &+ UInt64(length)))
  }

  package func prefix(_ net: UInt32) -> Prefix {
    let entry = nets[net]
    return Prefix(unchecked: entry.address, entry.length, family)
  }

  package subscript(net id: UInt32) -> Net {
    get { nets[id] }
    _modify { yield &nets[id] }
  }

  /// Whether a number names a network at present.
  package func isLive(_ net: UInt32) -> Bool { net != 0 && net < nets.limit && nets[net].length != RoutingTable.freed }
  private static var freed: UInt8 { 0xff }

  /// The network's number, or nil if the table has none of this prefix.
  package func find(_ prefix: Prefix) -> UInt32? { find(prefix.address, prefix.length) }

  private func find(_ address: IPAddress, _ length: UInt8) -> UInt32? {
    let hash = RoutingTable.hash(address, length)
    var slot = index.first(hash)
    while let id = index.candidate(slot, hash) {
      if id != 0, nets[id].address == address, nets[id].length == length { return id }
      slot = index.next(slot)
    }
    return nil
  }

  /// The network's number, made if needed; nil when the table holds as many as it can (16.7 million).
  package mutating func findOrInsert(_ prefix: Prefix) -> UInt32? {
    if let id = find(prefix.address, prefix.length) { return id }
    guard nets.count + 1 < Int(HashIndex.capacityLimit) else { return nil }
    let id = nets.insert(Net(address: prefix.address, first: 0, length: prefix.length, decidedBy: .onlyRoute, pins: 0))
    let hash = RoutingTable.hash(prefix.address, prefix.length)
    if index.isFull {
      let chunks = nets.chunks
      index.grow { id in RoutingTable.hash(of: id, chunks) }
    }
    index.insert(id, hash)
    netsOfLength[Int(prefix.length)] += 1
    return id
  }

  private static func hash(of id: UInt32, _ chunks: UnsafeMutablePointer<UnsafeMutablePointer<Net>>) -> UInt32 {
    let net = chunks[Int(id >> Slab<Net>.chunkBits)] + (Int(id) & (Slab<Net>.chunkSize - 1))
    return hash(net.pointee.address, net.pointee.length)
  }

  /// Forgets a network that has no route and that no channel still has to look at.
  package mutating func removeIfUnused(_ id: UInt32) {
    let net = nets[id]
    guard net.first == 0, net.pins == 0, net.length != RoutingTable.freed else { return }
    let hash = RoutingTable.hash(net.address, net.length)
    var slot = index.first(hash)
    while let candidate = index.candidate(slot, hash), candidate != id { slot = index.next(slot) }
    let chunks = nets.chunks
    index.remove(slot: slot) { id in RoutingTable.hash(of: id, chunks) }
    netsOfLength[Int(net.length)] -= 1
    nets[id].length = RoutingTable.freed
    nets.remove(id)
  }

  /// The longest prefix that contains `address`, is at most `limit` long and satisfies `accept`.
  package func longestMatch(_ address: IPAddress, limit: UInt8, where accept: (UInt32) -> Bool) -> UInt32? {
    var length = Int(min(limit, family.bitWidth))
    while length >= 0 {
      if netsOfLength[length] != 0, let id = find(address.masked(UInt8(length), family), UInt8(length)), accept(id) { return id }
      length -= 1
    }
    return nil
  }

  /// The first of a network's routes for which `condition` holds, and the one before it in the list.
  @inline(__always)
  package func firstRoute(in net: UInt32, where condition: (UInt32) -> Bool) -> (route: UInt32, previous: UInt32)? {
    var previous: UInt32 = 0
    var route = nets[net].first
    while route != 0 {
      if condition(route) { return (route, previous) }
      previous = route
      route = routes[route].next
    }
    return nil
  }

  /// The route that `channel` brought with a path identifier.
  package func route(of channel: ChannelID, path: UInt32, in net: UInt32) -> (route: UInt32, previous: UInt32)? {
    firstRoute(in: net) { routes[$0].channel == channel && self.path(of: $0) == path }
  }

  /// A route's path identifier (RFC 7911 §3), 0 for one that has none.
  package func path(of route: UInt32) -> UInt32 { routes[route].flags.contains(.hasPath) ? paths[Int(route)] : 0 }

  /// A new route, which is on no network's list yet.
  package mutating func insert(_ route: Route, path: UInt32) -> UInt32 {
    let id = routes.insert(route)
    guard path != 0 else { return id }
    if Int(id) >= paths.count { paths.append(contentsOf: repeatElement(0, count: Int(routes.limit) - paths.count + paths.count / 2)) }
    paths[Int(id)] = path
    routes[id].flags.insert(.hasPath)
    return id
  }

  package mutating func link(_ route: UInt32, after previous: UInt32, in net: UInt32) {
    if previous == 0 {
      routes[route].next = nets[net].first
      nets[net].first = route
    } else {
      routes[route].next = routes[previous].next
      routes[previous].next = route
    }
  }

  package mutating func unlink(_ route: UInt32, after previous: UInt32, in net: UInt32) {
    if previous == 0 { nets[net].first = routes[route].next } else { routes[previous].next = routes[route].next }
  }

  /// Moves a route to the head of its network's list.
  package mutating func promote(_ route: UInt32, in net: UInt32) {
    guard nets[net].first != route else { return }
    var previous = nets[net].first
    while previous != 0, routes[previous].next != route { previous = routes[previous].next }
    guard previous != 0 else { return }
    routes[previous].next = routes[route].next
    routes[route].next = nets[net].first
    nets[net].first = route
  }

  /// Moves a route to the place behind another one of its network.
  package mutating func move(_ route: UInt32, behind other: UInt32, in net: UInt32) {
    guard routes[other].next != route else { return }
    var previous = nets[net].first
    while previous != 0, routes[previous].next != route { previous = routes[previous].next }
    guard previous != 0 else { return }
    unlink(route, after: previous, in: net)
    link(route, after: other, in: net)
  }
}
