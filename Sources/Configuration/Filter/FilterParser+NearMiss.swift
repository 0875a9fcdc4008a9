import RouteCore

// "Did you mean" in filters: which words could stand where an unknown one stands.

extension FilterParser {
  /// What a name is wanted for.
  enum Place {
    case command, value, target, attribute
  }

  /// The error for a name that has no meaning at its place, with the nearest that would have.
  func unknown(_ token: Token, _ expected: String, _ place: Place) -> ParseFailure {
    parser.unknownSymbol(token, expected: expected, among: candidates(token, place))
  }

  private func candidates(_ token: Token, _ place: Place) -> [String]? {
    guard let name = token.symbol else { return nil }
    // A word of the other dialect is told from a slip.
    if FilterVocabulary.isOfOther(name, dialect) { return [name] }
    let next = parser.peek(1)
    var words = place == .command && next.symbol != nil ? FilterVocabulary.typeNames(dialect) : []
    if place == .command { words += FilterVocabulary.commandNames(dialect) }
    if place == .value, next.is(.parenthesisOpen) { words += FilterVocabulary.functionNames(dialect) }
    if place == .value { words += ["true", "false"] }
    words += parser.symbols.names.filter { isMeant($0, place) } + FilterVocabulary.attributeNames(dialect)
    if place == .value, name.contains("_") || !name.utf8.contains(where: { $0 >= UInt8(ascii: "a") }) {
      words += FilterVocabulary.enumerationNames(dialect)
    }
    return words
  }

  /// Whether a name of the configuration could stand there.
  private func isMeant(_ name: String, _ place: Place) -> Bool {
    switch parser.symbols.lookup(name)?.symbol {
    case .attribute: true
    case .variable: place != .attribute
    case .function: place == .value || place == .command
    case .constant: place == .value
    default: false
    }
  }

  /// The error for what should be a type.
  func unknownType() -> ParseFailure {
    let near = parser.peek.symbol.flatMap { NearMiss.find($0, among: FilterVocabulary.typeNames(dialect)) }
    return parser.unexpected(
      "a type", hint: near.map { "did you mean '\($0)'?" } ?? "such as int, bool, ip, prefix, pair, string, bgppath, clist or int set")
  }

  /// The hint for a member that a value does not have.
  func memberHint(_ name: String, _ type: PolicyType) -> String? {
    let members = FilterVocabulary.memberNames(of: type, dialect)
    if let near = NearMiss.find(name, among: members + FilterVocabulary.methodNames(of: type)) { return "did you mean '\(near)'?" }
    return members.isEmpty ? nil : "it has \(members.joined(separator: ", "))"
  }
}

extension FilterVocabulary {
  /// Whether only the filters of the other dialect know the word.
  static func isOfOther(_ name: String, _ dialect: Dialect) -> Bool {
    let other: Dialect = dialect.isBird1 ? .bird2 : .bird1(.ipv6)
    func isKnown(_ dialect: Dialect) -> Bool { attribute(name, dialect) != nil || enumeration(name, dialect) != nil }
    return isKnown(other) && !isKnown(dialect)
  }

  static func commandNames(_ dialect: Dialect) -> [String] {
    ["if", "else", "case", "accept", "reject", "error", "print", "printn", "return", "unset"]
      + (dialect.isBird1 ? ["quitbird"] : ["for", "bt_assert", "bt_check_assign"])
  }

  static func functionNames(_ dialect: Dialect) -> [String] {
    ["defined", "prepend", "add", "delete", "filter", "roa_check"] + (dialect.isBird1 ? [] : ["format", "from_hex"])
  }

  /// What changes a list or a path, or masks an address: members with an argument.
  static func methodNames(of type: PolicyType) -> [String] {
    switch type.kind {
    case .path: ["prepend", "delete", "filter"]
    case .clist, .eclist, .lclist: ["add", "delete", "filter"]
    case .ip, .quad: ["mask"]
    default: []
    }
  }
}
