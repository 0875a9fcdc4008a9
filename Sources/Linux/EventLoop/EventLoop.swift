import CLinux
import RouteCore

/// Watches descriptors and deadlines and runs their handlers, one after the other, on the main thread.
///
/// A round is: wait, descriptors, then deadlines, then deferred work. Descriptors come before deadlines, so that a keepalive that
/// arrived while we were busy is read before its hold timer is looked at. Deferred work (`perform`) is how long work is cut into
/// slices: each piece runs once per round, with the descriptors polled in between.
package final class EventLoop {
  package typealias Work = () -> Void

  private let epoll: Int32
  private var events = [cl_event](repeating: cl_event(), count: 256)
  private var sources = [Int32: IOSource]()
  private var generation: UInt32 = 0
  private var timers = [DeadlineTimer]()
  private var deferred = [Work]()
  private var running = [Work]()
  private var isStopped = false
  /// Brings what other queues have done.
  let queue: cl_queue?
  private var queueSource: IOSource?

  package init() throws(SystemError) {
    epoll = try check(cl_epoll_create(), "epoll_create")
    var handle: Int32 = -1
    queue = cl_loop_queue(&handle)
    try check(handle, "make a queue")
    let queue = queue
    let source = IOSource(
      self, descriptor: handle,
      onReadable: {
        cl_loop_queue_work(queue, handle)
      })
    try source.watch(read: true, write: false)
    queueSource = source
  }

  /// Runs until `stop()`.
  package func run() throws(SystemError) {
    isStopped = false
    while !isStopped { try runOnce() }
  }

  /// Lets `run()` return after the present round.
  package func stop() { isStopped = true }

  /// Runs rounds until the condition holds or the time is over; whether it holds. For tests and for orderly shutdown.
  @discardableResult
  package func run(atMost limit: Duration, until condition: () -> Bool) throws(SystemError) -> Bool {
    let end = Clock.now() + limit
    while !condition() {
      if Clock.now() >= end { return condition() }
      try runOnce(noLaterThan: end)
    }
    return true
  }

  /// Runs the work once, after the descriptors and deadlines of this round; work that it asks for itself waits for the next round.
  package func perform(_ work: @escaping Work) { deferred.append(work) }

  // MARK: One round

  /// Waits for the next thing to do, no longer than until `limit`, and does all that is due.
  package func runOnce(noLaterThan limit: Instant? = nil) throws(SystemError) {
    let count = cl_epoll_wait(epoll, &events, Int32(events.count), timeout(limit))
    if count < 0, count != -EINTR { throw SystemError(-count, "epoll_wait") }
    for index in 0..<Int(max(count, 0)) {
      let event = events[index]
      let descriptor = Int32(truncatingIfNeeded: event.data & 0xffff_ffff)
      if let source = sources[descriptor], source.generation == UInt32(truncatingIfNeeded: event.data >> 32) {
        source.deliver(event.events)
      }
    }
    fireTimers()
    if !deferred.isEmpty { runDeferred() }
  }

  private func timeout(_ limit: Instant?) -> Int64 {
    if !deferred.isEmpty { return 0 }
    var next = limit
    for timer in timers { next = earliest(next, timer.deadline) }
    guard let next else { return -1 }
    return max((next - Clock.now()).nanoseconds, 0)
  }

  private func fireTimers() {
    let now = Clock.now()
    // A handler may start or cancel timers; those started now are looked at in the next round.
    for timer in timers { timer.fire(at: now) }
  }

  private func runDeferred() {
    swap(&deferred, &running)
    for work in running { work() }
    running.removeAll(keepingCapacity: true)
  }

  // MARK: For IOSource and DeadlineTimer

  func add(_ source: IOSource) -> UInt32 {
    generation &+= 1
    sources[source.descriptor] = source
    return generation
  }

  func remove(_ source: IOSource) {
    if sources[source.descriptor] === source { sources[source.descriptor] = nil }
  }

  func control(_ operation: Int, _ source: IOSource, _ mask: UInt32) throws(SystemError) {
    let data = UInt64(source.generation) << 32 | UInt64(UInt32(bitPattern: source.descriptor))
    try check(cl_epoll_control(epoll, Int32(operation), source.descriptor, mask, data), "epoll_ctl")
  }

  /// Something that another queue has done is told of.
  func arrived(_ work: Work) { work() }

  func add(_ timer: DeadlineTimer) { timers.append(timer) }
  func remove(_ timer: DeadlineTimer) { timers.removeAll { $0 === timer } }
}
