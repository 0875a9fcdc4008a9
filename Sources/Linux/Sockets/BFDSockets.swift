import CLinux
import CMnl
import RouteCore

/// Where control packets arrive: UDP 3784 for neighbours on the link (RFC 5881 §4), 4784 for others (RFC 5883 §5), of one family.
package final class BFDReceiver {
  package static let directPort: UInt16 = 3784
  package static let multihopPort: UInt16 = 4784

  /// How a packet arrived.
  package struct Arrival: Hashable, Sendable {
    package var source: IPAddress
    package var interface: UInt32
    /// -1 when the kernel does not tell.
    package var hopLimit: Int32

    package init(source: IPAddress, interface: UInt32, hopLimit: Int32) {
      self.source = source
      self.interface = interface
      self.hopLimit = hopLimit
    }
  }

  private let receiver: DatagramReceiver

  /// An unspecified `local` address accepts packets to all addresses of its family (0.0.0.0 for IPv4); `device` binds to an interface or VRF.
  package init(
    _ loop: EventLoop, on local: Endpoint, device: String? = nil,
    onPacket: @escaping (Arrival, RawSpan) -> Void, onError: @escaping (SystemError) -> Void
  ) throws(SystemError) {
    receiver = DatagramReceiver(try check(cl_udp_open(local.address.isIPv4 ? 0 : 1), "open a UDP socket"), capacity: 256)
    do throws(SystemError) {
      if let device { try check(cl_bind_to_device(receiver.descriptor, device), "bind to device \(device)") }
      var endpoint = local.raw
      try check(cl_bind(receiver.descriptor, &endpoint, local.address.isIPv4 ? 0 : 1), "bind to UDP port \(local.port)")
      try receiver.start(
        loop,
        onPacket: { information, packet in
          let arrival = Arrival(
            source: Endpoint(information.source).address, interface: information.interface, hopLimit: information.hop_limit)
          onPacket(arrival, packet)
        }, onError: onError)
    } catch {
      receiver.close()
      throw error
    }
  }

  package func close() { receiver.close() }

  /// Reads at once everything that has arrived so far: before the Detection Time ends a session.
  package func catchUp() { receiver.catchUp() }
}

/// Sends the control packets of one family: always from the same port above 49151 (RFC 5881 §4), always with TTL or Hop Limit 255 (§5).
package final class BFDSender {
  private let descriptor: Int32

  /// `ports` are tried one after the other.
  package init(_ family: AddressFamily, device: String? = nil, ports: [UInt16]) throws(SystemError) {
    let isIPv6: Int32 = family == .ipv6 ? 1 : 0
    descriptor = try check(cl_udp_open(isIPv6), "open a UDP socket")
    do throws(SystemError) {
      if let device { try check(cl_bind_to_device(descriptor, device), "bind to device \(device)") }
      try check(cl_set_hop_limit(descriptor, isIPv6, 255), "hop limit")
      try check(cl_set_traffic_class(descriptor, isIPv6, TCPSocket.trafficClass), "traffic class")
      try check(cl_option(descriptor, SOL_SOCKET, SO_PRIORITY, 7), "SO_PRIORITY")
      // Nothing is read from this socket, and nobody should send to it.
      try check(cl_option(descriptor, SOL_SOCKET, SO_RCVBUF, 0), "SO_RCVBUF")
      var status = -EADDRINUSE
      for port in ports where status < 0 {
        var endpoint = TCPListener.everywhere(family, port: port).raw
        status = cl_bind(descriptor, &endpoint, isIPv6)
      }
      try check(status, "bind to a UDP port")
    } catch {
      CLinux.close(descriptor)
      throw error
    }
  }

  package func close() { CLinux.close(descriptor) }

  /// Sends a packet to a neighbour on an interface; 0 for a multihop neighbour.
  package func send(
    _ packet: RawSpan, from source: IPAddress, to destination: IPAddress, port: UInt16, on interface: UInt32
  ) -> SystemError? {
    var information = cl_datagram()
    information.source = Endpoint(source).raw
    information.destination = Endpoint(destination, port: port).raw
    information.interface = interface
    information.hop_limit = -1
    let status = packet.withUnsafeBytes { cl_datagram_send(descriptor, $0.baseAddress, $0.count, &information) }
    return status < 0 ? SystemError(Int32(truncatingIfNeeded: -status), "send to \(destination)") : nil
  }
}
