import RouteCore

// The values of options (routed.conf(5), SYNTAX).
extension Parser {
  /// A constant: a literal, the name of one, or a term in parentheses.
  private func constant(_ expected: String, or words: [String] = []) throws(ParseFailure) -> ConstantValue {
    let token = peek
    switch token.kind {
    case .punctuation(.parenthesisOpen):
      try enter()
      defer { leave() }
      advance()
      let value = try parseConstantTerm()
      try expect(.parenthesisClose)
      return value
    case .number(let value):
      advance()
      return .int(value)
    case .symbol(let name):
      guard case .constant(let value) = symbols.lookup(name)?.symbol else {
        throw unknownSymbol(token, expected: expected, among: words + constantNames)
      }
      advance()
      return value
    default:
      throw unexpected(expected)
    }
  }

  private var constantNames: [String] {
    symbols.globalNames { if case .constant = $0 { true } else { false } }
  }

  /// `expr`
  func number(_ what: String) throws(ParseFailure) -> UInt32 {
    let value = try numberBeforeUnit(what)
    if peek.is("s") || peek.is("ms") || peek.is("us"), peek.location.line == previous.location.line {
      throw failure("'\(what)' takes a number without a unit")
    }
    return value
  }

  private static let switchWords: Set = ["yes", "no", "on", "off", "true", "false"]

  private func numberBeforeUnit(_ what: String) throws(ParseFailure) -> UInt32 {
    let token = peek
    if let word = token.symbol, Parser.switchWords.contains(word), symbols.lookup(word) == nil {
      throw failure("'\(what)' takes a number, not a switch")
    }
    guard case .int(let value) = try constant("a number") else { throw failure("'\(what)' takes a number", at: token) }
    if peek.is(.dot), case .number = token.kind, case .number = peek(1).kind {
      throw failure("'\(what)' takes a whole number", at: spanning(token, peek(1)))
    }
    return value
  }

  /// `expr` within a range. A number outside of it is reported and clamped.
  func number<Number: FixedWidthInteger & UnsignedInteger>(in range: ClosedRange<Number>, _ what: String) throws(ParseFailure) -> Number {
    let token = peek
    let value = try number(what)
    guard UInt64(value) >= UInt64(range.lowerBound), UInt64(value) <= UInt64(range.upperBound) else {
      report("'\(what)' must be in range \(range.lowerBound)-\(range.upperBound)", at: spanning(token, previous))
      return UInt64(value) < UInt64(range.lowerBound) ? range.lowerBound : range.upperBound
    }
    return Number(truncatingIfNeeded: value)
  }

  /// `expr` with a mandatory unit.
  func time(_ what: String) throws(ParseFailure) -> Duration {
    let value = Int64(try numberBeforeUnit(what))
    if take("s") { return .seconds(value) }
    if take("ms") { return .milliseconds(value) }
    if take("us") { return .microseconds(value) }
    throw unexpected("a unit of time", hint: "write '\(value) s', '\(value) ms' or '\(value) us'")
  }

  /// `bool`: no value at all means yes.
  func bool() throws(ParseFailure) -> Bool {
    let token = peek
    switch token.kind {
    case .punctuation(.semicolon), .punctuation(.braceClose): return true
    case .symbol("on"), .symbol("yes"), .symbol("true"):
      advance()
      return true
    case .symbol("off"), .symbol("no"), .symbol("false"):
      advance()
      return false
    default: break
    }
    // If the line ends here, its semicolon is missing; what follows is not a value of this option.
    if token.location.line != previous.location.line { return true }
    switch try constant("yes or no", or: ["yes", "no", "on", "off"]) {
    case .bool(let value): return value
    case .int(let value):
      if dialect == .bird2 { warn("a number is used as a switch", at: token, hint: "write \(value != 0 ? "yes" : "no")") }
      return value != 0
    default: throw failure("yes or no expected", at: token)
    }
  }

  /// Whether the next token can begin a value of a switch that is followed by more (`ecmp limit 4`).
  func nextIs(_ keyword: String) -> Bool { peek.is(keyword) }

  /// `text`
  func text(_ what: String) throws(ParseFailure) -> String {
    if case .text(let text) = peek.kind {
      advance()
      return text
    }
    if let name = peek.symbol, case .constant(.string(let text)) = symbols.lookup(name)?.symbol {
      advance()
      return text
    }
    throw unexpected(what, hint: peek.symbol.map { "write \"\($0)\"" })
  }

  /// `ipa`, if one is next.
  func takeAddress() -> IPAddress? {
    switch peek.kind {
    case .ip6(let address):
      if dialect == .bird1(.ipv4) { report("This is an IPv4 router, therefore IPv6 addresses are not supported", hint: dialectHint) }
      advance()
      return address
    case .ip4(let value):
      guard dialect != .bird1(.ipv6) else { return nil }
      advance()
      return IPAddress(ipv4: value)
    case .symbol(let name):
      guard case .constant(.ip(let address)) = symbols.lookup(name)?.symbol else { return nil }
      advance()
      return address
    default: return nil
    }
  }

