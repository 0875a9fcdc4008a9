import RouteCore

@testable import KernelSync

/// The routing tables of Linux as far as the machine can tell: what is accepted, what is refused, and what goes without a word.
struct SimulatedKernel {
  /// One route: the kernel has only one of a prefix and metric, whoever made it.
  struct Key: Hashable, Comparable {
    var table: UInt32
    var prefix: Prefix
    /// As the kernel has it: of IPv6 never 0.
    var metric: UInt32

    init(_ table: UInt32, _ prefix: Prefix, _ metric: UInt32) {
      self.table = table
      self.prefix = prefix
      self.metric = metric == 0 && prefix.family == .ipv6 ? KernelNumbers.defaultIPv6Metric : metric
    }

    static func < (a: Key, b: Key) -> Bool {
      if a.table != b.table { return a.table < b.table }
      return a.prefix != b.prefix ? a.prefix < b.prefix : a.metric < b.metric
    }
  }

  struct Route: Hashable {
    var protocolNumber: UInt8 = KernelNumbers.protocolNumber
    var destination = RouteDestination.unicast
    var hops: [NextHop] = []
    /// The nexthop object it leads to, 0 for none.
    var object: UInt32 = 0
    var details = KernelDetails()

    var isOurs: Bool { protocolNumber == KernelNumbers.protocolNumber }
  }

  struct Interface: Hashable {
    var isUp = true
    var hasCarrier = true
    var hasIPv4 = true

    var state: LinkState { isUp ? hasCarrier ? .up : .noCarrier : .down }
  }

  /// One change that the daemon asks for, with all that it refers to.
  enum Operation: Hashable {
    case makeNextHop(id: UInt32, NextHop, AddressFamily)
    case makeGroup(id: UInt32, [NextHopMember])
    case removeObject(id: UInt32)
    case write(Key, Route, RouteMode)
    case remove(Key)
  }

  /// What others did, and what the kernel tells of its own accord.
  enum Notice: Hashable {
    case link(UInt32, LinkState)
    case addresses(UInt32)
    case routeAppeared(KernelRoute)
    case routeDisappeared(KernelRoute)
    case objectChanged(KernelObject)
    case objectRemoved(UInt32)
  }

  var interfaces: [UInt32: Interface] = [:]
  /// Gateways that no connected network has.
  var unreachable: Set<IPAddress> = []
  /// Linux has nexthop objects since 5.3.
  var supportsObjects = true
  /// net.ipv4.nexthop_compat_mode: routes are shown with the next hops of their objects.
  var isCompatible = true

  var routes: [Key: Route] = [:]
  var objects: [UInt32: KernelObject] = [:]
  var notices: [Notice] = []
  /// Keys of routes of ours that went since this was emptied.
  var vanished: [Key] = []
  /// Routes of others that a change of ours took the place of, though no route of ours had been there before.
  var overwritten: [Key] = []
  /// Keys where a route of ours was until something else than the daemon ended it.
  var dispossessed: Set<Key> = []
  var routeChanges = 0
  var objectChanges = 0

  // MARK: What the daemon asks for

  /// The errno, 0 where it is done.
  mutating func execute(_ operation: Operation) -> Int32 {
    switch operation {
    case .makeNextHop(let id, let hop, let family):
      guard supportsObjects else { return Errno.notSupported }
      let code = refusal(of: hop, asObject: true)
      if code != 0 { return code }
      return insert(KernelObject(id: id, hop: hop, family: family))
    case .makeGroup(let id, let members):
      guard supportsObjects else { return Errno.notSupported }
      let isWhole = members.allSatisfy { member in objects[member.id].map { $0.hop != nil } ?? false }
      guard isWhole, !members.isEmpty else { return Errno.invalid }
      return insert(KernelObject(id: id, members: members))
    case .removeObject(let id):
      guard objects[id] != nil else { return Errno.absent }
      let before = dispossessed
      removeObject(id, isTold: false)
      dispossessed = before
      return 0
    case .write(let key, let route, let mode): return write(key, route, mode)
    case .remove(let key):
      guard let route = routes[key], route.isOurs else { return Errno.noProcess }
      remove(key)
      return 0
    }
  }

  private mutating func insert(_ object: KernelObject) -> Int32 {
    if objects[object.id] != nil { return Errno.exists }
    objects[object.id] = object
    objectChanges += 1
    return 0
  }

  private mutating func write(_ key: Key, _ route: Route, _ mode: RouteMode) -> Int32 {
    let code = refusal(of: route, key.prefix.family)
    if code != 0 { return code }
    if let present = routes[key] {
      if mode == .create { return Errno.exists }
      if !present.isOurs, !dispossessed.contains(key) { overwritten.append(key) }
    }
    dispossessed.remove(key)
    routes[key] = route
    routeChanges += 1
    return 0
  }

