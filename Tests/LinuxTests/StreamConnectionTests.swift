import CLinux
import Glibc
import Linux
import RouteCore
import Testing

@Suite struct StreamConnectionTests {
  @Test(arguments: ["127.0.0.1", "::1"])
  func `Bytes travel both ways and an orderly end is told as such`(_ address: String) throws {
    let loop = EventLoop()
    var accepted: StreamConnection?
    var remote: Endpoint?
    let listener = try TCPListener(loop, on: Endpoint(ip(address))) {
      accepted = $0
      remote = $1
    } onError: {
      Issue.record($0)
    }
    defer { listener.close() }
    var isOpen = false
    let client = try StreamConnection.connect(loop, to: listener.local, from: Endpoint(ip(address)))
    client.onOpen = { isOpen = true }
    #expect(try loop.run(atMost: .seconds(60)) { isOpen && accepted != nil })
    let server = try #require(accepted)
    #expect(remote == client.localEndpoint && server.localEndpoint == listener.local && client.remoteEndpoint == listener.local)

    var received = [UInt8]()
    server.onReceive = { bytes in bytes.withUnsafeBytes { received.append(contentsOf: $0) } }
    var ends = [SystemError?]()
    server.onClose = { ends.append($0) }
    let payload = (0..<12_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    client.send(payload)
    #expect(client.queued > 0 && !client.canSend)
    client.finish()
    #expect(client.state == .finishing)
    #expect(try loop.run(atMost: .seconds(60)) { !ends.isEmpty })
    // Of two million-element arrays nobody wants to see the difference, nor to wait for it.
    let isWhole = received == payload
    #expect(isWhole)
    #expect(ends == [nil])
    #expect(server.state == .closed)
    #expect(try loop.run(atMost: .seconds(60)) { client.state == .closed })
  }

  @Test(arguments: ["192.0.2.77", "2001:db8::77"])
  func `A listener may wait on an address that nobody has yet`(_ address: String) throws {
    let loop = EventLoop()
    func listen(freeBind: Bool) throws(SystemError) {
      try TCPListener(loop, on: Endpoint(ip(address)), binding: .init(isFree: freeBind), onAccept: { _, _ in }, onError: { _ in }).close()
    }
    try listen(freeBind: true)
    #expect(throws: SystemError.self) { try listen(freeBind: false) }
  }

  @Test func `The last message gets out although the peer's bytes were not read`() throws {
    let loop = EventLoop()
    var accepted: StreamConnection?
    let listener = try TCPListener(loop, on: Endpoint(ip("::1"))) { connection, _ in
      accepted = connection
    } onError: {
      Issue.record($0)
    }
    defer { listener.close() }
    let client = try StreamConnection.connect(loop, to: listener.local)
    #expect(try loop.run(atMost: .seconds(60)) { accepted != nil && client.state == .open })
    let server = try #require(accepted)
    server.pauseReading()
    var answer = [UInt8]()
    var end: SystemError??
    client.onReceive = { bytes in bytes.withUnsafeBytes { answer.append(contentsOf: $0) } }
    client.onClose = { end = .some($0) }
    client.send([UInt8](repeating: 1, count: 100_000))
    try loop.run(atMost: .milliseconds(50)) { false }
    server.send("notification")
    server.finish()
    #expect(try loop.run(atMost: .seconds(60)) { end != nil })
    #expect(String(decoding: answer, as: UTF8.self) == "notification")
    #expect(end == .some(nil), "an end, not a reset")
    #expect(try loop.run(atMost: .seconds(1)) { server.state == .closed })
  }

  @Test func `A peer that reads nothing stops the sender, and room is told of`() throws {
    let loop = EventLoop()
    var accepted: StreamConnection?
    let listener = try TCPListener(loop, on: Endpoint(ip("127.0.0.1"))) { connection, _ in
      accepted = connection
    } onError: {
      Issue.record($0)
    }
    defer { listener.close() }
    let client = try StreamConnection.connect(loop, to: listener.local)
    #expect(try loop.run(atMost: .seconds(60)) { accepted != nil && client.state == .open })
    let server = try #require(accepted)
    server.pauseReading()
    var rooms = 0
    client.onWritable = { rooms += 1 }
    let block = [UInt8](repeating: 7, count: 10_000)
    var sent = 0
    while client.canSend, sent < 100_000_000 {
      client.send(block)
      sent += block.count
      try loop.runOnce(noLaterThan: Clock.now())
    }
    #expect(sent < 100_000_000)
    #expect(client.queued < client.highWater + block.count)
    var received = 0
    server.onReceive = { received += $0.byteCount }
    try loop.run(atMost: .milliseconds(30)) { false }
    #expect(rooms == 0 && received == 0)
    server.resumeReading()
    #expect(try loop.run(atMost: .seconds(60)) { received == sent })
    #expect(rooms == 1 && client.canSend)
    client.abort()
    server.abort()
  }

  @Test func `Who must know now opens, reads and writes without waiting for the loop`() throws {
    let loop = EventLoop()
    var accepted: StreamConnection?
    let listener = try TCPListener(loop, on: Endpoint(ip("127.0.0.1"))) { connection, _ in
      accepted = connection
    } onError: {
      Issue.record($0)
    }
    defer { listener.close() }
    let client = try StreamConnection.connect(loop, to: listener.local)
    var opened = 0
    client.onOpen = { opened += 1 }
    client.catchUp()
    #expect(opened == 1 && client.state == .open)
    try #require(try loop.run(atMost: .seconds(60)) { accepted != nil })
    let server = try #require(accepted)
    #expect(opened == 1)
    defer {
      server.abort()
      client.abort()
    }
    var received = 0
    server.onReceive = { received += $0.byteCount }
    client.send("word")
    server.catchUp()
    #expect(received == 4)
    // Nothing more is there, which is no end.
    server.catchUp()
    #expect(received == 4 && server.state == .open)
    // More than the kernel takes: what the other end has read makes room for the rest.
    client.send([UInt8](repeating: 7, count: 16_000_000))
    let queued = client.queued
    #expect(queued > 0)
    for _ in 0..<1000 where client.queued > 0 {
      server.catchUp()
      client.catchUp()
    }
    #expect(client.queued == 0)
    var end: SystemError??
    server.onClose = { end = $0 }
    client.finish()
    for _ in 0..<1000 where end == nil { server.catchUp() }
    #expect(received == 4 + 16_000_000)
    #expect(end == .some(nil))
  }

  @Test func `A refused connection is told with its reason, once`() throws {
    let loop = EventLoop()
    let listener = try TCPListener(loop, on: Endpoint(ip("::1"))) { _, _ in
    } onError: {
      Issue.record($0)
    }
    let address = listener.local
    listener.close()
    var ends = [SystemError?]()
    let client = try StreamConnection.connect(loop, to: address)
    client.onOpen = { Issue.record("open") }
    client.onClose = { ends.append($0) }
    #expect(try loop.run(atMost: .seconds(60)) { !ends.isEmpty })
    try loop.run(atMost: .milliseconds(20)) { false }
    #expect(ends.map { $0?.code } == [ECONNREFUSED])
  }

  @Test func `A reset is told as an error`() throws {
    let loop = EventLoop()
    var accepted: StreamConnection?
    let listener = try TCPListener(loop, on: Endpoint(ip("::1"))) { connection, _ in
      accepted = connection
    } onError: {
      Issue.record($0)
    }
    defer { listener.close() }
    let client = try StreamConnection.connect(loop, to: listener.local)
    #expect(try loop.run(atMost: .seconds(60)) { accepted != nil && client.state == .open })
    var end: SystemError??
    client.onClose = { end = .some($0) }
    accepted?.pauseReading()
    client.send("unread")
    try loop.run(atMost: .milliseconds(20)) { false }
    accepted?.abort()
    #expect(try loop.run(atMost: .seconds(60)) { end != nil })
    #expect(end??.code == ECONNRESET)
  }

  @Test func `The control socket is for owner and group only and replaces a stale one`() throws {
    let loop = EventLoop()
    let path = "/tmp/routed-test-\(getpid()).ctl"
    var connections = [StreamConnection]()
    // What a process leaves that was killed.
    close(cl_unix_listen(path, 1))
    #expect(access(path, F_OK) == 0)
    let listener = try UnixListener(loop, path: path, owner: (nil, UInt32(getegid()))) {
      connections.append($0)
    } onError: {
      Issue.record($0)
    }
    try listener.start()
    var information = stat()
    #expect(lstat(path, &information) == 0 && information.st_mode & 0o7777 == 0o660)
    let client = try StreamConnection.connect(loop, toPath: path)
    client.send("show status\n")
    #expect(try loop.run(atMost: .seconds(60)) { !connections.isEmpty })
    var request = ""
    connections[0].onReceive = { bytes in bytes.withUnsafeBytes { request += String(decoding: $0, as: UTF8.self) } }
    var reply = ""
    client.onReceive = { bytes in bytes.withUnsafeBytes { reply += String(decoding: $0, as: UTF8.self) } }
    #expect(try loop.run(atMost: .seconds(60)) { request == "show status\n" })
    connections[0].send("0013 up\n")
    connections[0].finish()
    var isEnded = false
    client.onClose = { isEnded = $0 == nil }
    #expect(try loop.run(atMost: .seconds(60)) { isEnded && reply == "0013 up\n" })
    listener.close()
    #expect(access(path, F_OK) < 0)
  }

  @Test func `A control socket on which somebody listens is not taken from him`() throws {
    let loop = EventLoop()
    let path = "/tmp/routed-test-\(getpid())-first.ctl"
    let first = cl_unix_listen(path, 0)
    try #require(first >= 0)
    defer { close(first) }
    func second() -> Int32? {
      do throws(SystemError) {
        try UnixListener(loop, path: path, onAccept: { _ in }, onError: { _ in }).close()
        return nil
      } catch { return error.code }
    }
    #expect(second() == EADDRINUSE)
    // He does not answer either, as the queue is full.
    var waiting: [Int32] = []
    defer { waiting.forEach { close($0) } }
    while true {
      let descriptor = cl_unix_connect(path, 0)
      if descriptor < 0 {
        #expect(descriptor == -EAGAIN)
        break
      }
      waiting.append(descriptor)
    }
    #expect(second() == EADDRINUSE)
    #expect(access(path, F_OK) == 0)
    unlink(path)
  }

  @Test func `What is no socket stays where the control socket was to be`() throws {
    let loop = EventLoop()
    let path = "/tmp/routed-test-\(getpid())-file"
    try Files.write(Array("precious".utf8), to: path)
    defer { unlink(path) }
    #expect(throws: SystemError.self) { try UnixListener(loop, path: path, onAccept: { _ in }, onError: { _ in }) }
    #expect(try Files.read(path) == Array("precious".utf8))
    // Nor is it removed at the end, if it has come there since.
    unlink(path)
    let listener = try UnixListener(loop, path: path, onAccept: { _ in }, onError: { _ in })
    #expect(rename(path, path + ".old") == 0)
    defer { unlink(path + ".old") }
    try Files.write(Array("precious".utf8), to: path)
    listener.close()
    #expect(try Files.read(path) == Array("precious".utf8))
  }
}
