/// What the client does with a typed line: abbreviations are expanded before anything is sent, since the daemon may be BIRD,
/// which accepts complete keywords only.
package enum ClientCommand: Hashable, Sendable {
  /// The line as it is to be sent.
  case send(String)
  case empty
  case quit
  /// `help`, or `?` after these words.
  case help([String])
  case ambiguous([CommandSummary])
  case unknown

  package static let unknownText = "No such command. Press `?' for help."
  package static let ambiguousText = "Ambiguous command, possible expansions are:"

  package init(_ line: String) {
    let words = line.split { $0 == " " || $0 == "\t" }
    guard let first = words.first else {
      self = .empty
      return
    }
    if words.count == 1, first == "exit" || first == "quit" {
      self = .quit
    } else if words.count == 1, first == "help" {
      self = .help([])
    } else if line.hasSuffix("?") {
      self = .help(line.dropLast().split { $0 == " " || $0 == "\t" }.map(String.init))
    } else {
      self = ClientCommand.expanded(words)
    }
  }

  private static func expanded(_ words: [Substring]) -> ClientCommand {
    // Quoted text is never a keyword.
    let keywords = words.prefix { !$0.contains("\"") }.map(String.init)
    switch CommandTree.match(keywords, .keywordsFirst) {
    case .command(let summary, let count):
      let rest = count < words.count ? " " + String(words[count].base[words[count].startIndex...]) : ""
      return .send(summary.name + rest)
    case .ambiguous(let commands): return .ambiguous(commands)
    case .unknown: return .unknown
    }
  }
}

extension CommandTree {
  /// The lines of help for the commands below some words.
  package static func help(_ commands: [CommandSummary]) -> [String] {
    let names = commands.map { $0.arguments.isEmpty ? $0.name : "\($0.name) \($0.arguments)" }
    // Beyond this width the help text goes on a line of its own.
    let column = min(names.map { $0.utf8.count }.max() ?? 0, 44)
    return zip(names, commands).flatMap { name, command in
      let padding = String(repeating: " ", count: max(column - name.utf8.count, 0) + 2)
      return name.utf8.count <= column ? [name + padding + command.help] : [name, String(repeating: " ", count: column + 2) + command.help]
    }
  }

  /// Completes the last word of a line: returns the whole line if there is only one completion, or else the candidates.
  package static func complete(_ line: String) -> (line: String, candidates: [String]) {
    let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
    let isNewWord = line.last.map { $0 == " " || $0 == "\t" } ?? true
    let path = isNewWord ? words : Array(words.dropLast())
    let last = isNewWord ? "" : words.last ?? ""
    guard let under = commands(under: path), let spelled = under.first?.path.prefix(path.count), spelled.count == path.count else {
      return (line, [])
    }
    var candidates: [String] = []
    for command in under where command.path.count > path.count {
      let keyword = command.path[path.count]
      if keyword.hasPrefix(last), !candidates.contains(keyword) { candidates.append(keyword) }
    }
    let before = spelled.map { $0 + " " }.joined()
    if candidates.count == 1 { return (before + candidates[0] + " ", candidates) }
    guard let first = candidates.first else { return (line, []) }
    // As far as all of them agree.
    let common = candidates.reduce(first) { common, word in String(zip(common, word).prefix { $0 == $1 }.map { $0.0 }) }
    return (before + common, candidates)
  }
}
