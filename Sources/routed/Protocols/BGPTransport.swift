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
  }

  init(_ daemon: Daemon) { self.daemon = daemon }

  /// Where a peer's connections are accepted.
  private func endpoint(_ configuration: PeerConfiguration) -> Endpoint {
    let family = configuration.neighborAddress.family
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
    if let password = peer.password { try listeners[place]?.socket.setPassword(password, for: peer.neighborAddress) }
  }

  /// Undoes `listen`; the last user closes the socket.
  func stopListening(for peer: PeerConfiguration, device: String?) {
    let place = Place(endpoint: endpoint(peer), device: device)
    guard var listener = listeners[place] else { return }
    if peer.password != nil {
      do throws(SystemError) { try listener.socket.setPassword(nil, for: peer.neighborAddress) } catch {
        daemon.log.warning("BGP: \(error)")
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
    for case let instance as BGPProtocol in daemon.protocols
    where instance.configuration.vrf?.name == device && instance.isNeighbor(remote, local: connection.localEndpoint) {
      return instance.accept(connection)
    }
    daemon.log.warning("BGP: Unexpected connect from unknown address \(remote.address) (port \(remote.port))")
    connection.abort()
  }
}
