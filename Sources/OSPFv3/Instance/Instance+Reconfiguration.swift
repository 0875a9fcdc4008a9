import RouteCore

// A new configuration: areas come, go and change one by one; all else stays as it is.

extension Instance {
  mutating func reconfigure(to new: InstanceConfiguration, at now: Instant, into output: inout Output) {
    let old = configuration
    if new == old { return }
    guard new.routerID == old.routerID, new.options == old.options else { return restart(with: new, at: now, into: &output) }
    let wanted = new.attachedAreas
    // Including what is announced of areas and ranges that are about to go.
    markInterArea()
    markAllTranslations()
    for area in areas {
      let kept = wanted.first { $0.id == area.id }
      if kept?.kind != area.configuration.kind { leave(area.id, at: now, into: &output) }
      if kept == nil { remove(area.id) }
    }
    configuration = new
    for area in wanted {
      if let a = self.area(area.id) {
        areas[a].configuration = area
        areas[a].setRanges()
      } else {
        areas.append(Area(area, of: new))
      }
    }
    for a in areas.indices { postpone(.area, area: a, at: now) }
    mainArea = area(.backbone) ?? 0
    removeVirtualLinks(at: now, into: &output)
    adoptVirtualLinks(at: now)
    markInterArea()
    markAllTranslations()
    if !isNSSABorderRouter {
      translations.removeAll()
      due.insert(.externalRanges)
    }
    if !hasExternalCapableArea { purge(.autonomousSystem, at: now) }
    // Where they are announced depends on the areas.
    if new.isASBoundaryRouter != old.isASBoundaryRouter || new.areas != old.areas { markAllExternals() }
    for index in links.keys.sorted() { linkChanged(index, at: now, into: &output) }
    endHelpIfOff(at: now, into: &output)
    origination.schedule(at: now)
    markEverything()
    schedule.topologyChanged(at: now, tick: tick)
    output.trace(.events, "reconfigured")
  }

  /// Another Router ID or family: everything begins anew, with the same links and exports.
  private mutating func restart(with new: InstanceConfiguration, at now: Instant, into output: inout Output) {
    let links = self.links
    let externals = origination.externals
    let seed = random.next()
    if recovery.stage != .none { output.hasRecovered = true }
    stop(at: now, into: &output)
    self = Instance(configuration: new, seed: seed, now: now)
    for index in links.keys.sorted() {
      self.links[index] = links[index]
      linkChanged(index, at: now, into: &output)
    }
    for prefix in externals.keys.sorted() { exportChanged(prefix, externals[prefix], at: now) }
    output.trace(.events, "restarted for a new configuration")
  }

  /// Leaves an area: its routers hear that we are gone, its LSAs are removed.
  private mutating func leave(_ id: RouterID, at now: Instant, into output: inout Output) {
    guard let a = area(id) else { return }
    output.trace(.events, "Leaving area \(id)")
    for place in database.sorted(areas[a].scope) where database[place].isSelfOriginated { prematurelyAge(place, at: now) }
    for i in interfaces.indices.reversed() where interfaces[i].area == a {
      farewell(i, at: now, into: &output)
      removeInterface(i, at: now, into: &output)
    }
    purge(areas[a].scope, at: now)
    areas[a].isTransit = false
    areas[a].translation = .off
    areas[a].surrogate = nil
    areas[a].routerLSALayout = [[]]
    areas[a].prefixLSACount = 0
  }

  /// Removes an area that has been left from the list.
  private mutating func remove(_ id: RouterID) {
    guard let a = area(id) else { return }
    areas.remove(at: a)
    for i in interfaces.indices where interfaces[i].area > a { interfaces[i].area -= 1 }
    for s in prefixes.sources.indices where Int(prefixes.sources[s].area) > a { prefixes.sources[s].area -= 1 }
    for router in boundaryRouters.routers.indices {
      for path in boundaryRouters.routers[router].interAreaPaths.indices
      where Int(boundaryRouters.routers[router].interAreaPaths[path].area) > a {
        boundaryRouters.routers[router].interAreaPaths[path].area -= 1
      }
    }
  }
}
