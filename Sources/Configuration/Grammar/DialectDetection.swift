import RouteCore

/// Finds out which BIRD a file was written for, from its tokens (language.md §2.10, at the end).
struct DialectDetection {
  let dialect: Dialect
  /// Why, for hints: what was seen where.
  let reason: String
  /// Where; nil if nothing in particular was seen.
  let location: SourceLocation?

  private struct Evidence {
    var bird2: Token?
    var bird1: Token?
    /// A protocol that would need a channel in 2.x.
    var channelless: Token?
    var ip6: Token?
    var ip4: Token?
  }

  /// `family` is what the command line says of the 1.6 dialect (`-4`, `-6`).
  init(tokens: [Token], family: AddressFamily?) {
    let evidence = DialectDetection.collect(tokens)
    if let token = evidence.bird2 {
      self.init(dialect: .bird2, "\(token) makes it a file of BIRD 2", token)
    } else if let token = evidence.bird1 ?? evidence.channelless {
      let family = family ?? (evidence.ip6 == nil && evidence.ip4 != nil ? .ipv4 : .ipv6)
      self.init(
        dialect: .bird1(family), "\(token) without a channel makes it a file of BIRD 1.6 for \(family == .ipv4 ? "IPv4" : "IPv6")", token)
    } else if let family {
      self.init(dialect: .bird1(family), "the command line says so", nil)
    } else {
      self.init(dialect: .bird2, "nothing in it is of BIRD 1.6 only", nil)
    }
  }

  private init(dialect: Dialect, _ reason: String, _ token: Token?) {
    self.dialect = dialect
    self.reason = reason
    location = token?.location
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
      case .ip6: evidence.ip6 = evidence.ip6 ?? token
      case .ip4 where isAddress(index, tokens): evidence.ip4 = evidence.ip4 ?? token
      case .symbol(let word) where startsStatement && depth == 0:
        type = word == "protocol" || word == "template" ? next?.symbol : nil
        top(word, token, next, index, tokens, &evidence)
      case .symbol(let word) where startsStatement && depth == 1:
        if let type { item(word, token, next, type, &evidence) }
      default: break
      }
      startsStatement = token.is(.semicolon) || token.is(.braceOpen) || token.is(.braceClose)
    }
    return evidence
  }

  /// A statement outside of blocks.
  private static func top(
    _ word: String, _ token: Token, _ next: Token?, _ index: Int, _ tokens: [Token], _ evidence: inout Evidence
  ) {
    func note(_ place: WritableKeyPath<Evidence, Token?>) { evidence[keyPath: place] = evidence[keyPath: place] ?? token }
    switch word {
    case "table", "listen", "roa": note(\.bird1)
    case _ where ChannelOptionTable.channelNames.contains(word) && (next?.is("table") == true || next?.is("sadr") == true): note(\.bird2)
    case "attribute", "hostname", "cli", "threads": note(\.bird2)
    case "protocol":
      guard let type = next?.symbol else { return }
      let after = index + 2 < tokens.count ? tokens[index + 2] : nil
      if type == "ospf", after?.is("v2") == true || after?.is("v3") == true { note(\.bird2) }
      if ["static", "direct", "kernel", "bgp", "ospf"].contains(type) { note(\.channelless) }
    default: break
    }
  }

  /// A statement directly inside a protocol.
  private static func item(_ word: String, _ token: Token, _ next: Token?, _ type: String, _ evidence: inout Evidence) {
    if ChannelOptionTable.channelNames.contains(word) {
      evidence.bird2 = evidence.bird2 ?? token
    } else if word == "neighbor", next?.is("range") == true {
      evidence.bird2 = evidence.bird2 ?? token
    } else if type != "pipe", word == "import" || word == "export" || word == "preference" || word == "table" {
      evidence.bird1 = evidence.bird1 ?? token
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
