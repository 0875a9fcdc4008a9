import CLinux
import CMnl
import RouteCore

/// What both ends of a BGP connection set on their sockets.
package struct TCPOptions: Hashable, Sendable {
  /// TTL or hop limit of sent packets; nil means the system's.
  package var hopLimit: UInt8?
  /// Packets that arrive with a lower one are dropped (RFC 5082); nil accepts all.
  package var minimumHopLimit: UInt8?
  /// RFC 2385; 80 bytes at most.
  package var password: String?
  /// The interface to bind to, by name: packets leave there, and only packets that arrive there are received.
  package var device: String?

  package init(hopLimit: UInt8? = nil, minimumHopLimit: UInt8? = nil, password: String? = nil, device: String? = nil) {
    self.hopLimit = hopLimit
    self.minimumHopLimit = minimumHopLimit
    self.password = password
    self.device = device
  }
}

enum TCPSocket {
  /// Internetwork control, as for all routing protocols (RFC 4271 appendix E, RFC 4594 §3.1).
  static let trafficClass: Int32 = 0xc0

  /// Routing messages go out at once, with the class of routing protocols.
  static func prepare(_ descriptor: Int32, isIPv6: Bool) throws(SystemError) {
    try check(cl_option(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1), "TCP_NODELAY")
    try check(cl_set_traffic_class(descriptor, isIPv6 ? 1 : 0, trafficClass), "traffic class")
    try check(cl_option(descriptor, SOL_SOCKET, SO_PRIORITY, 6), "SO_PRIORITY")
  }

  static func apply(_ options: TCPOptions, to descriptor: Int32, isIPv6: Bool) throws(SystemError) {
    if let hopLimit = options.hopLimit {
      try check(cl_set_hop_limit(descriptor, isIPv6 ? 1 : 0, Int32(hopLimit)), "hop limit")
    }
    try check(cl_set_minimum_hop_limit(descriptor, isIPv6 ? 1 : 0, Int32(options.minimumHopLimit ?? 0)), "minimum hop limit")
    if let device = options.device { try check(cl_bind_to_device(descriptor, device), "bind to device \(device)") }
  }

  static func setPassword(_ password: String?, for peers: Prefix, on descriptor: Int32, isIPv6: Bool) throws(SystemError) {
    var raw = Endpoint(peers.address).raw
    let key = Array((password ?? "").utf8)
    // Kernels before 4.13 support keys for single hosts only.
    let length = peers.length == peers.family.bitWidth ? -1 : Int32(peers.length)
    let status = cl_tcp_md5(descriptor, &raw, isIPv6 ? 1 : 0, length, key, key.count)
    if password == nil, status == -ENOENT || status == -ENOPROTOOPT { return }  // there was none
    try check(status, "TCP MD5 key for \(peers)")
  }
}

extension StreamConnection {
  /// Starts a TCP connection; `onOpen` or `onClose` reports the outcome. A `source` without a port gets any free one.
  package static func connect(
    _ loop: EventLoop, to remote: Endpoint, from source: Endpoint? = nil, options: TCPOptions = TCPOptions()
  ) throws(SystemError) -> StreamConnection {
    let isIPv6 = !remote.address.isIPv4
    let descriptor = try check(cl_socket_tcp(isIPv6 ? 1 : 0), "socket")
    var isPending = false
    do throws(SystemError) {
      try TCPSocket.prepare(descriptor, isIPv6: isIPv6)
      try TCPSocket.apply(options, to: descriptor, isIPv6: isIPv6)
      if let password = options.password {
        try TCPSocket.setPassword(password, for: Prefix(host: remote.address), on: descriptor, isIPv6: isIPv6)
      }
      if let source {
        var raw = source.raw
        try check(cl_bind(descriptor, &raw, isIPv6 ? 1 : 0), "bind \(source)")
      }
      var raw = remote.raw
      let status = cl_connect(descriptor, &raw)
      isPending = status == -EINPROGRESS
      if !isPending { try check(status, "connect \(remote)") }
    } catch {
      CLinux.close(descriptor)
      throw error
    }
    // Even an immediate success is reported in the next round.
    return try StreamConnection(loop, descriptor: descriptor, isConnecting: true)
  }

  /// Our own end.
  package var localEndpoint: Endpoint? { name(cl_local_name) }
  /// The other end; nil once it is gone.
  package var remoteEndpoint: Endpoint? { name(cl_remote_name) }

  private func name(_ read: (Int32, UnsafeMutablePointer<cl_endpoint>) -> Int32) -> Endpoint? {
    var raw = cl_endpoint()
    let status = try? withDescriptor { descriptor in read(descriptor, &raw) }
    return status == 0 ? Endpoint(raw) : nil
  }

