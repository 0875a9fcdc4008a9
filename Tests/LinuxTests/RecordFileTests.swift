import CLinux
import Glibc
import Linux
import Testing

@Suite struct RecordFileTests {
  private let loop: EventLoop

  init() throws { loop = EventLoop() }

  @Test func `records are appended, and what was there stays`() throws {
    let path = "/tmp/routed-test-\(getpid())-records"
    defer { unlink(path) }
    for byte in [UInt8(1), 2] {
      let file = try RecordFile(path, loop) { Issue.record($0) }
      file.append([byte, byte])
      file.close()
      #expect(file.flush(within: .seconds(10)))
    }
    #expect(try Files.read(path) == [1, 1, 2, 2])
    #expect(throws: SystemError.self) { _ = try RecordFile("/nowhere/records", loop) { _ in } }
  }

  @Test func `a full disk is told of once`() throws {
    var errors = [SystemError]()
    let file = try RecordFile("/dev/full", loop) { errors.append($0) }
    defer { file.close() }
    for _ in 0..<3 { file.append([1]) }
    #expect(file.flush(within: .seconds(10)))
    #expect(try loop.run(atMost: .seconds(60)) { !errors.isEmpty })
    try loop.run(atMost: .milliseconds(10)) { false }
    #expect(errors == [SystemError(ENOSPC, "write /dev/full")])
  }

  @Test func `a file that was moved away is let go, and a pipe is no file`() throws {
    let path = "/tmp/routed-test-\(getpid())-records-moved"
    defer { for name in [path, path + ".1"] { unlink(name) } }
    let file = try RecordFile(path, loop) { Issue.record($0) }
    file.append([1])
    #expect(rename(path, path + ".1") == 0)
    file.append([2])
    try file.reopen()
    file.append([3])
    #expect(file.flush(within: .seconds(10)))
    #expect(try Files.read(path + ".1") == [1, 2] && Files.read(path) == [3])
    file.close()
    unlink(path)
    #expect(mkfifo(path, 0o600) == 0)
    let reader = cl_open(path, O_RDONLY | O_NONBLOCK, 0)
    defer { close(reader) }
    #expect(throws: SystemError(SystemError.notRegular, "open \(path)")) { _ = try RecordFile(path, loop) { _ in } }
  }
}
