import RouteCore

// From the system's links to OSPF interfaces.

extension Instance {
  /// What the configuration wants on a link: for each Instance ID the first block that matches (in the order of the file).
  private func wanted(on link: InterfaceStatus) -> [(key: InterfaceKey, area: Int, options: InterfaceOptions)] {
    var found: [(key: InterfaceKey, area: Int, options: InterfaceOptions)] = []
    for configured in configuration.areas {
      guard let a = area(configured.id) else { continue }
      for block in configured.interfaces where block.pattern.matches(name: link.name) {
        let key = InterfaceKey(index: link.index, instanceID: block.options.instanceID ?? configuration.instanceID)
        if !found.contains(where: { $0.key == key }) { found.append((key, a, block.options)) }
      }
    }
    return found
  }

  /// Makes the OSPF interfaces of a link what link and configuration ask for.
  mutating func linkChanged(_ index: UInt32, at now: Instant, into output: inout Output) {
    let link = links[index]
    let wanted = link.map { self.wanted(on: $0) } ?? []
    for i in interfaces.indices.reversed() where interfaces[i].key.index == index {
      if !wanted.contains(where: { $0.key == interfaces[i].key && $0.area == interfaces[i].area }) {
        removeInterface(i, at: now, into: &output)
      }
    }
    guard let link else { return }
    for (key, area, options) in wanted {
      if let i = interface(key) {
        update(i, options, link, at: now, into: &output)
      } else {
        let at = interfaces.firstIndex { key < $0.key } ?? interfaces.count
        interfaces.insert(Interface(key: key, area: area, options: options, status: link), at: at)
        output.trace(.interfaces, "Interface \(link.name) (IID \(key.instanceID)) added to area \(areas[area].id)")
        warnOfType(at, into: &output)
        adoptConfiguredNeighbors(at, at: now, into: &output)
        bringUpIfPossible(at, at: now, into: &output)
      }
    }
    // Any address may serve the ends of virtual links.
    for a in areas.indices where !areas[a].configuration.virtualLinks.isEmpty { touch(area: a, at: now) }
  }

  private mutating func update(_ i: Int, _ options: InterfaceOptions, _ link: InterfaceStatus, at now: Instant, into output: inout Output) {
    let fresh = Interface(key: interfaces[i].key, area: interfaces[i].area, options: options, status: link)
    let old = interfaces[i]
    let needsRestart =
      fresh.type != old.type || options.stub != old.options.stub || link.linkLocal != old.status.linkLocal
      || link.isLoopback != old.status.isLoopback || options.helloInterval != old.options.helloInterval
      || options.effectiveDeadInterval != old.options.effectiveDeadInterval || link.name != old.status.name
    interfaces[i].options = options
    interfaces[i].status = link
    touch(area: old.area, at: now)
    if options.neighbors != old.options.neighbors { adoptConfiguredNeighbors(i, at: now, into: &output) }
    if options.pollInterval != old.options.pollInterval, old.pollDeadline != nil {
      interfaces[i].pollDeadline = now + .seconds(Int64(options.pollInterval))
    }
    if options.bfd != old.options.bfd { output.neighborsChanged = true }
    if needsRestart {
      takeDown(i, at: now, into: &output)
      interfaces[i].type = fresh.type
    } else if options.priority != old.options.priority {
      neighborChange(i, at: now, into: &output)
    }
    interfaces[i].wantedType = fresh.wantedType
    if fresh.type != old.type || fresh.wantedType != old.wantedType { warnOfType(i, into: &output) }
    bringUpIfPossible(i, at: now, into: &output)
  }

  /// RFC 2328 §9.3, InterfaceUp and InterfaceDown, by what the link is like.
  private mutating func bringUpIfPossible(_ i: Int, at now: Instant, into output: inout Output) {
    let status = interfaces[i].status
    let canBeUp =
      status.isUp && (status.hasCarrier || !interfaces[i].options.checkLink) && (status.linkLocal != nil || interfaces[i].options.stub)
    if canBeUp, interfaces[i].state == .down {
      if linkAddress(interfaces[i]) == nil, !interfaces[i].options.stub, !status.isLoopback {
        output.log(.error, "Cannot find next hop address for \(status.name)")
      }
      bringUp(i, at: now, into: &output)
    } else if !canBeUp, interfaces[i].state != .down {
      takeDown(i, at: now, into: &output)
    }
  }

  mutating func removeInterface(_ i: Int, at now: Instant, into output: inout Output) {
    output.trace(.interfaces, "Interface \(interfaces[i].status.name) removed")
    takeDown(i, at: now, into: &output)
    let area = interfaces[i].area
    interfaces.remove(at: i)
    touch(area: area, at: now)
  }

  /// The router's links or networks may have changed: look at its LSAs and paths again.
  mutating func touch(area a: Int, at now: Instant) {
    areas[a].needsOrigination = true
    areas[a].needsCalculation = true
    origination.note(at: now)
    schedule.topologyChanged(at: now, tick: tick)
  }

  var tick: Duration { .seconds(Int64(configuration.tick)) }
}
