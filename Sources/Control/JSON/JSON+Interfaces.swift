import RouteCore

extension JSON {
  package func write(_ interfaces: [Snapshot.Interface], _ detail: Detail, to reply: inout ReplyWriter) {
    reply.document { reply in
      reply.array(interfaces) { reply, interface in reply.object { write(interface, in: &$0) } }
    }
  }

  private func write(_ interface: Snapshot.Interface, in reply: inout ReplyWriter) {
    reply.member("name", interface.name)
    reply.member("index", UInt64(interface.index))
    reply.member("master", interface.master)
    reply.member("up", interface.flags.contains(.up))
    reply.member("admin_up", interface.flags.contains(.adminUp))
    reply.member("link_up", interface.flags.contains(.linkUp))
    reply.member("multiaccess", interface.flags.contains(.multiAccess))
    reply.member("broadcast", interface.flags.contains(.broadcast))
    reply.member("multicast", interface.flags.contains(.multicast))
    reply.member("loopback", interface.flags.contains(.loopback))
    reply.member("ignored", interface.flags.contains(.ignored))
    reply.member("mtu", UInt64(interface.mtu))
    reply.array("addresses", look == .bird2 ? interface.addressesByFamily : interface.addresses) { reply, address in
      reply.object {
        $0.member("address", plain: { $0.append(address.address) })
        $0.member("length", UInt64(address.length))
        $0.member("rank", address.rank.word)
        if let opposite = address.opposite { $0.member("opposite", plain: { $0.append(opposite) }) }
        $0.member("scope", address.scope.word)
      }
    }
  }
}

extension Snapshot.Interface.Address.Rank {
  fileprivate var word: String {
    switch self {
    case .primary: "primary"
    case .secondary: "secondary"
    case .unselected: "unselected"
    }
  }
}