  /// The error where an address of the other family, or none, was written.
  func unexpectedAddress(_ expected: String, hint: String? = nil) -> ParseFailure {
    if case .ip4 = peek.kind {
      return failure("This is an IPv6 router, therefore IPv4 addresses are not supported", hint: dialectHint)
    }
    if peek.symbol != nil { return unknownSymbol(peek, expected: expected) }
    return unexpected(expected, hint: hint)
  }

  /// `ipa`
  func address(_ what: String = "an address") throws(ParseFailure) -> IPAddress {
    if let address = takeAddress() { return address }
    throw unexpectedAddress(what)
  }

  /// `[ '%' SYM ]`; in 2.x also a text.
  func takeScope() throws(ParseFailure) -> String? {
    guard take(.percent) else { return nil }
    if case .text(let name) = peek.kind {
      advance()
      return name
    }
    return try expectSymbol("an interface's name").name
  }

  /// `prefix`
  func prefix() throws(ParseFailure) -> Prefix {
    let token = peek
    if let name = token.symbol, case .constant(.prefix(let prefix)) = symbols.lookup(name)?.symbol {
      advance()
      return prefix
    }
    let address = try address("a prefix")
    guard let prefix = try takeLength(of: address, from: token) else {
      throw unexpected("'/' and the prefix's length", hint: "a single host is \(Prefix(host: address))")
    }
    return prefix
  }

  /// `prefix_or_ipa`: an address means its host prefix.
  func prefixOrAddress() throws(ParseFailure) -> Prefix {
    let token = peek
    if let name = token.symbol, case .constant(.prefix(let prefix)) = symbols.lookup(name)?.symbol {
      advance()
      return prefix
    }
    let address = try address("an address or a prefix")
    return try takeLength(of: address, from: token) ?? Prefix(host: address)
  }

  /// `'/' expr | ':' netmask` behind an address.
  private func takeLength(of address: IPAddress, from first: Token) throws(ParseFailure) -> Prefix? {
    let width = address.family.bitWidth
    var length = width
    if take(.slash) {
      let token = peek
      let value = try number("/")
      guard value <= UInt32(width) else {
        report("Invalid prefix length \(value)", at: token, hint: "\(width) is the longest")
        return Prefix(address, width)
      }
      length = UInt8(truncatingIfNeeded: value)
    } else if take(.colon) {
      let token = peek
      let mask = try self.address("a netmask")
      guard mask.family == address.family, let bits = netmaskLength(mask) else { throw failure("Invalid netmask \(mask)", at: token) }
      length = bits
    } else {
      return nil
    }
    let prefix = Prefix(address, length)
    if prefix.address != address {
      report("Invalid prefix \(address)/\(length)", at: spanning(first, previous), hint: "maybe you wanted \(prefix)")
    }
    return prefix
  }

  /// The number of leading ones of a mask that has ones only there.
  private func netmaskLength(_ mask: IPAddress) -> UInt8? {
    (0...mask.family.bitWidth).first { length in
      // ::ffff:0:0/96 lies before an IPv4 mask's own bits.
      let ones = IPAddress.mask(mask.family == .ipv4 ? length + 96 : length)
      return mask.family == .ipv4 ? ones.low & 0xffff_ffff == mask.low & 0xffff_ffff : ones == mask
    }
  }

  /// `idval`: a router or area ID.
  func identifier(_ what: String) throws(ParseFailure) -> RouterID {
    if case .ip4(let value) = peek.kind {
      advance()
      return RouterID(rawValue: value)
    }
    let token = peek
    switch try constant("\(what) such as 0.0.0.1") {
    case .int(let value), .quad(let value): return RouterID(rawValue: value)
    case .ip(let address):
      if let value = address.ipv4 { return RouterID(rawValue: value) }
      throw failure("\(what) is a number or a dotted quad", at: token)
    default: throw failure("\(what) is a number or a dotted quad", at: token)
    }
  }

  /// `iface_patt_list`
  func interfacePattern(prefixes allowed: Bool = true) throws(ParseFailure) -> InterfacePattern {
    var nodes: [InterfacePattern.Node] = []
    repeat {
      let negated = take(.minus)
      var name: String?
      if case .text(let text) = peek.kind {
        advance()
        name = text
      }
      let first = peek
      var prefix: Prefix?
      switch first.kind {
      case .punctuation(.comma), .punctuation(.semicolon), .punctuation(.braceOpen), .punctuation(.braceClose), .endOfFile:
        if name == nil { throw unexpected("an interface pattern", hint: "a name stands in quotes: \"eth*\"") }
      case .symbol where name != nil: break
      case .text: throw unexpected("','", hint: "patterns are separated by commas")
      case .number: throw unexpected("an interface pattern", hint: "a name stands in quotes: \"eth*\"")
      case .symbol(let word):
        if case .constant = symbols.lookup(word)?.symbol {
          prefix = try prefixOrAddress()
        } else {
          throw unexpected("an interface pattern", hint: "write \"\(word)\"")
        }
      default: prefix = try prefixOrAddress()
      }
      if prefix != nil, !allowed { report("Interface name/mask expected, not IP prefix", at: spanning(first, previous)) }
      nodes.append(InterfacePattern.Node(negated: negated, name: name, prefix: prefix))
    } while take(.comma)
    return InterfacePattern(nodes)
  }

