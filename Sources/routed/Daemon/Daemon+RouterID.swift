import Configuration
import Linux
import RouteCore

// The router id of protocols without their own. If the configuration gives none, it is an IPv4 address of an interface; it is chosen
// at the start, or as soon as there is an address, and kept, whatever happens to that address. `router id from` chooses again with each
// reconfiguration. Protocols that need one wait for it.
extension Daemon {
  /// The router id for protocols without their own; 0 while there is none.
  var routerID: RouterID { chosenRouterID ?? RouterID(rawValue: 0) }

  /// Chooses a router id now that an interface may have an address for it, and starts what has waited for it.
  func chooseMissingRouterID() {
    guard chosenRouterID == nil, !isShuttingDown, !protocols.isEmpty else { return }
    let id = routerID(for: configuration)
    guard id.rawValue != 0 else { return }
    chooseRouterID(id, configuration)
    completeConfiguration()
    for instance in protocols { instance.startIfEnabled() }
  }

  /// Our host name: the file's `hostname`, or the system's.
  var hostname: String { configuration.hostname ?? Sysctl.read("kernel/hostname") ?? "" }

  /// Continues with a router id, if it is valid.
  func chooseRouterID(_ id: RouterID, _ configuration: Configuration) {
    if configuration.routerID.explicitID == nil, id.rawValue != 0, id != chosenRouterID {
      let owner = interfaces.all.first { $0.addresses.contains { $0.address.ipv4 == id.rawValue } }
      log.info("Chosen router ID \(id) according to interface \(owner?.name ?? "?")")
    }
    if case .interfaces(let pattern) = configuration.routerID, chosenRouterID != nil, lowestAddress(pattern) == nil {
      log.warning("Cannot determine router ID, using old one")
    }
    chosenRouterID = id.rawValue == 0 ? nil : id
  }

  /// The router id under a configuration: that of the file, the lowest address of the interfaces it names, the one in use, or the lowest
  /// address of all.
  func routerID(for configuration: Configuration) -> RouterID {
    switch configuration.routerID {
    case .explicit(let id): id
    case .interfaces(let pattern): lowestAddress(pattern) ?? chosenRouterID ?? RouterID(rawValue: 0)
    case .automatic: chosenRouterID ?? lowestAddress(nil) ?? RouterID(rawValue: 0)
    }
  }

  /// A configuration with the router id filled in where a protocol has none of its own, so that two can be compared.
  func withRouterID(_ configuration: Configuration) -> Configuration {
    let id = routerID(for: configuration)
    var out = configuration
    if id.rawValue == 0 { return out }
    for index in out.protocols.indices where out.protocols[index].routerID == nil { out.protocols[index].setRouterID(id) }
    return out
  }

  /// The lowest IPv4 address that others can reach, of the interfaces that are up, or of those the pattern chooses.
  private func lowestAddress(_ pattern: InterfacePattern?) -> RouterID? {
    var found: UInt32?
    for interface in interfaces.all where interface.link.flags.contains(.up) {
      for address in interface.addresses where !address.flags.contains(.secondary) {
        // 169.254.0.0/16 (RFC 3927) is valid on its link only.
        guard let id = address.address.ipv4, !address.address.isLoopback, id >> 16 != 0xa9fe else { continue }
        if let pattern, !pattern.matches(name: interface.name, address: address.address, opposite: address.opposite) { continue }
        found = min(found ?? .max, id)
      }
    }
    return found.map { RouterID(rawValue: $0) }
  }
}
