import RouteCore

// Virtual links: which there are, and when they are up (RFC 2328 §15, §16.7 (2); RFC 5340 §4.7).

extension Instance {
  /// Adds the virtual links that are configured, and gives those there are their options. A link is the same as long as transit area,
  /// other end and Instance ID are.
  mutating func adoptVirtualLinks(at now: Instant) {
    guard let backbone = area(.backbone) else { return }
    for area in configuration.areas {
      for wanted in area.virtualLinks {
        if let i = interfaces.firstIndex(where: { isSame($0, wanted, area) }) {
          update(virtualLink: i, options(of: wanted), at: now)
        } else {
          add(wanted, area, backbone)
        }
      }
    }
  }

  /// Ends those that are no longer configured.
  mutating func removeVirtualLinks(at now: Instant, into output: inout Output) {
    for i in interfaces.indices.reversed() {
      guard let link = interfaces[i].virtualLink else { continue }
      let isWanted = configuration.areas.contains { area in area.virtualLinks.contains { isSame(interfaces[i], $0, area) } }
      if isWanted { continue }
      output.trace(.events, "Removing vlink to \(link.peer) via area \(link.transitArea)")
      farewell(i, at: now, into: &output)
      removeInterface(i, at: now, into: &output)
    }
  }

  private func isSame(_ interface: Interface, _ wanted: AreaConfiguration.VirtualLink, _ area: AreaConfiguration) -> Bool {
    interface.virtualLink?.transitArea == area.id && interface.virtualLink?.peer == wanted.peer
      && interface.key.instanceID == wanted.options.instanceID ?? configuration.instanceID
  }

  private func options(of wanted: AreaConfiguration.VirtualLink) -> InterfaceOptions {
    var options = wanted.options
    // Nobody is elected, and the cost is that of the path.
    options.priority = 0
    options.cost = 0
    return options
  }

  private mutating func add(_ wanted: AreaConfiguration.VirtualLink, _ area: AreaConfiguration, _ backbone: Int) {
    let number = virtualLinksMade
    virtualLinksMade &+= 1
    let key = InterfaceKey(
      index: VirtualLink.firstInterfaceID | number, instanceID: wanted.options.instanceID ?? configuration.instanceID)
    var interface = Interface(
      key: key, area: backbone, options: options(of: wanted),
      status: InterfaceStatus(index: key.index, name: "vlink\(number)", mtu: VirtualLink.mtu, isMultiAccess: false, linkLocal: nil))
    interface.virtualLink = VirtualLink(transitArea: area.id, peer: wanted.peer)
    _ = interfaces.insert(interface)
  }

  /// Other intervals count at once; the adjacency outlives them if the other end follows in time.
  private mutating func update(virtualLink i: InterfaceID, _ options: InterfaceOptions, at now: Instant) {
    let old = interfaces[i].options
    interfaces[i].options = options
    interfaces[i].options.cost = old.cost
    if options.helloInterval != old.helloInterval, interfaces[i].helloDeadline != nil { interfaces[i].helloDeadline = now }
  }

  // MARK: up and down

  /// RFC 2328 §16.7 (2): the links whose other ends have been found, or lost, or are nearer or farther than before.
  mutating func checkVirtualLinks(at now: Instant, into output: inout Output) {
    for i in interfaces.indices {
      guard let link = interfaces[i].virtualLink else { continue }
      if let path = path(of: link) {
        act(i, at: now, into: &output) { $0.follow(path, in: &$1) }
      } else {
        act(i, at: now, into: &output) { $0.losePath(in: &$1) }
      }
    }
  }

  /// §15: no stub area is a transit area, the other end is an area border router too, the cost is one that a router-LSA can tell. RFC 5340
  /// §4.7: each end has an address that it announces in the transit area.
  private func path(of link: VirtualLink) -> VirtualLink.Path? {
    guard let a = area(link.transitArea), areas[a].isExternalCapable, let peer = areas[a].topology.find(.router(link.peer)) else {
      return nil
    }
    let vertex = areas[a].topology.vertices[Int(peer)]
    guard vertex.isReachable, !vertex.nextHops.isEmpty, vertex.flags.contains(.b), let cost = UInt16(exactly: vertex.distance),
      let source = routerPrefixes(a).first(where: { $0.options.contains(.la) })?.prefix.address,
      let destination = address(of: vertex, keeping: link.peerAddress)
    else { return nil }
    return VirtualLink.Path(cost: cost, source: source, destination: destination)
  }

  /// One of a router's own addresses; the same as before while it has that.
  private func address(of vertex: Topology.Vertex, keeping known: IPAddress) -> IPAddress? {
    var best: IPAddress?
    var id = vertex.firstSource
    while id >= 0 {
      let source = prefixes.sources[Int(id)]
      id = source.nextOfNode
      guard source.flags.contains(.routerAddress) else { continue }
      let address = prefixes.entries[Int(source.entry)].prefix.address
      if address == known { return known }
      if best.map({ address < $0 }) ?? true { best = address }
    }
    return best
  }

  /// RFC 2328 §12.4.1, bit V: whether a link through the area is fully adjacent.
  func isVirtualLinkEndpoint(_ a: Int) -> Bool {
    interfaces.contains { $0.virtualLink?.transitArea == areas[a].id && $0.neighbors.contains { $0.isFullyAdjacent } }
  }

  /// An address by which others can reach us, of an interface in the area if possible.
  func addressOfAnyInterface(_ a: Int) -> IPAddress? {
    let candidates = interfaces.filter { $0.state != .down && $0.area == a } + interfaces.filter { $0.state != .down && $0.area != a }
    for interface in candidates {
      if let found = interface.announcedAddresses(family).first { return found.address }
    }
    return nil
  }
}
