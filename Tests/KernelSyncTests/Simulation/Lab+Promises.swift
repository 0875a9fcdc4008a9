import RouteCore

@testable import KernelSync

// What must hold at every instant: no route goes before another one is there, and nobody else's is touched.
extension Lab {
  /// Whether routes of a want lead to nexthop objects.
  func usesObjects(_ want: Want, _ table: KernelTableID) -> Bool {
    tables[Int(table.rawValue)].options.usesObjects && kernel.supportsObjects && want.details.realm == nil && want.details.scope == nil
  }

  /// The next hops of a want whose links are up as far as the machine was told.
  func hopsUp(_ want: Want, _ table: KernelTableID) -> [NextHop] {
    want.hops.filter { hop in
      switch links[hop.interface] ?? .down {
      case .up: true
      case .noCarrier: !usesObjects(want, table)
      case .down: false
      }
    }
  }

  /// Whether the kernel could have a route for it.
  private func isUsable(_ want: Want, _ table: KernelTableID) -> Bool {
    if want.destination != .unicast || want.hops.isEmpty { return true }
    return hopsUp(want, table).contains { kernel.refusal(of: $0, asObject: false) == 0 }
  }

  /// What is wanted of a place, or what can be used, may have changed.
  func noteUse(_ place: Place) {
    guard let want = told[place], isUsable(want, place.table) else {
      usableSince[place] = nil
      return
    }
    if usableSince[place] == nil { usableSince[place] = handouts }
  }

  /// A link went or came: what was made meanwhile may not have lasted, and is made anew.
  func noteInterruption(_ index: UInt32) {
    for (place, want) in told where want.hops.contains(where: { $0.interface == index }) && usableSince[place] != nil {
      usableSince[place] = handouts
    }
  }

  func noteUse() { for place in told.keys { noteUse(place) } }

  /// Whether the kernel has a route of ours for a prefix, of whatever metric.
  func hasRoute(_ table: TableState, _ prefix: Prefix) -> Bool {
    metrics.contains { kernel.routes[SimulatedKernel.Key(table.number, prefix, $0)]?.isOurs ?? false }
  }

  /// Whether a place has a way out that is not lost and that the kernel would take now.
  private func hasOther(_ place: Place) -> Bool {
    guard let want = told[place], !want.hops.isEmpty else { return true }
    return want.hops.contains { !lost.contains($0.way) && kernel.refusal(of: $0, asObject: true) == 0 }
  }

  /// Called after each change that the kernel made for us.
  func checkPromises(_ operation: SimulatedKernel.Operation, inBatch number: Int) {
    for key in kernel.overwritten { faults.append("\(now): \(key.prefix) of somebody else was overwritten") }
    for key in kernel.vanished where !isForgiving {
      guard let table = tables.first(where: { $0.number == key.table && $0.family == key.prefix.family }), table.isReady else { continue }
      let place = Place(table: table.id, prefix: key.prefix)
      // The batch was put together after the one before it had been handed out.
      guard let since = usableSince[place], since < number - 1, !hasRoute(table, key.prefix) else { continue }
      // What the other ways went with is not known to the machine yet.
      if case .removeObject = operation, !hasOther(place) { continue }
      // Somebody else has ended another one meanwhile.
      if metrics.contains(where: { kernel.dispossessed.contains(SimulatedKernel.Key(table.number, key.prefix, $0)) }) { continue }
      faults.append("\(now): \(key.prefix) is left without a route by \(operation)")
    }
  }
}
