import ControlLanguage
import RouteCore

extension ReplyWriter {
  /// The first two lines of an interface in `show interfaces`; `state` is the look's word for what it is.
  mutating func head(of interface: Snapshot.Interface, _ state: String) {
    begin(.interface)
    text.append(interface.name)
    text.append(" \(state) (index=")
    text.append(interface.index)
    if let master = interface.master {
      text.append(" master=")
      text.append(master)
    }
    text.append(")")
    end()
    let flags = interface.flags
    begin(.interfaceFlags)
    text.append(flags.contains(.multiAccess) ? "\tMultiAccess" : "\tPtP")
    if flags.contains(.broadcast) { text.append(" Broadcast") }
    if flags.contains(.multicast) { text.append(" Multicast") }
    text.append(flags.contains(.adminUp) ? " AdminUp" : " AdminDown")
    text.append(flags.contains(.linkUp) ? " LinkUp" : " LinkDown")
    if flags.contains(.loopback) { text.append(" Loopback") }
    if flags.contains(.ignored) { text.append(" Ignored") }
    text.append(" MTU=")
    text.append(interface.mtu)
    end()
  }

  /// An address of an interface, with the look's word for its rank.
  mutating func address(_ address: Snapshot.Interface.Address, _ rank: String) {
    begin(.interfaceAddress)
    text.append("\t")
    text.append(address)
    text.append(" (\(rank), ")
    if let opposite = address.opposite {
      text.append("opposite ")
      text.append(opposite)
      text.append(", ")
    }
    text.append("scope ")
    text.append(address.scope.word)
    text.append(")")
    end()
  }
}

extension TextBuffer {
  /// `ADDRESS/LENGTH`, or nothing.
  mutating func append(_ address: Snapshot.Interface.Address?) {
    guard let address else { return }
    append(address.address)
    append("/")
    append(address.length)
  }
}

extension TextBuffer {
  /// The part of a static route's next hop that is the same in both versions.
  mutating func append(_ hop: Snapshot.StaticRoute.Hop) {
    if let gateway = hop.gateway {
      append("via ")
      append(gateway)
      if let interface = hop.interface {
        append("%")
        append(interface)
      }
    } else {
      append("dev ")
      append(hop.interface ?? "?")
    }
  }

  /// The part that follows it.
  mutating func appendState(of hop: Snapshot.StaticRoute.Hop) {
    if hop.flags.contains(.bfd) { append(" (bfd)") }
    if hop.flags.contains(.dormant) { append(" (dormant)") }
  }
}

extension ReplyWriter {
  /// `PREFIX`, and the target of a route that has no next hops; returns those of the others.
  mutating func beginStatic(_ route: Snapshot.StaticRoute, separator: String) -> [Snapshot.StaticRoute.Hop]? {
    begin(.staticRoute)
    text.append(route.prefix)
    switch route.target {
    case .hops(let hops): return hops
    case .blackhole: text.append(separator + "blackhole")
    case .unreachable: text.append(separator + "unreachable")
    case .prohibited: text.append(separator + "prohibited")
    case .recursive(let gateway):
      text.append(separator + "recursive ")
      text.append(gateway)
    }
    return nil
  }
}

extension BIRDPresentation {
  /// An empty line stands between the protocols.
  package func write(_ protocols: [[Snapshot.StaticRoute]], to reply: inout ReplyWriter) {
    for (index, routes) in protocols.enumerated() {
      if index > 0 { reply.line(.staticRoute, "") }
      for route in routes { write(route, to: &reply) }
    }
    reply.final(.ok)
  }
}
