import CLinux
import ControlLanguage
import Linux

/// Why communication with the daemon failed.
struct ConnectionError: Error {
  var message: String

  init(_ message: String) { self.message = message }

  /// With the text of the current `errno`.
  init(_ what: String, errno code: Int32) { message = "\(what): \(String(cString: strerror(code)))" }
}

/// A connection to the control socket.
struct Connection: ~Copyable {
  private let descriptor: Int32
  private var parser = ReplyParser()
  /// The first line that the daemon sent.
  private(set) var greeting = ""

  init(_ path: String) throws(ConnectionError) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw ConnectionError("socket", errno: errno) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw ConnectionError("\(path): path too long") }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw ConnectionError("Unable to connect to server control socket (\(path))", errno: errno) }
    greeting = try nextLine().text
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func send(_ line: String) throws(ConnectionError) {
    var bytes = Array(line.utf8)[...]
    bytes.append(0x0a)
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { CLinux.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ConnectionError("Connection lost", errno: errno) }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Waits for the next line of a reply.
  mutating func nextLine() throws(ConnectionError) -> ReplyLine {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      do throws(ReplyParser.Failure) {
        if let line = try parser.next() { return line }
      } catch {
        throw ConnectionError("The server's answer is no reply of a control socket: \(error)")
      }
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw ConnectionError("Connection lost", errno: errno) }
      if count == 0 { throw ConnectionError("Connection closed by server") }
      parser.receive(chunk[..<count])
    }
  }
}

/// Text on its way to standard output, in large pieces.
struct Output: ~Copyable {
  private var bytes: [UInt8] = []

  mutating func line(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    bytes.append(0x0a)
    if bytes.count > 1 << 15 { flush() }
  }

  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func flush() {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // The reader is gone.
      guard count > 0 else { exit(ExitStatus.failed.rawValue) }
      rest = rest.dropFirst(count)
    }
    bytes.removeAll(keepingCapacity: true)
  }
}

/// The exit status.
enum ExitStatus: Int32 {
  case success = 0
  /// The daemon answered with an error (8xxx, 9xxx).
  case failed = 1
  /// Wrong usage: an unknown option, or an unknown or ambiguous command.
  case usage = 2
  /// No connection, or the connection was lost.
  case noConnection = 3
}
