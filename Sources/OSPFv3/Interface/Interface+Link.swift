import RouteCore

// An interface follows its link and its options.

extension Interface {
  /// Takes over what has changed of the link and of the options.
  mutating func update(_ options: InterfaceOptions, _ link: InterfaceStatus, in context: inout InterfaceContext) {
    let fresh = Interface(key: key, area: area, options: options, status: link)
    let old = self
    let needsRestart =
      fresh.type != old.type || options.stub != old.options.stub || link.linkLocal != old.status.linkLocal
      || link.isLoopback != old.status.isLoopback || options.helloInterval != old.options.helloInterval
      || options.effectiveDeadInterval != old.options.effectiveDeadInterval || link.name != old.status.name
    self.options = options
    status = link
    context.due.insert(.area)
    if options.neighbors != old.options.neighbors { adoptConfiguredNeighbors(in: &context) }
    if options.pollInterval != old.options.pollInterval, old.pollDeadline != nil { pollDeadline = context.now + pollInterval }
    if options.bfd != old.options.bfd { context.output.neighborsChanged = true }
    if needsRestart {
      takeDown(in: &context)
      type = fresh.type
    } else if options.priority != old.options.priority {
      neighborChange(in: &context)
    }
    wantedType = fresh.wantedType
    if fresh.type != old.type || fresh.wantedType != old.wantedType { warnOfType(in: &context) }
    followLink(in: &context)
  }

  /// InterfaceUp and InterfaceDown (RFC 2328 §9.2), by the state of the link.
  mutating func followLink(in context: inout InterfaceContext) {
    let canBeUp = status.isUp && (status.hasCarrier || !options.checkLink) && (status.linkLocal != nil || options.stub)
    if canBeUp, state == .down {
      if linkAddress(context.family) == nil, !options.stub, !status.isLoopback {
        context.output.log(.error, "Cannot find next hop address for \(status.name)")
      }
      bringUp(in: &context)
    } else if !canBeUp, state != .down {
      takeDown(in: &context)
    }
  }

  /// The other end of a virtual link has been found, by this path, or is still there (RFC 5340 §4.7).
  mutating func follow(_ path: VirtualLink.Path, in context: inout InterfaceContext) {
    guard let peer = virtualLink?.peer else { return }
    status.linkLocal = path.source
    virtualLink?.peerAddress = path.destination
    for n in neighbors.indices { neighbors[n].address = path.destination }
    if options.cost != path.cost {
      options.cost = path.cost
      context.due.insert(.area)
    }
    if state != .down { return }
    context.output.trace(.events, "Vlink peer \(peer) found")
    bringUpVirtualLink(in: &context)
  }

  /// The other end of a virtual link cannot be reached any more.
  mutating func losePath(in context: inout InterfaceContext) {
    guard let peer = virtualLink?.peer, state != .down else { return }
    context.output.trace(.events, "Vlink peer \(peer) lost")
    takeDown(in: &context)
    options.cost = 0
    virtualLink?.peerAddress = .unspecified
  }

  /// The address of this router on the link for those who send packets over it: RFC 5340 §A.4.9, for IPv4 RFC 5838 §2.5.
  func linkAddress(_ family: AddressFamily) -> IPAddress? {
    if family == .ipv6 { return status.linkLocal }
    return status.addresses.first { $0.isPeer ? $0.address.family == family : $0.isAnnounced(family) }?.address
  }

  /// The addresses whose networks are announced.
  func announcedAddresses(_ family: AddressFamily) -> [InterfaceStatus.Address] { status.addresses.filter { $0.isAnnounced(family) } }
}

extension InterfaceStatus.Address {
  /// Whether its network is announced for a family.
  func isAnnounced(_ family: AddressFamily) -> Bool {
    !isPeer && address.family == family && !address.isLinkLocal && !address.isLoopback && !address.isMulticast && !address.isUnspecified
  }
}
