import RouteCore

/// Cuts the configuration and everything it includes into tokens (routed.conf(5), SYNTAX).
///
/// All files are read before parsing starts: the dialect is detected from the whole text, and a message can show any line. Errors do not
/// stop the lexer; it reports them and continues after the offending bytes.
package struct Lexer {
  package private(set) var sources = SourceMap()
  package internal(set) var tokens: [Token] = []
  package private(set) var diagnostics: [Diagnostic] = []

  let provider: any SourceProvider
  /// The files being read, the innermost last; those of one pattern stand in it together, the first on top.
  var stack: [Cursor] = []
  var filesOpened = 0
  /// Comments that began inside others: each leaves an extra `*/`, which has already been reported.
  private var nestedComments = 0
  /// Whether bytestrings are distinguished from the numbers and names they consist of, see `fit`.
  var readsBytestrings = true

  /// A position in one file.
  struct Cursor {
    var file: Int32
    var path: String
    var bytes: [UInt8]
    /// 1 for the main file.
    var depth: Int
    var offset = 0
    var line: Int32 = 1
    var lineStart = 0

    /// The byte `ahead` of the position, or nil beyond the end.
    func peek(_ ahead: Int = 0) -> UInt8? {
      let index = offset + ahead
      return index < bytes.count ? bytes[index] : nil
    }
    var location: SourceLocation { SourceLocation(file: file, line: line, column: Int32(clamping: offset - lineStart + 1)) }
    mutating func newline() {
      offset += 1
      line &+= 1
      lineStart = offset
    }
  }

  package init(provider: any SourceProvider) { self.provider = provider }

  /// Reads `path` and all it includes. The last token is `endOfFile`, whatever happened.
  package mutating func tokenize(_ path: String) {
    do {
      open(path, try provider.read(path), includedAt: nil, depth: 1)
    } catch {
      let file = sources.add(SourceMap.File(path: path, bytes: [], includedAt: nil))
      report(SourceLocation(file: file, line: 1, column: 1), 1, "Unable to open the configuration file: \(error.reason)")
    }
    var end = SourceLocation.start
    while let current = stack.last {
      end = current.location
      if current.peek() == nil { stack.removeLast() } else { scan() }
    }
    // Something missing at the end is missing after the last word, not on an empty line.
    if let last = tokens.last { end = last.end }
    tokens.append(Token(kind: .endOfFile, location: end, length: 1))
  }

  mutating func open(_ path: String, _ bytes: [UInt8], includedAt: SourceLocation?, depth: Int) {
    let file = sources.add(SourceMap.File(path: path, bytes: bytes, includedAt: includedAt))
    stack.append(Cursor(file: file, path: path, bytes: bytes, depth: depth))
    filesOpened += 1
  }

  mutating func report(_ location: SourceLocation, _ length: Int, _ message: String, hint: String? = nil) {
    guard diagnostics.count < Parser.maximumDiagnostics else { return }
    diagnostics.append(
      Diagnostic(
        severity: .error, path: sources.path(of: location), location: location, length: max(1, length), message: message, hint: hint,
        sourceLine: sources.line(of: location)))
  }

  /// Takes one token, comment, run of spaces or include from the file on top of the stack.
  mutating func scan() {
    let top = stack.count - 1
    if stack[top].offset == stack[top].lineStart, include() { return }
    guard let byte = stack[top].peek() else { return }
    switch byte {
    case UInt8(ascii: "\n"): stack[top].newline()
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): stack[top].offset += 1
    case UInt8(ascii: "#"): while let next = stack[top].peek(), next != UInt8(ascii: "\n") { stack[top].offset += 1 }
    case UInt8(ascii: "/") where stack[top].peek(1) == UInt8(ascii: "*"): comment()
    case UInt8(ascii: "\""): text()
    case UInt8(ascii: "'"): quotedSymbol()
    default:
      if readsBytestrings, bytestring() { return }
      if address() { return }
      if byte.isDigit { return number() }
      if byte.isSymbolStart { return symbol() }
      punctuation()
    }
  }

  /// Appends a token of the next `length` bytes and steps over them.
  mutating func emit(_ kind: Token.Kind, _ length: Int) {
    guard let last = stack.indices.last else { return }
    tokens.append(Token(kind: kind, location: stack[last].location, length: Int32(clamping: length)))
    stack[last].offset += length
  }

  func slice(_ length: Int) -> String {
    guard let cursor = stack.last else { return "" }
    return String(decoding: cursor.bytes[cursor.offset..<min(cursor.offset + length, cursor.bytes.count)], as: UTF8.self)
  }

  private mutating func skip(_ count: Int) { if let last = stack.indices.last { stack[last].offset += count } }

  /// How many bytes from `ahead` on satisfy the condition.
  func run(from ahead: Int = 0, _ condition: (UInt8) -> Bool) -> Int {
    guard let cursor = stack.last else { return 0 }
    var length = 0
    while let byte = cursor.peek(ahead + length), condition(byte) { length += 1 }
    return length
  }

  private mutating func comment() {
    let top = stack.count - 1
    let start = stack[top].location
    stack[top].offset += 2
    while let byte = stack[top].peek() {
      let next = stack[top].peek(1)
      if byte == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
        stack[top].offset += 2
        return
      }
      if byte == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
        report(stack[top].location, 2, "Comment nesting not supported", hint: "the comment begins at line \(start.line)")
        nestedComments += 1
        stack[top].offset += 2
      } else if byte == UInt8(ascii: "\n") {
        stack[top].newline()
      } else {
        stack[top].offset += 1
      }
    }
    report(start, 2, "Unterminated comment", hint: "a comment that begins with /* ends with */")
  }

  private mutating func text() {
    guard let start = stack.last?.location else { return }
    let length = run(from: 1) { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\n") }
    guard stack.last?.peek(1 + length) == UInt8(ascii: "\"") else {
      report(start, 1 + length, "Unterminated string", hint: "a text ends with \" on the same line")
      // The written text takes its place, so that the rest of the statement is still checked.
      return emit(.text(String(slice(1 + length).dropFirst())), 1 + length)
    }
    let whole = slice(2 + length)
    emit(.text(String(whole.dropFirst().dropLast())), 2 + length)
  }

  private mutating func quotedSymbol() {
    guard let start = stack.last?.location else { return }
    let length = run(from: 1) { $0.isSymbolPart || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
    guard stack.last?.peek(1 + length) == UInt8(ascii: "'") else {
      // In both cases treat it as a name, so that the rest of the statement is still checked.
      let all = run(from: 1) { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\n") }
      guard stack.last?.peek(1 + all) == UInt8(ascii: "'") else {
        report(start, 1 + length, "Unterminated name", hint: "a quoted name ends with '")
        return emit(.symbol(String(slice(1 + length).dropFirst())), 1 + length)
      }
      report(start, 2 + all, "Unknown character", hint: "a quoted name has letters, digits, '_', '-', '.' and ':' only")
      return emit(.symbol(String(slice(1 + all).dropFirst())), 2 + all)
    }
    let name = String(slice(2 + length).dropFirst().dropLast())
    guard !name.isEmpty else {
      report(start, 2, "Empty name")
      return skip(2)
    }
    if name.utf8.count > Lexer.maximumSymbolLength { report(start, 2 + length, "Symbol too long") }
    emit(.symbol(name), 2 + length)
  }

  private mutating func symbol() {
    guard let start = stack.last?.location else { return }
    let length = run { $0.isSymbolPart }
    let name = slice(length)
    if name == "else", stack.last?.peek(length) == UInt8(ascii: ":") { return emit(.elseColon, length + 1) }
    if length > Lexer.maximumSymbolLength { report(start, length, "Symbol too long") }
    emit(.symbol(name), length)
  }

  private mutating func number() {
    guard let cursor = stack.last else { return }
    var digits = run { $0.isDigit }
    var prefix = 0
    var radix = 10
    if cursor.peek() == UInt8(ascii: "0"), cursor.peek(1) == UInt8(ascii: "x") || cursor.peek(1) == UInt8(ascii: "X"),
      let first = cursor.peek(2), first.isHexDigit
    {
      prefix = 2
      radix = 16
      digits = run(from: 2) { $0.isHexDigit }
    }
    let text = slice(prefix + digits).dropFirst(prefix)
    let value = UInt32(text, radix: radix)
    if value == nil { report(cursor.location, prefix + digits, "Number out of range", hint: "numbers are 0 to 4294967295") }
    emit(.number(value ?? 0), prefix + digits)
  }

  private mutating func punctuation() {
    guard let cursor = stack.last else { return }
    if nestedComments > 0, cursor.peek() == UInt8(ascii: "*"), cursor.peek(1) == UInt8(ascii: "/") {
      nestedComments -= 1
      return skip(2)
    }
    if cursor.peek(1) != nil, let two = Token.Punctuation(rawValue: slice(2)) { return emit(.punctuation(two), 2) }
    if let one = Token.Punctuation(rawValue: slice(1)) { return emit(.punctuation(one), 1) }
    if typographicQuotes() { return }
    let length = max(1, run { $0 >= 0x80 })
    let isSpace = slice(length) == "\u{a0}"
    report(
      cursor.location, length, isSpace ? "Unknown character: a no-break space" : "Unknown character '\(slice(length))'",
      hint: isSpace ? "write an ordinary space" : nil)
    skip(length)
  }

  /// A text in typographic quotes, which is reported and accepted.
  private mutating func typographicQuotes() -> Bool {
    guard let cursor = stack.last, ["“", "”", "„"].contains(slice(3)) else { return false }
    var length = 3
    while let byte = cursor.peek(length), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: ";"), byte != 0xe2 { length += 1 }
    let text = String(decoding: cursor.bytes[(cursor.offset + 3)..<(cursor.offset + length)], as: UTF8.self)
    if cursor.peek(length) == 0xe2 { length = min(length + 3, cursor.bytes.count - cursor.offset) }
    report(cursor.location, length, "Unknown character '\(slice(3))'", hint: "a text stands in straight quotes: \"\(text)\"")
    emit(.text(text), length)
    return true
  }

  /// An address, if one begins here: it is longer than the number or name that its first digits would be.
  private mutating func address() -> Bool {
    guard let cursor = stack.last, let first = cursor.peek(), first.isHexDigit || first == UInt8(ascii: ":") else { return false }
    if let length = ip6Length() {
      let text = slice(length)
      let address = IPAddress(text)
      if address == nil { report(cursor.location, length, "Invalid IPv6 address \(text)") }
      emit(.ip6(address ?? .unspecified), length)
      return true
    }
    if let length = ip4Length(from: 0) {
      let text = slice(length)
      let address = IPAddress(text)?.ipv4
      if address == nil { report(cursor.location, length, "Invalid IPv4 address \(text)") }
      emit(.ip4(address ?? 0), length)
      return true
    }
    return false
  }

  private func ip4Length(from start: Int) -> Int? {
    var length = 0
    for part in 0..<4 {
      if part > 0 {
        guard stack.last?.peek(start + length) == UInt8(ascii: ".") else { return nil }
        length += 1
      }
      let digits = run(from: start + length) { $0.isDigit }
      guard digits > 0 else { return nil }
      length += digits
    }
    return length
  }

  /// `(hex*:: | (hex*:){3,}) (hex* | IP4LIT)`, the longest match.
  func ip6Length() -> Int? {
    var length = 0
    var colons = 0
    var double = false
    while true {
      let digits = run(from: length) { $0.isHexDigit }
      guard stack.last?.peek(length + digits) == UInt8(ascii: ":") else { break }
      if colons == 1, digits == 0 { double = true }
      length += digits + 1
      colons += 1
    }
    guard colons >= 3 || (double && colons == 2) else { return nil }
    if let tail = ip4Length(from: length) { return length + tail }
    return length + run(from: length) { $0.isHexDigit }
  }

  /// The longest name that BIRD accepts.
  static let maximumSymbolLength = 64
}

extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isHexDigit: Bool {
    isDigit || (self >= UInt8(ascii: "a") && self <= UInt8(ascii: "f")) || (self >= UInt8(ascii: "A") && self <= UInt8(ascii: "F"))
  }
  var isSymbolStart: Bool {
    (self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z")) || (self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z"))
      || self == UInt8(ascii: "_")
  }
  var isSymbolPart: Bool { isSymbolStart || isDigit }
}
