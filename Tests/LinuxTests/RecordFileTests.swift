import CLinux
import Glibc
import Linux
import Testing

@Suite struct RecordFileTests {
  @Test func `records are appended, and what was there stays`() throws {
    let path = "/tmp/routed-test-\(getpid())-records"
    defer { unlink(path) }
    for byte in [UInt8(1), 2] {
      let file = try RecordFile(path)
      #expect(file.append([byte, byte]) == nil)
      file.close()
    }
    #expect(try Files.read(path) == [1, 1, 2, 2])
    #expect(throws: SystemError.self) { _ = try RecordFile("/nowhere/records") }
  }

  @Test func `a full disk is told of once`() throws {
    let file = try RecordFile("/dev/full")
    defer { file.close() }
    #expect(file.append([1])?.code == ENOSPC)
    #expect(file.append([1]) == nil)
  }
}
