/// The language of the control socket: what the daemon and its clients have to agree on, and the client's half.
///
/// The protocol is BIRD's, so that `birdc`, `birdc6`, exporters and looking glasses work on the socket. Requests are lines; an answer is
/// lines that begin with a code of four digits (`ReplyCode`), the last of them with a space after the code. `ReplyParser` reads them.
/// `CommandTree` knows all commands: for the daemon's parser, and for the client's abbreviations (`ClientCommand`), completion and
/// editing (`LineEditor`). How the daemon understands a command and answers it is in the module `Control`, which no client links.
package enum ControlSocket {
  /// Where `routectl` looks for the daemon when no socket is named.
  package static let defaultPaths = [
    "/run/routed.ctl", "/run/bird/bird6.ctl", "/run/bird/bird.ctl", "/run/bird6.ctl", "/run/bird.ctl", "/var/run/bird6.ctl",
    "/var/run/bird.ctl",
  ]
}
