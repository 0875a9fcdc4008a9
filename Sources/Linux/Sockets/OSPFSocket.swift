import CLinux
import CMnl
import RouteCore

/// The raw IPv6 socket of OSPFv3 (RFC 5340 §2.6, appendix A.1): protocol 89, checksums made and checked by the kernel, own
/// multicasts not looped back, traffic class CS6.
///
/// One serves all interfaces of an instance. Several instances each get a copy of every packet, as raw sockets do.
package final class OSPFSocket {
  /// How a packet arrived.
  package struct Arrival: Hashable, Sendable {
    package var interface: UInt32
    package var source: IPAddress
    package var destination: IPAddress
    /// -1 when the kernel does not tell.
    package var hopLimit: Int32
  }

  package enum SendResult: Hashable, Sendable {
    case sent
    /// Not possible now: the source is not yet, or no longer, an address of the interface, such as during duplicate address detection; or
    /// the queue is full. The protocol will send again by itself.
    case retry(SystemError)
    case failed(SystemError)
  }

  private let receiver: DatagramReceiver

  /// `hopLimit` is that of multicasts and unicasts, 1 or, with ttl security, 255; `device` binds to one interface.
  package init(
    _ loop: EventLoop, hopLimit: UInt8 = 1, device: String? = nil,
    onPacket: @escaping (Arrival, RawSpan) -> Void, onError: @escaping (SystemError) -> Void
  ) throws(SystemError) {
    let descriptor = try check(cl_raw6_open(89, 12), "open a raw socket")
    receiver = DatagramReceiver(descriptor, capacity: 65536)
    do throws(SystemError) {
      if let device { try check(cl_bind_to_device(descriptor, device), "bind to device \(device)") }
      try check(cl_option(descriptor, IPV6Level, IPV6_MULTICAST_HOPS, Int32(hopLimit)), "IPV6_MULTICAST_HOPS")
      try check(cl_set_hop_limit(descriptor, 1, Int32(hopLimit)), "IPV6_UNICAST_HOPS")
      try check(cl_set_traffic_class(descriptor, 1, 0xc0), "IPV6_TCLASS")
      try check(cl_option(descriptor, SOL_SOCKET, SO_PRIORITY, 7), "SO_PRIORITY")
      try receiver.start(
        loop,
        onPacket: { information, packet in
          if information.truncated != 0 { return }  // longer than any IPv6 packet
          let arrival = Arrival(
            interface: information.interface, source: Endpoint(information.source).address,
            destination: Endpoint(information.destination).address, hopLimit: information.hop_limit)
          onPacket(arrival, packet)
        }, onError: onError)
    } catch {
      receiver.close()
      throw error
    }
  }

  package func close() { receiver.close() }

  /// Reads at once everything that has arrived so far: before a neighbour is declared down for its silence.
  package func catchUp() { receiver.catchUp() }

  // MARK: Groups

  /// AllSPFRouters, RFC 5340 appendix A.1.
  package static let allSPFRouters = IPAddress(high: 0xff02 << 48, low: 5)
  /// AllDRouters.
  package static let allDRouters = IPAddress(high: 0xff02 << 48, low: 6)

  /// Receives what is sent to the group on the interface. Joining twice is no error.
  package func join(_ group: IPAddress, on interface: UInt32) throws(SystemError) {
    let status = membership(group, interface, join: true)
    if status != -EADDRINUSE { try check(status, "join \(group)") }
  }

  /// Undoes `join`; an interface that is gone has left already.
  package func leave(_ group: IPAddress, on interface: UInt32) throws(SystemError) {
    let status = membership(group, interface, join: false)
    if status != -EADDRNOTAVAIL, status != -ENODEV { try check(status, "leave \(group)") }
  }

  private func membership(_ group: IPAddress, _ interface: UInt32, join: Bool) -> Int32 {
    var raw = Endpoint(group).raw
    return cl_raw6_membership(receiver.descriptor, &raw, interface, join ? 1 : 0)
  }

  // MARK: Packets

  /// Sends a whole OSPF packet; its checksum field is filled by the kernel. Interface 0: use the routing table. Hop limit -1: the socket's.
  package func send(
    _ packet: RawSpan, from source: IPAddress, to destination: IPAddress, on interface: UInt32, hopLimit: Int32 = -1
  ) -> SendResult {
    var information = cl_datagram()
    information.source = Endpoint(source).raw
    information.destination = Endpoint(destination).raw
    information.interface = interface
    information.hop_limit = hopLimit
    let status = packet.withUnsafeBytes { cl_datagram_send(receiver.descriptor, $0.baseAddress, $0.count, &information) }
    if status >= 0 { return .sent }
    let error = SystemError(Int32(truncatingIfNeeded: -status), "send to \(destination)")
    switch error.code {
    // A source in the packet information that is tentative or foreign is refused with EINVAL, one found by routing with EADDRNOTAVAIL.
    case EADDRNOTAVAIL, EINVAL, EAGAIN, ENOBUFS: return .retry(error)
    default: return .failed(error)
    }
  }
}

let IPV6Level = Int32(IPPROTO_IPV6)
