import RouteCore

extension BGPView {
  /// The BGP part of `show protocols all`.
  func write(_ protocolState: ProtocolView.State, _ format: CLIFormat, to reply: inout ReplyWriter) {
    reply.line(.protocolDetails, "  BGP state:          \(state.rawValue)")
    let scope = neighborInterface.map { "%" + $0 } ?? ""
    if let neighborRange {
      reply.bgp("Neighbor range", neighborRange.description)
    } else {
      reply.bgp("Neighbor address", "\(neighborAddress)\(scope)")
    }
    reply.bgp("Neighbor AS", String(neighborAS))
    if format == .bird2 { reply.bgp("Local AS", String(localAS)) }
    if isNeighborRestarting { reply.line(.protocolDetails, "    Neighbor graceful restart active") }
    if format == .bird1 {
      reply.bgp("Restart timer", restartTimer, format)
      reply.bgp("LL stale timer", staleTimer, format)
    }
    if protocolState == .start {
      reply.bgp("Error wait", errorWait, format)
      reply.bgp("Connect delay", connectDelay, format)
      if format == .bird2 { reply.bgp("Restart timer", restartTimer, format) }
    }
    if let session { session.write(format, to: &reply) }
    if let lastError { reply.bgp("Last error", lastError.description) }
  }
}

extension BGPView.Session {
  fileprivate func write(_ format: CLIFormat, to reply: inout ReplyWriter) {
    reply.bgp("Neighbor ID", neighborID.description)
    switch format {
    case .bird1: reply.line(.protocolDetails, "    Neighbor caps:   " + neighborCapabilities.words)
    case .bird2:
      reply.line(.protocolDetails, "    Local capabilities")
      localCapabilities.writeTree(to: &reply)
      reply.line(.protocolDetails, "    Neighbor capabilities")
      neighborCapabilities.writeTree(to: &reply)
    }
    reply.bgp("Session", flags.words(format))
    reply.bgp("Source address", sourceAddress.description)
    if let routeLimit { reply.bgp("Route limit", "\(routeLimit.count)/\(routeLimit.limit)") }
    reply.bgp("Hold timer", holdTimer, format)
    reply.bgp("Keepalive timer", keepaliveTimer, format)
  }
}

extension BGPView.SessionFlags {
  /// In 2.x what the capabilities say is left out.
  fileprivate func words(_ format: CLIFormat) -> String {
    var text = contains(.internal) ? "internal" : "external"
    let shown = format == .bird1 ? self : subtracting([.addPathRX, .addPathTX, .extendedMessages])
    for (flag, word) in [
      (.multihop, " multihop"), (.routeReflector, " route-reflector"), (.routeServer, " route-server"), (.as4, " AS4"),
      (.addPathRX, " add-path-rx"), (.addPathTX, " add-path-tx"), (.extendedMessages, " ext-messages"),
    ] as [(BGPView.SessionFlags, String)] where shown.contains(flag) {
      text += word
    }
    return text
  }
}

extension BGPCapabilitiesView {
  /// The one line of 1.6.
  fileprivate var words: String {
    var text = ""
    if routeRefresh { text += " refresh" }
    if enhancedRefresh { text += " enhanced-refresh" }
    if let gracefulRestart { text += gracefulRestart.restartTime == nil ? " restart-aware" : " restart-able" }
    if let longLived { text += longLived.staleTime == nil ? " llgr-aware" : " llgr-able" }
    if as4 { text += " AS4" }
    if !addPathRX.isEmpty { text += " add-path-rx" }
    if !addPathTX.isEmpty { text += " add-path-tx" }
    if extendedMessage { text += " ext-messages" }
    return text
  }

  /// The tree of 2.x.
  fileprivate func writeTree(to reply: inout ReplyWriter) {
    if !multiprotocol.isEmpty {
      reply.capability("Multiprotocol")
      reply.families("AF announced", multiprotocol)
    }
    if routeRefresh { reply.capability("Route refresh") }
    if !extendedNextHop.isEmpty {
      reply.capability("Extended next hop")
      reply.families("IPv6 nexthop", extendedNextHop)
    }
    if extendedMessage { reply.capability("Extended message") }
    if let gracefulRestart {
      reply.capability("Graceful restart")
      if let time = gracefulRestart.restartTime {
        reply.capability("  Restart time: \(time)")
        if gracefulRestart.isRestarting { reply.capability("  Restart recovery") }
        reply.families("AF supported", gracefulRestart.families)
        reply.families("AF preserved", gracefulRestart.preserved)
      }
    }
    if as4 { reply.capability("4-octet AS numbers") }
    if !addPathRX.isEmpty || !addPathTX.isEmpty {
      reply.capability("ADD-PATH")
      reply.families("RX", addPathRX)
      reply.families("TX", addPathTX)
    }
    if enhancedRefresh { reply.capability("Enhanced refresh") }
    if let longLived {
      reply.capability("Long-lived graceful restart")
      if let time = longLived.staleTime {
        reply.capability("  LL stale time: \(time)")
        reply.families("AF supported", longLived.families)
        reply.families("AF preserved", longLived.preserved)
      }
    }
    if let hostname { reply.capability("Hostname: \(hostname)") }
    if let role { reply.capability("Role: \(role)") }
  }
}

extension ReplyWriter {
  /// `    Label:          value`
  fileprivate mutating func bgp(_ label: String, _ value: String) {
    begin(.protocolDetails)
    text.append("    ")
    text.append(label)
    text.append(":")
    pad(to: 22)
    text.append(value)
    end()
  }

  fileprivate mutating func bgp(_ label: String, _ timer: BGPView.Countdown?, _ format: CLIFormat) {
    guard let timer else { return }
    begin(.protocolDetails)
    text.append("    ")
    text.append(label)
    text.append(":")
    pad(to: 22)
    text.append(seconds: timer.remaining, format)
    text.append("/")
    if let total = timer.total { text.append(UInt64(max(total.wholeSeconds, 0))) } else { text.append("-") }
    end()
  }

  fileprivate mutating func capability(_ words: String) { line(.protocolDetails, "      " + words) }

  /// `        Label: ipv4 ipv6`, or nothing without a family.
  fileprivate mutating func families(_ label: String, _ families: [String]) {
    line(.protocolDetails, "        \(label):\(families.map { " " + $0 }.joined())")
  }
}
