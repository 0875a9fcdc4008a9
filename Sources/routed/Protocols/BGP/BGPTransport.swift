import BGP
import CLinux
import Configuration
import Linux
import RouteCore

/// The listening sockets of all BGP protocols. One for each address family and port (or local address, where a peer wants a strict bind)
/// serves all peers: an accepted connection goes to the protocol whose neighbour it is.
///
/// A socket that cannot be opened now, because its address does not exist yet or is in use, is retried when an interface changes and
/// after some time.
final class BGPTransport {
  let daemon: Daemon
  private var listeners: [Place: Listener] = [:]
  private var retry: DeadlineTimer?

  private static let retryTime = Duration.seconds(5)

  /// An address and port, in the VRF of a device.
  struct Place: Hashable {
    var address: IPAddress
    var port: UInt16
    /// The interface of a link-local address.
    var interface: String?
    var device: String?
    var freeBind: Bool
  }

  private struct Listener {
    var socket: TCPListener?
    /// The interface it is bound to.
    var endpoint: Endpoint?
    /// Why there is no socket, as last logged.
    var problem: String?
    var users = 0
    /// The passwords by network, and how many protocols use each: a range shares its own with the protocols it has spawned.
    var passwords: [Prefix: (text: String, users: Int)] = [:]
  }

  /// All BGP protocols there are, also those that are down.
  private(set) var peers: [BGPProtocol] = []

  init(_ daemon: Daemon) { self.daemon = daemon }

  func add(_ peer: BGPProtocol) { peers.append(peer) }
  func remove(_ peer: BGPProtocol) { peers.removeAll { $0 === peer } }

  /// Where a peer's connections are accepted.
  private func place(_ configuration: PeerConfiguration, _ device: String?) -> Place {
    let family = configuration.transportFamily
    let global = daemon.configuration.bgpListener
    var place = Place(
      address: TCPListener.everywhere(family, port: 0).address, port: port(configuration), device: device, freeBind: configuration.freeBind)
    if configuration.strictBind, let local = configuration.localAddress {
      place.address = local
      if local.isLinkLocal { place.interface = configuration.interface }
    } else if let address = global.address, address.family == family {
      place.address = address
    }
    return place
  }

  private func port(_ configuration: PeerConfiguration) -> UInt16 {
    configuration.localPort == 179 ? daemon.configuration.bgpListener.port : configuration.localPort
  }

  /// Makes sure that the peer can connect to us, with its password, in its VRF, as soon as that is possible. Pass the returned place to
  /// `stopListening`.
  func listen(for peer: PeerConfiguration, device: String?) -> Place {
    let place = place(peer, device)
    listeners[place, default: Listener()].users += 1
    if let password = peer.password {
      let users = listeners[place]?.passwords[peer.passwordScope]?.users ?? 0
      listeners[place]?.passwords[peer.passwordScope] = (password, users + 1)
      do throws(SystemError) { try listeners[place]?.socket?.setPassword(password, for: peer.passwordScope) } catch {
        daemon.log.error("BGP: \(error)")
      }
    }
    open(place)
    return place
  }

  /// Undoes `listen`; the last user closes the socket.
  func stopListening(for peer: PeerConfiguration, at place: Place) {
    guard var listener = listeners[place] else { return }
    if peer.password != nil, let entry = listener.passwords[peer.passwordScope] {
      let scope = peer.passwordScope
      listener.passwords[scope] = entry.users > 1 ? (entry.text, entry.users - 1) : nil
      if entry.users <= 1 {
        do throws(SystemError) { try listener.socket?.setPassword(nil, for: scope) } catch {
          daemon.log.warning("BGP: \(error)")
        }
      }
    }
    listener.users -= 1
    if listener.users == 0 {
      listener.socket?.close()
      listeners[place] = nil
    } else {
      listeners[place] = listener
    }
  }

  /// An address may have appeared, or a name may now belong to a different interface.
  func interfacesChanged() {
    for place in listeners.keys.sorted(by: { ($0.address, $0.port) < ($1.address, $1.port) }) { open(place) }
  }

  /// Opens the socket of a place if there is none, or reopens it if it is bound to an interface that no longer exists.
  private func open(_ place: Place) {
    guard var listener = listeners[place] else { return }
    var endpoint = Endpoint(place.address, port: place.port)
    if let name = place.interface { endpoint.interface = daemon.interfaces.named(name)?.index ?? 0 }
    if listener.socket != nil, listener.endpoint == endpoint { return }
    listener.socket?.close()
    listener.socket = nil
    do throws(SystemError) {
      let device = place.device
      let socket = try TCPListener(
        daemon.loop, on: endpoint, binding: .init(device: device, isFree: place.freeBind),
        onAccept: { self.accepted($0, from: $1, device) },
        onError: { self.daemon.log.error("BGP: \($0)") })
      listener.socket = socket
      listener.endpoint = endpoint
      for scope in listener.passwords.keys.sorted() { try socket.setPassword(listener.passwords[scope]?.text, for: scope) }
      if listener.problem != nil { daemon.log.info("BGP: Listening on \(endpoint)") }
      listener.problem = nil
    } catch {
      // A peer with a password must not be accepted without it.
      listener.socket?.close()
      listener.socket = nil
      // Outgoing connections still work.
      if listener.problem != error.reason {
        let text = "BGP: \(error), to be tried again"
        // The address of a tunnel usually appears after the daemon has started.
        if error.code == EADDRNOTAVAIL { daemon.log.warning(text) } else { daemon.log.error(text) }
      }
      listener.problem = error.reason
      tryAgainLater()
    }
    listeners[place] = listener
  }

  private func tryAgainLater() {
    if retry == nil { retry = DeadlineTimer(daemon.loop) { self.interfacesChanged() } }
    if retry?.deadline == nil { retry?.deadline = daemon.now + BGPTransport.retryTime }
  }

  private func accepted(_ connection: StreamConnection, from remote: Endpoint, _ device: String?) {
    guard let instance = neighbor(remote, local: connection.localEndpoint, device) else {
      daemon.log.warning("BGP: Unexpected connect from unknown address \(remote.address) (port \(remote.port))")
      return connection.abort()
    }
    guard instance.takesConnections else {
      daemon.log.trace(instance, .events, "Incoming connection from \(remote.address) rejected")
      return connection.abort()
    }
    guard instance.peer.configuration.isListener else { return instance.accept(connection) }
    daemon.spawn(by: instance, for: connection, from: remote)
  }

  /// The protocol that a connection's remote end belongs to: the one with its address, even if it is down, or else the one with the longest
  /// range around it; among equal ones the last.
  private func neighbor(_ remote: Endpoint, local: Endpoint?, _ device: String?) -> BGPProtocol? {
    var best: BGPProtocol?
    var longest = -1
    var exact: BGPProtocol?
    for instance in peers
    where instance.configuration.vrf?.name == device && instance.isNeighbor(remote, local: local) {
      let configuration = instance.peer.configuration
      if let local, port(configuration) != local.port { continue }
      guard configuration.isListener, let range = configuration.neighborRange else {
        if exact.map({ instance.order < $0.order }) ?? true { exact = instance }
        continue
      }
      let length = Int(range.length)
      if length > longest || length == longest && best.map({ instance.order > $0.order }) ?? true {
        best = instance
        longest = length
      }
    }
    return exact ?? best
  }
}
