import RouteCore

// Tables of route origin authorizations: `roa table` of 1.6, which lists them itself, and `roa4 table` and `roa6 table` of 2.x, which
// static protocols fill. What a table holds is known at the end of the file; `roa_check` may stand before.

extension Parser {
  /// `roa table NAME [{ roa PREFIX max N as N; … }]` (1.6)
  func parseAuthorizationTable1() throws(ParseFailure) {
    advance()
    try expect("table")
    guard let family = dialect.impliedFamily else {
      throw failure("'roa table' is of BIRD 1.6", at: previous, hint: "in BIRD 2 write roa4 table NAME; or roa6 table NAME;")
    }
    let (name, token) = try expectSymbol("the table's name")
    let table = defineAuthorizationTable(name, family, at: token)
    guard peek.is(.braceOpen) else { return }
    try block { () throws(ParseFailure) in
      try expect("roa")
      let token = peek
      let prefix = try prefix()
      if prefix.family != family { report("an \(prefix.family) prefix in an \(family) configuration", at: token, hint: dialectHint) }
      guard let entry = try takeAuthorization(of: prefix) else { throw unexpected("'max'", hint: "roa 10.0.0.0/8 max 16 as 65001;") }
      addAuthorization(entry, to: table, of: nil)
    }
  }

  /// `roa4 table NAME`, `roa6 table NAME` (2.x)
  func parseAuthorizationTable2() throws(ParseFailure) {
    let family: AddressFamily = advance().is("roa4") ? .ipv4 : .ipv6
    try expect("table")
    let (name, token) = try expectSymbol("the table's name")
    defineAuthorizationTable(name, family, at: token)
    // What tables of routes can be told makes no difference here.
    _ = take("sorted")
    if peek.is(.braceOpen) { try block { () throws(ParseFailure) in try ignoreOption() } }
  }

  private func ignoreOption() throws(ParseFailure) {
    guard peek.symbol != nil else { throw unexpected("an option of the table") }
    while !peek.is(.semicolon), !peek.is(.braceClose), !isAtEnd { advance() }
  }

  @discardableResult
  private func defineAuthorizationTable(_ name: String, _ family: AddressFamily, at token: Token) -> PolicyROATable {
    define(name, as: .table(TableSymbol(kind: .roa, family: family)), at: token)
    if let table = authorizationTables[name] { return table }
    let table = PolicyROATable(name: name, family: family)
    authorizationTables[name] = table
    configuration.authorizationTables.append(table)
    return table
  }

  private func addAuthorization(_ entry: RouteOriginAuthorization, to table: PolicyROATable, of instance: String?) {
    let known = configuration.authorizationSources.lastIndex { $0.table === table && $0.protocolName == instance }
    if let known { return configuration.authorizationSources[known].entries.append(entry) }
    configuration.authorizationSources.append(AuthorizationSource(table: table, protocolName: instance, entries: [entry]))
  }

  /// The name of such a table, behind `roa_check(` and `table`.
  func authorizationTable() throws(ParseFailure) -> PolicyROATable {
    let token = peek
    guard let name = token.symbol, let table = authorizationTables[name] else {
      throw unknownSymbol(token, expected: "a ROA table", among: configuration.authorizationTables.map { $0.name })
    }
    advance()
    return table
  }

  /// Up to the `;` behind a statement, with its block.
  func passOver() {
    var depth = 0
    while !isAtEnd, depth > 0 || !peek.is(.semicolon) && !peek.is(.braceClose) {
      if peek.is(.braceOpen) { depth += 1 }
      if peek.is(.braceClose) { depth -= 1 }
      advance()
    }
  }

  // MARK: Static protocols

  /// `roa4 [{ table NAME; import …; }]` in a static protocol, from the word on.
  func parseAuthorizationChannel(of draft: Draft<StaticDraft>) throws(ParseFailure) {
    let token = advance()
    let family: AddressFamily = token.is("roa4") ? .ipv4 : .ipv6
    var channel = AuthorizationChannel(family: family, token: token)
    let common = CommonOptions.channel
    if peek.is(.braceOpen) {
      // The other options are read as a channel's, and make no difference.
      var other = ChannelDraft(family: family, dialect: dialect, kind: .static, token: token)
      try block { () throws(ParseFailure) in
        if take("table") {
          let name = peek
          channel.table = try authorizationTable()
          if channel.table?.family != family { report("'\(name.symbol ?? "")' is of the other family", at: name) }
        } else {
          try option(of: common, in: "channel \(token.symbol ?? "")", for: &other)
        }
      }
      channel.importPolicy = other.configuration.importPolicy
    }
    if channel.table == nil { report("the channel needs a table", at: token, hint: "\(token.symbol ?? "") { table NAME; };") }
    draft.body.authorizationChannels.append(channel)
  }

  /// Puts the authorizations of a finished static protocol into the tables of its channels, as far as their filters let them.
  func announceAuthorizations(of draft: Draft<StaticDraft>) {
    for (entry, location) in draft.body.authorizations {
      let channels = draft.body.authorizationChannels.filter { $0.family == entry.prefix.family }
      if channels.isEmpty {
        let name = entry.prefix.family == .ipv4 ? "roa4" : "roa6"
        report("The route's type \(name) has no channel here", at: location, hint: "add \(name) { table NAME; };")
      }
      for channel in channels where channel.accepts(entry) {
        if let table = channel.table { addAuthorization(entry, to: table, of: draft.name) }
      }
    }
  }
}

/// A channel of a static protocol to a table of authorizations.
struct AuthorizationChannel {
  var family: AddressFamily
  var token: Token
  var table: PolicyROATable?
  var importPolicy = Policy.all

  init(family: AddressFamily, token: Token) {
    self.family = family
    self.token = token
  }

  /// Whether the import filter takes the authorization.
  func accepts(_ entry: RouteOriginAuthorization) -> Bool {
    switch importPolicy {
    case .all: return true
    case .none: return false
    case .filter(let program, _):
      let runner = PolicyRunner()
      var route = PolicyRoute(
        prefix: entry.prefix, attributes: RouteAttributes(AttributeHeader(source: .static, preference: 200)))
      return runner.interpreter.run(program, on: &route).isAccept
    }
  }
}
