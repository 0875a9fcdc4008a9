import CLinux
import CMnl

/// A netlink socket of the routing family, opened and bound by libmnl.
package final class NetlinkSocket {
  private let socket: OpaquePointer
  package let descriptor: Int32
  /// The address the kernel knows the socket by.
  package let port: UInt32
  private var buffer: UnsafeMutableRawBufferPointer
  private var isClosed = false

  package enum Received {
    case messages, nothing
    /// The kernel had to drop messages for lack of room: what we know may be stale.
    case overrun
  }

  /// `receiveBuffer` is what the kernel may queue for us, in bytes; `strict` asks it to honour the filters of dump requests.
  package init(receiveBuffer: Int32, groups: [rtnetlink_groups] = []) throws(SystemError) {
    guard let socket = mnl_socket_open2(NETLINK_ROUTE, closeOnExec) else { throw SystemError(errno, "open a netlink socket") }
    self.socket = socket
    descriptor = mnl_socket_get_fd(socket)
    if mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 {
      let code = errno
      mnl_socket_close(socket)
      throw SystemError(code, "bind a netlink socket")
    }
    port = mnl_socket_get_portid(socket)
    buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65536, alignment: 8)
    setReceiveBuffer(receiveBuffer)
    // Older kernels lack these: dumps are then not filtered, and errors have no text and carry the whole request.
    for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK] { _ = set(option, 1) }
    for group in groups where set(NETLINK_ADD_MEMBERSHIP, Int32(group.rawValue)) < 0 {
      let code = errno
      close()
      throw SystemError(code, "join netlink group \(group.rawValue)")
    }
  }

  package func close() {
    guard !isClosed else { return }
    isClosed = true
    mnl_socket_close(socket)
    buffer.deallocate()
  }

  private func set(_ option: Int32, _ value: Int32) -> Int32 {
    var value = value
    return mnl_socket_setsockopt(socket, option, &value, 4)
  }

  private func setReceiveBuffer(_ size: Int32) {
    // Only CAP_NET_ADMIN may exceed net.core.rmem_max.
    if cl_option(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, size) < 0 { _ = cl_option(descriptor, SOL_SOCKET, SO_RCVBUF, size) }
  }

  /// Limits how long `receive` blocks; it finds nothing after that.
  package func limitWaiting(toSeconds seconds: Int) throws(SystemError) {
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    if setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size) < 0 { throw SystemError(errno, "SO_RCVTIMEO") }
  }

  package func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    guard let start = bytes.baseAddress else { return }
    _ = try check(cl_netlink_send(descriptor, start, bytes.count), "send to netlink")
  }

  /// Receives one datagram and calls `body` for each message in it.
  package func receive(wait: Bool = false, _ body: (NetlinkHeader, RawSpan) -> Void) throws(SystemError) -> Received {
    guard !isClosed else { return .nothing }
    var needed = 0
    let count = cl_netlink_receive(descriptor, buffer.baseAddress, buffer.count, wait ? 1 : 0, &needed)
    switch Int32(truncatingIfNeeded: -count) {
    case EAGAIN: return .nothing
    case ENOBUFS: return .overrun
    case EMSGSIZE:
      // It is lost; make room for the next one of its size. The kernel's own dumps stay below 32 KiB, so this should not occur.
      buffer.deallocate()
      buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(needed, 131_072), 4 << 20), alignment: 8)
      return .overrun
    default: break
    }
    _ = try check(count, "receive from netlink")
    let bytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: buffer.baseAddress, count: count))
    NetlinkMessages.forEach(in: bytes, body)
    return .messages
  }
}

private let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)
