import RouteCore

// The schema of all these is documented in routectl(1). Members are only ever added to it.

extension StatusView {
  func writeJSON(_ style: ReplyStyle, to reply: inout ReplyWriter) {
    reply.beginJSON()
    reply.openObject()
    reply.member("version", style.format.version)
    reply.member("router_id", plain: { $0.append(routerID) })
    reply.member("hostname", hostname)
    reply.member("now", now.time)
    reply.member("last_reboot", lastReboot.time)
    reply.member("last_reconfiguration", lastReconfiguration.time)
    if let recovery {
      reply.key("recovery")
      reply.openObject()
      reply.member("waiting", UInt64(recovery.waitingChannels))
      reply.member("remaining_ms", UInt64(max(recovery.remaining.milliseconds, 0)))
      reply.member("limit", UInt64(max(recovery.limit.wholeSeconds, 0)))
      reply.closeObject()
    }
    switch state {
    case .running: reply.member("state", "running")
    case .reconfiguring: reply.member("state", "reconfiguring")
    case .shuttingDown: reply.member("state", "shutting down")
    }
    reply.closeObject()
    reply.endJSON()
    reply.final(.ok)
  }
}

extension InterfaceView {
  static func writeJSON(_ interfaces: [InterfaceView], _ style: ReplyStyle, to reply: inout ReplyWriter) {
    reply.beginJSON()
    reply.openArray()
    for interface in interfaces {
      reply.openObject()
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
      reply.key("addresses")
      reply.openArray()
      for address in interface.addresses {
        reply.openObject()
        reply.member("address", plain: { $0.append(address.address) })
        reply.member("length", UInt64(address.length))
        reply.member("rank", address.rank == .primary ? "primary" : address.rank == .secondary ? "secondary" : "unselected")
        if let opposite = address.opposite { reply.member("opposite", plain: { $0.append(opposite) }) }
        reply.member("scope", address.scope.word)
        reply.closeObject()
      }
      reply.closeArray()
      reply.closeObject()
    }
    reply.closeArray()
    reply.endJSON()
    reply.final(.ok)
  }
}

extension OSPFNeighborView {
  static func writeJSON(_ instances: [(name: String, neighbors: [OSPFNeighborView])], to reply: inout ReplyWriter) {
    reply.beginJSON()
    reply.openArray()
    for instance in instances {
      for neighbor in instance.neighbors {
        reply.openObject()
        reply.member("protocol", instance.name)
        reply.member("router_id", plain: { $0.append(neighbor.routerID) })
        reply.member("priority", UInt64(neighbor.priority))
        reply.member("state", neighbor.state.rawValue)
        reply.member("role", neighbor.role.rawValue)
        if let dead = neighbor.deadTime { reply.member("dead_ms", UInt64(max(dead.milliseconds, 0))) }
        if neighbor.isRestarting { reply.member("restarting", true) }
        reply.member("interface", neighbor.interface)
        reply.member("address", plain: { $0.append(neighbor.address) })
        reply.closeObject()
      }
    }
    reply.closeArray()
    reply.endJSON()
    reply.final(.ok)
  }
}
