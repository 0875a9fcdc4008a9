import RouteCore
import Testing

@testable import Configuration

@Suite struct LexerTests {
  private func lex(_ text: String, _ others: [String: String] = [:]) -> Lexer {
    var lexer = Lexer(provider: MemorySources(others.merging(["/etc/bird.conf": text]) { $1 }))
    lexer.tokenize("/etc/bird.conf")
    return lexer
  }
  private func kinds(_ text: String, _ others: [String: String] = [:]) -> [Token.Kind] {
    lex(text, others).tokens.dropLast().map(\.kind)
  }

  @Test func `names, numbers, texts and addresses are told apart by the longest match`() throws {
    let address = try #require(IPAddress("2001:db8:ff::10"))
    #expect(
      kinds("ab 'v-1.2:x' 17 0x1F 1.2.3.4 2001:db8:ff::10 face::1 face \"a b\" 10s") == [
        .symbol("ab"), .symbol("v-1.2:x"), .number(17), .number(31), .ip4(0x0102_0304), .ip6(address),
        .ip6(try #require(IPAddress("face::1"))), .symbol("face"), .text("a b"), .number(10), .symbol("s"),
      ])
    #expect(kinds("::/0 ::ffff:1.2.3.4") == [.ip6(.unspecified), .punctuation(.slash), .number(0), .ip6(IPAddress(ipv4: 0x0102_0304))])
    #expect(kinds("10.0.0.0:255.0.0.0") == [.ip4(0x0a00_0000), .punctuation(.colon), .ip4(0xff00_0000)])
  }

  @Test func `two-character operators come before their first characters`() {
    #expect(
      kinds("1..2 != !~ <= >= && || [= =] < > = [ ]") == [
        .number(1), .punctuation(.dotDot), .number(2), .punctuation(.notEqual), .punctuation(.notMatch), .punctuation(.lessOrEqual),
        .punctuation(.greaterOrEqual), .punctuation(.and), .punctuation(.or), .punctuation(.pathOpen), .punctuation(.pathClose),
        .punctuation(.less), .punctuation(.greater), .punctuation(.equal), .punctuation(.bracketOpen), .punctuation(.bracketClose),
      ])
    #expect(kinds("else: else") == [.elseColon, .symbol("else")])
  }

  @Test func `comments vanish and lines and columns stay right`() {
    let tokens = lex("a # b\n/* c\n d */\te\n  f").tokens
    #expect(tokens.map(\.location.line) == [1, 3, 4, 4])
    #expect(tokens.map(\.location.column) == [1, 7, 3, 4])
  }

  @Test(arguments: [
    ("/* a /* b */", "1:6: Comment nesting not supported"), ("a\n /* b", "2:2: Unterminated comment"),
    ("\"abc\n", "1:1: Unterminated string"),
    ("4294967296", "1:1: Number out of range"), ("a $ b", "1:3: Unknown character '$'"),
    ("1.2.3.256", "1:1: Invalid IPv4 address 1.2.3.256"),
    ("1:2:3:4", "1:1: Invalid IPv6 address 1:2:3:4"), (String(repeating: "x", count: 65), "1:1: Symbol too long"),
    ("include \"\";", "1:1: Include with empty argument"),
    (" include \"none\";", "1:2: Unable to open included file /etc/none: No such file or directory"),
  ])
  func `a mistake is reported with its place`(text: String, message: String) {
    #expect(lex(text).diagnostics.map(\.headline) == ["/etc/bird.conf:\(message)"])
  }

  @Test func `includes are taken at the beginning of a line only, relative to their file, by pattern in order`() {
    let files = ["/etc/d/2.conf": "two", "/etc/d/1.conf": "one\ninclude \"sub/x\";", "/etc/d/sub/x": "three", "/etc/none": "no"]
    #expect(
      kinds("a\n\t include \"d/*.conf\" ; b", files) == [.symbol("a"), .symbol("one"), .symbol("three"), .symbol("two"), .symbol("b")])
    #expect(kinds("a include \"none\";", files).count == 4)
    #expect(kinds("include \"/etc/e/*\";a", files) == [.symbol("a")])
    #expect(lex("/*\ninclude \"none\";\n*/", files).tokens.count == 1)
  }

  @Test func `a file that includes itself is told so at once`() {
    let lexer = lex("x\ninclude \"bird.conf\";\n")
    #expect(lexer.tokens.count == 2)
    #expect(lexer.diagnostics.map(\.message) == ["/etc/bird.conf includes itself"])
  }

  @Test func `includes inside of includes end at the greatest depth`() {
    var files: [String: String] = [:]
    for number in 1...9 { files["/etc/\(number)"] = "x\ninclude \"\(number + 1)\";\n" }
    let lexer = lex("x\ninclude \"1\";\n", files)
    #expect(lexer.tokens.count == Lexer.maximumDepth + 1)
    #expect(lexer.diagnostics.map(\.message) == ["Max include depth reached"])
  }
}
