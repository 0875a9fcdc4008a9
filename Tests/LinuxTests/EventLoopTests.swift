import CLinux
import Glibc
import Linux
import RouteCore
import Testing

@Suite struct EventLoopTests {
  /// A pipe, both ends non-blocking.
  private func makePipe() throws -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(cl_pipe(&ends, 0) == 0)
    return (ends[0], ends[1])
  }

  @Test func `Deadlines fire in their round, once, and not after cancel`() throws {
    let loop = try EventLoop()
    var fired = [Int]()
    let first = DeadlineTimer(loop) { fired.append(1) }
    let second = DeadlineTimer(loop) { fired.append(2) }
    let never = DeadlineTimer(loop) { fired.append(3) }
    let start = Clock.now()
    first.deadline = start + .milliseconds(20)
    second.deadline = start + .milliseconds(5)
    never.deadline = start + .milliseconds(1)
    never.cancel()
    #expect(try loop.run(atMost: .seconds(2)) { fired.count == 2 })
    #expect(Clock.now() - start >= .milliseconds(20))
    #expect(fired == [2, 1])
    #expect(first.deadline == nil)
    first.cancel()
    second.cancel()
  }

  @Test func `Work for later runs once per round, in order, between the descriptors`() throws {
    let loop = try EventLoop()
    let (reader, writer) = try makePipe()
    var order = [String]()
    let source = IOSource(
      loop, descriptor: reader,
      onReadable: {
        var byte: UInt8 = 0
        _ = read(reader, &byte, 1)
        order.append("read")
      })
    try source.watch(read: true, write: false)
    var slices = 0
    func slice() {
      slices += 1
      order.append("slice")
      _ = write(writer, "x", 1)
      if slices < 3 { loop.perform { slice() } }
    }
    loop.perform { slice() }
    #expect(try loop.run(atMost: .seconds(2)) { order.count == 6 })
    #expect(order == ["slice", "read", "slice", "read", "slice", "read"])
    source.cancel()
    close(reader)
    close(writer)
  }

  @Test func `A handler may cancel another source of the same round and reuse its number`() throws {
    let loop = try EventLoop()
    let pipes = try [makePipe(), makePipe()]
    var calls = 0
    var replacementCalls = 0
    let watched = Watched()
    var spare: (reader: Int32, writer: Int32) = (-1, -1)
    for index in 0..<2 {
      let source = IOSource(
        loop, descriptor: pipes[index].reader,
        onReadable: {
          calls += 1
          let other = 1 - index
          watched.sources[other].cancel()
          close(pipes[other].reader)
          guard let fresh = try? self.makePipe() else { return }
          spare = fresh
          // The number is free now, so the kernel hands it out again: the event already seen is not for the new source.
          let replacement = IOSource(loop, descriptor: fresh.reader, onReadable: { replacementCalls += 1 })
          try? replacement.watch(read: true, write: false)
          watched.sources[index].cancel()
        })
      try source.watch(read: true, write: false)
      watched.sources.append(source)
    }
    for pipe in pipes { _ = write(pipe.writer, "x", 1) }
    try loop.runOnce()
    try loop.run(atMost: .milliseconds(20)) { false }
    #expect(calls == 1 && replacementCalls == 0)
    #expect(pipes.map(\.reader).contains(spare.reader), "the number was reused")
    _ = write(spare.writer, "x", 1)
    try loop.runOnce()
    #expect(replacementCalls == 1)
  }

  @Test func `A source that wants nothing does not keep the loop busy after a hangup`() throws {
    let loop = try EventLoop()
    let (reader, writer) = try makePipe()
    var calls = 0
    let source = IOSource(loop, descriptor: reader, onReadable: { calls += 1 })
    try source.watch(read: true, write: false)
    try source.watch(read: false, write: false)
    close(writer)
    var rounds = 0
    let start = Clock.now()
    while Clock.now() - start < .milliseconds(30) {
      try loop.runOnce(noLaterThan: start + .milliseconds(30))
      rounds += 1
    }
    #expect(rounds < 5 && calls == 0)
    try source.watch(read: true, write: false)
    try loop.runOnce()
    #expect(calls == 1)
    source.cancel()
    close(reader)
  }

  private final class Watched {
    var sources = [IOSource]()
  }
}
