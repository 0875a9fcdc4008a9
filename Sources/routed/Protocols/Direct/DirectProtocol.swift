import Configuration
import Linux
import RouteCore

extension ProtocolShell {
  static let direct = ProtocolShell(kind: .direct, make: { DirectProtocol($0, $1) }, rehearse: { DirectRehearsal($0, $1) })
}

/// `protocol direct`: a route for the network of each address of the chosen interfaces.
final class DirectProtocol: ProtocolInstance, RouteImporter {
  /// What was announced for which interface.
  private var announced: [UInt32: Set<Prefix>] = [:]

  override var importer: (any RouteImporter)? { self }

  override func start() {
    opened()
    for interface in interfaces { update(interface.index, interface) }
  }

  override func stop(_ reason: StopReason) {
    announced = [:]
    closed()
  }

  override func interfaceChanged(_ previous: Interface?, _ current: Interface?) {
    guard state == .up, let index = current?.index ?? previous?.index else { return }
    update(index, current)
  }

  var isReloadedInBird1: Bool { false }

  func reloadImport(_ channel: ChannelID) -> Bool {
    let family = daemon.router[channel: channel].configuration.family
    let time = daemon.routeTime
    daemon.router.beginRefresh(channel)
    // The route of a network that several interfaces have is that of the one which came to it last.
    for index in announced.keys.sorted() {
      for prefix in (announced[index] ?? []).sorted() where prefix.family == family { announce(prefix, index, channel, time) }
    }
    daemon.router.endRefresh(channel, at: time)
    daemon.scheduleTurn()
    return true
  }

  private func update(_ index: UInt32, _ interface: Interface?) {
    let wanted = interface.map(networks) ?? []
    let present = announced[index] ?? []
    let time = daemon.routeTime
    for prefix in present.subtracting(wanted).sorted() {
      guard let channel = channel(prefix.family) else { continue }
      // Another interface may have the same network: its route then takes the place.
      if let other = announced.keys.sorted().first(where: { $0 != index && announced[$0]?.contains(prefix) == true }) {
        announce(prefix, other, channel, time)
      } else {
        daemon.router.withdraw(channel, prefix, at: time)
      }
    }
    announced[index] = wanted
    for prefix in wanted.subtracting(present).sorted() {
      if let channel = channel(prefix.family) { announce(prefix, index, channel, time) }
    }
    daemon.scheduleTurn()
  }

  private func announce(_ prefix: Prefix, _ index: UInt32, _ channel: ChannelID, _ time: UInt64) {
    var header = AttributeHeader(source: .device, preference: 0)
    header.nextHops = daemon.router.nextHops.intern([NextHop(interface: index)])
    daemon.router.announce(channel, prefix, RouteAttributes(header), at: time)
    daemon.router.nextHops.release(header.nextHops)
  }

  /// The networks an interface contributes: none of link or host scope.
  private func networks(_ interface: Interface) -> Set<Prefix> {
    guard case .direct(let direct) = configuration.specification else { return [] }
    return DirectProtocol.networks(interface, direct)
  }

  static func networks(_ interface: Interface, _ direct: DirectConfiguration) -> Set<Prefix> {
    let isUsable = direct.checkLink ? interface.isUp : interface.link.flags.contains(.up)
    guard isUsable else { return [] }
    var out: Set<Prefix> = []
    for address in interface.addresses where !address.address.isLinkLocal && !address.address.isLoopback {
      guard address.scope == .universe || address.scope == .site || address.scope == .organization else { continue }
      if address.flags.contains(.secondary), address.address.isIPv4 { continue }
      if let pattern = direct.interfaces,
        !pattern.matches(name: interface.name, address: address.address, opposite: address.opposite)
      {
        continue
      }
      out.insert(address.prefix)
    }
    return out
  }
}

/// `plan` for `protocol direct`.
final class DirectRehearsal: ProtocolRehearsal {
  override func bring(_ family: AddressFamily, _ present: ChannelID?, through id: ChannelID, into plan: RoutePlan) {
    guard case .direct(let direct) = item.specification else { return }
    for interface in daemon.interfaces.all where daemon.interfaces.contains(interface, in: item.vrf) {
      for prefix in DirectProtocol.networks(interface, direct).sorted() where prefix.family == family {
        let attributes = RouteAttributes(AttributeHeader(source: .device, preference: 0))
        plan.rehearsal.bring(RehearsedRoute(id, prefix, attributes, .direct([NextHop(interface: interface.index)])))
      }
    }
  }
}
