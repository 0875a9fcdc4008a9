import RouteCore

/// Detects which BIRD a file was written for, from tokens that only one of the two grammars has.
struct DialectDetection {
  let dialect: Dialect
  /// The evidence, for hints: what was seen where.
  let reason: String

  private struct Evidence {
    /// Which of the two daemons of 1.6 the file is for. Without any address it is for IPv4 only if it cannot be for IPv6, because that
    /// needs a router ID, and is not called `bird6`.
    func family(of path: String) -> AddressFamily {
      if ip6 || path.split(separator: "/").last?.hasPrefix("bird6") == true { return .ipv6 }
      return ip4 || !routerID ? .ipv4 : .ipv6
    }

    /// The first token that only one BIRD has, and how many there are.
    struct Sightings {
      var first: Token?
      var count = 0
      mutating func note(_ token: Token) {
        first = first ?? token
        count += 1
      }
    }
    var bird2 = Sightings()
    var bird1 = Sightings()
    /// A protocol that would need a channel in 2.x.
    var channelless = Sightings()
    var ip6 = false
    var ip4 = false
    /// A router ID, which a 1.6 file for IPv6 must have.
    var routerID = false
  }

  /// `family` is what the command line says of the 1.6 dialect (`-4`, `-6`).
  ///
  /// A correct file has evidence for one BIRD only. In a mixed one the majority decides, so that the slip is what gets reported.
  init(tokens: [Token], sources: SourceMap, family: AddressFamily?) {
    let evidence = DialectDetection.collect(tokens)
    if let token = evidence.bird2.first, evidence.bird2.count >= evidence.bird1.count {
      self.init(dialect: .bird2, token, sources)
    } else if let token = evidence.bird1.first ?? evidence.channelless.first {
      self.init(dialect: .bird1(family ?? evidence.family(of: sources.files.first?.path ?? "")), token, sources)
    } else if let family {
      self.init(dialect: .bird1(family), reason: "as the command line says")
    } else {
      self.init(dialect: .bird2, reason: "because nothing in it is of BIRD 1.6 only")
    }
  }

  private init(dialect: Dialect, _ token: Token, _ sources: SourceMap) {
    let place = token.location.file == 0 ? "line \(token.location.line)" : "\(sources.path(of: token.location)):\(token.location.line)"
    self.init(dialect: dialect, reason: "because of \(token) at \(place)")
  }

  private init(dialect: Dialect, reason: String) {
    self.dialect = dialect
    self.reason = reason
  }

  private static func collect(_ tokens: [Token]) -> Evidence {
    var evidence = Evidence()
    var depth = 0
    var type: String?
    var startsStatement = true
    for (index, token) in tokens.enumerated() {
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      switch token.kind {
      case .punctuation(.braceOpen): depth += 1
      case .punctuation(.braceClose): depth -= 1
      case .ip6: evidence.ip6 = true
      case .ip4 where isAddress(index, tokens): evidence.ip4 = true
      case .symbol("router") where startsStatement && depth == 0 && next?.is("id") == true: evidence.routerID = true
      case .symbol(let word) where startsStatement && depth == 0:
        type = word == "protocol" || word == "template" ? next?.symbol : nil
        top(word, token, Array(tokens.dropFirst(index + 1).prefix(2)), &evidence)
      case .symbol(let word) where startsStatement && depth == 1:
        if let type { item(word, token, next, type, &evidence) }
      default: break
      }
      startsStatement = token.is(.semicolon) || token.is(.braceOpen) || token.is(.braceClose)
    }
    return evidence
  }

  /// A statement outside of blocks, and the two tokens behind its first word.
  private static func top(_ word: String, _ token: Token, _ rest: [Token], _ evidence: inout Evidence) {
    switch word {
    case "table", "listen", "roa": evidence.bird1.note(token)
    case _ where CommonOptions.channelNames.contains(word) && (rest.first?.is("table") == true || rest.first?.is("sadr") == true):
      evidence.bird2.note(token)
    case "attribute", "hostname", "cli", "threads": evidence.bird2.note(token)
    case "protocol":
      guard let type = rest.first?.symbol else { return }
      let after = rest.count > 1 ? rest[1] : nil
      if type == "ospf", after?.is("v2") == true || after?.is("v3") == true { evidence.bird2.note(token) }
      if ProtocolDescription.named(type)?.namesChannels == true { evidence.channelless.note(token) }
    default: break
    }
  }

  /// A statement directly inside a protocol.
  private static func item(_ word: String, _ token: Token, _ next: Token?, _ type: String, _ evidence: inout Evidence) {
    if CommonOptions.channelNames.contains(word) {
      evidence.bird2.note(token)
    } else if word == "neighbor", next?.is("range") == true {
      evidence.bird2.note(token)
    } else if ProtocolDescription.named(type)?.channels != .inline,
      word == "import" || word == "export" || word == "preference" || word == "table"
    {
      evidence.bird1.note(token)
    }
  }

  /// Whether a dotted quad is written where an address stands, and not a router or area ID.
  private static func isAddress(_ index: Int, _ tokens: [Token]) -> Bool {
    guard index > 0 else { return false }
    let next = index + 1 < tokens.count ? tokens[index + 1] : nil
    if next?.is(.slash) == true { return true }
    switch tokens[index - 1].symbol {
    case "local", "neighbor", "via", "address", "recursive", "primary", "prefix": return true
    default: return false
    }
  }
}
