import Configuration
import Control
import Linux
import RouteCore

// The control socket: BIRD's protocol (Control/Session, Control/Command), executed on the running daemon.
//
//   ControlServer   the socket, and the clients
//   ControlClient   one client: its session, and the answer in progress
//   CommandRunner   executes one command: looks up what it refers to, and has a presentation write the snapshot into the reply
//   SnapshotReader  fills the snapshot from the running state
//   RouteAnswer     `show route`, which is too long to be answered at once
//
// An answer is produced in slices, one in a round of the loop and only while the client reads: neither a long answer nor a slow client
// delays the protocols, and what is buffered for a client is bounded.

/// Listens on the control socket.
final class ControlServer {
  let daemon: Daemon
  private var listener: UnixListener?
  private(set) var clients: [ControlClient] = []
  private var knownEpoch: WallClock?

  init(_ daemon: Daemon) throws(SystemError) {
    self.daemon = daemon
    let options = daemon.options
    var identity: Privileges.Identity?
    if options.user != nil || options.group != nil { identity = try Privileges.identity(user: options.user, group: options.group) }
    listener = try UnixListener(
      daemon.loop, path: options.socket, owner: (identity?.user, identity?.group),
      onAccept: { self.accept($0) },
      onError: { error in self.daemon.log.error("Control socket: \(error)") })
  }

  /// Begins to accept clients.
  func start() throws(SystemError) { try listener?.start() }

  /// The look of the answers: that of the configuration's language, unless the command line says otherwise.
  var format: CLIFormat {
    if let format = daemon.options.cliFormat { return format == 1 ? .bird1 : .bird2 }
    return daemon.configuration.dialect.isBird1 ? .bird1 : .bird2
  }

  /// The time of day when the clock of the tables began. It follows when the time of day is set, but not by less than a tenth of a
  /// second, so that a route's time reads the same in all answers.
  var tableEpoch: WallClock {
    let present = daemon.wallClock.before(daemon.now - daemon.epoch)
    if let knownEpoch, DisplayClock.duration(from: knownEpoch, to: present).nanoseconds.magnitude < 100_000_000 { return knownEpoch }
    knownEpoch = present
    return present
  }

  private func accept(_ connection: StreamConnection) {
    if daemon.configuration.debugCommands > 0 { daemon.log.write(.trace, "Control client connected") }
    clients.append(ControlClient(connection, self))
  }

  /// A client is gone.
  func remove(_ client: ControlClient, _ error: SystemError?) {
    clients.removeAll { $0 === client }
    guard daemon.configuration.debugCommands > 0 else { return }
    daemon.log.write(.trace, error.map { "Control client lost: \($0)" } ?? "Control client disconnected")
  }

  /// Sends what is ready, lets the clients go and removes the socket.
  func close() {
    for client in clients { client.finish() }
    clients = []
    listener?.close()
    listener = nil
  }
}
