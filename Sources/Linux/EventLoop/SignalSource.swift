import CLinux

/// Signals as events of the loop. There is one per process; SIGPIPE is ignored from then on.
package final class SignalSource {
  package enum Signal: Sendable, CaseIterable {
    /// SIGTERM and SIGINT: end in an orderly way.
    case terminate
    /// SIGHUP: read the configuration again.
    case reconfigure
    /// SIGUSR1: dump the state into the log.
    case dump

    init?(number: Int32) {
      switch number {
      case SIGTERM, SIGINT: self = .terminate
      case SIGHUP: self = .reconfigure
      case SIGUSR1: self = .dump
      default: return nil
      }
    }
  }

  private static let numbers = [SIGTERM, SIGINT, SIGHUP, SIGUSR1]
  static let terminating = [SIGTERM, SIGINT]

  private let loop: EventLoop
  private let handler: (Signal) -> Void
  private var watched = [Watched]()

  /// Blocks the signals from now on: they wait in the kernel for their source. Call this first of all.
  package static func hold() throws(SystemError) { try check(cl_signals_block(numbers, Int32(numbers.count)), "block signals") }

  /// Whether a blocked signal to end is pending.
  package static var isTerminationHeld: Bool { terminating.contains { cl_signal_waits($0) } }

  package init(_ loop: EventLoop, _ handler: @escaping (Signal) -> Void) throws(SystemError) {
    self.loop = loop
    self.handler = handler
    try SignalSource.hold()
    cl_signal_ignore(SIGPIPE)
    for number in SignalSource.numbers { watched.append(try Watched(number, self)) }
  }

  /// One of the signals, which Dispatch watches for the life of the process.
  private final class Watched {
    private let number: Int32
    private let owner: SignalSource
    private var source: cl_source?

    init(_ number: Int32, _ owner: SignalSource) throws(SystemError) {
      self.number = number
      self.owner = owner
      source = cl_source_make(
        CL_SOURCE_SIGNAL, number, owner.loop.queue, Unmanaged.passRetained(self).toOpaque(),
        { context in
          guard let context else { return }
          Unmanaged<Watched>.fromOpaque(context).takeUnretainedValue().came()
        }, nil)
      if source == nil { throw SystemError(ENOMEM, "watch a signal") }
    }

    private func came() {
      guard let signal = Signal(number: number) else { return }
      owner.loop.arrived { self.owner.handler(signal) }
    }
  }
}
