import CLinux
import Glibc
import Linux
import RouteCore
import Testing

@Suite struct ProcessTests {
  @Test func `Files are read whole, listed and matched in order`() throws {
    let folder = "/tmp/routed-test-\(getpid())-files"
    #expect(mkdir(folder, 0o700) == 0)
    defer { _ = system("rm -r \(folder)") }
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    for name in ["b.conf", "a.conf", "c.txt"] { try Files.write(bytes, to: "\(folder)/\(name)") }
    #expect(try Files.read("\(folder)/a.conf") == bytes)
    #expect(try Files.list(folder) == ["a.conf", "b.conf", "c.txt"])
    #expect(try Files.glob("\(folder)/*.conf") == ["\(folder)/a.conf", "\(folder)/b.conf"])
    #expect(try Files.glob("\(folder)/none") == ["\(folder)/none"])
    #expect(try Files.glob("\(folder)/none*") == [])
    #expect(throws: SystemError(ENOENT, "open \(folder)/none")) { try Files.read("\(folder)/none") }
    #expect(throws: SystemError(EFBIG, "read \(folder)/a.conf")) { try Files.read("\(folder)/a.conf", limit: 1000) }
    #expect(try !Files.read("/proc/self/status").isEmpty, "a file without a size")
    #expect(Files.directory(of: "/etc/bird.conf") == "/etc" && Files.directory(of: "bird.conf") == "." && Files.directory(of: "/x") == "/")
  }

  @Test func `Kernel settings are read by name`() {
    #expect(Sysctl.integer("net.ipv4.ip_forward") != nil)
    #expect(Sysctl.read("net.no.such") == nil)
  }

  /// Runs `body` in a child process; its exit status is the result.
  private func inChild(_ body: () throws -> Int32) throws -> Int32 {
    let child = cl_fork()
    if child == 0 { _exit((try? body()) ?? 99) }
    try #require(child > 0)
    var state: Int32 = 0
    while waitpid(child, &state, 0) < 0, Glibc.errno == EINTR {}
    return state >> 8 & 0xff
  }

  @Test func `The foreground ends with the status of the background's start`() throws {
    let path = "/tmp/routed-test-\(getpid())-pid"
    defer { unlink(path) }
    for status: UInt8 in [0, 3] {
      let file = try PIDFile(path)
      let foreground = getpid()
      let seen = try inChild {
        let start = try BackgroundStart.detach()
        guard getsid(0) == getpid(), getpid() != foreground else { return 98 }
        try file.write()
        try start.finish(status: status)
        return 0
      }
      #expect(seen == Int32(status))
      let number = Int32(String(decoding: try Files.read(path), as: UTF8.self).dropLast())
      #expect(number != nil && number != foreground)
    }
    #expect(
      try inChild {
        _ = try BackgroundStart.detach(); return 7
      } == 7, "a child that ends early passes its status on")
    let file = try PIDFile(path)
    file.remove()
    #expect(access(path, F_OK) < 0)
  }

  @Test(.enabled(if: geteuid() == 0, "needs root"))
  func `A dropped process keeps what routing needs and nothing else`() throws {
    let status = try inChild {
      try Privileges.drop(to: try Privileges.identity(user: "nobody", group: nil))
      guard geteuid() != 0, getuid() != 0, getegid() != 0 else { return 1 }
      let raw = cl_raw6_open(89, 12)
      guard raw >= 0 else { return 2 }
      guard access("/etc/shadow", R_OK) < 0 else { return 3 }
      guard setuid(0) < 0 else { return 4 }
      let text = String(decoding: try Files.read("/proc/self/status"), as: UTF8.self)
      return text.contains("CapEff:\t0000000000003c00\n") && text.contains("CapPrm:\t0000000000003c00\n") ? 0 : 5
    }
    #expect(status == 0)
    #expect(throws: SystemError.self) { try Privileges.identity(user: "no-such-user", group: nil) }
  }

  @Test func `Signals become events, and writing to a closed pipe is only an error`() throws {
    let loop = try EventLoop()
    var seen = [SignalSource.Signal]()
    let source = try SignalSource(loop) { seen.append($0) }
    defer { withExtendedLifetime(source) {} }
    for number in [SIGHUP, SIGUSR1, SIGTERM, SIGINT, SIGPIPE] { #expect(kill(getpid(), number) == 0) }
    #expect(try loop.run(atMost: .seconds(2)) { seen.count >= 4 })
    #expect(seen.contains(.reconfigure) && seen.contains(.dump) && seen.filter { $0 == .terminate }.count == 2 && seen.count == 4)
  }
}
