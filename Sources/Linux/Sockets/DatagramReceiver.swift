import CLinux
import CMnl
import RouteCore

/// Receives the packets of a socket, each with the kernel's information about its arrival. It owns the descriptor.
final class DatagramReceiver {
  typealias Packet = (cl_datagram, RawSpan) -> Void

  let descriptor: Int32
  private let buffer: UnsafeMutableRawBufferPointer
  private var source: IOSource?
  private var isClosed = false
  private var onPacket: Packet = { _, _ in }
  private var onError: (SystemError) -> Void = { _ in }

  /// The most packets to read before other sources have their turn.
  private static let packetsPerRound = 64
  /// The size of the kernel's receive buffer that is asked for ...
  private static let bufferSize: Int32 = 1 << 20
  /// ... and the most packets it can hold: the kernel counts at least 768 bytes for the smallest, and allows twice the size asked for.
  private static let mostWaiting = 4096

  /// Packets longer than `capacity` are truncated, as the information says.
  init(_ descriptor: Int32, capacity: Int) {
    self.descriptor = descriptor
    buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 8)
  }

  /// Begins to receive; set the socket up before.
  func start(_ loop: EventLoop, onPacket: @escaping Packet, onError: @escaping (SystemError) -> Void) throws(SystemError) {
    // A burst must find room while the daemon is busy; beyond the system's limit this gets what it can.
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
    // The handlers retain their owner, and the owner retains the receiver.
    onPacket = { _, _ in }
    onError = { _ in }
  }

  /// Reads at once everything that has arrived so far, but does not go on forever while more arrives.
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
