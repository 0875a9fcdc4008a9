/// The name of an option, and the dialects that have it.
struct OptionEntry: Sendable {
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

  var name: String { words.joined(separator: " ") }

  init(_ name: String, _ dialects: Dialects, isRefused: Bool) {
    words = name.split(separator: " ").map(String.init)
    self.dialects = dialects
    self.isRefused = isRefused
  }
}

/// One option of a protocol, channel or block: its words, and how the rest of it is read.
struct Option<Target: OptionTarget>: Sendable {
  typealias Action = @Sendable (Parser, inout Target) throws(ParseFailure) -> Void
  typealias Setter<Value> = @Sendable (inout Target, Value) -> Void

  typealias Dialects = OptionEntry.Dialects

  let entry: OptionEntry
  /// Whether it may be given several times, each adding to the previous ones. For others the last one counts, with a warning.
  let repeats: Bool
  let action: Action

  var words: [String] { entry.words }
  var name: String { entry.name }

  init(_ name: String, _ dialects: Dialects = .all, repeats: Bool = false, action: @escaping Action) {
    entry = OptionEntry(name, dialects, isRefused: false)
    self.repeats = repeats
    self.action = action
  }

  /// An option that BIRD has and routed does not.
  private init(refusing name: String, _ dialects: Dialects, _ hint: String?) {
    entry = OptionEntry(name, dialects, isRefused: true)
    repeats = true
    action = { (parser, target) throws(ParseFailure) in
      throw parser.failure("'\(name)' is not supported yet", at: target.marks[name] ?? parser.previous, hint: hint)
    }
  }

  static func unsupported(_ name: String, _ dialects: Dialects = .all, hint: String? = nil) -> Option {
    Option(refusing: name, dialects, hint)
  }

  /// A switch for a feature that routed lacks: it has to be off.
  static func onlyOff(_ name: String, _ dialects: Dialects = .all) -> Option {
    Option(name, dialects) { (parser, target) throws(ParseFailure) in
      let token = target.marks[name] ?? parser.previous
      if try parser.bool() { parser.report("'\(name)' is not supported yet", at: token, hint: "only '\(name) off' is") }
    }
  }

  /// An option that is checked but has no effect in routed, which a warning says so that nobody relies on it.
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

/// The object that options are set on: it remembers their places, so that later checks can point there.
protocol OptionTarget: SendableMetatype {
  var marks: OptionMarks { get set }
}

/// The place of each option that was given, by its name.
struct OptionMarks: Sendable {
  private var tokens: [String: Token] = [:]
  /// Those of this block itself, not of the template it began as.
  private var own: Set<String> = []

  /// The place of an earlier occurrence of the option in the same block, if any; records this one.
  mutating func note(_ name: String) -> Token? { own.insert(name).inserted ? nil : tokens[name] }

  /// Marks everything set so far as inherited.
  mutating func inherit() { own = [] }

  subscript(name: String) -> Token? {
    get { tokens[name] }
    set { tokens[name] = newValue }
  }
}

/// The options that may stand in one kind of block, found by their words.
struct OptionIndex: Sendable {
  let entries: [OptionEntry]
  /// The numbers of the entries, by first word, those with more words first.
  private let byFirstWord: [String: [Int]]

  init(_ entries: [OptionEntry]) {
    self.entries = entries
    var index: [String: [Int]] = [:]
    for number in entries.indices { index[entries[number].words.first ?? "", default: []].append(number) }
    byFirstWord = index.mapValues { $0.sorted { (entries[$1].words.count, $0) < (entries[$0].words.count, $1) } }
  }

  /// The option with the most words that the next tokens spell.
  func match(_ parser: Parser) -> Int? { find(parser) { $0.dialects.contains(parser.dialect) } }

  /// The name of the option the next tokens spell in the other dialect.
  func nameInOtherDialect(_ parser: Parser) -> String? { find(parser) { !$0.dialects.contains(parser.dialect) }.map { entries[$0].name } }

  /// The name of the option the next tokens spell.
  func name(_ parser: Parser) -> String? { match(parser).map { entries[$0].name } }

  /// The names of the options of a dialect that can be used.
  func names(_ dialect: Dialect) -> [String] { entries.filter { !$0.isRefused && $0.dialects.contains(dialect) }.map { $0.name } }

  private func find(_ parser: Parser, _ condition: (OptionEntry) -> Bool) -> Int? {
    guard let first = parser.peek.symbol else { return nil }
    return byFirstWord[first]?.first { number in
      let words = entries[number].words
      return condition(entries[number]) && words.indices.allSatisfy { parser.peek($0).is(words[$0]) }
    }
  }
}

/// The same, with the action of each.
struct OptionTable<Target: OptionTarget>: Sendable {
  let options: [Option<Target>]
  let index: OptionIndex

  init(_ options: [Option<Target>]) {
    self.options = options
    index = OptionIndex(options.map { $0.entry })
  }

  /// The option with the most words that the next tokens spell.
  func match(_ parser: Parser) -> Option<Target>? { index.match(parser).map { options[$0] } }
}

extension Parser {
  /// Consumes an option's words, remembers their place, and reads the rest.
  func apply<Target>(_ option: Option<Target>, to target: inout Target) throws(ParseFailure) {
    let first = peek
    for _ in option.words { advance() }
    let token = spanning(first, previous)
    if !option.repeats, let before = target.marks.note(option.name) { warnRepeated(option.name, at: token, before: before) }
    target.marks[option.name] = token
    try option.action(self, &target)
  }

  /// Warns that an option is given again.
  func warnRepeated(_ name: String, at token: Token, before: Token) {
    let place = before.location.file == token.location.file ? "line" : "\(sources.path(of: before.location)):"
    warn("'\(name)' is given again", at: token, hint: "the one of \(place) \(before.location.line) has no effect then")
  }

  /// One option of a block that has only one table.
  func option<Target>(of table: OptionTable<Target>, in place: String, for target: inout Target) throws(ParseFailure) {
    if let option = table.match(self) { return try apply(option, to: &target) }
    throw unknownOption(in: place, names: table.index.names(dialect), otherDialect: table.index.nameInOtherDialect(self))
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
