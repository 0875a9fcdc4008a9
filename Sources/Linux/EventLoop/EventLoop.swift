import CLinux
import RouteCore

/// Watches descriptors and deadlines and runs their handlers, one after the other, on the thread that created it: the main one, whose
/// queue is libdispatch's main queue.
///
/// A round is: wait, descriptors and finished work of other queues, then deadlines, then deferred work. Deferred work (`perform`) is how
/// long work is cut into slices: each slice runs once per round, and the descriptors are polled in between.
///
/// Quiet descriptors and deadlines are left to Dispatch: a read source for each descriptor, and one timer source for the earliest deadline.
/// Such an event passes through two threads, which costs some 10 µs, 20 for a timer. So the loop polls busy ones itself, in the same `ppoll`
/// that waits for the queue: descriptors that were ready within the last tenth of a second or wait for room, and deadlines less than that
/// away. An event then costs 2 µs. It also makes sources level-triggered, which Dispatch's are not once a peer has hung up.
///
/// No deadline is reported before earlier input: after it has passed, all readable descriptors are polled and served first. So a process
/// that was stopped for a while, or had a long round, does not declare living neighbours dead.
package final class EventLoop {
  package typealias Work = () -> Void

  /// How long a descriptor counts as busy after it was ready, and how close a deadline has to be for the loop to watch it itself.
  private static let soon = Duration.milliseconds(100)

  /// Runs what Dispatch has queued for us; the handle says when there is something.
  private var dispatch: (queue: cl_queue?, handle: Int32)?

  private var sources = [IOSource]()
  /// The sources that the loop polls itself.
  private var busy = [IOSource]()
  private var ready = [IOSource]()
  private var delivering = [IOSource]()
  private var descriptors = [pollfd]()
  /// How many sources of Dispatch have not yet released a descriptor.
  private var ending = [Int32: Int]()

  private var timers = [DeadlineTimer]()
  private var alarm: cl_source?
  private var alarmTime: Instant?

  private var arrivals = [Work]()
  private var deferred = [Work]()
  private var running = [Work]()
  private var isStopped = false
  /// When the wait of this round ended.
  private var woke = Clock.now()
  private var lastRelease = Clock.now()

  package init() {}

  /// Dispatch's queue, created on first use: it comes with a thread, which has the rights that the process has at that time.
  var queue: cl_queue? { begun.queue }

  /// Others may post from now on.
  func begin() { _ = begun }

  private var begun: (queue: cl_queue?, handle: Int32) {
    if let dispatch { return dispatch }
    var handle: Int32 = -1
    let queue = cl_loop_queue(&handle)
    dispatch = (queue, handle)
    return (queue, handle)
  }

  /// Runs until `stop()`.
  package func run() throws(SystemError) {
    isStopped = false
    while !isStopped { try runOnce() }
  }

  /// Lets `run()` return after the present round.
  package func stop() { isStopped = true }

  /// Runs rounds until the condition holds or the time is over; returns whether it holds. For tests and for orderly shutdown.
  @discardableResult
  package func run(atMost limit: Duration, until condition: () -> Bool) throws(SystemError) -> Bool {
    let end = Clock.now() + limit
    while !condition() {
      if Clock.now() >= end { return condition() }
      try runOnce(noLaterThan: end)
    }
    return true
  }

  /// Runs the work once, after the descriptors and deadlines of this round; work that it adds itself waits for the next round.
  package func perform(_ work: @escaping Work) { deferred.append(work) }

  // MARK: One round

  /// Waits for the next event, no longer than until `limit`, and handles everything that is due.
  package func runOnce(noLaterThan limit: Instant? = nil) throws(SystemError) {
    repeat { try wait(until: limit) } while hasNothingToDo(limit)
    deliver()
    try fireTimers()
    if !deferred.isEmpty { runDeferred() }
    releaseQuietSources()
  }

  private func hasNothingToDo(_ limit: Instant?) -> Bool {
    guard ready.isEmpty, arrivals.isEmpty, deferred.isEmpty else { return false }
    return earliest(limit, nextDeadline).map { $0 > woke } ?? true
  }

  private var nextDeadline: Instant? {
    var next: Instant?
    for timer in timers { next = earliest(next, timer.deadline) }
    return next
  }

  private func wait(until limit: Instant?) throws(SystemError) {
    descriptors.removeAll(keepingCapacity: true)
    let handle = try check(begun.handle, "make the loop's queue")
    descriptors.append(pollfd(fd: handle, events: Int16(POLLIN), revents: 0))
    for source in busy { descriptors.append(source.request) }
    let count = try look(waiting: timeout(limit))
    woke = Clock.now()
    guard count > 0 else { return }
    for index in busy.indices where descriptors[index + 1].revents != 0 { note(busy[index], descriptors[index + 1].revents) }
    if descriptors[0].revents != 0 { cl_loop_queue_work(queue, handle) }
  }

  /// How long to wait, in nanoseconds; -1 for no limit.
  private func timeout(_ limit: Instant?) throws(SystemError) -> Int64 {
    if !deferred.isEmpty { return 0 }
    let now = Clock.now()
    var end = limit
    if let deadline = nextDeadline {
      if deadline - now <= EventLoop.soon { end = earliest(end, deadline) } else { try setAlarm(deadline, now) }
    }
    guard let end else { return -1 }
    return max((end - now).nanoseconds, 0)
  }

  /// Returns how many of `descriptors` are ready. A wait ended by a signal, as when the process was stopped, has seen none.
  private func look(waiting timeout: Int64) throws(SystemError) -> Int32 {
    let count = cl_poll(&descriptors, Int32(descriptors.count), timeout)
    if count < 0, count != -EINTR { throw SystemError(-count, "poll") }
    return max(count, 0)
  }

  /// The descriptor is ready: its source gets its turn.
  private func note(_ source: IOSource, _ events: Int16) {
    source.lastReady = woke
    if source.pending == 0 { ready.append(source) }
    source.pending |= events
  }

  private func deliver() {
    swap(&ready, &delivering)
    for source in delivering { source.deliver() }
    delivering.removeAll(keepingCapacity: true)
    guard !arrivals.isEmpty else { return }
    let present = arrivals
    arrivals = []
    for work in present { work() }
  }

  private func runDeferred() {
    swap(&deferred, &running)
    for work in running { work() }
    running.removeAll(keepingCapacity: true)
  }

  // MARK: Deadlines

  private func fireTimers() throws(SystemError) {
    let now = Clock.now()
    guard let due = nextDeadline, due <= now else { return }
    try readBefore(now)
    // A handler may start or cancel timers; those started now have their turn in the next round.
    for timer in timers { timer.fire(at: now) }
  }

  /// Serves all sources whose input arrived before that time, which is the current one.
  private func readBefore(_ now: Instant) throws(SystemError) {
    let readers = sources.filter { $0.interest.contains(.read) }
    if readers.isEmpty { return }
    descriptors.removeAll(keepingCapacity: true)
    for source in readers { descriptors.append(source.request) }
    // It does not block, so nothing interrupts it.
    guard try look(waiting: 0) > 0 else { return }
    woke = now
    for (index, source) in readers.enumerated() where descriptors[index].revents != 0 {
      watch(source)
      note(source, descriptors[index].revents)
    }
    deliver()
  }

  /// Has Dispatch wake us at that time, or earlier: an alarm is never postponed, as that costs more than a superfluous one.
  private func setAlarm(_ time: Instant, _ now: Instant) throws(SystemError) {
    if let alarmTime, alarmTime <= time { return }
    if alarm == nil {
      alarm = cl_source_make(
        CL_SOURCE_TIMER, 0, queue, Unmanaged.passRetained(self).toOpaque(),
        { context in
          guard let context else { return }
          Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue().alarmTime = nil
        }, nil)
    }
    guard let alarm else { throw SystemError(ENOMEM, "make a timer") }
    alarmTime = time
    cl_timer_set(alarm, (time - now).nanoseconds)
  }

  func add(_ timer: DeadlineTimer) { timers.append(timer) }
  func remove(_ timer: DeadlineTimer) { timers.removeAll { $0 === timer } }

  // MARK: Descriptors

  func add(_ source: IOSource) { sources.append(source) }
  func remove(_ source: IOSource) {
    sources.removeAll { $0 === source }
    // `ppoll` accepts no more entries than the process may have descriptors.
    if source.isBusy { busy.removeAll { $0 === source } }
    source.isBusy = false
  }

  /// Polls the source from now on.
  func watch(_ source: IOSource) {
    source.disarm()
    source.lastReady = woke
    if source.isBusy { return }
    source.isBusy = true
    busy.append(source)
  }

  /// Hands sources that have become quiet over to Dispatch.
  private func releaseQuietSources() {
    guard woke - lastRelease >= EventLoop.soon else { return }
    lastRelease = woke
    var kept = 0
    for index in busy.indices {
      let source = busy[index]
      let isQuiet = woke - source.lastReady >= EventLoop.soon
      if source.interest.isEmpty || isQuiet && ending[source.descriptor] == nil && source.arm() {
        source.isBusy = false
      } else {
        busy[kept] = source
        kept += 1
      }
    }
    busy.removeLast(busy.count - kept)
  }

  /// A source of Dispatch is about to release the descriptor. Until it has, a new source for the same number would be mistaken for it.
  func beginEnding(_ descriptor: Int32) { ending[descriptor, default: 0] += 1 }

  func ended(_ descriptor: Int32) {
    let count = ending[descriptor, default: 1] - 1
    ending[descriptor] = count > 0 ? count : nil
  }

  // MARK: Other queues

  /// Runs the work as an event of the loop. This is the only method that may be called from other threads.
  package func post(_ work: @escaping @Sendable () -> Void) {
    let letter = Unmanaged.passRetained(Letter(self, work))
    cl_queue_add(queue, letter.toOpaque()) { context in
      guard let context else { return }
      let letter = Unmanaged<Letter>.fromOpaque(context).takeRetainedValue()
      letter.loop.arrived(letter.work)
    }
  }

  private final class Letter {
    let loop: EventLoop
    let work: Work

    init(_ loop: EventLoop, _ work: @escaping Work) {
      self.loop = loop
      self.work = work
    }
  }

  /// Finished work of another queue is reported in this round.
  func arrived(_ work: @escaping Work) { arrivals.append(work) }
}
