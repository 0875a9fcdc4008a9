/// Where misplaced options belong.
extension Parser {
  /// An option that the next words spell in another place: its name, and where it belongs.
  struct MisplacedOption {
    let name: String
    let place: String
  }

  /// Looks for the next words in the other tables of the protocol that is being read.
  func optionElsewhereInProtocol() -> MisplacedOption? { currentKind.flatMap { place(in: $0) } }

  /// Looks for the next words in the tables of other protocols and outside of them.
  func optionOfOthers() -> MisplacedOption? {
    for kind in ProtocolDescription.all where kind != currentKind {
      guard let name = kind.options.name(self) else { continue }
      return MisplacedOption(name: name, place: "it is an option of protocol \(kind.name)")
    }
    if let name = CommonOptions.direct.index.name(self) { return MisplacedOption(name: name, place: "it belongs in a protocol") }
    for kind in ProtocolDescription.all where kind != currentKind {
      if let found = place(in: kind) { return found }
    }
    guard currentKind != nil, let keyword = peek.symbol, Parser.definitionKeywords.contains(keyword) else { return nil }
    return MisplacedOption(name: keyword, place: "it belongs outside of the protocol")
  }

  /// The same within one type of protocol.
  private func place(in kind: ProtocolDescription) -> MisplacedOption? {
    func found(_ name: String, _ place: String) -> MisplacedOption { MisplacedOption(name: name, place: place) }
    if let name = kind.options.name(self) ?? (kind == currentKind ? CommonOptions.direct.index.name(self) : nil) {
      return found(name, "it belongs directly in the protocol")
    }
    if kind.hasChannels, let name = kind.channelOptions.index.name(self) {
      // An option that all channels have was found with another kind.
      if kind != currentKind, kind.channelOptions.options.count > CommonOptions.channel.options.count {
        return found(name, "it is an option of \(dialect.isBird1 ? "" : "the channels of ")protocol \(kind.name)")
      }
      return found(
        name, dialect.isBird1 || !kind.namesChannels ? "it belongs directly in the protocol" : "it belongs in a channel: ipv6 { … };")
    }
    for block in kind.blocks { if let name = block.options.name(self) { return found(name, block.place(name)) } }
    return nil
  }

  /// The words that begin something outside of protocols.
  private static let definitionKeywords: Set = [
    "log", "define", "filter", "function", "table", "timeformat", "protocol", "template", "eval", "listen", "watchdog", "attribute",
  ]
}
