import RouteCore

/// Calls its handler once when the deadline has come; then the deadline is unset. Moving it is free of system calls.
package final class DeadlineTimer {
  private let loop: EventLoop
  private var handler: EventLoop.Work

  /// When to fire; nil is never.
  package var deadline: Instant?

  package init(_ loop: EventLoop, _ handler: @escaping EventLoop.Work) {
    self.loop = loop
    self.handler = handler
    loop.add(self)
  }

  /// Ends the timer for good; the loop keeps it until then.
  package func cancel() {
    deadline = nil
    loop.remove(self)
    handler = {}
  }

  func fire(at now: Instant) {
    guard let due = deadline, due <= now else { return }
    deadline = nil
    handler()
  }
}
