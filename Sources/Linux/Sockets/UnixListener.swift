import CLinux

/// The control socket: a Unix stream socket with restricted access.
package final class UnixListener {
  package let path: String
  private let loop: EventLoop
  private let descriptor: Int32
  private var source: IOSource?
  private var isClosed = false
  /// Which file it is, so that only this file is removed at the end.
  private var identity: FileIdentity?

  /// Begins to accept, also connections that have been waiting.
  package func start() throws(SystemError) { try source?.watch(for: .read) }

  /// Replaces a socket at the path if no process listens on it any more; anything else there is an error and stays. Mode 0660; the owner is
  /// changed if one is given.
  package init(
    _ loop: EventLoop, path: String, owner: (user: UInt32?, group: UInt32?) = (nil, nil),
    onAccept: @escaping (StreamConnection) -> Void, onError: @escaping (SystemError) -> Void
  ) throws(SystemError) {
    self.loop = loop
    self.path = path
    try Self.removeStale(path)
    // Created without access for others, so that nobody slips in before chmod.
    let mask = umask(0o177)
    let status = cl_unix_listen(path, 16)
    umask(mask)
    descriptor = try check(status, "listen on \(path)")
    identity = FileIdentity(socketAt: path)
    do throws(SystemError) {
      if owner != (nil, nil), chown(path, owner.user ?? .max, owner.group ?? .max) < 0 { throw SystemError(errno, "chown \(path)") }
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
    if let identity, FileIdentity(socketAt: path) == identity { unlink(path) }
  }

  /// Makes way for a new socket: removes one that an ended process has left, but not one that a running process listens on.
  private static func removeStale(_ path: String) throws(SystemError) {
    var information = stat()
    if lstat(path, &information) < 0 {
      if errno == ENOENT { return }
      throw SystemError(errno, "listen on \(path)")
    }
    guard information.st_mode & mode_t(S_IFMT) == mode_t(S_IFSOCK) else { throw SystemError(ENOTSOCK, "listen on \(path)") }
    let answer = cl_unix_connect(path, 0)
    if answer >= 0 { CLinux.close(answer) }
    // A process that accepts connections, or cannot accept more of them now, is alive (unix(7)); so is one that expects datagrams.
    guard answer == -ECONNREFUSED else {
      let isInUse = answer >= 0 || answer == -EAGAIN || answer == -EPROTOTYPE
      throw SystemError(isInUse ? EADDRINUSE : -answer, "listen on \(path)")
    }
    if unlink(path) < 0, errno != ENOENT { throw SystemError(errno, "unlink \(path)") }
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
        // Without a free descriptor the connection stays in the backlog; trying again at once would keep the loop busy.
        source?.rest(for: .seconds(1))
        return onError(error)
      }
    }
  }
}

/// Identifies the file of a socket, whatever its path leads to later.
private struct FileIdentity: Equatable {
  let device: dev_t
  let number: ino_t

  /// Nil if there is no socket.
  init?(socketAt path: String) {
    var information = stat()
    guard lstat(path, &information) == 0, information.st_mode & mode_t(S_IFMT) == mode_t(S_IFSOCK) else { return nil }
    device = information.st_dev
    number = information.st_ino
  }
}

extension StreamConnection {
  /// Connects to a Unix socket.
  package static func connect(_ loop: EventLoop, toPath path: String) throws(SystemError) -> StreamConnection {
    let descriptor = try check(cl_unix_connect(path, 0), "connect to \(path)")
    return try StreamConnection(loop, descriptor: descriptor, isConnecting: false)
  }
}
