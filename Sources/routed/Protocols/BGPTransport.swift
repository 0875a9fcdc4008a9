import BGP
import Configuration
import Linux
import RouteCore

/// The listening sockets of all BGP protocols. One for each address family and port (or local address, where a peer wants a strict bind)
/// serves all peers: an accepted connection goes to the protocol whose neighbour it is.
final class BGPTransport {
  let daemon: Daemon
  private var listeners: [Place: Listener] = [:]

  /// An address and port, in the VRF of a device.
  private struct Place: Hashable {
    var endpoint: Endpoint
    var device: String?
  }

  private struct Listener {
    let socket: TCPListener
    var users: Int
    /// How many of the users have a password for a network: a range shares its own with the protocols it has spawned.
    var passwords: [Prefix: Int] = [:]
  }

  init(_ daemon: Daemon) { self.daemon = daemon }

  /// Where a peer's connections are accepted.
  private func endpoint(_ configuration: PeerConfiguration) -> Endpoint {
    let family = configuration.transportFamily
    let global = daemon.configuration.bgpListener
    let port = configuration.localPort == 179 ? global.port : configuration.localPort
    if configuration.strictBind, let local = configuration.localAddress { return Endpoint(local, port: port) }
    if let address = global.address, address.family == family { return Endpoint(address, port: port) }
    return TCPListener.everywhere(family, port: port)
  }

  /// Makes sure that the peer can connect to us, with its password, in its VRF.
  func listen(for peer: PeerConfiguration, device: String?) throws(SystemError) {
    let place = Place(endpoint: endpoint(peer), device: device)
    if listeners[place] == nil {
      let socket = try TCPListener(
        daemon.loop, on: place.endpoint, device: device, freeBind: peer.freeBind, onAccept: { self.accepted($0, from: $1, device) },
        onError: { self.daemon.log.error("BGP: \($0)") })
      listeners[place] = Listener(socket: socket, users: 0)
    }
    listeners[place]?.users += 1
    guard let password = peer.password else { return }
    listeners[place]?.passwords[peer.passwordScope, default: 0] += 1
    try listeners[place]?.socket.setPassword(password, for: peer.passwordScope)
  }

  /// Undoes `listen`; the last user closes the socket.
  func stopListening(for peer: PeerConfiguration, device: String?) {
    let place = Place(endpoint: endpoint(peer), device: device)
    guard var listener = listeners[place] else { return }
    if peer.password != nil {
      let scope = peer.passwordScope
      let others = (listener.passwords[scope] ?? 1) - 1
      listener.passwords[scope] = others > 0 ? others : nil
      if others <= 0 {
        do throws(SystemError) { try listener.socket.setPassword(nil, for: scope) } catch {
          daemon.log.warning("BGP: \(error)")
        }
      }
    }
    listener.users -= 1
    if listener.users == 0 {
      listener.socket.close()
      listeners[place] = nil
    } else {
      listeners[place] = listener
    }
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

  /// Whose the other end of a connection is: the protocol's that has its address, even if it is down, or that with the longest range
  /// around it; among equal ones the last.
  private func neighbor(_ remote: Endpoint, local: Endpoint?, _ device: String?) -> BGPProtocol? {
    var best: BGPProtocol?
    var longest = -1
    for case let instance as BGPProtocol in daemon.protocols
    where instance.configuration.vrf?.name == device && instance.isNeighbor(remote, local: local) {
      let configuration = instance.peer.configuration
      if let local, endpoint(configuration).port != local.port { continue }
      guard configuration.isListener, let range = configuration.neighborRange else { return instance }
      if Int(range.length) >= longest {
        best = instance
        longest = Int(range.length)
      }
    }
    return best
  }
}
