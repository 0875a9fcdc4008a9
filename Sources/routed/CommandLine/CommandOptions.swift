import RouteCore

/// The command line (routed(8)), which is BIRD's with a few more options.
struct CommandOptions {
  var configurationFile = "/etc/routed/routed.conf"
  var socket = "/run/routed.ctl"
  var pidFile: String?
  var user: String?
  var group: String?
  /// `-D`: debug messages to a file.
  var debugFile: String?
  /// `-d`: debug messages to standard error, in the foreground.
  var debugToStandardError = false
  var isForeground = false
  /// `-l`: configuration and socket in the working directory.
  var isLocal = false
  /// `-p`: read the configuration and end.
  var parseOnly = false
  /// `-R`: graceful restart recovery.
  var recovers = false
  /// `-4`, `-6`: the family of a file of the 1.6 dialect.
  var family: AddressFamily?
  /// `--filter-tests FILE`: run the tests of the filter language in the file, and end.
  var filterTests: String?
  /// `--cli-format 1|2`: the look of the control socket's answers.
  var cliFormat: Int?

  enum Outcome {
    case run(CommandOptions)
    case showVersion
    case showHelp
    case failed(String)
  }

  static let usage = """
    Usage: routed [OPTION]...
      -c FILE              configuration file (default: /etc/routed/routed.conf)
      -s SOCKET            control socket (default: /run/routed.ctl)
      -P FILE              write the process id
      -p                   read the configuration, report its errors, and end
      -f                   stay in the foreground
      -d                   debug messages to standard error, in the foreground
      -D FILE              debug messages to a file
      -l                   configuration file and control socket in the working directory
      -R                   recover from a restart gracefully
      -u USER, -g GROUP    run as
      -4, -6               address family of a configuration in BIRD 1.6's language
      --cli-format 1|2     look of the answers on the control socket (default: that of the configuration)
      --filter-tests FILE  run the tests of the filter language in FILE, and end
      --help, --version
    """

  /// Reads the arguments after the program's name. Short options may be combined, and a value may follow without a space.
  static func parse(_ arguments: [String]) -> Outcome {
    var options = CommandOptions()
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--help" || argument == "-h" { return .showHelp }
      if argument == "--version" { return .showVersion }
      if argument == "--cli-format" {
        guard let value = rest.popFirst(), let number = Int(value), number == 1 || number == 2 else {
          return .failed("--cli-format is 1 or 2")
        }
        options.cliFormat = number
        continue
      }
      if argument == "--filter-tests" {
        guard let file = rest.popFirst() else { return .failed("--filter-tests needs a file") }
        options.filterTests = file
        continue
      }
      guard argument.hasPrefix("-"), argument.count > 1, !argument.hasPrefix("--") else {
        return .failed("unknown argument \(argument)")
      }
      var letters = argument.dropFirst()
      while let letter = letters.popFirst() {
        if "csPDug".contains(letter) {
          let value = letters.isEmpty ? rest.popFirst() : String(letters)
          guard let value else { return .failed("option -\(letter) needs a value") }
          options.set(letter, value)
          break
        }
        guard options.set(letter) else { return .failed("unknown option -\(letter)") }
      }
    }
    if options.isLocal {
      if !options.isSetExplicitly.contains("c") { options.configurationFile = "routed.conf" }
      if !options.isSetExplicitly.contains("s") { options.socket = "routed.ctl" }
    }
    return .run(options)
  }

  private var isSetExplicitly: Set<Character> = []

  private mutating func set(_ letter: Character, _ value: String) {
    isSetExplicitly.insert(letter)
    switch letter {
    case "c": configurationFile = value
    case "s": socket = value
    case "P": pidFile = value
    case "D": debugFile = value
    case "u": user = value
    default: group = value
    }
  }

  private mutating func set(_ letter: Character) -> Bool {
    switch letter {
    case "p": parseOnly = true
    case "f": isForeground = true
    case "d":
      debugToStandardError = true
      isForeground = true
    case "l": isLocal = true
    case "R": recovers = true
    case "4": family = .ipv4
    case "6": family = .ipv6
    default: return false
    }
    return true
  }
}
