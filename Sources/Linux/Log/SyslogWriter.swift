import CLinux

/// Sends messages to the local syslog daemon over its datagram socket, in the form of RFC 3164 §4.1 as `syslog(3)` writes it, but
/// without ever blocking. Reconnects to a syslog daemon that was restarted.
package final class SyslogWriter {
  private let name: String
  private let path: String
  private var descriptor: Int32 = -1

  package init(name: String, path: String = "/dev/log") {
    self.name = name
    self.path = path
  }

  package func close() {
    if descriptor >= 0 { CLinux.close(descriptor) }
    descriptor = -1
  }

  /// Returns whether the message was accepted.
  package func write(_ messageClass: LogClass, _ text: String, at now: WallClock) -> Bool {
    let facility: Int32 = 3 << 3  // system daemons
    let line = "<\(facility | messageClass.severity)>\(now.formatted("%b %e %T")) \(name): \(text)"
    let bytes = Array(line.utf8)
    if descriptor >= 0, send(bytes) { return true }
    if descriptor >= 0, errno == EAGAIN || errno == ENOBUFS { return false }
    close()
    descriptor = max(cl_unix_connect(path, 1), -1)
    return descriptor >= 0 && send(bytes)
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    CLinux.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) == bytes.count
  }
}