  /// `'all' | 'off' | '{' flag {',' flag} '}'`
  func mask<Set: OptionSet>(_ names: [(name: String, value: Set)], all: Set, what: String) throws(ParseFailure) -> Set {
    if take("all") { return all }
    if take("off") { return [] }
    var set: Set = []
    guard take(.braceOpen) else {
      throw unexpected("'all', 'off' or '{'", hint: "write { \(names.map { $0.name }.joined(separator: ", ")) }, or some of them")
    }
    repeat {
      let (name, token) = try expectSymbol(what)
      if let value = names.first(where: { $0.name == name })?.value {
        set.formUnion(value)
      } else {
        let near = NearMiss.find(name, among: names.map { $0.name })
        report(
          "'\(name)' is no \(what)", at: token, hint: near.map { "did you mean '\($0)'?" } ?? names.map { $0.name }.joined(separator: ", "))
      }
    } while take(.comma)
    try expect(.braceClose)
    return set
  }

  func debugMask() throws(ParseFailure) -> DebugMask { try mask(DebugMask.names, all: .all, what: "debug flag") }

  /// `'off' | expr ['action' ACTION]`
  func routeLimit() throws(ParseFailure) -> RouteLimit? {
    if take("off") { return nil }
    if let word = peek.symbol, symbols.lookup(word) == nil {
      throw unexpected("a number or 'off'", hint: "import limit 1000 action block;")
    }
    let count = try number("limit")
    guard take("action") else { return RouteLimit(count: count) }
    let (name, token) = try expectSymbol("an action", "warn, block, restart or disable")
    guard let action = RouteLimit.Action(rawValue: name) else {
      throw failure("'\(name)' is no action", at: token, hint: "warn, block, restart or disable")
    }
    return RouteLimit(count: count, action: action)
  }

  /// `imexport`
  func policy() throws(ParseFailure) -> Policy {
    if take("all") { return .all }
    if take("none") { return .none }
    if take("where") { return .filter(try parseWhere(), name: nil) }
    guard take("filter") else {
      var hint: String?
      if let word = peek.symbol {
        let near = word == "yes" ? "all" : word == "no" ? "none" : NearMiss.find(word, among: ["all", "none", "filter", "where"])
        hint = near.map { "did you mean '\($0)'?" }
        if near == nil, case .filter = symbols.lookup(word)?.symbol { hint = "write filter \(word)" }
      }
      throw unexpected("'all', 'none', 'filter' or 'where'", hint: hint)
    }
    let token = peek
    // A name, unless the body follows: a local declaration begins with the name of a type, so two names or a brace.
    guard let name = token.symbol, peek(1).is(.semicolon) || peek(1).is(.braceClose) || symbols.lookup(name) != nil else {
      if token.symbol != nil, peek(1).symbol == nil { throw unknownSymbol(token, expected: "a filter", among: filterNames) }
      if token.symbol == nil, !token.is(.braceOpen) { throw unexpected("a filter's name or '{'") }
      return .filter(try parseFilterBody(), name: nil)
    }
    guard case .filter(let filter) = symbols.lookup(name)?.symbol else {
      throw unknownSymbol(token, expected: "a filter", among: filterNames)
    }
    advance()
    return .filter(filter.program, name: name)
  }

  private var filterNames: [String] {
    symbols.globalNames { if case .filter = $0 { true } else { false } }
  }

  /// The table of `igp table`, of which there may be one for each family, and its family.
  func igpTable(_ marks: inout OptionMarks) throws(ParseFailure) -> (name: String, family: AddressFamily) {
    let token = marks["igp table"] ?? previous
    let name = try tableReference(dialect.impliedFamily)
    guard case .table(let table) = symbols.lookup(name)?.symbol else { throw failure("'\(name)' is no routing table", at: token) }
    let mark = "igp table \(table.family)"
    if let before = marks.note(mark) { warnRepeated("igp table", at: token, before: before) }
    marks[mark] = token
    return (name, table.family)
  }

  /// The name of a routing table of a family.
  func tableReference(_ family: AddressFamily?) throws(ParseFailure) -> String {
    let token = peek
    guard let name = token.symbol, case .table(let table) = symbols.lookup(name)?.symbol else {
      throw unknownSymbol(
        token, expected: "a routing table", among: symbols.globalNames { if case .table = $0 { true } else { false } })
    }
    advance()
    if table.kind == .roa { report("'\(name)' is a ROA table, expected a routing table", at: token) }
    if let family, table.family != family { report("'\(name)' is an \(table.family) table, expected an \(family) table", at: token) }
    return name
  }
}
