import ControlLanguage
import RouteCore
import Testing

@testable import Control

@Suite struct FramingTests {
  /// A session that has been greeted.
  private func session(_ format: CLIFormat = .bird1) -> ControlSession {
    var session = ControlSession(format)
    session.reply.drop(first: session.reply.count)
    return session
  }

  private func receive(_ text: String, _ session: inout ControlSession) {
    let bytes = Array(text.utf8)
    session.receive(bytes.span.bytes)
  }

  @Test func `the server speaks first, with the version that clients look for`() {
    #expect(wire(ControlSession(.bird1).reply) == "0001 BIRD 1.6.8 ready.\n")
    #expect(wire(ControlSession(.bird2).reply) == "0001 BIRD 2.0.12 ready.\n")
  }

  @Test func `requests may come in pieces, in one piece, and with carriage returns`() {
    var session = session()
    receive("show sta", &session)
    #expect(session.next() == nil)
    receive("tus\r\nshow memory\ndo\r", &session)
    #expect(session.next()?.command == .showStatus)
    #expect(session.next()?.command == .showMemory)
    #expect(session.next() == nil)
    receive("wn\n", &session)
    #expect(session.next()?.command == .down)
    #expect(wire(session.reply) == "")
  }

  @Test func `4094 bytes are a request, 4095 are too long`() {
    var session = session()
    let name = String(repeating: "x", count: 4094 - "eval ".utf8.count)
    receive("eval \(name)\n", &session)
    #expect(session.next()?.command == .evaluate(name))
    receive("eval \(name)x\nshow status\n", &session)
    #expect(session.next()?.command == .showStatus)
    #expect(wire(session.reply) == "9000 Command too long\n")
  }

  @Test func `an endless request is answered once, and kept out of memory`() {
    var session = session()
    for _ in 0..<100 {
      receive(String(repeating: "y", count: 1000), &session)
      #expect(session.next() == nil)
    }
    #expect(session.wantsInput)
    receive("\nshow status\n", &session)
    #expect(session.next()?.command == .showStatus)
    #expect(wire(session.reply) == "9000 Command too long\n")
  }

  @Test func `reading stops while many requests wait`() {
    var session = session()
    for _ in 0..<6000 { receive("show status\n", &session) }
    #expect(!session.wantsInput)
    while session.next() != nil {}
    #expect(session.wantsInput)
  }

  @Test func `errors of syntax are answered on the way, in the words of the dialect`() {
    var old = session()
    receive("bogus\n\nshow\nshow status x\n", &old)
    #expect(old.next() == nil)
    #expect(wire(old.reply) == String(repeating: "9001 syntax error\n", count: 4))
    var new = session(.bird2)
    receive("show\nshow bogus\n", &new)
    #expect(new.next() == nil)
    #expect(wire(new.reply) == "9001 syntax error, unexpected END\n9001 syntax error, unexpected bogus\n")
  }

  @Test func `a restricted session refuses what changes something, and nothing else`() {
    var session = session()
    receive("restrict\ndisable all\ndown\nconfigure\nconfigure undo\nreload all\ndebug all all\necho off\nconfigure check\n", &session)
    #expect(session.next()?.command == .configure(.check(file: nil)))
    #expect(session.isRestricted)
    #expect(
      wire(session.reply) == "0016 Access restricted\n" + String(repeating: "8007 Access denied\n", count: 6) + "0000 \n")
    var new = ControlSession(.bird2, isRestricted: true)
    new.reply.drop(first: new.reply.count)
    receive("configure check\ngraceful restart\nshow status\n", &new)
    #expect(new.next()?.command == .showStatus)
    #expect(wire(new.reply) == "8007 Access denied\n8007 Access denied\n")
  }

  @Test func `a code is repeated as one space, and never across replies`() {
    let text = written { reply in
      reply.line(.route, "a")
      reply.line(.route, "b")
      reply.line(.routeDetails, "c")
      reply.line(.route, "d")
      reply.final(.route, "e")
      reply.line(.route, "f")
      reply.final(.ok)
    }
    #expect(text == "1007-a\n b\n1008-c\n1007-d\n1007 e\n1007-f\n0000 \n")
  }

  @Test func `a line of more than 510 bytes becomes an overflow`() {
    let long = String(repeating: "z", count: 506)
    #expect(written { $0.line(.route, String(long.dropLast())) } == "1007-\(long.dropLast())\n")
    #expect(written { $0.line(.route, long) } == "8000-<line overflow>\n")
    #expect(written { $0.final(.parseError, long) } == "8000 <line overflow>\n")
  }

  @Test func `control characters of a message cannot end a line`() {
    #expect(written { $0.line(.protocolDetails, "a\nb\tc\u{7f}") } == "1006-a?b\tc?\n")
    #expect(written { $0.final(.parseError, "x\r\n0000 ") } == "9001 x??0000 \n")
  }

  @Test func `the client reads what the server writes`() throws {
    var parser = ReplyParser()
    parser.receive(Array("0001 BIRD 1.6.8 ready.\n1007-a\n b\n+log\n  c\n00".utf8))
    var lines: [ReplyLine] = []
    while let line = try parser.next() { lines.append(line) }
    parser.receive(Array("00 \n".utf8))
    while let line = try parser.next() { lines.append(line) }
    #expect(lines.map(\.text) == ["BIRD 1.6.8 ready.", "a", "b", "log", " c", ""])
    #expect(lines.map(\.position) == [.last, .more, .more, .asynchronous, .more, .last])
    #expect(lines.map(\.code.rawValue) == [1, 1007, 1007, 0, 1007, 0])
  }

  @Test(arguments: ["12\n", "abcd hello\n", "1007x\n", "\n"])
  func `what is no reply is refused`(text: String) {
    var parser = ReplyParser()
    parser.receive(Array(text.utf8))
    #expect(throws: ReplyParser.Failure.self) { try parser.next() }
  }
}
