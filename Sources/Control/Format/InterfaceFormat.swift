import RouteCore

extension InterfaceView {
  /// Writes the whole answer of `show interfaces`.
  package static func write(_ interfaces: [InterfaceView], _ style: ReplyStyle, to reply: inout ReplyWriter) {
    if style.output == .json { return writeJSON(interfaces, style, to: &reply) }
    for interface in interfaces { interface.write(style.format, to: &reply) }
    reply.final(.ok)
  }

  /// Writes the whole answer of `show interfaces summary`.
  package static func writeSummary(_ interfaces: [InterfaceView], _ style: ReplyStyle, to reply: inout ReplyWriter) {
    if style.output == .json { return writeJSON(interfaces, style, to: &reply) }
    let isOld = style.format == .bird1
    reply.line(
      .interfaceSummaryHeading, isOld ? "interface state address" : "Interface  State  IPv4 address       IPv6 address")
    for interface in interfaces {
      reply.begin(.interfaceSummary)
      reply.text.append(interface.name)
      reply.pad(to: isOld ? 9 : 10)
      reply.text.append(" ")
      let start = reply.text.count
      reply.text.append(interface.stateWord(style.format))
      reply.text.pad(from: start, to: isOld ? 5 : 6)
      reply.text.append(" ")
      if isOld {
        reply.append(interface.summaryAddress(nil))
      } else {
        let start = reply.text.count
        reply.append(interface.summaryAddress(.ipv4))
        reply.text.pad(from: start, to: 18)
        reply.text.append(" ")
        reply.append(interface.summaryAddress(.ipv6))
      }
      reply.end()
    }
    reply.final(.ok)
  }

  func stateWord(_ format: CLIFormat) -> String { flags.contains(.up) ? "up" : format == .bird1 ? "DOWN" : "down" }

  private func write(_ format: CLIFormat, to reply: inout ReplyWriter) {
    reply.begin(.interface)
    reply.text.append(name)
    reply.text.append(" \(stateWord(format)) (index=")
    reply.text.append(index)
    if let master {
      reply.text.append(" master=")
      reply.text.append(master)
    }
    reply.text.append(")")
    reply.end()
    reply.begin(.interfaceFlags)
    reply.text.append(flags.contains(.multiAccess) ? "\tMultiAccess" : "\tPtP")
    if flags.contains(.broadcast) { reply.text.append(" Broadcast") }
    if flags.contains(.multicast) { reply.text.append(" Multicast") }
    reply.text.append(flags.contains(.adminUp) ? " AdminUp" : " AdminDown")
    reply.text.append(flags.contains(.linkUp) ? " LinkUp" : " LinkDown")
    if flags.contains(.loopback) { reply.text.append(" Loopback") }
    if flags.contains(.ignored) { reply.text.append(" Ignored") }
    reply.text.append(" MTU=")
    reply.text.append(mtu)
    reply.end()
    // 1.6 shows the chosen address before the others.
    let first = format == .bird1 ? addresses.firstIndex { $0.rank == .primary } : nil
    if let first { addresses[first].write(format, to: &reply) }
    for (index, address) in addresses.enumerated() where index != first { address.write(format, to: &reply) }
  }
}

extension InterfaceView.Address {
  fileprivate func write(_ format: CLIFormat, to reply: inout ReplyWriter) {
    reply.begin(.interfaceAddress)
    reply.text.append("\t")
    reply.append(self)
    if format == .bird1 {
      switch rank {
      case .primary: reply.text.append(" (Primary, ")
      case .secondary: reply.text.append(" (Secondary, ")
      case .unselected: reply.text.append(" (Unselected, ")
      }
    } else {
      reply.text.append(rank == .secondary ? " (Secondary, " : " (Preferred, ")
    }
    if let opposite {
      reply.text.append("opposite ")
      reply.text.append(opposite)
      reply.text.append(", ")
    }
    reply.text.append("scope ")
    reply.text.append(scope.word)
    reply.text.append(")")
    reply.end()
  }
}

extension RouteScope {
  /// The scope as `show` writes it.
  var word: String {
    switch self {
    case .host: "host"
    case .link: "link"
    case .site: "site"
    case .organization: "org"
    case .universe: "univ"
    }
  }
}

extension ReplyWriter {
  /// `ADDRESS/LENGTH`, or nothing.
  fileprivate mutating func append(_ address: InterfaceView.Address?) {
    guard let address else { return }
    text.append(address.address)
    text.append("/")
    text.append(address.length)
  }
}

extension StaticRouteView {
  /// The routes of one or more static protocols; 2.x puts an empty line between the protocols. Writes the whole answer.
  package static func write(_ protocols: [[StaticRouteView]], _ style: ReplyStyle, to reply: inout ReplyWriter) {
    for (index, routes) in protocols.enumerated() {
      if index > 0 { reply.line(.staticRoute, "") }
      for route in routes { route.write(style.format, to: &reply) }
    }
    reply.final(.ok)
  }

  private func write(_ format: CLIFormat, to reply: inout ReplyWriter) {
    reply.begin(.staticRoute)
    reply.text.append(prefix)
    let separator = format == .bird1 ? " " : "\t"
    switch target {
    case .blackhole: reply.text.append(separator + "blackhole")
    case .unreachable: reply.text.append(separator + "unreachable")
    case .prohibited: reply.text.append(separator + "prohibited")
    case .recursive(let gateway):
      reply.text.append(separator + "recursive ")
      reply.text.append(gateway)
    case .hops(let hops):
      if format == .bird1, hops.count == 1, let hop = hops.first {
        reply.text.append(" ")
        hop.write(format, isOneOfMany: false, to: &reply.text)
        break
      }
      if format == .bird1 { reply.text.append(" multipath") }
      reply.end()
      for (index, hop) in hops.enumerated() {
        reply.begin(.staticRoute)
        reply.text.append("\t")
        hop.write(format, isOneOfMany: true, to: &reply.text)
        if index < hops.count - 1 { reply.end() }
      }
      if hops.isEmpty { return }
    }
    reply.end()
  }
}

extension StaticRouteView.Hop {
  fileprivate func write(_ format: CLIFormat, isOneOfMany: Bool, to text: inout TextBuffer) {
    if let gateway {
      text.append("via ")
      text.append(gateway)
      if let interface {
        text.append("%")
        text.append(interface)
      }
    } else {
      text.append("dev ")
      text.append(interface ?? "?")
    }
    if format == .bird2, isOnLink { text.append(" onlink") }
    if format == .bird1, isOneOfMany {
      text.append(" weight ")
      text.append(weight)
    }
    if usesBFD { text.append(" (bfd)") }
    if isDormant { text.append(" (dormant)") }
  }
}
