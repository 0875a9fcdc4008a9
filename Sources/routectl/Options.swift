/// The command line.
struct Options {
  var socket: String?
  var isVerbose = false
  var isRestricted = false
  var isLocal = false
  var isJSON = false
  /// The command given on the command line, or nil to read commands.
  var command: String?
  var isWatching = false

  enum Action {
    case run(Options)
    case print(String)
    case fail(String)
  }

  static let usage = """
    Usage: routectl [-s SOCKET] [-v] [-r] [-l] [--json] [watch] [COMMAND…]

      -s, --socket SOCKET  the daemon's control socket
      -l, --local          a socket in the current directory
      -v, --verbose        show reply codes
      -r, --restricted     refuse commands that change something
      -j, --json           answers as JSON (status, protocols, route, interfaces, ospf neighbors, plan)
          --all            behind a command: all about it (route, protocols, plan)
          --version        show the version
      -h, --help           show this

    Without a command routectl reads commands. `watch COMMAND` repeats one every second.
    """

  static func parse(_ arguments: [String]) -> Action {
    var options = Options()
    var rest = arguments[...]
    while let argument = rest.first, argument.hasPrefix("-"), argument != "-" {
      rest.removeFirst()
      switch argument {
      case "--": return finish(options, rest)
      case "-h", "--help": return .print(usage)
      case "-V", "--version": return .print("routectl 0.1.0")
      case "-s", "--socket":
        guard let path = rest.popFirst() else { return .fail("\(argument) needs a path") }
        options.socket = path
      case "-v", "--verbose": options.isVerbose = true
      case "-r", "--restricted": options.isRestricted = true
      case "-l", "--local": options.isLocal = true
      case "-j", "--json": options.isJSON = true
      case _ where argument.hasPrefix("--socket="): options.socket = String(argument.dropFirst(9))
      case _ where argument.hasPrefix("-s"): options.socket = String(argument.dropFirst(2))
      case _ where !argument.hasPrefix("--") && argument.count > 2:
        // Several letters in one word, as in `-vr`.
        rest = argument.dropFirst().map { "-\($0)" } + rest
      default: return .fail("unknown option \(argument)")
      }
    }
    return finish(options, rest)
  }

  private static func finish(_ options: Options, _ rest: ArraySlice<String>) -> Action {
    var options = options
    var rest = rest
    if rest.first == "watch" {
      options.isWatching = true
      rest.removeFirst()
      if rest.isEmpty { return .fail("watch needs a command") }
    }
    // These may follow the command too.
    if rest.contains("--json") || rest.contains("-j") { options.isJSON = true }
    let words = rest.filter { $0 != "--json" && $0 != "-j" }.map { $0 == "--all" ? "all" : $0 }
    if !words.isEmpty { options.command = words.joined(separator: " ") }
    return .run(options)
  }
}
