/// Where options that stand in a wrong place belong.
extension Parser {
  /// What the next words spell somewhere else: the option's name, and where it may stand.
  struct MisplacedOption {
    let name: String
    let place: String
  }

  /// Looks for the next words in the other tables of the protocol that is being read.
  func optionElsewhereInProtocol() -> MisplacedOption? { currentKind.flatMap { place(in: $0) } }

  /// Looks for the next words in the tables of other protocols and outside of them.
  func optionOfOthers() -> MisplacedOption? {
    for kind in ProtocolKind.allCases where kind != currentKind {
      guard let option = ProtocolOptions.table(for: kind).match(self) else { continue }
      return MisplacedOption(name: option.name, place: "it is an option of protocol \(kind.rawValue)")
    }
    if let option = ProtocolOptions.common.match(self) { return MisplacedOption(name: option.name, place: "it belongs in a protocol") }
    for kind in ProtocolKind.allCases where kind != currentKind {
      if let found = place(in: kind) { return found }
    }
    guard currentKind != nil, let keyword = peek.symbol, Parser.definitionKeywords.contains(keyword) else { return nil }
    return MisplacedOption(name: keyword, place: "it belongs outside of the protocol")
  }

  /// The same within one type of protocol.
  private func place(in kind: ProtocolKind) -> MisplacedOption? {
    func found(_ name: String, _ place: String) -> MisplacedOption { MisplacedOption(name: name, place: place) }
    if let option = ProtocolOptions.table(for: kind).match(self) ?? (kind == currentKind ? ProtocolOptions.common.match(self) : nil) {
      return found(option.name, "it belongs directly in the protocol")
    }
    if kind.hasChannels, let option = ChannelOptionTable.table(for: kind).match(self) {
      if kind != currentKind, kind == .bgp {
        return found(option.name, "it is an option of \(dialect.isBird1 ? "" : "the channels of ")protocol bgp")
      }
      return found(
        option.name, dialect.isBird1 || kind == .pipe ? "it belongs directly in the protocol" : "it belongs in a channel: ipv6 { … };")
    }
    if kind == .bfd, let option = Parser.bfdInterfaceOptions.match(self) {
      return found(option.name, "it belongs in an interface: interface \"…\" { \(option.name) …; };")
    }
    guard kind == .ospf else { return nil }
    if let option = Parser.interfaceOptions.match(self) {
      return found(option.name, "it belongs in an interface: area 0 { interface \"…\" { \(option.name) …; }; };")
    }
    if let option = Parser.areaOptions.match(self) { return found(option.name, "it belongs in an area: area 0 { \(option.name) …; };") }
    if let option = Parser.stubNetworkOptions.match(self) { return found(option.name, "it belongs in a stubnet") }
    return nil
  }

  /// The words that begin something outside of protocols.
  private static let definitionKeywords: Set = [
    "log", "define", "filter", "function", "table", "timeformat", "protocol", "template", "eval", "listen", "watchdog", "attribute",
  ]
}
