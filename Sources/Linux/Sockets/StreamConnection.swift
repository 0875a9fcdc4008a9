import CLinux
import RouteCore

/// One byte stream, over TCP or a Unix socket: a bounded queue of bytes to send, and reads as large as possible.
///
/// Its life: connecting (outgoing TCP only), open, then closed, which `onClose` reports exactly once unless the owner closed it itself.
/// The owner sets the callbacks before the loop runs again, and drops the connection by `finish()` or `abort()`.
package final class StreamConnection {
  package enum State: Sendable { case connecting, open, finishing, closed }

  private let loop: EventLoop
  private let descriptor: Int32
  private var source: IOSource?
  private var lingering: DeadlineTimer?
  package private(set) var state: State

  /// The outgoing connection is established.
  package var onOpen: EventLoop.Work = {}
  /// Bytes have arrived. They are valid during the call.
  package var onReceive: (RawSpan) -> Void = { _ in }
  /// The queue was full and has room again: it fell below `lowWater`.
  package var onWritable: EventLoop.Work = {}
  /// It ended: nil if the peer closed it in an orderly way, otherwise what went wrong.
  package var onClose: (SystemError?) -> Void = { _ in }

  // What is queued is queue[sent...].
  private var queue = [UInt8]()
  private var sent = 0
  private var awaitsRoom = false
  private var isReadingPaused = false

  /// Above this many queued bytes `canSend` is false.
  package var highWater = 65536
  /// Below this many, after having been full, `onWritable` is called.
  package var lowWater = 16384

  private static let readSize = 65536
  /// One buffer for all connections: bytes are passed on at once.
  private nonisolated(unsafe) static let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readSize, alignment: 8)
  /// 64 KiB a round, so that one fast peer does not starve the others.
  private static let readsPerRound = 1

  /// Takes over a connected non-blocking descriptor, or one that is `connecting`.
  init(_ loop: EventLoop, descriptor: Int32, isConnecting: Bool) throws(SystemError) {
    self.loop = loop
    self.descriptor = descriptor
    state = isConnecting ? .connecting : .open
    let source = IOSource(
      loop, descriptor: descriptor, onReadable: { self.readable() }, onWritable: { self.writable() })
    self.source = source
    do throws(SystemError) {
      try source.watch(for: isConnecting ? .write : .read)
    } catch {
      source.cancel()
      CLinux.close(descriptor)
      throw error
    }
  }

  // MARK: Sending

  /// Bytes that the kernel has not accepted yet.
  package var queued: Int { queue.count - sent }
  /// Whether more should be sent now; if false, `onWritable` says when.
  package var canSend: Bool { state == .open && queued < highWater }

  /// Queues the bytes and passes the kernel what it accepts. It never refuses: a caller with unlimited data must check `canSend`.
  package func send(_ bytes: RawSpan) {
    guard state == .open else { return }
    if queued == 0 {
      // Straight from the caller's bytes; only what is left is copied.
      var written = 0
      let status = bytes.withUnsafeBytes { CLinux.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if status >= 0 {
        written = status
      } else if errno != EAGAIN, errno != EINTR {
        return fail(SystemError(errno, "send"), deferred: true)
      }
      if written == bytes.byteCount { return }
      append(bytes.extracting(written..<bytes.byteCount))
      update()
    } else {
      append(bytes)
    }
    if queued >= highWater { awaitsRoom = true }
  }

  package func send(_ bytes: [UInt8]) { send(bytes.span.bytes) }
  package func send(_ text: String) { send(Array(text.utf8)) }

  private func append(_ bytes: RawSpan) {
    if sent > 0, sent >= queue.count / 2 {
      queue.removeFirst(sent)
      sent = 0
    }
    bytes.withUnsafeBytes { queue.append(contentsOf: $0) }
  }

  /// Writes as much of the queue as the kernel accepts.
  private func flush() {
    while sent < queue.count {
      let count = queue.withUnsafeBytes { bytes in
        CLinux.send(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN { return fail(SystemError(errno, "send"), deferred: false) }
        break
      }
      sent += count
    }
    if sent == queue.count {
      queue.removeAll(keepingCapacity: queue.capacity <= 1 << 20)
      sent = 0
    }
  }

  // MARK: Reading

  /// Leaves bytes in the kernel, so that the peer has to wait.
  package func pauseReading() {
    isReadingPaused = true
    update()
  }

  package func resumeReading() {
    isReadingPaused = false
    update()
  }

  /// Does at once what the loop would do next: reads what has arrived, as much as in one round, and writes what the kernel accepts. Call this
  /// before giving up the peer because it is silent or accepts no data.
  package func catchUp() {
    // The loop reports a failed attempt.
    if state == .connecting { return remoteEndpoint == nil ? () : connected() }
    readable()
    if state == .open, queued > 0 { writable() }
  }

  private func readable() {
    for _ in 0..<StreamConnection.readsPerRound {
      guard state == .open || state == .finishing, !isReadingPaused || state == .finishing else { return }
      let buffer = StreamConnection.buffer
      let count = CLinux.recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 {
        // Data after `finish` is read only so that the kernel does not answer it with a reset.
        if state == .open { onReceive(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: buffer.baseAddress, count: count))) }
        if count < buffer.count { return }
        continue
      }
      if count == 0 { return state == .finishing ? release() : ended(nil) }
      if errno == EINTR { continue }
      if errno != EAGAIN { fail(SystemError(errno, "receive"), deferred: false) }
      return
    }
  }

  private func writable() {
    if state == .connecting { return connected() }
    flush()
    switch state {
    case .open:
      update()
      if awaitsRoom, queued < lowWater {
        awaitsRoom = false
        onWritable()
      }
    case .finishing:
      if queued == 0 { endOutput() }
      update()
    case .connecting, .closed: break
    }
  }

  private func connected() {
    let code = cl_take_error(descriptor)
    if code != 0 { return ended(SystemError(code, "connect")) }
    state = .open
    update()
    onOpen()
  }

  private func update() {
    guard state != .closed, state != .connecting else { return }
    do throws(SystemError) {
      var interest: IOSource.Interest = queued > 0 ? .write : []
      if state == .finishing || !isReadingPaused { interest.insert(.read) }
      try source?.watch(for: interest)
    } catch {
      fail(error, deferred: true)
    }
  }

  // MARK: The end

  /// Closes in an orderly way: sends what is queued, then the end of the stream; then waits for the peer's end, but no longer than
  /// `limit`. So a NOTIFICATION just sent is not lost to a reset. No callback is called any more.
  package func finish(within limit: Duration = .seconds(5)) {
    guard state == .open else { return abort() }
    state = .finishing
    dropCallbacks()
    lingering = DeadlineTimer(loop) { self.release() }  // keeps the connection until it is over
    lingering?.deadline = Clock.now() + limit
    if queued == 0 { endOutput() }
    update()
  }

  /// Closes at once; what is queued is lost. No callback is called any more.
  package func abort() {
    dropCallbacks()
    release()
  }

  private func endOutput() { if shutdown(descriptor, Int32(SHUT_WR)) < 0, errno != ENOTCONN { release() } }

  private func fail(_ error: SystemError, deferred: Bool) {
    guard state != .closed else { return }
    if state == .finishing { return release() }
    // During a call by the owner this is reported afterwards, so that `send` cannot lose the connection under its caller.
    if deferred { loop.perform { self.ended(error) } } else { ended(error) }
  }

  private func ended(_ error: SystemError?) {
    guard state == .open || state == .connecting else { return }
    let tell = onClose
    release()
    dropCallbacks()
    tell(error)
  }

  private func release() {
    guard state != .closed else { return }
    state = .closed
    lingering?.cancel()
    lingering = nil
    source?.cancel()
    source = nil
    CLinux.close(descriptor)
    queue = []
    sent = 0
  }

  private func dropCallbacks() {
    onOpen = {}
    onReceive = { _ in }
    onWritable = {}
    onClose = { _ in }
  }

  // MARK: For the TCP options

  /// Calls `body` with the descriptor while it is open.
  func withDescriptor<Result>(_ body: (Int32) throws(SystemError) -> Result) throws(SystemError) -> Result {
    guard state != .closed else { throw SystemError(EBADF, "use a closed connection") }
    return try body(descriptor)
  }
}
