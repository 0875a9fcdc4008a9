import BFD
import RouteCore

/// The options of sessions while they are read: of an interface, or of a BGP protocol that asks for one.
struct SessionDraft: OptionTarget {
  var overrides = SessionOverrides()
  var isGraceful = false
  var authentication: Authentication.Method?
  var keys: [Authentication.Key] = []
  var marks = OptionMarks()
}

extension Parser {
  /// Those of an `interface` or `multihop` block.
  static let bfdInterfaceOptions = OptionTable<SessionDraft>(
    sessionOptions + [
      Option("authentication") { (parser, draft) throws(ParseFailure) in draft.authentication = try parser.bfdAuthentication() },
      Option("password", repeats: true) { (parser, draft) throws(ParseFailure) in try parser.bfdPassword(into: &draft) },
      Option("key", .bird2, repeats: true) { (parser, draft) throws(ParseFailure) in try parser.bfdPassword(into: &draft) },
      Option("passwords", repeats: true) { (parser, draft) throws(ParseFailure) in
        try parser.block { () throws(ParseFailure) in
          guard parser.take("password") || (parser.dialect == .bird2 && parser.take("key")) else {
            throw parser.unexpected("'password'", hint: "passwords { password \"…\"; };")
          }
          try parser.bfdPassword(into: &draft)
        }
      },
    ])

  /// Those of `bfd { … }` in a BGP protocol.
  static let bfdRequestOptions = OptionTable<SessionDraft>(
    sessionOptions + [Option("graceful") { (_, draft) throws(ParseFailure) in draft.isGraceful = true }])

  private static let sessionOptions: [Option<SessionDraft>] = [
    Option("interval") { (parser, draft) throws(ParseFailure) in
      let interval = try parser.bfdInterval("interval", least: 1)
      draft.overrides.minRxInterval = interval
      draft.overrides.minTxInterval = interval
    },
    Option("min rx interval") { (parser, draft) throws(ParseFailure) in
      draft.overrides.minRxInterval = try parser.bfdInterval("min rx interval", least: 0)
    },
    Option("min tx interval") { (parser, draft) throws(ParseFailure) in
      draft.overrides.minTxInterval = try parser.bfdInterval("min tx interval", least: 1)
    },
    Option("idle tx interval") { (parser, draft) throws(ParseFailure) in
      draft.overrides.idleTxInterval = try parser.bfdInterval("idle tx interval", least: 1)
    },
    .number("multiplier", 1...UInt8.max) { $0.overrides.multiplier = $1 }, .flag("passive") { $0.overrides.passive = $1 },
  ]

  /// A time with its unit, in the microseconds of a control packet (RFC 5880 §4.1).
  private func bfdInterval(_ what: String, least: Int64) throws(ParseFailure) -> UInt32 {
    let token = peek
    let microseconds = try time(what).nanoseconds / 1000
    if microseconds < least || microseconds > Int64(UInt32.max) {
      report("'\(what)' must be in range \(least) us to 4294 s", at: spanning(token, previous))
    }
    return UInt32(clamping: max(microseconds, least))
  }

  /// `[ '{' options '}' ]`
  func sessionBlock(in place: String) throws(ParseFailure) -> SessionOptions {
    var draft = SessionDraft()
    if peek.is(.braceOpen) {
      try block { () throws(ParseFailure) in try option(of: Parser.bfdInterfaceOptions, in: place, for: &draft) }
    }
    var options = SessionOptions().merged(with: draft.overrides)
    if let method = draft.authentication, !draft.keys.isEmpty {
      options.authentication = Authentication(method: method, keys: draft.keys)
    } else if draft.authentication != nil || !draft.keys.isEmpty {
      // BIRD warns too, and leaves out of packets what it has no password for.
      let name = draft.authentication == nil ? "password" : "authentication"
      report("Authentication and password options should be used together", at: draft.marks[name] ?? draft.marks["passwords"] ?? previous)
    }
    return options
  }

