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
    let loop = EventLoop()
    var fired = [Int]()
    let first = DeadlineTimer(loop) { fired.append(1) }
    let second = DeadlineTimer(loop) { fired.append(2) }
    let never = DeadlineTimer(loop) { fired.append(3) }
    let start = Clock.now()
    first.deadline = start + .milliseconds(20)
    second.deadline = start + .milliseconds(5)
    never.deadline = start + .milliseconds(1)
    never.cancel()
    #expect(try loop.run(atMost: .seconds(60)) { fired.count == 2 })
    #expect(Clock.now() - start >= .milliseconds(20))
    #expect(fired == [2, 1])
    #expect(first.deadline == nil)
    first.cancel()
    second.cancel()
  }

  @Test func `Work for later runs once per round, in order, between the descriptors`() throws {
    let loop = EventLoop()
    let (reader, writer) = try makePipe()
    var order = [String]()
    let source = IOSource(
      loop, descriptor: reader,
      onReadable: {
        var byte: UInt8 = 0
        _ = read(reader, &byte, 1)
        order.append("read")
      })
    try source.watch(for: .read)
    var slices = 0
    func slice() {
      slices += 1
      order.append("slice")
      _ = write(writer, "x", 1)
      if slices < 3 { loop.perform { slice() } }
    }
    loop.perform { slice() }
    #expect(try loop.run(atMost: .seconds(60)) { order.count == 6 })
    #expect(order == ["slice", "read", "slice", "read", "slice", "read"])
    source.cancel()
    close(reader)
    close(writer)
  }

  @Test func `A handler may cancel another source of the same round and reuse its number`() throws {
    let loop = EventLoop()
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
          try? replacement.watch(for: .read)
          watched.sources[index].cancel()
        })
      try source.watch(for: .read)
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
    let loop = EventLoop()
    let (reader, writer) = try makePipe()
    var calls = 0
    let source = IOSource(loop, descriptor: reader, onReadable: { calls += 1 })
    try source.watch(for: .read)
    try source.watch(for: [])
    close(writer)
    var rounds = 0
    let start = Clock.now()
    while Clock.now() - start < .milliseconds(30) {
      try loop.runOnce(noLaterThan: start + .milliseconds(30))
      rounds += 1
    }
    #expect(rounds < 5 && calls == 0)
    try source.watch(for: .read)
    try loop.runOnce()
    #expect(calls == 1)
    source.cancel()
    close(reader)
  }

  /// Runs the loop until the source is quiet, so that Dispatch watches it.
  private func calmDown(_ loop: EventLoop, _ source: IOSource) throws {
    let end = Clock.now() + .seconds(10)
    while source.isBusy, Clock.now() < end { try loop.run(atMost: .milliseconds(20)) { !source.isBusy } }
    #expect(!source.isBusy)
  }

  @Test func `A quiet descriptor is watched by Dispatch, and level-triggered again when something came`() throws {
    let loop = EventLoop()
    let (reader, writer) = try makePipe()
    var bytes = [UInt8]()
    let source = IOSource(
      loop, descriptor: reader,
      onReadable: {
        var byte: UInt8 = 0
        if read(reader, &byte, 1) == 1 { bytes.append(byte) }
      })
    try source.watch(for: .read)
    for text in ["abc", "def"] {
      try calmDown(loop, source)
      _ = write(writer, text, 3)
      let present = bytes.count
      #expect(try loop.run(atMost: .seconds(60)) { bytes.count > present })
      #expect(bytes.count == present + 1, "one byte a round")
      #expect(try loop.run(atMost: .seconds(60)) { bytes.count == present + 3 })
    }
    #expect(String(decoding: bytes, as: UTF8.self) == "abcdef")
    source.cancel()
    close(reader)
    close(writer)
  }

  @Test(arguments: [false, true])
  func `What a peer that hung up left is read to the end, a piece a round`(wasQuiet: Bool) throws {
    let loop = EventLoop()
    let (reader, writer) = try makePipe()
    var calls = 0
    var isAtEnd = false
    let source = IOSource(
      loop, descriptor: reader,
      onReadable: {
        calls += 1
        var byte: UInt8 = 0
        isAtEnd = read(reader, &byte, 1) == 0
      })
    try source.watch(for: .read)
    if wasQuiet { try calmDown(loop, source) }
    _ = write(writer, "0123456789", 10)
    close(writer)
    #expect(try loop.run(atMost: .seconds(60)) { isAtEnd })
    #expect(calls == 11)
    // It stays so for as long as it is asked for.
    try loop.run(atMost: .milliseconds(150)) { false }
    let later = calls
    #expect(later > 11)
    try source.watch(for: [])
    try loop.run(atMost: .milliseconds(150)) { false }
    #expect(calls == later)
    try source.watch(for: .read)
    try loop.runOnce()
    #expect(calls == later + 1)
    source.cancel()
    close(reader)
  }

  @Test func `The number of a descriptor that Dispatch watched can be used again at once`() throws {
    let loop = EventLoop()
    for _ in 0..<20 {
      let first = try makePipe()
      let source = IOSource(loop, descriptor: first.reader, onReadable: { Issue.record("it is not for this one") })
      try source.watch(for: .read)
      try calmDown(loop, source)
      source.cancel()
      close(first.reader)
      let second = try makePipe()
      #expect(second.reader == first.reader)
      var calls = 0
      let replacement = IOSource(
        loop, descriptor: second.reader,
        onReadable: {
          var byte: UInt8 = 0
          if read(second.reader, &byte, 1) == 1 { calls += 1 }
        })
      try replacement.watch(for: .read)
      for count in 1...2 {
        _ = write(second.writer, "x", 1)
        #expect(try loop.run(atMost: .seconds(60)) { calls == count })
        if count == 1 { try calmDown(loop, replacement) }
      }
      replacement.cancel()
      for descriptor in [first.writer, second.reader, second.writer] { close(descriptor) }
    }
  }

  @Test func `What was watched for a moment leaves nothing behind`() throws {
    var limits = rlimit()
    #expect(getrlimit(Int32(RLIMIT_NOFILE.rawValue), &limits) == 0)
    let before = limits
    limits.rlim_cur = 1024
    #expect(setrlimit(Int32(RLIMIT_NOFILE.rawValue), &limits) == 0)
    defer { withUnsafePointer(to: before) { _ = setrlimit(Int32(RLIMIT_NOFILE.rawValue), $0) } }
    let loop = EventLoop()
    for _ in 0..<2000 {
      let (reader, writer) = try makePipe()
      let source = IOSource(loop, descriptor: reader, onReadable: {})
      try source.watch(for: .read)
      source.cancel()
      for descriptor in [reader, writer] { close(descriptor) }
    }
    // `poll` refuses more entries than there may be descriptors.
    try loop.runOnce(noLaterThan: Clock.now() + .milliseconds(1))
  }

  @Test func `A full pipe is told of when there is room, also after a while`() throws {
    let loop = EventLoop()
    let (reader, writer) = try makePipe()
    let bytes = [UInt8](repeating: 0, count: 65536)
    while write(writer, bytes, bytes.count) > 0 {}
    var calls = 0
    let source = IOSource(loop, descriptor: writer, onReadable: {}, onWritable: { calls += 1 })
    try source.watch(for: .write)
    // Longer than a descriptor is busy for; this one stays so, as Dispatch is not relied upon for room.
    try loop.run(atMost: .milliseconds(300)) { false }
    #expect(calls == 0 && source.isBusy)
    var buffer = bytes
    while read(reader, &buffer, buffer.count) > 0 {}
    #expect(try loop.run(atMost: .seconds(60)) { calls > 0 })
    source.cancel()
    close(reader)
    close(writer)
  }

  @Test func `A far deadline is on time, and one that is moved`() throws {
    let loop = EventLoop()
    var fired: Instant?
    let timer = DeadlineTimer(loop) { fired = Clock.now() }
    let start = Clock.now()
    timer.deadline = start + .milliseconds(250)
    try loop.run(atMost: .milliseconds(50)) { false }
    timer.deadline = start + .milliseconds(350)
    #expect(try loop.run(atMost: .seconds(60)) { fired != nil })
    #expect(try #require(fired) - start >= .milliseconds(350))
    fired = nil
    timer.deadline = Clock.now() + .seconds(600)
    try loop.run(atMost: .milliseconds(50)) { false }
    timer.deadline = Clock.now() + .milliseconds(150)
    #expect(try loop.run(atMost: .seconds(60)) { fired != nil })
    timer.cancel()
  }

  @Test(arguments: [false, true])
  func `What came before a deadline is read before it is told`(wasQuiet: Bool) throws {
    let loop = EventLoop()
    let (reader, writer) = try makePipe()
    var order = [String]()
    let source = IOSource(
      loop, descriptor: reader,
      onReadable: {
        var byte: UInt8 = 0
        if read(reader, &byte, 1) == 1 { order.append("data") }
      })
    try source.watch(for: .read)
    let timer = DeadlineTimer(loop) { order.append("deadline") }
    if wasQuiet { try calmDown(loop, source) }
    for _ in 0..<100 {
      order = []
      // A handler of this round takes so long that both are due in its end.
      timer.deadline = Clock.now() + .microseconds(100)
      let slow = DeadlineTimer(loop) {
        _ = write(writer, "x", 1)
        usleep(200)
      }
      slow.deadline = Clock.now()
      #expect(try loop.run(atMost: .seconds(60)) { order.count == 2 })
      #expect(order == ["data", "deadline"])
      slow.cancel()
    }
    timer.cancel()
    source.cancel()
    close(reader)
    close(writer)
  }

  @Test(arguments: [false, true])
  func `A process that was stopped reads what came meanwhile before it looks at its deadlines`(wasQuiet: Bool) throws {
    let loop = EventLoop()
    let path = "/tmp/routed-test-\(getpid())-stopped"
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let reader = cl_open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0)
    var order = [String]()
    let source = IOSource(
      loop, descriptor: reader,
      onReadable: {
        var byte: UInt8 = 0
        if read(reader, &byte, 1) == 1 { order.append("data") }
      })
    try source.watch(for: .read)
    if wasQuiet { try calmDown(loop, source) }
    let timer = DeadlineTimer(loop) { order.append("deadline") }
    // Stopped when the loop waits; the byte comes before the deadline.
    timer.deadline = Clock.now() + .milliseconds(600)
    let script = "kill -STOP \(getpid()); sleep 0.1; printf x >\(path); sleep 0.8; kill -CONT \(getpid())"
    #expect(system("sh -c 'sleep 0.1; \(script)' &") == 0)
    #expect(try loop.run(atMost: .seconds(60)) { order.count == 2 })
    #expect(order == ["data", "deadline"])
    timer.cancel()
    source.cancel()
    close(reader)
  }

  private final class Watched {
    var sources = [IOSource]()
  }
}
