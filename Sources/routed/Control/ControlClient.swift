import Control
import Linux
import RouteCore

/// An answer that is written piece by piece.
protocol LongAnswer: AnyObject {
  /// Writes the next piece, which takes a few milliseconds and some ten thousand bytes at most. Returns whether the answer is complete.
  func writeSlice(to reply: inout ReplyWriter) -> Bool
}

/// One client of the control socket.
final class ControlClient {
  private let server: ControlServer
  private let connection: StreamConnection
  private var session: ControlSession
  /// The answer in progress; further requests wait for its end.
  private var answer: (any LongAnswer)?
  private var isScheduled = false
  private var isReadingPaused = false

  init(_ connection: StreamConnection, _ server: ControlServer) {
    self.server = server
    self.connection = connection
    session = ControlSession(server.format)
    connection.highWater = 64 * 1024
    connection.lowWater = 16 * 1024
    connection.onReceive = { bytes in self.received(bytes) }
    connection.onWritable = { self.schedule() }
    connection.onClose = { error in self.closed(error) }
    schedule()
  }

  private func received(_ bytes: RawSpan) {
    session.receive(bytes)
    if !session.wantsInput {
      isReadingPaused = true
      connection.pauseReading()
    }
    schedule()
  }

  private func closed(_ error: SystemError?) {
    answer = nil
    server.remove(self, error)
  }

  func finish() {
    answer = nil
    connection.finish(within: .seconds(1))
  }

  /// Continues in the next round of the loop.
  private func schedule() {
    guard !isScheduled else { return }
    isScheduled = true
    server.daemon.loop.perform { [self] in
      isScheduled = false
      work()
    }
  }

  /// One slice of the present answer, or the next request.
  private func work() {
    guard connection.state == .open else { return }
    flush()
    guard connection.canSend else { return }
    if let answer {
      if answer.writeSlice(to: &session.reply) { self.answer = nil }
    } else if let request = session.next() {
      let runner = CommandRunner(server, session.format, request.form)
      answer = runner.run(request.command, &session.reply)
    } else {
      flush()
      guard isReadingPaused, session.wantsInput else { return }
      isReadingPaused = false
      return connection.resumeReading()
    }
    flush()
    // Without room, `onWritable` continues.
    if connection.canSend { schedule() }
  }

  private func flush() {
    guard session.reply.count > 0 else { return }
    connection.send(session.reply.text.bytes.span.bytes)
    session.reply.drop(first: session.reply.count)
  }
}
