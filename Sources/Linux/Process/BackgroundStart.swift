import CLinux

/// Starts the daemon in the background: the process that the shell waits for exits when the daemon has started, with its status.
///
/// Use it before the event loop and any thread exist.
package final class BackgroundStart {
  private var writer: Int32

  private init(writer: Int32) { self.writer = writer }

  /// Continues in a child process, in a session of its own; returns only there. The parent exits with the status given to `finish`,
  /// or with the child's own if the child exits before. Standard error stays connected until then, for messages.
  package static func detach() throws(SystemError) -> BackgroundStart {
    var ends: [Int32] = [-1, -1]
    try check(cl_pipe(&ends, 1), "pipe")
    let child: Int32
    do throws(SystemError) {
      child = try check(cl_fork(), "fork")
    } catch {
      close(ends[0])
      close(ends[1])
      throw error
    }
    if child > 0 {
      close(ends[1])
      _exit(awaitStatus(ends[0], child))
    }
    close(ends[0])
    if setsid() < 0 { throw SystemError(errno, "setsid") }
    return BackgroundStart(writer: ends[1])
  }

  private static func awaitStatus(_ reader: Int32, _ child: Int32) -> Int32 {
    var status: UInt8 = 0
    let signals = SignalSource.terminating
    while true {
      // A signal to end is meant for the daemon.
      if cl_poll_or_signal(reader, signals, Int32(signals.count)) == -EINTR {
        let number = cl_signal_take(signals, Int32(signals.count))
        if number > 0 { kill(child, number) }
        continue
      }
      let count = read(reader, &status, 1)
      if count == 1 { return Int32(status) }
      if count < 0, errno == EINTR { continue }
      break
    }
    // The child exited on its own: its status is ours; a signal is reported as a shell does.
    var state: Int32 = 0
    while waitpid(child, &state, 0) < 0 { if errno != EINTR { return 1 } }
    return state & 0x7f == 0 ? state >> 8 & 0xff : 128 + state & 0x7f
  }

  /// Lets the parent exit with this status, and detaches from the terminal.
  package func finish(status: UInt8) throws(SystemError) {
    guard writer >= 0 else { return }
    let null = try check(cl_open("/dev/null", O_RDWR | O_CLOEXEC, 0), "open /dev/null")
    for descriptor: Int32 in 0...2 where dup2(null, descriptor) < 0 { throw SystemError(errno, "dup2") }
    if null > 2 { close(null) }
    var status = status
    let count = write(writer, &status, 1)
    let code = errno
    close(writer)
    writer = -1
    if count != 1 { throw SystemError(code, "tell the parent") }
  }
}

/// The PID file of the daemon. It is opened early, so that a bad path prevents the start, and written once detached.
package final class PIDFile {
  package let path: String
  private var descriptor: Int32

  package init(_ path: String) throws(SystemError) {
    self.path = path
    descriptor = try check(cl_open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o644), "open \(path)")
  }

  package func write() throws(SystemError) {
    guard descriptor >= 0 else { return }
    defer {
      close(descriptor)
      descriptor = -1
    }
    let text = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0, CLinux.write(descriptor, text, text.count) == text.count else {
      throw SystemError(errno, "write \(path)")
    }
  }

  /// Removes the file. A daemon that has dropped privileges may be unable to, and then leaves it empty if possible.
  package func remove() { if unlink(path) < 0 { truncate(path, 0) } }
}