  /// Ends a route, and nothing tells of it.
  mutating func remove(_ key: Key) {
    guard let route = routes.removeValue(forKey: key) else { return }
    routeChanges += 1
    if route.isOurs { vanished.append(key) }
  }

  // MARK: What is acceptable

  func refusal(of route: Route, _ family: AddressFamily) -> Int32 {
    guard route.destination == .unicast else { return 0 }
    if route.object != 0 {
      guard supportsObjects, objects[route.object] != nil else { return Errno.invalid }
      let families = members(of: route.object).map { $0.family }
      return family == .ipv6 && families.contains(.ipv4) ? Errno.invalid : 0
    }
    if route.hops.isEmpty { return Errno.invalid }
    if family == .ipv6, route.hops.count > 1, route.hops.contains(where: { $0.gateway.isUnspecified }) { return Errno.invalid }
    for hop in route.hops {
      let code = refusal(of: hop, asObject: false)
      if code != 0 { return code }
    }
    return 0
  }

  func refusal(of hop: NextHop, asObject: Bool) -> Int32 {
    guard let interface = interfaces[hop.interface] else { return Errno.noDevice }
    guard interface.isUp, interface.hasCarrier || !asObject else { return Errno.networkDown }
    if hop.gateway.isUnspecified || hop.isOnLink { return 0 }
    let isConnected = !unreachable.contains(hop.gateway) && (interface.hasIPv4 || !hop.gateway.isIPv4)
    if isConnected { return 0 }
    return hop.gateway.isIPv4 && !asObject ? Errno.networkUnreachable : Errno.hostUnreachable
  }

  // MARK: Objects

  /// The objects that a route to this one leads to.
  func members(of id: UInt32) -> [KernelObject] {
    guard let object = objects[id] else { return [] }
    return object.hop == nil ? object.members.compactMap { objects[$0.id] } : [object]
  }

  /// The next hops an object stands for, with their weights.
  func content(of id: UInt32) -> [NextHop] {
    guard let object = objects[id] else { return [] }
    if let hop = object.hop { return [hop] }
    return object.members.compactMap { member in
      var hop = objects[member.id]?.hop
      hop?.weight = member.weight
      return hop
    }
  }

  /// Ends an object, with all that leads to it and nowhere else.
  mutating func removeObject(_ id: UInt32, isTold: Bool) {
    guard objects.removeValue(forKey: id) != nil else { return }
    objectChanges += 1
    if isTold { notices.append(.objectRemoved(id)) }
    for key in routes.keys.filter({ routes[$0]?.object == id }).sorted() { lose(key) }
    for group in objects.values.filter({ $0.members.contains { $0.id == id } }).sorted(by: { $0.id < $1.id }) {
      var rest = group
      rest.members.removeAll { $0.id == id }
      if rest.members.isEmpty {
        removeObject(group.id, isTold: isTold)
      } else {
        objects[group.id] = rest
        if isTold { notices.append(.objectChanged(rest)) }
      }
    }
  }

  /// A route goes with what it leads to.
  mutating func lose(_ key: Key) {
    if routes[key]?.isOurs ?? false { dispossessed.insert(key) }
    remove(key)
  }

  // MARK: What is shown

  func shown(_ key: Key, _ route: Route) -> KernelRoute {
    let legs = route.object == 0 ? route.hops : isCompatible ? content(of: route.object) : []
    let hops = legs.map { hop in
      var flags = hop.isOnLink ? KernelNextHop.Flags.onLink : []
      if interfaces[hop.interface].map({ !$0.hasCarrier || !$0.isUp }) ?? true { flags.insert(.linkDown) }
      if key.prefix.family == .ipv4, isDead(hop) { flags.insert(.dead) }
      return KernelNextHop(hop, flags: flags)
    }
    var shown = KernelRoute(
      prefix: key.prefix, table: key.table, protocolNumber: route.protocolNumber, metric: key.metric, nextHops: hops)
    shown.destination = route.destination
    shown.nextHopObject = route.object
    shown.details = route.details
    let isDirect = key.prefix.family == .ipv4 && route.destination == .unicast && legs.allSatisfy { $0.gateway.isUnspecified }
    shown.details.scope = route.details.scope ?? (isDirect ? 253 : 0)
    return shown
  }

  /// Whether an IPv4 route cannot use a leg.
  func isDead(_ hop: NextHop) -> Bool { interfaces[hop.interface].map { !$0.isUp || !$0.hasIPv4 } ?? true }
}
