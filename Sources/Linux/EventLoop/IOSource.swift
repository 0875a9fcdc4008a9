import CLinux
import RouteCore

/// One descriptor watched for reading and writing.
///
/// It is level-triggered: a handler that leaves bytes unread is called again in the next round. While neither direction is wanted
/// the descriptor is not watched at all, so that a closed peer cannot keep the loop busy. The loop retains the source until
/// `cancel()`, which must be called before the descriptor is closed; afterwards no handler is called, not even for an event already seen,
/// and the descriptor may be closed at once and its number reused.
package final class IOSource {
  package let descriptor: Int32
  private let loop: EventLoop
  private var onReadable: EventLoop.Work
  private var onWritable: EventLoop.Work
  private var isCancelled = false
  private var resting: DeadlineTimer?

  /// What to watch for.
  package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Something can be read, or the peer is gone.
    package static let read = Interest(rawValue: 1)
    /// Something can be written.
    package static let write = Interest(rawValue: 2)
  }
  package private(set) var interest: Interest = []

  /// Dispatch's source, created when the descriptor first becomes quiet.
  private var reading: Watch?
  /// Dispatch abandons a source when the peer has hung up, and would not report it again.
  private var hasHungUp = false

  /// Whether the loop polls the descriptor itself; otherwise Dispatch watches it, or nobody does.
  package internal(set) var isBusy = false
  // For the loop.
  var lastReady = Instant(nanoseconds: 0)
  /// The events of `poll` that are to be reported.
  var pending: Int16 = 0

  package init(
    _ loop: EventLoop, descriptor: Int32, onReadable: @escaping EventLoop.Work, onWritable: @escaping EventLoop.Work = {}
  ) {
    self.loop = loop
    self.descriptor = descriptor
    self.onReadable = onReadable
    self.onWritable = onWritable
    loop.add(self)
  }

  /// Sets what to watch for. Setting the current state again costs nothing. It cannot fail at present.
  package func watch(for wanted: Interest) throws(SystemError) { set(wanted) }

  private func set(_ wanted: Interest) {
    guard !isCancelled, wanted != interest else { return }
    interest = wanted
    if wanted.isEmpty { disarm() } else { loop.watch(self) }
  }

  /// Stops reading for a while; for example a listener that cannot accept for lack of descriptors.
  package func rest(for duration: Duration) {
    guard !isCancelled, resting == nil else { return }
    let timer = DeadlineTimer(loop) { [self] in
      resting?.cancel()
      resting = nil
      set(interest.union(.read))
    }
    timer.deadline = Clock.now() + duration
    resting = timer
    set(interest.subtracting(.read))
  }

  /// Stops watching for good.
  package func cancel() {
    guard !isCancelled else { return }
    resting?.cancel()
    resting = nil
    set([])
    isCancelled = true
    loop.remove(self)
    // The handlers retain their owner, and the owner retains the source.
    onReadable = {}
    onWritable = {}
    guard let watch = reading else { return }
    loop.beginEnding(descriptor)
    watch.end()
    reading = nil
  }

  // MARK: For the loop

  /// What `poll` is to look for.
  var request: pollfd {
    let events = (interest.contains(.read) ? POLLIN : 0) | (interest.contains(.write) ? POLLOUT : 0)
    return pollfd(fd: events == 0 ? -1 : descriptor, events: Int16(events), revents: 0)
  }

  /// Calls the handlers for pending events.
  func deliver() {
    let events = Int32(pending)
    pending = 0
    if events & POLLHUP != 0 { hasHungUp = true }
    let ended = events & (POLLERR | POLLHUP | POLLNVAL) != 0
    if !isCancelled, interest.contains(.read), ended || events & POLLIN != 0 { onReadable() }
    if !isCancelled, interest.contains(.write), ended || events & POLLOUT != 0 { onWritable() }
  }

  /// Leaves the watching to Dispatch; returns whether it can. A source that waits for room is not left to it: libdispatch was seen to miss
  /// that there is room again when it watched both directions of a descriptor.
  func arm() -> Bool {
    if hasHungUp || interest.contains(.write) { return false }
    if reading == nil { reading = Watch(self) }
    reading?.arm(true)
    return reading != nil
  }

  /// Dispatch no longer has to watch.
  func disarm() { reading?.arm(false) }

  /// A read source of Dispatch. Its owner lives until the source has released the descriptor.
  private struct Watch {
    private let source: cl_source
    private var isArmed = false

    /// Nil for lack of memory.
    init?(_ owner: IOSource) {
      let context = Unmanaged.passRetained(owner)
      let source = cl_source_make(
        CL_SOURCE_READ, owner.descriptor, owner.loop.queue, context.toOpaque(),
        { context in
          // The loop's own poll finds everything, and an event reported here may be long past.
          guard let context else { return }
          let owner = Unmanaged<IOSource>.fromOpaque(context).takeUnretainedValue()
          if !owner.isCancelled { owner.loop.watch(owner) }
        },
        { context in
          guard let context else { return }
          let owner = Unmanaged<IOSource>.fromOpaque(context).takeRetainedValue()
          owner.loop.ended(owner.descriptor)
        })
      guard let source else {
        context.release()
        return nil
      }
      self.source = source
    }

    mutating func arm(_ wanted: Bool) {
      if wanted == isArmed { return }
      isArmed = wanted
      if wanted { cl_source_resume(source) } else { cl_source_suspend(source) }
    }

    /// The descriptor may already be closed when Dispatch releases it; what it does to it then has no effect.
    func end() {
      if !isArmed { cl_source_resume(source) }
      cl_source_cancel(source)
    }
  }
}
