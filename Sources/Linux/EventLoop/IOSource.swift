import CLinux
import RouteCore

/// One descriptor watched for reading and writing.
///
/// It is level-triggered: a handler that leaves bytes unread is called again in the next round. While neither direction is wanted
/// the descriptor is not watched at all, so that a closed peer cannot keep the loop busy. The loop keeps the source until
/// `cancel()`, which must come before the descriptor is closed; afterwards no handler is called, not even for an event already seen.
package final class IOSource {
  package let descriptor: Int32
  private let loop: EventLoop
  private var onReadable: EventLoop.Work
  private var onWritable: EventLoop.Work
  fileprivate(set) var generation: UInt32 = 0
  private var mask: UInt32 = 0
  private var isCancelled = false
  private var resting: DeadlineTimer?

  /// Whether to be told that something can be read, or the peer has gone.
  package private(set) var wantsRead = false
  /// Whether to be told that something can be written.
  package private(set) var wantsWrite = false

  package init(
    _ loop: EventLoop, descriptor: Int32, onReadable: @escaping EventLoop.Work, onWritable: @escaping EventLoop.Work = {}
  ) {
    self.loop = loop
    self.descriptor = descriptor
    self.onReadable = onReadable
    self.onWritable = onWritable
    generation = loop.add(self)
  }

  /// Sets what to watch for. Asking for the present state costs nothing.
  package func watch(read: Bool, write: Bool) throws(SystemError) {
    guard !isCancelled else { return }
    wantsRead = read
    wantsWrite = write
    let wanted = (read ? UInt32(CL_READABLE) : 0) | (write ? UInt32(CL_WRITABLE) : 0)
    if wanted == mask { return }
    let operation = mask == 0 ? CL_EPOLL_ADD : wanted == 0 ? CL_EPOLL_REMOVE : CL_EPOLL_MODIFY
    try loop.control(Int(operation), self, wanted)
    mask = wanted
  }

  /// Does not read for a while, such as a listener that cannot accept for want of descriptors.
  package func rest(for duration: Duration) {
    guard !isCancelled, resting == nil else { return }
    let timer = DeadlineTimer(loop) { [self] in
      resting?.cancel()
      resting = nil
      // Watching again what was watched before fails only for want of memory; then there is the next time.
      do throws(SystemError) { try watch(read: true, write: wantsWrite) } catch { rest(for: duration) }
    }
    timer.deadline = Clock.now() + duration
    resting = timer
    try? watch(read: false, write: wantsWrite)  // taking something out of the set cannot fail
  }

  /// Ends the watching for good.
  package func cancel() {
    guard !isCancelled else { return }
    resting?.cancel()
    resting = nil
    // Removing fails only for a descriptor that is closed already, which the kernel has removed by itself.
    try? watch(read: false, write: false)
    isCancelled = true
    loop.remove(self)
    // They keep their owner, and the owner keeps the source.
    onReadable = {}
    onWritable = {}
  }

  func deliver(_ events: UInt32) {
    let ended = events & UInt32(CL_ERROR | CL_HANGUP) != 0
    if wantsRead, ended || events & UInt32(CL_READABLE) != 0 { onReadable() }
    if !isCancelled, wantsWrite, ended || events & UInt32(CL_WRITABLE) != 0 { onWritable() }
  }
}
