import ControlLanguage
import RouteCore

extension CommandParser {
  /// The options of `show route`, which may stand in any order.
  private enum RouteOption: String, CaseIterable {
    case all, count, export, exported, filter, filtered, `for`, `import`, `in`, noexport, preexport, primary, `protocol`, stats, table
    case `where`

    /// A whole keyword, or an abbreviation of just one.
    init?(abbreviated word: String, _ format: CLIFormat) {
      if let exact = RouteOption(rawValue: word) {
        self = exact
        return
      }
      let found = RouteOption.allCases.filter { $0.rawValue.hasPrefix(word) && (format == .bird2 || !$0.isNew) }
      guard found.count == 1, let only = found.first else { return nil }
      self = only
    }

    /// Options of 2.x only. (They are accepted in both versions, but do not make abbreviations ambiguous in the older one.)
    var isNew: Bool { self == .exported || self == .import || self == .in }
  }

  mutating func routeQuery() throws(ControlError) -> RouteQuery {
    var query = RouteQuery()
    while let token = try lexer.peek() {
      guard token.kind == .word else { throw try syntaxError() }
      if let option = RouteOption(abbreviated: token.text, format) {
        _ = try lexer.next()
        try apply(option, to: &query)
      } else {
        if format == .bird1, CommandParser.isName(token.text) { throw ControlError(.parseError, "IP address expected") }
        try setTarget(.exact(try prefix()), in: &query)
      }
    }
    return query
  }

  private mutating func apply(_ option: RouteOption, to query: inout RouteQuery) throws(ControlError) {
    switch option {
    case .all: query.detail = .all
    case .primary: query.isPrimaryOnly = true
    case .filtered: query.isFilteredOnly = true
    case .stats: query.counting = .stats
    case .count: query.counting = .count
    case .for: try setTarget(.matching(try prefixOrAddress()), in: &query)
    case .in: try setTarget(.within(try prefix()), in: &query)
    case .table: query.tables.append(try take("all") ? .all : .named(try name()))
    case .protocol:
      guard query.protocol == nil else { throw ControlError(.parseError, "Protocol specified twice") }
      query.protocol = try name()
    case .filter:
      if let body = try lexer.bracedText() {
        try setCondition(.inlineFilter(body), in: &query)
      } else {
        try setCondition(.filter(named: try name()), in: &query)
      }
    case .where:
      let term = try lexer.term { RouteOption(rawValue: $0) != nil }
      guard !term.isEmpty else { throw try syntaxError() }
      try setCondition(.term(term), in: &query)
    case .import:
      guard try take("table") else { throw try syntaxError() }
      query.tables.append(.imported(try channelName()))
    case .export:
      if try take("table") {
        query.tables.append(.exported(try channelName()))
      } else {
        try setExport(.export, in: &query)
      }
    case .preexport: try setExport(.preexport, in: &query)
    case .noexport: try setExport(.noexport, in: &query)
    case .exported: try setExport(.exported, in: &query)
    }
  }

  private func setTarget(_ target: RouteQuery.Target, in query: inout RouteQuery) throws(ControlError) {
    guard query.target == .everything else { throw ControlError(.parseError, "Only one prefix expected") }
    query.target = target
  }

  private func setCondition(_ condition: RouteQuery.Condition, in query: inout RouteQuery) throws(ControlError) {
    guard query.condition == nil else { throw ControlError(.parseError, "Filter specified twice") }
    query.condition = condition
  }

  private mutating func setExport(_ mode: RouteQuery.ExportMode, in query: inout RouteQuery) throws(ControlError) {
    guard query.export == nil else {
      throw ControlError(.parseError, format == .bird1 ? "Protocol specified twice" : "Export specified twice")
    }
    query.export = RouteQuery.Export(mode: mode, channel: try channelName())
  }

  /// `P` or `P.CH`.
  private mutating func channelName() throws(ControlError) -> RouteQuery.ChannelName {
    guard let token = try lexer.peek(), token.kind == .word, let dot = token.text.firstIndex(of: ".") else {
      return RouteQuery.ChannelName(protocol: try name(), channel: nil)
    }
    let parts = (String(token.text[..<dot]), String(token.text[token.text.index(after: dot)...]))
    guard CommandParser.isName(parts.0), CommandParser.isName(parts.1) else { throw try syntaxError() }
    _ = try lexer.next()
    return RouteQuery.ChannelName(protocol: parts.0, channel: parts.1)
  }

  mutating func prefixOrAddress() throws(ControlError) -> Prefix {
    if let token = try lexer.peek(), token.kind == .word, let address = IPAddress(token.text) {
      _ = try lexer.next()
      return Prefix(host: address)
    }
    return try prefix()
  }

  /// `ADDRESS/LENGTH`, or IPv4's `ADDRESS:NETMASK`. Bits beyond the length must be zero.
  mutating func prefix() throws(ControlError) -> Prefix {
    guard let token = try lexer.peek(), token.kind == .word else { throw try syntaxError() }
    guard let (address, length) = CommandParser.addressAndLength(token.text) else {
      if format == .bird2, IPAddress(token.text) != nil {
        throw ControlError(.parseError, "syntax error, unexpected END, expecting '/'")
      }
      throw try syntaxError()
    }
    let family = address.family
    let prefix = Prefix(address, length)
    guard length <= family.bitWidth, prefix.address == address else {
      let wanted = length <= family.bitWidth ? ", maybe you wanted \(prefix)" : ""
      let kind = family == .ipv4 ? "IPv4" : "IPv6"
      throw ControlError(.parseError, format == .bird1 ? "Invalid prefix" : "Invalid \(kind) prefix \(token.text)\(wanted)")
    }
    _ = try lexer.next()
    return prefix
  }

  private static func addressAndLength(_ text: String) -> (IPAddress, UInt8)? {
    if let slash = text.firstIndex(of: "/") {
      guard let address = IPAddress(String(text[..<slash])), let length = number(String(text[text.index(after: slash)...])) else {
        return nil
      }
      return (address, UInt8(clamping: length))
    }
    guard let colon = text.firstIndex(of: ":"), let address = IPAddress(String(text[..<colon])), address.isIPv4,
      let mask = IPAddress(String(text[text.index(after: colon)...]))?.ipv4, (~mask & (~mask &+ 1)) == 0
    else { return nil }
    return (address, UInt8(mask.nonzeroBitCount))
  }
}
