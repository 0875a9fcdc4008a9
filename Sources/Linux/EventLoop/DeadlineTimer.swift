import RouteCore

/// Calls its handler once when the deadline has passed; then the deadline is unset. Moving it needs no system call.
package final class DeadlineTimer {
  private let loop: EventLoop
  private var handler: EventLoop.Work

  /// When to fire; nil means never.
  package var deadline: Instant?

  package init(_ loop: EventLoop, _ handler: @escaping EventLoop.Work) {
    self.loop = loop
    self.handler = handler
    loop.add(self)
  }

  /// Ends the timer for good; the loop retains it until then.
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
