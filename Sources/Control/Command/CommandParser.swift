import ControlLanguage
import RouteCore

/// One command line into a `Request`, or the error the client is told.
///
/// Commands for features that routed lacks are recognised, and answered as BIRD answers when the feature is not configured.
package struct CommandParser {
  var lexer: CommandLexer
  let format: CLIFormat

  package static func parse(_ line: String, _ format: CLIFormat) throws(ControlError) -> Request {
    var line = line
    var form = AnswerForm.text
    if let first = line.split(separator: " ").first, let asked = AnswerForm.allCases.first(where: { first == $0.keyword ?? "" }) {
      form = asked
      line = String(line[first.endIndex...])
    }
    var parser = CommandParser(lexer: CommandLexer(line), format: format)
    let command = try parser.command()
    guard form.presents(command) else { throw .noForm }
    return Request(command: command, form: form)
  }

  private mutating func command() throws(ControlError) -> Command {
    // The keywords are the longest run of first words that the tree knows; the words are read ahead, as arguments may be anything.
    var ahead = lexer
    var words: [String] = []
    var ends: [Int] = []
    while words.count < 4, let token = try ahead.next(), token.kind == .word {
      words.append(token.text)
      ends.append(token.range.upperBound)
    }
    switch CommandTree.match(words, .argumentsFirst) {
    case .command(let summary, let count):
      for _ in 0..<count { _ = try lexer.next() }
      return try arguments(of: summary)
    case .ambiguous(let commands):
      // Finds the offending word: the first that is not a complete keyword at its place.
      let names = commands.map { $0.name }.joined(separator: ", ")
      throw ControlError(.parseError, "Ambiguous command, possible expansions are: \(names)")
    case .unknown:
      throw try unexpected(ahead: words)
    }
  }

  /// The error for words that are no command: the first that the tree does not know, or the end of the line.
  private mutating func unexpected(ahead words: [String]) throws(ControlError) -> ControlError {
    for count in words.indices {
      if CommandTree.commands(under: Array(words[...count])) == nil { return try syntaxError() }
      _ = try lexer.next()
    }
    return try syntaxError()
  }

  // MARK: Pieces that many commands share

  /// `syntax error`, in 2.x with the token that was not expected.
  func syntaxError() throws(ControlError) -> ControlError {
    guard format == .bird2 else { return ControlError(.parseError, "syntax error") }
    guard let token = try lexer.peek() else { return ControlError(.parseError, "syntax error, unexpected END") }
    return ControlError(.parseError, "syntax error, unexpected \(token.text)")
  }

  mutating func end() throws(ControlError) { if try lexer.peek() != nil { throw try syntaxError() } }

  /// Takes the next word if it is the keyword, whole.
  mutating func take(_ keyword: String) throws(ControlError) -> Bool {
    guard let token = try lexer.peek(), token.kind == .word, token.text == keyword else { return false }
    _ = try lexer.next()
    return true
  }

  mutating func takePunctuation(_ text: String) throws(ControlError) -> Bool {
    guard let token = try lexer.peek(), token.kind == .punctuation, token.text == text else { return false }
    _ = try lexer.next()
    return true
  }

  /// A name, if one follows.
  mutating func optionalName() throws(ControlError) -> String? {
    guard let token = try lexer.peek(), token.kind == .quotedName || token.kind == .word && CommandParser.isName(token.text) else {
      return nil
    }
    _ = try lexer.next()
    return token.text
  }

  mutating func name() throws(ControlError) -> String {
    guard let name = try optionalName() else { throw try syntaxError() }
    return name
  }

  mutating func optionalText() throws(ControlError) -> String? {
    guard let token = try lexer.peek(), token.kind == .text else { return nil }
    _ = try lexer.next()
    return token.text
  }

  mutating func optionalNumber() throws(ControlError) -> UInt32? {
    guard let token = try lexer.peek(), token.kind == .word, let value = CommandParser.number(token.text) else { return nil }
    _ = try lexer.next()
    return value
  }

  mutating func number() throws(ControlError) -> UInt32 {
    guard let value = try optionalNumber() else { throw try syntaxError() }
    return value
  }

  /// A number or a dotted quad.
  mutating func identifier() throws(ControlError) -> RouterID {
    if let value = try optionalNumber() { return RouterID(rawValue: value) }
    guard let token = try lexer.peek(), token.kind == .word, let id = RouterID(token.text) else { throw try syntaxError() }
    _ = try lexer.next()
    return id
  }

  mutating func selection() throws(ControlError) -> ProtocolSelection {
    if try take("all") { return .all }
    if let pattern = try optionalText() { return .matching(pattern) }
    return .named(try name())
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: byte == UInt8(ascii: "_")
      }
    }
  }

  static func number(_ text: String) -> UInt32? {
    if text.hasPrefix("0x") { return UInt32(text.dropFirst(2), radix: 16) }
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    return UInt32(text)
  }
}
