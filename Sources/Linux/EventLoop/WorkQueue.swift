import CLinux

/// Does work that may block, or takes long, on a thread of its own, one piece after the other, and reports to the loop.
///
/// What `work` needs is passed as `Sendable` values, or is an object that belongs to the queue: from the first piece of work on, nothing
/// else touches it (such a class says so by being `@unchecked Sendable`). The thread comes and goes with the work.
package final class WorkQueue {
  private let loop: EventLoop
  private let queue: cl_queue

  /// `label` is for debuggers.
  package init(_ loop: EventLoop, label: String) throws(SystemError) {
    guard let queue = cl_work_queue(label) else { throw SystemError(ENOMEM, "make a queue") }
    self.loop = loop
    self.queue = queue
    loop.begin()
  }

  /// Runs `work` on the queue after all earlier work, and then, as an event of the loop, `then` with its result. Both are
  /// released on the loop's thread.
  package func perform<Result: Sendable>(
    _ work: @escaping @Sendable () -> Result, then: @escaping (Result) -> Void = { (_: Result) in }
  ) {
    // Written on the queue and read on the loop, one after the other.
    var result: Result?
    let errand = Errand(loop, work: { result = work() }, then: { if let result { then(result) } })
    let context = Unmanaged.passRetained(errand)
    let status = cl_queue_run(
      queue, context.toOpaque(), { context in Errand.at(context)?.work() }, loop.queue,
      { context in
        guard let errand = Errand.at(context) else { return }
        Unmanaged.passUnretained(errand).release()
        errand.loop.arrived(errand.then)
      })
    if status < 0 {
      // Without memory for a few bytes the daemon is about to end anyhow; doing the work here blocks, but is correct.
      context.release()
      errand.work()
      loop.perform(errand.then)
    }
  }

  private final class Errand {
    let loop: EventLoop
    let work: EventLoop.Work
    let then: EventLoop.Work

    init(_ loop: EventLoop, work: @escaping EventLoop.Work, then: @escaping EventLoop.Work) {
      self.loop = loop
      self.work = work
      self.then = then
    }

    static func at(_ context: UnsafeMutableRawPointer?) -> Errand? {
      context.map { Unmanaged<Errand>.fromOpaque($0).takeUnretainedValue() }
    }
  }
}
