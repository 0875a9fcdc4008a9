import CLinux
import CMnl
import RouteCore

/// Takes the packets off a socket, each with what the kernel tells of its arrival. It owns the descriptor.
final class DatagramReceiver {
  typealias Packet = (cl_datagram, RawSpan) -> Void

  let descriptor: Int32
  private let buffer: UnsafeMutableRawBufferPointer
  private var source: IOSource?
  private var isClosed = false
  private var onPacket: Packet = { _, _ in }
  private var onError: (SystemError) -> Void = { _ in }

  /// So many packets at the most before others have their turn.
  private static let packetsPerRound = 64
  /// The kernel's buffer, into which so much is asked for ...
  private static let bufferSize: Int32 = 1 << 20
  /// ... has no room for more packets: it counts 768 bytes or more for the smallest, and allows twice what was asked for.
  private static let mostWaiting = 4096

  /// Packets longer than `capacity` are cut, which the information says.
  init(_ descriptor: Int32, capacity: Int) {
    self.descriptor = descriptor
    buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 8)
  }

  /// Begins to receive; what sets the socket up comes before.
  func start(_ loop: EventLoop, onPacket: @escaping Packet, onError: @escaping (SystemError) -> Void) throws(SystemError) {
    // A burst must find room while the daemon is busy; beyond the limit of the machine this asks for what it can get.
    if cl_option(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, DatagramReceiver.bufferSize) < 0 {
      try check(cl_option(descriptor, SOL_SOCKET, SO_RCVBUF, DatagramReceiver.bufferSize), "SO_RCVBUF")
    }
    self.onPacket = onPacket
    self.onError = onError
    let source = IOSource(loop, descriptor: descriptor, onReadable: { self.read(atMost: DatagramReceiver.packetsPerRound) })
    self.source = source
    try source.watch(for: .read)
  }

  func close() {
    guard !isClosed else { return }
    isClosed = true
    source?.cancel()
    CLinux.close(descriptor)
    buffer.deallocate()
    // They keep their owner, and the owner keeps the receiver.
    onPacket = { _, _ in }
    onError = { _ in }
  }

  /// Reads at once all that has arrived by now, but not without end what goes on arriving.
  func catchUp() { read(atMost: DatagramReceiver.mostWaiting) }

  private func read(atMost limit: Int) {
    var information = cl_datagram()
    for _ in 0..<limit {
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
