import CLinux
import CMnl
import RouteCore

/// Takes the packets off a socket, each with what the kernel tells of its arrival. It owns the descriptor.
final class DatagramReceiver {
  let descriptor: Int32
  private let buffer: UnsafeMutableRawBufferPointer
  private var source: IOSource?
  private var isClosed = false
  /// So many packets at the most before others have their turn.
  private let packetsPerRound: Int

  /// Packets longer than `capacity` are cut, which the information says.
  init(_ descriptor: Int32, capacity: Int, packetsPerRound: Int) {
    self.descriptor = descriptor
    self.packetsPerRound = packetsPerRound
    buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 8)
  }

  /// Begins to receive; what sets the socket up comes before.
  func start(
    _ loop: EventLoop, onPacket: @escaping (cl_datagram, RawSpan) -> Void, onError: @escaping (SystemError) -> Void
  ) throws(SystemError) {
    // A burst must find room while the daemon is busy; beyond the limit of the machine this asks for what it can get.
    if cl_option(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, 1 << 20) < 0 {
      try check(cl_option(descriptor, SOL_SOCKET, SO_RCVBUF, 1 << 20), "SO_RCVBUF")
    }
    let source = IOSource(loop, descriptor: descriptor, onReadable: { self.drain(onPacket, onError) })
    self.source = source
    try source.watch(read: true, write: false)
  }

  func close() {
    guard !isClosed else { return }
    isClosed = true
    source?.cancel()
    CLinux.close(descriptor)
    buffer.deallocate()
  }

  private func drain(_ onPacket: (cl_datagram, RawSpan) -> Void, _ onError: (SystemError) -> Void) {
    var information = cl_datagram()
    for _ in 0..<packetsPerRound {
      if isClosed { return }
      let count = cl_datagram_receive(descriptor, buffer.baseAddress, buffer.count, &information)
      if count < 0 {
        let code = Int32(truncatingIfNeeded: -count)
        if code != EAGAIN { onError(SystemError(code, "receive")) }
        return
      }
      onPacket(information, RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: buffer.baseAddress, count: count)))
    }
  }
}
