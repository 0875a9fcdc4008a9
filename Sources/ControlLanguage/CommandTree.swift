/// All commands: for the daemon's parser, and for the client's abbreviations, completion and help.
package struct CommandSummary: Hashable, Sendable {
  /// The keywords, such as `show`, `ospf`, `lsadb`.
  package let path: [String]
  /// The arguments, as `help` shows them.
  package let arguments: String
  package let help: String

  init(_ path: String, _ arguments: String = "", _ help: String) {
    self.path = path.split(separator: " ").map(String.init)
    self.arguments = arguments
    self.help = help
  }

  package var name: String { path.joined(separator: " ") }
}

package enum CommandTree {
  package static let commands: [CommandSummary] = [
    CommandSummary("configure", "[soft] [\"FILE\"] [timeout [SECONDS]]", "Read and apply the configuration"),
    CommandSummary("configure soft", "[\"FILE\"] [timeout [SECONDS]]", "The same, but changed filters apply to new routes only"),
    CommandSummary("configure timeout", "[SECONDS]", "The same, undone after a time unless confirmed"),
    CommandSummary("configure confirm", "", "Keep the new configuration"),
    CommandSummary("configure undo", "", "Go back to the configuration before"),
    CommandSummary("configure check", "[\"FILE\"]", "Read the configuration without applying it"),
    CommandSummary("configure status", "", "Whether a reconfiguration is going on"),
    CommandSummary("plan", "[\"FILE\"] [all]", "Routes that each peer and the kernel would gain, lose or see changed"),
    CommandSummary("down", "", "End the daemon"),
    CommandSummary("graceful restart", "", "End the daemon, leaving routes for its restart"),
    CommandSummary("enable", "(PROTOCOL | \"PATTERN\" | all) [\"MESSAGE\"]", "Start a protocol"),
    CommandSummary("disable", "(PROTOCOL | \"PATTERN\" | all) [\"MESSAGE\"]", "Stop a protocol"),
    CommandSummary("restart", "(PROTOCOL | \"PATTERN\" | all) [\"MESSAGE\"]", "Stop and start a protocol"),
    CommandSummary("reload", "(PROTOCOL | \"PATTERN\" | all)", "Import and export all routes of a protocol again"),
    CommandSummary("reload in", "(PROTOCOL | \"PATTERN\" | all)", "The same for imported routes only"),
    CommandSummary("reload out", "(PROTOCOL | \"PATTERN\" | all)", "The same for exported routes only"),
    CommandSummary(
      "debug", "(PROTOCOL | \"PATTERN\" | all) (all | off | {states, routes, filters, interfaces, events, packets})",
      "Choose what a protocol writes to the log"),
    CommandSummary(
      "mrtdump", "(PROTOCOL | \"PATTERN\" | all) (all | off | {states, messages})", "What of a protocol goes to the MRT file"),
    CommandSummary("mrt dump", "…", "MRT records of tables (not supported)"),
    CommandSummary("dump resources", "", "Write memory use to the log"),
    CommandSummary("dump sockets", "", "Write open sockets to the log"),
    CommandSummary("dump events", "", "Write pending work to the log"),
    CommandSummary("dump interfaces", "", "Write interfaces to the log"),
    CommandSummary("dump neighbors", "", "Write tracked neighbors to the log"),
    CommandSummary("dump attributes", "", "Write attribute sets to the log"),
    CommandSummary("dump routes", "", "Write tables to the log"),
    CommandSummary("dump protocols", "", "Write protocols to the log"),
    CommandSummary(
      "echo", "(all | off | {debug|trace|info|remote|warning|error|auth [, …]}) [BUFFER]", "Copy log messages to this session (only `off`)"),
    CommandSummary("eval", "EXPRESSION", "Compute an expression of the filter language"),
    CommandSummary("restrict", "", "Refuse commands that change something from now on"),
    CommandSummary("add roa", "PREFIX max N as N [table TABLE]", "Add a ROA"),
    CommandSummary("delete roa", "PREFIX max N as N [table TABLE]", "Remove a ROA"),
    CommandSummary("flush roa", "[table TABLE]", "Remove all added ROAs"),
    CommandSummary("show status", "", "Version, router id, times"),
    CommandSummary("show memory", "", "Memory by use"),
    CommandSummary("show interfaces", "", "Interfaces and their addresses"),
    CommandSummary("show interfaces summary", "", "One line for each interface"),
    CommandSummary("show protocols", "[PROTOCOL | \"PATTERN\"]", "One line for each protocol"),
    CommandSummary("show protocols all", "[PROTOCOL | \"PATTERN\"]", "All about protocols and their channels"),
    CommandSummary(
      "show symbols", "[table | filter | function | protocol | template | roa | SYMBOL]", "Names that the configuration defines"),
    CommandSummary(
      "show route",
      "[PREFIX | for PREFIX | for ADDRESS | in PREFIX] [table TABLE] [filter FILTER | where CONDITION] [all] [primary] [filtered] "
        + "[(export | preexport | noexport) PROTOCOL] [protocol PROTOCOL] [stats | count]",
      "Routes"),
    CommandSummary("show static", "[PROTOCOL]", "Configured static routes"),
    CommandSummary("show ospf", "[PROTOCOL]", "OSPF and its areas"),
    CommandSummary("show ospf neighbors", "[PROTOCOL] [\"INTERFACE\"]", "OSPF neighbors"),
    CommandSummary("show ospf interface", "[PROTOCOL] [\"INTERFACE\"]", "OSPF interfaces"),
    CommandSummary("show ospf topology", "[all] [PROTOCOL]", "Reachable routers and networks of OSPF"),
    CommandSummary("show ospf topology all", "[PROTOCOL]", "All routers and networks of OSPF"),
    CommandSummary("show ospf state", "[all] [PROTOCOL]", "Reachable nodes with their prefixes"),
    CommandSummary("show ospf state all", "[PROTOCOL]", "All nodes with their prefixes"),
    CommandSummary(
      "show ospf lsadb", "[global | area ID | link] [type N] [lsid ID] [self | router ID] [PROTOCOL]", "LSAs"),
    CommandSummary("show bfd sessions", "[PROTOCOL]", "BFD sessions"),
    CommandSummary("show rip interfaces", "[PROTOCOL] [\"INTERFACE\"]", "RIP interfaces"),
    CommandSummary("show rip neighbors", "[PROTOCOL] [\"INTERFACE\"]", "RIP neighbors"),
    CommandSummary("show babel interfaces", "[PROTOCOL] [\"INTERFACE\"]", "Babel interfaces"),
    CommandSummary("show babel neighbors", "[PROTOCOL] [\"INTERFACE\"]", "Babel neighbors"),
    CommandSummary("show babel entries", "[PROTOCOL]", "Babel entries"),
    CommandSummary("show babel routes", "[PROTOCOL]", "Babel routes"),
    CommandSummary("show roa", "[PREFIX | in PREFIX | for PREFIX] [as N] [table TABLE]", "ROAs"),
  ]

  /// Keywords that give way to others when abbreviated: `show r` means `show route`.
  private static let subordinate: Set<String> = ["roa", "rip", "babel", "mrt", "mrtdump"]

  /// The possible meanings of a sequence of words.
  package enum Match: Hashable, Sendable {
    /// The command, and how many of the words it took.
    case command(CommandSummary, words: Int)
    /// The last word looked at may be any of these keywords.
    case ambiguous([CommandSummary])
    case unknown
  }

  /// How freely a keyword may be abbreviated where an argument could stand in its place.
  package enum Abbreviation: Sendable {
    /// The client: keywords take precedence, as in birdc (`show proto a` is `show protocols all`).
    case keywordsFirst
    /// The daemon: where a name is possible, only a complete word is a keyword.
    case argumentsFirst
  }

  package static func match(_ words: [String], _ abbreviation: Abbreviation) -> Match {
    var candidates = commands
    var depth = 0
    while depth < words.count {
      let word = words[depth]
      let complete = candidates.first { $0.path.count == depth }
      let mayBeArgument = complete.map { !$0.arguments.isEmpty } ?? false
      let keywords = keywords(at: depth, of: candidates, matching: word)
      var found = keywords.first { $0 == word }
      if found == nil, !(mayBeArgument && abbreviation == .argumentsFirst) {
        let preferred = keywords.filter { !subordinate.contains($0) }
        let best = preferred.isEmpty ? keywords : preferred
        if best.count > 1 {
          return .ambiguous(candidates.filter { $0.path.count > depth && best.contains($0.path[depth]) })
        }
        found = best.first
      }
      guard let keyword = found else { break }
      candidates = candidates.filter { $0.path.count > depth && $0.path[depth] == keyword }
      depth += 1
    }
    guard let command = candidates.first(where: { $0.path.count == depth }), depth > 0 else { return .unknown }
    return .command(command, words: depth)
  }

  /// The keywords that begin with `word`, in the order of the table.
  private static func keywords(at depth: Int, of candidates: [CommandSummary], matching word: String) -> [String] {
    var found: [String] = []
    for command in candidates where command.path.count > depth {
      let keyword = command.path[depth]
      if keyword.hasPrefix(word), !found.contains(keyword) { found.append(keyword) }
    }
    return found
  }

  /// The commands below the given words, or nil if they lead nowhere.
  package static func commands(under words: [String]) -> [CommandSummary]? {
    var candidates = commands
    for (depth, word) in words.enumerated() {
      let keywords = keywords(at: depth, of: candidates, matching: word)
      let preferred = keywords.filter { !subordinate.contains($0) }
      let best = preferred.isEmpty ? keywords : preferred
      guard let keyword = keywords.first(where: { $0 == word }) ?? (best.count == 1 ? best.first : nil) else { return nil }
      candidates = candidates.filter { $0.path.count > depth && $0.path[depth] == keyword }
    }
    return candidates
  }
}
