import RouteCore

// The interfaces of an instance: which there are, and what happens to all of them.

extension Instance {
  subscript(_ path: NeighborPath) -> Neighbor {
    _read { yield interfaces[path.interface].neighbors[path.neighbor] }
    _modify { yield &interfaces[path.interface].neighbors[path.neighbor] }
  }

  mutating func generate(_ event: NeighborEvent, for neighbor: NeighborPath, at now: Instant, into output: inout Output) {
    act(neighbor.interface, at: now, into: &output) { $0.generate(event, for: neighbor.neighbor, in: &$1) }
  }

  // MARK: which there are

  private struct WantedInterface {
    var key: InterfaceKey
    var area: Int
    var options: InterfaceOptions
  }

  /// What the configuration wants on a link: for each Instance ID the first block that matches (in the order of the file).
  private func wanted(on link: InterfaceStatus) -> [WantedInterface] {
    var found: [WantedInterface] = []
    for configured in configuration.areas {
      guard let a = area(configured.id) else { continue }
      for block in configured.interfaces where block.pattern.matches(name: link.name) {
        let key = InterfaceKey(index: link.index, instanceID: block.options.instanceID ?? configuration.instanceID)
        if !found.contains(where: { $0.key == key }) { found.append(WantedInterface(key: key, area: a, options: block.options)) }
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
    for wanted in wanted {
      if let i = interfaces.find(wanted.key) {
        act(i, at: now, into: &output) { $0.update(wanted.options, link, in: &$1) }
      } else {
        let i = interfaces.insert(Interface(key: wanted.key, area: wanted.area, options: wanted.options, status: link))
        output.trace(
          .interfaces, "Interface \(link.name) (IID \(wanted.key.instanceID)) added to area \(areas[wanted.area].id)")
        act(i, at: now, into: &output) { interface, context in
          interface.warnOfType(in: &context)
          interface.adoptConfiguredNeighbors(in: &context)
          interface.followLink(in: &context)
        }
      }
    }
    // Any address may serve the ends of virtual links.
    for a in areas.indices where !areas[a].configuration.virtualLinks.isEmpty { postpone(.area, area: a, at: now) }
  }

  mutating func removeInterface(_ i: InterfaceID, at now: Instant, into output: inout Output) {
    output.trace(.interfaces, "Interface \(interfaces[i].status.name) removed")
    act(i, at: now, into: &output) { $0.takeDown(in: &$1) }
    let area = interfaces[i].area
    interfaces.remove(at: i)
    postpone(.area, area: area, at: now)
  }

  // MARK: timers

  mutating func runTimers(of i: InterfaceID, at now: Instant, into output: inout Output) {
    guard let deadline = interfaces[i].nextDeadline, deadline <= now else { return }
    actWithDatabase(i, at: now, into: &output) { $0.runTimers(from: $2, in: &$1) }
  }

  // The timers that end a wait for somebody else. What has arrived, and is not read yet, may disprove them: a Hello, a grace-LSA that is
  // flushed. So only `.deadline` looks at them, before which all of it is read; and no packet of one neighbour ends the wait for another
  // whose own packet is right behind it.

  /// The first to end of the waits for others: Wait Timers, Inactivity Timers, restarts that are helped.
  public var silenceDeadline: Instant? {
    if isStopped { return nil }
    var deadline: Instant?
    for interface in interfaces { deadline = earliest(deadline, interface.silenceDeadline) }
    return deadline
  }

  mutating func endWaiting(at now: Instant, into output: inout Output) {
    for i in interfaces.indices {
      guard let deadline = interfaces[i].silenceDeadline, deadline <= now else { continue }
      act(i, at: now, into: &output) { $0.endSilence(in: &$1) }
    }
  }

  // MARK: neighbours

  mutating func pathFailed(_ index: UInt32, _ address: IPAddress, at now: Instant, into output: inout Output) {
    for i in interfaces.indices where interfaces[i].key.index == index && interfaces[i].options.bfd {
      act(i, at: now, into: &output) { $0.pathFailed(to: address, in: &$1) }
    }
  }

  mutating func removeDeadNeighbors(into output: inout Output) {
    output.neighborsChanged = true
    for i in interfaces.indices { interfaces[i].removeDeadNeighbors() }
  }

  /// A request list can also be emptied by what other neighbours send (RFC 2328 §13.3 (1b)).
  mutating func finishLoading(at now: Instant, into output: inout Output) {
    for i in interfaces.indices {
      act(i, at: now, into: &output) { interface, context in
        for n in interface.neighbors.indices { interface.requestIfIdle(n, in: &context) }
      }
    }
  }

  /// Sends what is still to be flooded, and a Hello that lists nobody: the neighbours need not wait for RouterDeadInterval.
  mutating func farewell(_ i: InterfaceID, at now: Instant, into output: inout Output) {
    sendFloodQueue(i, at: now, into: &output)
    guard interfaces[i].isActive else { return }
    act(i, at: now, into: &output) { interface, context in
      let destinations = interface.helloDestinations(.hello, at: now)
      interface.killNeighbors(in: &context)
      interface.sendHello(to: destinations, in: &context)
    }
  }
}
