import RouteCore

extension PeerConfiguration {
  /// What cannot work together, in the words users know from BIRD, in a fixed order; empty if all is well.
  public func problems() -> [String] {
    var found = [String]()
    func require(_ condition: Bool, _ text: String) { if !condition { found.append(text) } }
    require(localAS != 0, "Local AS number must be set")
    require(!neighborAddress.isUnspecified || neighborRange != nil, "Neighbor must be configured")
    require(neighborAS != .number(0), "Remote AS number must be set")
    require(!neighborAddress.isLinkLocal || interface != nil, "Link-local neighbor address requires specified interface")
    require(isInternal || !routeReflectorClient, "Only internal neighbor can be RR client")
    require(!isInternal || !routeServerClient, "Only external neighbor can be RS client")
    require(!isInternal || localRole == nil, "Local role cannot be set on IBGP sessions")
    require(!confederationMember || confederation != nil, "Confederation ID must be set for member sessions")
    require(!requireRoles || localRole != nil, "Local role must be set if roles are required")
    require(
      gracefulRestart != .no || effectiveLongLivedGracefulRestart == .no, "Long-lived graceful restart requires basic graceful restart")
    require(holdTime == 0 || holdTime >= 3, "Hold time must be 0 or at least 3 seconds")
    require(errorWaitMinimum <= errorWaitMaximum, "Minimal error wait time must not exceed the maximal one")
    require(!families.isEmpty, "BGP needs at least one channel")
    if !isDirect {
      require(families.allSatisfy { channel($0)?.gateway != .direct }, "Multihop BGP cannot use direct gateway mode")
      require(!neighborAddress.isLinkLocal, "Multihop BGP cannot be used with link-local addresses")
      require(interface == nil || neighborAddress.isLinkLocal, "Multihop BGP cannot be bound to interface")
      require(!checkLink, "Multihop BGP cannot depend on link state")
    }
    return found
  }
}
