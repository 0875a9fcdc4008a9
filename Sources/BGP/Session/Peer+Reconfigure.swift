import RouteCore

// Another configuration for a peer at work. A session ends where its connection would be another one, or where our OPEN would say something
// else. BIRD keeps it for some options of channels only (bgp_channel_reconfigure); so do we, and for everything that RFC 2918 or time lets
// take effect by itself.
extension PeerConfiguration {
  /// Whether `new` takes another session than the present one. This is the only place that decides it.
  ///
  /// Every other option a peer takes in place: some count from the next session or the next error on, others change which routes come in
  /// (they are asked for again) or go out (they are announced again), or how they rank.
  public func needsNewSession(for new: PeerConfiguration) -> Bool {
    var taken = self
    taken.takePolicies(from: new)
    for family in AddressFamily.allCases {
      taken.takeInbound(from: new, family)
      taken.takeOutbound(from: new, family)
    }
    return taken != new
  }

  /// Whether routes of the family would be received differently, so that the peer has to send them again.
  func changesInbound(to new: PeerConfiguration, _ family: AddressFamily) -> Bool {
    var taken = self
    taken.takeInbound(from: new, family)
    return taken != self
  }

  /// Whether routes of the family would be announced differently.
  func changesOutbound(to new: PeerConfiguration, _ family: AddressFamily) -> Bool {
    var taken = self
    taken.takeOutbound(from: new, family)
    return taken != self
  }

  /// What is looked at when the time comes.
  private mutating func takePolicies(from new: PeerConfiguration) {
    passive = new.passive
    if isListener { password = new.password }
    checkLink = new.checkLink
    holdTime = new.holdTime
    minHoldTime = new.minHoldTime
    startupHoldTime = new.startupHoldTime
    keepaliveTime = new.keepaliveTime
    minKeepaliveTime = new.minKeepaliveTime
    sendHoldTime = new.sendHoldTime
    connectDelayTime = new.connectDelayTime
    connectRetryTime = new.connectRetryTime
    errorWaitMinimum = new.errorWaitMinimum
    errorWaitMaximum = new.errorWaitMaximum
    errorForgetTime = new.errorForgetTime
    disableAfterError = new.disableAfterError
    disableAfterCease = new.disableAfterCease
    hostname = new.hostname
    decision = new.decision
    // A family that is not mandatory any more was carried or not; one that has become so might not be.
    if new.ipv4?.mandatory == false { ipv4?.mandatory = false }
    if new.ipv6?.mandatory == false { ipv6?.mandatory = false }
  }

  /// What is made of received routes.
  private mutating func takeInbound(from new: PeerConfiguration, _ family: AddressFamily) {
    routeReflectorClient = new.routeReflectorClient
    clusterID = new.clusterID
    defaultMED = new.defaultMED
    defaultLocalPref = new.defaultLocalPref
    allowLocalPref = new.allowLocalPref
    allowLocalAS = new.allowLocalAS
    allowASSets = new.allowASSets
    enforceFirstAS = new.enforceFirstAS
    guard let channel = new.channel(family) else { return }
    if family == .ipv4 { ipv4?.takeInbound(from: channel) } else { ipv6?.takeInbound(from: channel) }
  }

  /// Which routes are announced, and with which attributes.
  private mutating func takeOutbound(from new: PeerConfiguration, _ family: AddressFamily) {
    routeReflectorClient = new.routeReflectorClient
    clusterID = new.clusterID
    routeServerClient = new.routeServerClient
    defaultLocalPref = new.defaultLocalPref
    allowLocalPref = new.allowLocalPref
    interpretCommunities = new.interpretCommunities
    guard let channel = new.channel(family) else { return }
    if family == .ipv4 { ipv4?.takeOutbound(from: channel) } else { ipv6?.takeOutbound(from: channel) }
  }
}

extension ChannelOptions {
  fileprivate mutating func takeInbound(from new: ChannelOptions) {
    gateway = new.gateway
    prefersGlobalNextHop = new.prefersGlobalNextHop
    cost = new.cost
    aigp = new.aigp
  }

  fileprivate mutating func takeOutbound(from new: ChannelOptions) {
    nextHopSelf = new.nextHopSelf
    nextHopKeep = new.nextHopKeep
    nextHopAddress = new.nextHopAddress
    missingLinkLocal = new.missingLinkLocal
    aigp = new.aigp
    originatesAIGP = new.originatesAIGP
  }
}

extension Peer {
  /// Whether `reconfigure` would take this configuration. Where it changes what comes in, the peer has to understand route refresh (RFC 2918).
  public func canReconfigure(to new: PeerConfiguration) -> Bool {
    guard !configuration.needsNewSession(for: new) else { return false }
    guard let session, !session.routeRefresh else { return true }
    return !session.families.contains { configuration.changesInbound(to: new, $0) }
  }

  /// Takes over a new configuration at work; the session, if there is one, goes on. False if that is impossible (`canReconfigure`); then
  /// nothing has changed, and a new peer is to be made after `stop(.reconfigured)`.
  public mutating func reconfigure(_ new: PeerConfiguration, at now: Instant, into output: inout Output) -> Bool {
    guard canReconfigure(to: new) else { return false }
    let old = configuration
    guard old != new else { return true }
    configuration = new
    for direction in [ConnectionID.Direction.outgoing, .incoming] { self[direction]?.session?.configuration = new }
    if let session {
      decoder.begin(session)
      output.actions.append(.sessionChanged(session, announcing: session.families.filter { old.changesOutbound(to: new, $0) }))
      for family in session.families where old.changesInbound(to: new, family) { sendRefresh(RouteRefresh(family), into: &output) }
    }
    if new.passive {
      connectDeadline = nil
    } else if old.passive {
      reconnectIfAlone(after: new.connectDelayTime, at: now)
    }
    return true
  }
}
