import RouteCore

extension StaticNextHop {
  /// Options of the route apply to next hops without options of their own.
  fileprivate func withDefault(bfd: Bool) -> StaticNextHop {
    var hop = self
    hop.bfd = hop.bfd ?? (bfd && !gateway.isUnspecified)
    return hop
  }
}

extension Parser {
  /// `route prefix dest [ '{' commands '}' ]`, behind the word `route`.
  func staticRoute(into draft: Draft<StaticDraft>) throws(ParseFailure) {
    let token = peek
    if peekRouteDistinguisher() != nil, draft.body.passesOver {
      return passOver()
    }
    let prefix = try prefix()
    if dialect == .bird2, let entry = try takeAuthorization(of: prefix) {
      return draft.body.authorizations.append((entry, token.location))
    }
    checkFamily(of: prefix.family, at: token)
    var route = StaticRoute(prefix: prefix, destination: .unreachable, commands: nil, location: token.location)
    route.destination = try staticDestination(prefix.family)
    if peek.is(.braceOpen) {
      var usesBFD: Bool?
      route.commands = try parseRouteCommands { () throws(ParseFailure) in
        guard peek.is("bfd") else { return false }
        guard dialect.isBird1 else { throw failure("'bfd' is an option of the next hop", hint: "via ADDRESS bfd;") }
        advance()
        usesBFD = try bool()
        return true
      }
      if let usesBFD, case .nextHops(let hops) = route.destination {
        route.destination = .nextHops(hops.map { $0.withDefault(bfd: usesBFD) })
      }
    }
    draft.body.configuration.routes.append(route)
  }

  /// In 1.6 all routes are of the daemon's family.
  private func checkFamily(of family: AddressFamily, at token: Token) {
    // An IPv6 address in an IPv4 file has been refused as such.
    if case .ip6 = token.kind { return }
    guard let own = dialect.impliedFamily, family != own else { return }
    report("an \(family) prefix in an \(own) configuration", at: token, hint: dialectHint)
  }

  private func staticDestination(_ family: AddressFamily) throws(ParseFailure) -> StaticRoute.Destination {
    let token = peek
    switch token.symbol {
    case "drop", "blackhole":
      advance()
      return .blackhole
    case "reject", "unreachable":
      advance()
      return .unreachable
    case "prohibit":
      advance()
      return .prohibit
    case "recursive":
      advance()
      let gateway = try gateway(family)
      return .recursive(gateway, try takeLabels() ?? LabelStack())
    case "multipath":
      advance()
      guard peek.is("via") else { throw unexpected("'via'") }
      return .nextHops(try staticNextHops(family, several: true))
    case "via":
      return .nextHops(try staticNextHops(family, several: dialect == .bird2))
    default:
      throw unexpected(
        "where the route leads", hint: "via ADDRESS, via \"INTERFACE\", recursive ADDRESS, blackhole, unreachable or prohibit")
    }
  }

  private func gateway(_ family: AddressFamily) throws(ParseFailure) -> IPAddress {
    let token = peek
    if let word = token.symbol, symbols.lookup(word) == nil {
      throw failure("'\(word)' is not defined, expected the gateway's address", hint: "a route to an interface is via \"\(word)\"")
    }
    let gateway = try address("the gateway's address")
    if gateway.family != family, dialect.isBird1 {
      report("an \(gateway.family) gateway of an \(family) route", at: token, hint: "that takes BIRD 2's language")
    }
    return gateway
  }

  /// One or more `via …`. In 1.6 several of them need the word `multipath` first.
  private func staticNextHops(_ family: AddressFamily, several: Bool) throws(ParseFailure) -> [StaticNextHop] {
    var hops: [StaticNextHop] = []
    while peek.is("via") {
      if !hops.isEmpty, !several {
        throw failure("several next hops need 'multipath'", hint: "route … multipath via … via …")
      }
      advance()
      let start = peek
      var hop = StaticNextHop(gateway: .unspecified)
      if case .text(let name) = peek.kind {
        advance()
        hop.interface = name
      } else {
        hop.gateway = try gateway(family)
        hop.interface = try takeScope()
        if hop.interface == nil, dialect == .bird2, take("dev") { hop.interface = try text("an interface's name in quotes") }
        if hop.gateway.isLinkLocal, hop.interface == nil {
          report("Link-local next hop needs an interface", at: start, hint: "write \(hop.gateway)%eth0")
        }
      }
      try nextHopOptions(&hop, weightAllowed: several)
      if hop.isOnLink, hop.interface == nil {
        report("'onlink' needs an interface", at: start, hint: "write \(hop.gateway)%eth0")
      }
      hops.append(hop)
    }
    return hops
  }

  private static let nextHopWords: Set = ["via", "mpls", "onlink", "weight", "bfd"]

  private func nextHopOptions(_ hop: inout StaticNextHop, weightAllowed: Bool) throws(ParseFailure) {
    while let word = peek.symbol {
      switch word {
      case "weight" where weightAllowed:
        advance()
        hop.weight = try number(in: 1...256, "weight")
      case "onlink" where dialect == .bird2:
        advance()
        // Other words about the next hop may follow instead of a value.
        hop.isOnLink = peek.is(.braceOpen) || Self.nextHopWords.contains(peek.symbol ?? "") ? true : try bool()
      case "mpls" where dialect == .bird2: if let labels = try takeLabels() { hop.labels = labels }
      case "bfd" where weightAllowed:
        let token = advance()
        hop.bfd = peek.is(.braceOpen) || Self.nextHopWords.contains(peek.symbol ?? "") ? true : try bool()
        if hop.bfd == true, hop.gateway.isUnspecified { report("'bfd' needs a gateway", at: token) }
      case "bfd": throw failure("'bfd' stands in braces behind the route", hint: "route … via … { bfd; };")
      default: return
      }
    }
  }

  /// `mpls LABEL/LABEL...`
  private func takeLabels() throws(ParseFailure) -> LabelStack? {
    guard dialect == .bird2, take("mpls") else { return nil }
    var labels = LabelStack()
    repeat {
      let token = peek
      let label: UInt32 = try number(in: 0...(LabelStack.labelLimit - 1), "label")
      if !labels.append(label) { report("Too many labels in stack", at: token, hint: "at most \(LabelStack.capacity)") }
    } while take(.slash)
    return labels
  }
}
