/// The control socket's language, shared by the daemon and `routectl`.
///
/// `Views` are plain values that the daemon fills from its running state; the formats turn them into reply lines.
package enum ControlSocket {
  /// Where `routectl` looks for the daemon when no socket is named.
  package static let defaultPaths = [
    "/run/routed.ctl", "/run/bird/bird6.ctl", "/run/bird/bird.ctl", "/run/bird6.ctl", "/run/bird.ctl", "/var/run/bird6.ctl",
    "/var/run/bird.ctl",
  ]
}
