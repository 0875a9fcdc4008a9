import CLinux
import Glibc
import Linux
import RouteCore
import Testing

@Suite struct LogTests {
  private func temporaryPath(_ name: String) -> String { "/tmp/routed-test-\(getpid())-\(name)" }

  /// The lines of a file, when all that was logged is in it.
  private func content(_ path: String, _ log: Log) throws -> [String] {
    #expect(log.flush(within: .seconds(10)))
    return try content(path)
  }

  private func content(_ path: String) throws -> [String] {
    String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func `A file gets time, class and text of the classes it takes`() throws {
    let path = temporaryPath("log")
    defer { unlink(path) }
    let log = Log(programName: "routed")
    defer { log.close() }
    log.timePattern = "%Y"
    #expect(log.setTargets([LogTarget(.file(path), classes: LogClass.info.bit | LogClass.remote.bit)]) == [])
    log.write(.info, "Started")
    log.write(.debug, "not wanted")
    log.write(.remote, "IBGP: bye\n2038 <BUG> forged\u{1b}[2J")
    let year = Clock.wallClock().local.year
    #expect(try content(path, log) == ["\(year) <INFO> Started", "\(year) <RMT> IBGP: bye 2038 <BUG> forged [2J"])
    #expect(!log.takes(.debug) && log.takes(.remote))
  }

  @Test func `Setting the targets again opens a rotated file anew and keeps what it held`() throws {
    let path = temporaryPath("rotated")
    let old = path + ".1"
    defer {
      unlink(path)
      unlink(old)
    }
    let log = Log(programName: "routed")
    defer { log.close() }
    log.timePattern = "now"
    #expect(log.setTargets([LogTarget(.file(path))]) == [])
    log.write(.info, "one")
    #expect(rename(path, old) == 0)
    log.write(.info, "two")
    #expect(log.setTargets([LogTarget(.file(path))]) == [])
    log.write(.info, "three")
    #expect(try content(old, log) == ["now <INFO> one", "now <INFO> two"])
    #expect(try content(path, log) == ["now <INFO> three"])
    let errors = log.setTargets([LogTarget(.file("/nonexistent/log")), LogTarget(.file(path))])
    #expect(errors == [SystemError(ENOENT, "open /nonexistent/log")])
    log.write(.info, "four")
    #expect(try content(path, log).count == 2)
  }

  @Test func `A file that would grow beyond its limit becomes the backup, for all who write to it`() throws {
    let path = temporaryPath("limited")
    let old = path + ".old"
    defer {
      unlink(path)
      unlink(old)
    }
    let log = Log(programName: "routed")
    defer { log.close() }
    log.timePattern = "now"
    // "now <INFO> 0\n" has 13 bytes: three fit.
    let limited = LogTarget.Destination.file(path, limit: LogTarget.FileLimit(size: 40, backup: old))
    let targets = [LogTarget(limited, classes: LogClass.info.bit), LogTarget(.file(path), classes: LogClass.error.bit)]
    #expect(log.setTargets(targets) == [])
    for number in 0..<3 { log.write(.info, "\(number)") }
    #expect(try content(path, log).count == 3)
    #expect(access(old, F_OK) != 0)
    log.write(.info, "3")
    #expect(try content(old, log) == ["now <INFO> 0", "now <INFO> 1", "now <INFO> 2"])
    log.write(.error, "4")
    #expect(try content(path, log) == ["now <INFO> 3", "now <ERR> 4"])
    // What the file holds already counts, and a message larger than the limit is written all the same.
    #expect(log.setTargets(targets) == [])
    let long = String(repeating: "x", count: 100)
    log.write(.info, long)
    #expect(try content(old, log) == ["now <INFO> 3", "now <ERR> 4"])
    #expect(try content(path, log) == ["now <INFO> \(long)"])
    log.write(.info, "5")
    #expect(try content(old, log) == ["now <INFO> \(long)"])
    #expect(try content(path, log) == ["now <INFO> 5"])
    #expect(log.lost == 0)
  }

  @Test func `A full file without room for its backup is removed, and what is no file has no limit`() throws {
    let path = temporaryPath("unmovable")
    defer { unlink(path) }
    let log = Log(programName: "routed")
    defer { log.close() }
    log.timePattern = "now"
    let limit = LogTarget.FileLimit(size: 20, backup: "/nonexistent/old")
    #expect(log.setTargets([LogTarget(.file(path, limit: limit)), LogTarget(.file("/dev/null", limit: limit))]) == [])
    for number in 0..<3 { log.write(.info, "\(number)") }
    #expect(try content(path, log) == ["now <INFO> 2"])
    #expect(log.lost == 0)
    #expect(access("/dev/null", W_OK) == 0)
  }

  @Test func `A full disk loses messages and they are counted`() throws {
    let log = Log(programName: "routed")
    defer { log.close() }
    #expect(log.setTargets([LogTarget(.file("/dev/full"))]) == [])
    for _ in 0..<3 { log.write(.info, "lost") }
    #expect(log.flush(within: .seconds(10)))
    #expect(log.lost == 3)
  }

  @Test func `A pipe that nobody reads stops nothing, and what found no room is told of in its place`() throws {
    let path = temporaryPath("pipe")
    defer { unlink(path) }
    #expect(mkfifo(path, 0o600) == 0)
    let log = Log(programName: "routed")
    defer { log.close() }
    log.timePattern = "now"
    #expect(log.setTargets([LogTarget(.file(path))]) == [SystemError(ENXIO, "open \(path)")], "nobody could read it")
    let reader = cl_open(path, O_RDONLY | O_NONBLOCK, 0)
    defer { close(reader) }
    #expect(log.setTargets([LogTarget(.file(path))]) == [])
    let long = String(repeating: "x", count: 1000)
    let count = 3000
    for number in 0..<count { log.write(.info, "\(number) \(long)") }
    #expect(!log.flush(within: .milliseconds(10)), "it is stuck")
    let lost = log.lost
    #expect(lost > 0 && lost < count)
    // Now somebody reads.
    var text = [UInt8]()
    var buffer = [UInt8](repeating: 0, count: 65536)
    while !log.flush(within: .milliseconds(1)) {
      while case let size = read(reader, &buffer, buffer.count), size > 0 { text += buffer[..<size] }
    }
    while case let size = read(reader, &buffer, buffer.count), size > 0 { text += buffer[..<size] }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").map { $0.prefix { $0 != "x" } }
    let expected = (0..<count - lost).map { "now <INFO> \($0) " } + ["now <WARN> \(lost) messages lost"]
    #expect(lines.map(String.init) == expected)
    #expect(log.lost == 0)
  }

  @Test func `Syslog gets RFC 3164 messages, survives a restart, and counts what it could not take`() throws {
    let path = temporaryPath("syslog")
    defer { unlink(path) }
    let log = Log(programName: "routed")
    defer { log.close() }
    _ = log.setTargets([LogTarget(.syslog(name: "routed", socket: path))])
    log.write(.info, "nobody listens")
    let first = try SyslogDaemon(path)
    let before = Clock.wallClock().formatted("%b %e %T")
    log.write(.warning, "one")
    let after = Clock.wallClock().formatted("%b %e %T")
    #expect(log.lost == 0)
    #expect(first.receive()?.hasSuffix(" routed: 1 messages lost") == true)
    let message = try #require(first.receive())
    #expect(message.hasPrefix("<28>") && message.hasSuffix(" routed: one"))
    #expect([before, after].contains(String(message.dropFirst(4).prefix(15))))
    first.close()
    let second = try SyslogDaemon(path)
    let classes: [(LogClass, Int)] = [
      (.debug, 31), (.trace, 31), (.info, 30), (.remote, 27), (.error, 27), (.auth, 27), (.fatal, 26), (.bug, 26),
    ]
    for (messageClass, priority) in classes {
      log.write(messageClass, "again")
      #expect(second.receive()?.hasPrefix("<\(priority)>") == true)
    }
    second.close()
  }

  @Test func `Fractions of a second are part of time patterns`() {
    let time = WallClock(seconds: 1_000_000_000, nanoseconds: 7_089_999)
    #expect(time.formatted("%3f|%6f|%f|%%f|100%") == "007|007089|007089|%f|100%")
    #expect(time.before(.milliseconds(8)) == WallClock(seconds: 999_999_999, nanoseconds: 999_089_999))
    #expect(time.formatted("") == "")
  }
}

/// The receiving end of a syslog socket.
@MainActor struct SyslogDaemon {
  let descriptor: Int32

  init(_ path: String) throws {
    unlink(path)
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let status = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
    try #require(status == 0)
  }

  func receive() -> String? {
    var buffer = [UInt8](repeating: 0, count: 2048)
    let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
  }

  func close() { Glibc.close(descriptor) }
}
