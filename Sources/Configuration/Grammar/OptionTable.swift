/// One option of a protocol, channel or block: its words, and how the rest of it is read.
struct Option<Target: OptionTarget>: Sendable {
  typealias Action = @Sendable (Parser, inout Target) throws(ParseFailure) -> Void
  typealias Setter<Value> = @Sendable (inout Target, Value) -> Void

  enum Dialects: Sendable {
    case all, bird1, bird2
    func contains(_ dialect: Dialect) -> Bool {
      switch self {
      case .all: true
      case .bird1: dialect.isBird1
      case .bird2: dialect == .bird2
      }
    }
  }

  let words: [String]
  let dialects: Dialects
  /// Whether the option is known but refused.
  let isRefused: Bool
  /// Whether it may be given several times, each adding to what is there. Of others the last counts, which is worth a warning.
  let repeats: Bool
  let action: Action

  var name: String { words.joined(separator: " ") }

  init(_ name: String, _ dialects: Dialects = .all, repeats: Bool = false, action: @escaping Action) {
    words = name.split(separator: " ").map(String.init)
    self.dialects = dialects
    self.repeats = repeats
    isRefused = false
    self.action = action
  }

  /// An option that BIRD has and routed does not.
  private init(refusing name: String, _ dialects: Dialects, _ hint: String?) {
    words = name.split(separator: " ").map(String.init)
    self.dialects = dialects
    repeats = true
    isRefused = true
    action = { (parser, target) throws(ParseFailure) in
      throw parser.failure("'\(name)' is not supported yet", at: target.marks[name] ?? parser.previous, hint: hint)
    }
  }

  static func unsupported(_ name: String, _ dialects: Dialects = .all, hint: String? = nil) -> Option {
    Option(refusing: name, dialects, hint)
  }

  /// A switch of something that routed does not have: it has to be off.
  static func onlyOff(_ name: String, _ dialects: Dialects = .all) -> Option {
    Option(name, dialects) { (parser, target) throws(ParseFailure) in
      let token = target.marks[name] ?? parser.previous
      if try parser.bool() { parser.report("'\(name)' is not supported yet", at: token, hint: "only '\(name) off' is") }
    }
  }

  /// An option that is checked, but changes nothing in routed: said, so that nobody relies on it.
  static func withoutEffect(
    _ name: String, _ dialects: Dialects = .all, _ value: @escaping @Sendable (Parser) throws(ParseFailure) -> Void
  ) -> Option {
    Option(name, dialects) { (parser, target) throws(ParseFailure) in
      let token = target.marks[name] ?? parser.previous
      try value(parser)
      parser.warn("'\(name)' has no effect", at: token)
    }
  }

  /// A switch.
  static func flag(_ name: String, _ set: @escaping Setter<Bool>, _ dialects: Dialects = .all) -> Option {
    Option(name, dialects) { (parser, target) throws(ParseFailure) in set(&target, try parser.bool()) }
  }

  /// A number within a range.
  static func number<Number: FixedWidthInteger & UnsignedInteger & Sendable>(
    _ name: String, _ range: ClosedRange<Number>, _ set: @escaping Setter<Number>, _ dialects: Dialects = .all
  ) -> Option {
    Option(name, dialects) { (parser, target) throws(ParseFailure) in set(&target, try parser.number(in: range, name)) }
  }

  /// A number of seconds.
  static func seconds(
    _ name: String, _ range: ClosedRange<UInt32>, _ set: @escaping Setter<Duration>, _ dialects: Dialects = .all
  ) -> Option {
    Option(name, dialects) { (parser, target) throws(ParseFailure) in
      set(&target, .seconds(Int64(try parser.number(in: range, name))))
    }
  }
}

/// What options are set on: it remembers where, so that later checks can point there.
protocol OptionTarget: Sendable {
  var marks: OptionMarks { get set }
}

/// The place of each option that was given, by its name.
struct OptionMarks: Sendable {
  private var tokens: [String: Token] = [:]
  /// Those of this block itself, not of the template it began as.
  private var own: Set<String> = []

  /// Where the option stands already in the same block, if it does; from now on it does.
  mutating func note(_ name: String) -> Token? { own.insert(name).inserted ? nil : tokens[name] }

  /// What is here now was inherited.
  mutating func inherit() { own = [] }

  subscript(name: String) -> Token? {
    get { tokens[name] }
    set { tokens[name] = newValue }
  }
}

