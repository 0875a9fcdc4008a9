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

  private let reader: Int32
  private let handler: (Signal) -> Void
  private var source: IOSource?

  package init(_ loop: EventLoop, _ handler: @escaping (Signal) -> Void) throws(SystemError) {
    self.handler = handler
    reader = try check(cl_signal_pipe([SIGTERM, SIGINT, SIGHUP, SIGUSR1], 4), "sigaction")
    let source = IOSource(loop, descriptor: reader, onReadable: { self.drain() })
    try source.watch(read: true, write: false)
    self.source = source
  }

  private func drain() {
    var numbers = [UInt8](repeating: 0, count: 64)
    let count = CLinux.read(reader, &numbers, numbers.count)
    guard count > 0 else { return }
    for number in numbers.prefix(count) {
      if let signal = Signal(number: Int32(number)) { handler(signal) }
    }
  }
}
