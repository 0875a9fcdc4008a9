import RouteCore

@testable import BGP

// Sessions and capabilities as texts to be compared.

extension SessionParameters {
  /// The kind of session and what was agreed on.
  var descriptionWords: [String] {
    var words = [isInternal ? "internal" : "external"]
    if !isDirect { words.append("multihop") }
    if configuration.routeReflectorClient { words.append("route-reflector") }
    if configuration.routeServerClient { words.append("route-server") }
    if families.contains(where: receivesPaths) { words.append("add-path-rx") }
    if families.contains(where: sendsPaths) { words.append("add-path-tx") }
    if fourOctetAS { words.append("AS4") }
    if extendedMessages { words.append("ext-messages") }
    return words
  }
}

extension Capabilities {
  /// Their names.
  var words: [String] {
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

  /// All that they hold.
  var lines: [String] {
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