/// The options that may stand in one kind of block.
struct OptionTable<Target: OptionTarget>: Sendable {
  let options: [Option<Target>]
  /// By first word, those with more words first.
  private let byFirstWord: [String: [Option<Target>]]

  init(_ options: [Option<Target>]) {
    self.options = options
    var index: [String: [Option<Target>]] = [:]
    for option in options { index[option.words.first ?? "", default: []].append(option) }
    byFirstWord = index.mapValues { $0.sorted { $0.words.count > $1.words.count } }
  }

  /// The option with the most words that the next tokens spell.
  func match(_ parser: Parser) -> Option<Target>? {
    guard let first = parser.peek.symbol else { return nil }
    return byFirstWord[first]?.first { option in
      option.dialects.contains(parser.dialect) && option.words.indices.allSatisfy { parser.peek($0).is(option.words[$0]) }
    }
  }

  /// The option the next tokens spell in the other dialect.
  func matchOtherDialect(_ parser: Parser) -> Option<Target>? {
    guard let first = parser.peek.symbol else { return nil }
    return byFirstWord[first]?.first { option in
      !option.dialects.contains(parser.dialect) && option.words.indices.allSatisfy { parser.peek($0).is(option.words[$0]) }
    }
  }

  /// The names of the options of a dialect that can be used.
  func names(_ dialect: Dialect) -> [String] { options.filter { !$0.isRefused && $0.dialects.contains(dialect) }.map { $0.name } }
}

extension Parser {
  /// Takes an option's words, remembers where they are, and reads the rest.
  func apply<Target>(_ option: Option<Target>, to target: inout Target) throws(ParseFailure) {
    let first = peek
    for _ in option.words { advance() }
    let token = spanning(first, previous)
    if !option.repeats, let before = target.marks.note(option.name) { warnRepeated(option.name, at: token, before: before) }
    target.marks[option.name] = token
    try option.action(self, &target)
  }

  /// Says that an option is given again.
  func warnRepeated(_ name: String, at token: Token, before: Token) {
    let place = before.location.file == token.location.file ? "line" : "\(sources.path(of: before.location)):"
    warn("'\(name)' is given again", at: token, hint: "the one of \(place) \(before.location.line) has no effect then")
  }

  /// One option of a block that has only one table.
  func option<Target>(of table: OptionTable<Target>, in place: String, for target: inout Target) throws(ParseFailure) {
    if let option = table.match(self) { return try apply(option, to: &target) }
    throw unknownOption(in: place, names: table.names(dialect), otherDialect: table.matchOtherDialect(self)?.name)
  }

  /// The error for words that are no option here.
  func unknownOption(in place: String, names: [String], otherDialect: String?) -> ParseFailure {
    guard peek.symbol != nil else { return unexpected("an option of \(place)") }
    if let name = otherDialect {
      let version = dialect.isBird1 ? "BIRD 2" : "BIRD 1.6"
      return failure("'\(name)' is an option of \(version)", hint: dialectHint)
    }
    func misplaced(_ found: MisplacedOption) -> ParseFailure {
      failure("'\(found.name)' is no option of \(place)", at: spanning(peek, found.name), hint: found.place)
    }
    if let found = optionElsewhereInProtocol() { return misplaced(found) }
    // As many words as look like a part of the name, the longest first.
    var words: [String] = []
    while words.count < 4, let word = peek(words.count).symbol { words.append(word) }
    var near: String?
    for count in stride(from: words.count, through: 1, by: -1) where near == nil {
      near = NearMiss.find(words.prefix(count).joined(separator: " "), among: names)
    }
    if near == nil, let found = optionOfOthers() { return misplaced(found) }
    return failure("unknown option '\(words.first ?? "")' in \(place)", hint: near.map { "did you mean '\($0)'?" })
  }

  /// One token that covers the words of an option that begins with `first`, the next token.
  private func spanning(_ first: Token, _ name: String) -> Token {
    spanning(first, peek(name.utf8.count { $0 == UInt8(ascii: " ") }))
  }

  /// One token that covers two and what is between them on a line.
  func spanning(_ first: Token, _ last: Token) -> Token {
    guard first.location.file == last.location.file, first.location.line == last.location.line else { return first }
    var token = first
    token.length = last.location.column &+ last.length &- first.location.column
    return token
  }
}
