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
    let fifo = "\(folder)/fifo"
    #expect(mkfifo(fifo, 0o600) == 0)
    for mayWait in [false, true] {
      #expect(throws: SystemError(SystemError.notRegular, "read \(fifo)")) { try Files.read(fifo, mayWait: mayWait) }
    }
    #expect(throws: SystemError(EISDIR, "read \(folder)")) { try Files.read(folder) }
    #expect(try Files.read("/dev/null").isEmpty)
    #expect(Files.directory(of: "/etc/bird.conf") == "/etc" && Files.directory(of: "bird.conf") == "." && Files.directory(of: "/x") == "/")
  }

  @Test func `What a shell hands over is waited for, where that is wanted`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(cl_pipe(&ends, 1) == 0)
    let (reader, writer) = (ends[0], ends[1])
    defer { close(reader) }
    let path = "/dev/fd/\(reader)"
    #expect(throws: SystemError(SystemError.notRegular, "read \(path)")) { try Files.read(path) }
    // The shell has the writing end until it ends.
    let copy = fcntl(writer, F_DUPFD, 3)
    #expect(system("sh -c 'sleep 0.1; printf some >/dev/fd/\(copy); sleep 0.1; printf thing >/dev/fd/\(copy)' &") == 0)
    close(copy)
    close(writer)
    #expect(try Files.read(path, mayWait: true) == Array("something".utf8))
  }

  @Test func `Signals that are kept back are not lost, and end the waiting`() throws {
    let status = try inChild {
      try SignalSource.hold()
      guard !SignalSource.isTerminationHeld else { return 1 }
      kill(getpid(), SIGTERM)
      guard SignalSource.isTerminationHeld else { return 2 }
      var ends: [Int32] = [-1, -1]
      guard cl_pipe(&ends, 1) == 0 else { return 3 }
      do { _ = try Files.read("/dev/fd/\(ends[0])", mayWait: true) } catch let error as SystemError {
        guard error.code == EINTR, SignalSource.isTerminationHeld else { return 4 }
        return 0
      }
      return 5
    }
    #expect(status == 0)
  }

  @Test func `Whoever ends the waiting foreground ends the daemon`() throws {
    let child = cl_fork()
    if child == 0 {
      do {
        try SignalSource.hold()
        let start = try BackgroundStart.detach()
        // The daemon: it ends with 9 when it is told to.
        while !SignalSource.isTerminationHeld { usleep(1000) }
        withExtendedLifetime(start) {}
        _exit(9)
      } catch { _exit(1) }
    }
    try #require(child > 0)
    usleep(20000)
    kill(child, SIGTERM)
    var state: Int32 = 0
    while waitpid(child, &state, 0) < 0, Glibc.errno == EINTR {}
    #expect(state >> 8 & 0xff == 9 && state & 0x7f == 0)
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
    let loop = EventLoop()
    var seen = [SignalSource.Signal]()
    let source = try SignalSource(loop) { seen.append($0) }
    defer { withExtendedLifetime(source) {} }
    // The threads of the tests do not keep signals back, so they need Dispatch's handlers, which it sets on a thread of its own.
    func isHandled(_ number: Int32) -> Bool {
      var action = sigaction()
      return sigaction(number, nil, &action) == 0 && action.__sigaction_handler.sa_handler != nil
    }
    #expect(try loop.run(atMost: .seconds(60)) { [SIGHUP, SIGUSR1, SIGTERM, SIGINT].allSatisfy { isHandled($0) } })
    for number in [SIGHUP, SIGUSR1, SIGTERM, SIGINT, SIGPIPE] { #expect(kill(getpid(), number) == 0) }
    #expect(try loop.run(atMost: .seconds(60)) { seen.count >= 4 })
    #expect(seen.contains(.reconfigure) && seen.contains(.dump) && seen.filter { $0 == .terminate }.count == 2 && seen.count == 4)
  }
}
