import CLinux

/// The control socket: a Unix stream socket with restricted access.
package final class UnixListener {
  package let path: String
  private let loop: EventLoop
  private let descriptor: Int32
  private var source: IOSource?
  private var isClosed = false

  /// Begins to accept: those that connected before have waited.
  package func start() throws(SystemError) { try source?.watch(read: true, write: false) }

  /// Replaces whatever socket lies at the path. Mode 0660; the owner is changed where `user` or `group` is given.
  package init(
    _ loop: EventLoop, path: String, user: UInt32? = nil, group: UInt32? = nil,
    onAccept: @escaping (StreamConnection) -> Void, onError: @escaping (SystemError) -> Void
  ) throws(SystemError) {
    self.loop = loop
    self.path = path
    if unlink(path) < 0, errno != ENOENT { throw SystemError(errno, "unlink \(path)") }
    // Created closed to all others, so that nobody slips in before chmod.
    let mask = umask(0o177)
    let status = cl_unix_listen(path, 16)
    umask(mask)
    descriptor = try check(status, "listen on \(path)")
    do throws(SystemError) {
      if user != nil || group != nil, chown(path, user ?? .max, group ?? .max) < 0 { throw SystemError(errno, "chown \(path)") }
      if chmod(path, 0o660) < 0 { throw SystemError(errno, "chmod \(path)") }
      let source = IOSource(loop, descriptor: descriptor, onReadable: { self.accept(onAccept, onError) })
      self.source = source
    } catch {
      close()
      throw error
    }
  }

  /// Stops listening and removes the socket.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    source?.cancel()
    CLinux.close(descriptor)
    unlink(path)
  }

  private func accept(_ onAccept: (StreamConnection) -> Void, _ onError: (SystemError) -> Void) {
    for _ in 0..<16 {
      if isClosed { return }
      let accepted = cl_unix_accept(descriptor)
      if accepted == -EAGAIN { return }
      if accepted == -ECONNABORTED || accepted == -EINTR { continue }
      do throws(SystemError) {
        try check(accepted, "accept")
        onAccept(try StreamConnection(loop, descriptor: accepted, isConnecting: false))
      } catch {
        // Without a descriptor to spare the connection stays where it is; looking at once again would keep the loop busy.
        source?.rest(for: .seconds(1))
        return onError(error)
      }
    }
  }
}

extension StreamConnection {
  /// Connects to a Unix socket.
  package static func connect(_ loop: EventLoop, toPath path: String) throws(SystemError) -> StreamConnection {
    let descriptor = try check(cl_unix_connect(path, 0), "connect to \(path)")
    return try StreamConnection(loop, descriptor: descriptor, isConnecting: false)
  }
}
