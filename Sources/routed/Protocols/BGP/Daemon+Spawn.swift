import BGP
import Configuration
import Linux
import RouteCore

// Dynamic BGP (`neighbor range`): a protocol that waits for the peers of a network creates another one for each that connects. These are
// protocols like the others: they follow them in the list and in the current configuration, but are in no file.
//
// A reconfiguration gives them the new configuration of their range (`Daemon.prepared`). As in BIRD, those that cannot apply it in place
// end, and are created again when their peers connect.
extension Daemon {
  /// How many protocols a range may have spawned, and how many all of them together.
  private static let spawnLimits = (range: 1000, all: 8000)

  /// Creates a protocol for a connection from the range of `parent`, and gives it the connection.
  func spawn(by parent: BGPProtocol, for connection: StreamConnection, from remote: Endpoint) {
    guard !isShuttingDown, let source = configuration.protocolInstance(named: parent.name) else { return connection.abort() }
    if parent.peer.configuration.isDirect, parent.interface(to: remote.address) == nil {
      log.trace(parent, .events, "Incoming connection from \(remote.address) rejected: not directly connected")
      return connection.abort()
    }
    guard makeRoom(for: parent) else {
      parent.tellTooMany(remote)
      return connection.abort()
    }
    guard var item = source.spawned(nextName(for: parent), for: remote.address) else { return connection.abort() }
    // The range may have been enabled by hand.
    item.disabled = false
    log.info("\(parent.name): New protocol \(item.name) for \(remote.address)")
    let instance = BGPProtocol(item, self)
    note(spawned: item)
    protocols.append(instance)
    instance.setOrder(protocols.count - 1)
    instance.startIfEnabled()
    instance.accept(connection)
    scheduleTurn()
  }

  /// The next name that neither the file nor a protocol uses.
  private func nextName(for parent: BGPProtocol) -> String {
    var name: String
    repeat {
      parent.spawned &+= 1
      name = parent.peer.configuration.dynamicName(parent.spawned)
    } while configuration.isTaken(name)
    return name
  }

  /// Returns whether another protocol may be spawned, if necessary in place of the most dispensable one.
  private func makeRoom(for parent: BGPProtocol) -> Bool {
    let now = self.now
    var count = (range: 0, all: 0)
    var least: (instance: BGPProtocol, worth: SpawnLifetime.Worth)?
    for instance in bgpTransport?.peers ?? [] {
      guard let owner = instance.configuration.spawnedBy else { continue }
      count.all += 1
      guard owner == parent.name else { continue }
      count.range += 1
      if let worth = instance.lifetime?.worth(at: now), least.map({ worth < $0.worth }) ?? true { least = (instance, worth) }
    }
    if count.range < Daemon.spawnLimits.range, count.all < Daemon.spawnLimits.all { return true }
    guard let least else { return false }
    removeSpawned(least.instance, "another peer needs its place")
    return true
  }

  /// Ends a protocol that was spawned.
  func removeSpawned(_ instance: BGPProtocol, _ reason: String) {
    guard instance.configuration.spawnedBy != nil, protocols.contains(where: { $0 === instance }) else { return }
    log.info("Removing protocol \(instance.name): \(reason)")
    end(instance, .deconfigured)
    drainPipes()
    protocols.removeAll { $0 === instance }
    forget(spawned: instance.name)
    setOrders()
    // The numbers of its channels are free again.
    reconfiguration.count &+= 1
    scheduleTurn()
  }
}