  /// Hop limits of an accepted connection, whose peer is known only then. The key and the device come from the listener.
  package func apply(_ options: TCPOptions) throws(SystemError) {
    let isIPv6 = !(localEndpoint?.address.isIPv4 ?? false)
    try withDescriptor { descriptor throws(SystemError) in
      var hopLimits = options
      hopLimits.device = nil
      try TCPSocket.apply(hopLimits, to: descriptor, isIPv6: isIPv6)
    }
  }
}

/// Listens for BGP connections of one family, for all peers.
package final class TCPListener {
  private let loop: EventLoop
  private let descriptor: Int32
  private let isIPv6: Bool
  private var source: IOSource?
  private var isClosed = false
  package let local: Endpoint

  /// What it is bound to besides an address.
  package struct Binding: Sendable {
    /// An interface or VRF.
    package var device: String?
    /// Bind even if no interface has the address yet.
    package var isFree: Bool

    package init(device: String? = nil, isFree: Bool = false) {
      self.device = device
      self.isFree = isFree
    }
  }

  /// Binds to the address and port (port 0 picks one); `onAccept` gets each connection with its remote end, its callbacks not set.
  package init(
    _ loop: EventLoop, on local: Endpoint, binding: Binding = Binding(),
    onAccept: @escaping (StreamConnection, Endpoint) -> Void, onError: @escaping (SystemError) -> Void
  ) throws(SystemError) {
    self.loop = loop
    isIPv6 = !local.address.isIPv4
    let descriptor = try check(cl_socket_tcp(isIPv6 ? 1 : 0), "socket")
    self.descriptor = descriptor
    var raw = local.raw
    do throws(SystemError) {
      try check(cl_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1), "SO_REUSEADDR")
      if let device = binding.device { try check(cl_bind_to_device(descriptor, device), "bind to device \(device)") }
      try TCPSocket.prepare(descriptor, isIPv6: isIPv6)
      // The SYN-ACK goes out before the peer is looked up, and a peer with ttl security (RFC 5082 §3) accepts nothing below 255.
      try check(cl_set_hop_limit(descriptor, isIPv6 ? 1 : 0, 255), "hop limit")
      if binding.isFree { try check(cl_set_free_bind(descriptor, isIPv6 ? 1 : 0), "free bind") }
      try check(cl_bind(descriptor, &raw, isIPv6 ? 1 : 0), "bind \(local)")
      if listen(descriptor, 128) < 0 { throw SystemError(errno, "listen \(local)") }
      try check(cl_local_name(descriptor, &raw), "getsockname")
    } catch {
      CLinux.close(descriptor)
      throw error
    }
    self.local = Endpoint(raw)
    let source = IOSource(loop, descriptor: descriptor, onReadable: { self.accept(onAccept, onError) })
    self.source = source
    do throws(SystemError) {
      try source.watch(for: .read)
    } catch {
      close()
      throw error
    }
  }

  /// The listener of one family on all addresses.
  package static func everywhere(_ family: AddressFamily, port: UInt16) -> Endpoint {
    Endpoint(family == .ipv4 ? IPAddress(ipv4: 0) : .unspecified, port: port)
  }

  package func close() {
    guard !isClosed else { return }
    isClosed = true
    source?.cancel()
    CLinux.close(descriptor)
  }

  /// RFC 2385: from now on segments of these peers need the key; nil removes it. The longest prefix decides.
  package func setPassword(_ password: String?, for peers: Prefix) throws(SystemError) {
    guard !isClosed else { throw SystemError(EBADF, "use a closed listener") }
    try TCPSocket.setPassword(password, for: peers, on: descriptor, isIPv6: isIPv6)
  }

  private func accept(_ onAccept: (StreamConnection, Endpoint) -> Void, _ onError: (SystemError) -> Void) {
    for _ in 0..<16 {
      if isClosed { return }
      var remote = cl_endpoint()
      let accepted = cl_accept(descriptor, &remote)
      switch -accepted {
      case EAGAIN: return
      case ECONNABORTED, EINTR, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH: continue
      default: break
      }
      do throws(SystemError) {
        try check(accepted, "accept")
        // TCP_NODELAY, the traffic class, the priority and the hop limit are inherited from the listener.
        onAccept(try StreamConnection(loop, descriptor: accepted, isConnecting: false), Endpoint(remote))
      } catch {
        // Without a free descriptor the connection stays in the backlog; trying again at once would keep the loop busy.
        source?.rest(for: .seconds(1))
        return onError(error)
      }
    }
  }
}
