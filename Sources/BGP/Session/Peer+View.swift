import RouteCore

// What `show protocols` tells about a peer.
extension Peer {
  /// The state in the words of `show protocols`: `Down` when stopped, `Passive` where only the peer may connect.
  public var statusName: String {
    if phase == .down { return "Down" }
    if configuration.passive, state == .active { return "Passive" }
    return state.name
  }

  /// The established session.
  public var session: SessionParameters? { establishedConnection?.session }
  /// The established connection, on which UPDATEs are sent.
  public var sessionConnection: ConnectionID? { establishedConnection?.id }

  /// `Hold timer:` of an established session; nil without one, or where no hold time was agreed on.
  public func holdTimer(at now: Instant) -> TimerView? {
    Self.view(establishedConnection?.holdDeadline, establishedConnection?.holdTime, now)
  }
  /// `Keepalive timer:` of an established session.
  public func keepaliveTimer(at now: Instant) -> TimerView? {
    Self.view(establishedConnection?.keepaliveDeadline, establishedConnection?.keepaliveTime, now)
  }
  /// `Send hold timer:`, while something waits to be sent.
  public func sendHoldTimer(at now: Instant) -> TimerView? { Self.view(establishedConnection?.sendHoldDeadline, sendHoldTime, now) }

  /// `Error wait:`.
  public func errorWaitTimer(at now: Instant) -> TimerView? {
    guard case .errorWait(let until, let total) = phase else { return nil }
    return Self.view(until, total, now)
  }

  /// `Connect delay:`.
  public func connectDelayTimer(at now: Instant) -> TimerView? { Self.view(connectDeadline, connectDelay, now) }

  private static func view(_ deadline: Instant?, _ total: Duration?, _ now: Instant) -> TimerView? {
    guard let deadline, let total else { return nil }
    return TimerView(remaining: max(deadline - now, .zero), total: total)
  }
}

extension SessionParameters {
  /// The words after `Session:` in `show protocols all`.
  public var descriptionWords: [String] {
    var words = [isInternal ? "internal" : "external"]
    if !isDirect { words.append("multihop") }
    if configuration.routeReflectorClient { words.append("route-reflector") }
    if configuration.routeServerClient { words.append("route-server") }
    if fourOctetAS { words.append("AS4") }
    if extendedMessages { words.append("ext-messages") }
    return words
  }
}

extension Capabilities {
  /// The words after `Neighbor caps:` in the 1.6 format.
  public var words: [String] {
    var words = [String]()
    if routeRefresh { words.append("refresh") }
    if enhancedRefresh { words.append("enhanced-refresh") }
    if let gracefulRestart { words.append(gracefulRestart.families.isEmpty ? "restart-aware" : "restart-able") }
    if let longLivedGracefulRestart { words.append(longLivedGracefulRestart.families.isEmpty ? "llgr-aware" : "llgr-able") }
    if as4 != nil { words.append("AS4") }
    if !addPathReceive.isEmpty { words.append("add-path-rx") }
    if !addPathSend.isEmpty { words.append("add-path-tx") }
    if extendedMessages { words.append("ext-messages") }
    return words
  }

  /// The lines under `Local capabilities` and `Neighbor capabilities` in the 2.x format; each level is indented by two spaces.
  public var lines: [String] {
    func names(_ families: [FamilyCode]) -> String { families.map { " " + $0.name }.joined() }
    var lines = [String]()
    if !multiprotocol.isEmpty { lines += ["Multiprotocol", "  AF announced:\(names(multiprotocol))"] }
    if routeRefresh { lines.append("Route refresh") }
    if !extendedNextHop.isEmpty { lines += ["Extended next hop", "  IPv6 nexthop:\(names(extendedNextHop))"] }
    if extendedMessages { lines.append("Extended message") }
    if let gracefulRestart {
      lines.append("Graceful restart")
      if !gracefulRestart.families.isEmpty {
        lines.append("  Restart time: \(gracefulRestart.restartTime)")
        if gracefulRestart.restarted { lines.append("  Restart recovery") }
        lines.append("  AF supported:\(names(gracefulRestart.families))")
        if !gracefulRestart.preserved.isEmpty { lines.append("  AF preserved:\(names(gracefulRestart.preserved))") }
      }
    }
    if as4 != nil { lines.append("4-octet AS numbers") }
    if !addPathReceive.isEmpty || !addPathSend.isEmpty {
      lines.append("ADD-PATH")
      if !addPathReceive.isEmpty { lines.append("  RX:\(names(addPathReceive))") }
      if !addPathSend.isEmpty { lines.append("  TX:\(names(addPathSend))") }
    }
    if enhancedRefresh { lines.append("Enhanced refresh") }
    if let longLivedGracefulRestart {
      lines.append("Long-lived graceful restart")
      let families = longLivedGracefulRestart.families
      if let longest = families.map({ $0.staleTime }).max() {
        lines.append("  LL stale time: \(longest)")
        lines.append("  AF supported:\(names(families.filter { $0.staleTime > 0 }.map { $0.code }))")
        let preserved = families.filter { $0.isPreserved }.map { $0.code }
        if !preserved.isEmpty { lines.append("  AF preserved:\(names(preserved))") }
      }
    }
    if let hostname { lines.append("Hostname: \(hostname)") }
    if let role { lines.append("Role: \(Role(rawValue: role)?.name ?? "?")") }
    return lines
  }
}

extension FamilyCode {
  /// `ipv6`, `ipv4-mc`, or `<AFI>/<SAFI>` for one without a name.
  public var name: String {
    switch (afi, safi) {
    case (1, 1): "ipv4"
    case (2, 1): "ipv6"
    case (1, 2): "ipv4-mc"
    case (2, 2): "ipv6-mc"
    case (1, 4): "ipv4-mpls"
    case (2, 4): "ipv6-mpls"
    case (1, 128): "vpn4-mpls"
    case (2, 128): "vpn6-mpls"
    case (1, 133): "flow4"
    case (2, 133): "flow6"
    default: "<\(afi)/\(safi)>"
    }
  }
}