  /// `'none' | 'simple' | ['meticulous'] 'keyed' ('md5' | 'sha1')`
  private func bfdAuthentication() throws(ParseFailure) -> Authentication.Method? {
    if take("none") { return nil }
    if take("simple") { return .simplePassword }
    let isMeticulous = take("meticulous")
    guard take("keyed") else { throw unexpected("a method", hint: "none, simple, keyed md5, keyed sha1, or meticulous before these two") }
    if take("md5") { return isMeticulous ? .meticulousKeyedMD5 : .keyedMD5 }
    if take("sha1") { return isMeticulous ? .meticulousKeyedSHA1 : .keyedSHA1 }
    throw unexpected("'md5' or 'sha1'")
  }

  /// `text ['{' 'id' expr ';' '}']`; the keys without an id are numbered.
  private func bfdPassword(into draft: inout SessionDraft) throws(ParseFailure) {
    guard draft.keys.count < 255 else { throw failure("too many passwords", at: previous) }
    var key = Authentication.Key(id: UInt8(truncatingIfNeeded: draft.keys.count + 1), secret: Array(try text("a password in quotes").utf8))
    if peek.is(.braceOpen) {
      try block { () throws(ParseFailure) in
        let token = peek
        if take("id") {
          key.id = try number(in: dialect.isBird1 ? 1...UInt8.max : 0...UInt8.max, "id")
        } else if let word = token.symbol, ["generate", "accept", "from", "to"].contains(word) {
          throw failure("passwords with times are not supported yet", at: token)
        } else if token.is("algorithm") {
          throw failure("Password algorithm option not available in BFD protocol", at: token)
        } else {
          throw unexpected("'id'")
        }
      }
    }
    draft.keys.append(key)
  }

  /// `bool | 'graceful' | '{' options '}'` behind the word `bfd` of a BGP protocol. What was said before stays, unless it is `no`.
  func bfdRequest(_ before: BFDRequestOptions?) throws(ParseFailure) -> BFDRequestOptions? {
    var request = before ?? BFDRequestOptions()
    if take("graceful") {
      request.isGraceful = true
    } else if dialect == .bird2, peek.is(.braceOpen) {
      var draft = SessionDraft(overrides: request.overrides, isGraceful: request.isGraceful)
      try block { () throws(ParseFailure) in try option(of: Parser.bfdRequestOptions, in: "bfd", for: &draft) }
      request.overrides = draft.overrides
      request.isGraceful = draft.isGraceful
    } else if try !bool() {
      return nil
    }
    return request
  }

  /// `ADDRESS ['%' NAME | 'dev' TEXT] ['local' ADDRESS] ['multihop' bool]`
  func bfdNeighbor() throws(ParseFailure) -> BFDConfiguration.ConfiguredNeighbor {
    let token = peek
    var neighbor = BFDConfiguration.ConfiguredNeighbor(try address("the neighbor's address"))
    neighbor.interface = try takeScope()
    if neighbor.interface == nil, take("dev") { neighbor.interface = try text("an interface's name in quotes") }
    if take("local") { neighbor.local = try address("the local address") }
    if take("multihop") { neighbor.isMultihop = try bool() }
    let place = spanning(token, previous)
    if neighbor.isMultihop {
      if neighbor.interface != nil { report("Neighbor cannot set both interface and multihop", at: place) }
      if neighbor.local == nil {
        report("Multihop neighbor requires specified local address", at: place, hint: "… local ADDRESS multihop;")
      }
    } else if neighbor.address.isLinkLocal, neighbor.interface == nil {
      warn("a link-local neighbor without its interface is never found", at: place, hint: "write \(neighbor.address)%eth0")
    }
    return neighbor
  }

  /// `{ 'ipv4' | 'ipv6' | 'direct' | 'multihop' }`: each takes the place of its opposite; nothing is all.
  func acceptedSessions() -> BFDConfiguration.Accepted {
    var accepted = BFDConfiguration.Accepted.all
    while true {
      if take("ipv4") {
        accepted.formUnion(.ipv4)
        accepted.subtract(.ipv6)
      } else if take("ipv6") {
        accepted.formUnion(.ipv6)
        accepted.subtract(.ipv4)
      } else if take("direct") {
        accepted.formUnion(.direct)
        accepted.subtract(.multihop)
      } else if take("multihop") {
        accepted.formUnion(.multihop)
        accepted.subtract(.direct)
      } else {
        return accepted
      }
    }
  }
}
