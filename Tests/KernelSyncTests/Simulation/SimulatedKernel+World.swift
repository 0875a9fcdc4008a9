import RouteCore

@testable import KernelSync

// What happens to the kernel by other hands than the daemon's.
extension SimulatedKernel {
  // MARK: Links

  /// Changes an interface, nil where it goes altogether, with all that follows.
  mutating func setInterface(_ index: UInt32, _ new: Interface?) {
    let old = interfaces[index]
    guard old != new else { return }
    interfaces[index] = new
    let now = new ?? Interface(isUp: false, hasCarrier: false, hasIPv4: false)
    if now.state != .up {
      for object in objects.values.filter({ $0.hop?.interface == index }).sorted(by: { $0.id < $1.id }) {
        removeObject(object.id, isTold: false)
      }
    }
    let isDown = !now.isUp
    let concerned = routes.filter { $0.value.object == 0 && $0.value.hops.contains { $0.interface == index } }
    for (key, route) in concerned.sorted(by: { $0.key < $1.key }) {
      if key.prefix.family == .ipv4 {
        if isDown || !now.hasIPv4, route.hops.allSatisfy({ isDead($0) }) { lose(key) }
      } else if isDown {
        removeLegs(key, over: index)
      }
    }
    if old.map({ $0.state }) ?? .down != now.state { notices.append(.link(index, now.state)) }
    if old.map({ $0.hasIPv4 }) ?? now.hasIPv4 != now.hasIPv4 { notices.append(.addresses(index)) }
  }

  /// IPv6 tells of each leg that goes with its link.
  private mutating func removeLegs(_ key: Key, over index: UInt32) {
    guard var route = routes[key] else { return }
    var gone = route
    gone.hops.removeAll { $0.interface != index }
    route.hops.removeAll { $0.interface == index }
    notices.append(.routeDisappeared(shown(key, gone)))
    if route.hops.isEmpty { return lose(key) }
    routes[key] = route
    routeChanges += 1
  }

  // MARK: Other programs

  /// A route of another program; it takes the place of whatever has its key if `replacing`, else fails if there is one.
  mutating func othersWrite(_ key: Key, _ route: Route, replacing: Bool = false) {
    if refusal(of: route, key.prefix.family) != 0 { return }
    if let present = routes[key] {
      guard replacing else { return }
      if present.isOurs { dispossessed.insert(key) }
    }
    routes[key] = route
    routeChanges += 1
    notices.append(.routeAppeared(shown(key, route)))
  }

  /// Another program removes a route, maybe ours.
  mutating func othersRemove(_ key: Key) {
    guard let route = routes[key] else { return }
    let notice = Notice.routeDisappeared(shown(key, route))
    lose(key)
    notices.append(notice)
  }

  mutating func othersMake(_ object: KernelObject) {
    guard supportsObjects, objects[object.id] == nil else { return }
    objects[object.id] = object
    objectChanges += 1
    notices.append(.objectChanged(object))
  }

  /// `ip nexthop flush`.
  mutating func othersFlushObjects() { for id in objects.keys.sorted() { removeObject(id, isTold: true) } }
}
