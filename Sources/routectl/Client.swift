import CLinux
import ControlLanguage

/// Sends commands and shows the answers as birdc does.
struct Client: ~Copyable {
  let options: Options
  private var connection: Connection
  private var output = Output()

  init(_ options: Options, _ connection: consuming Connection) {
    self.options = options
    self.connection = connection
  }

  /// Asks the daemon to refuse whatever changes something, if the options say so.
  mutating func restrict() throws(ConnectionError) {
    guard options.isRestricted else { return }
    guard try run("restrict", isSilent: true) == .success else { throw ConnectionError("The server does not know `restrict`") }
  }

  var greeting: String { connection.greeting }

  /// The user's current directory.
  private static var directory: String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }

  /// The socket named by the options, or the first of the usual ones that exists.
  static func socketPath(_ options: Options) -> String {
    if let socket = options.socket { return socket }
    let paths = options.isLocal ? ["routed.ctl", "bird6.ctl", "bird.ctl"] : ControlSocket.defaultPaths
    return paths.first { access($0, F_OK) == 0 } ?? paths[0]
  }

  /// Expands a command as typed, and sends it; help and errors in the expansion are shown without asking the daemon.
  mutating func perform(_ line: String) throws(ConnectionError) -> ExitStatus {
    switch ClientCommand(line) {
    case .empty, .quit: return .success
    case .help(let words):
      showHelp(words)
      return .success
    case .ambiguous(let commands):
      output.line(ClientCommand.ambiguousText)
      for line in CommandTree.help(commands) { output.line(line) }
      output.flush()
      return .usage
    case .unknown:
      output.line(ClientCommand.unknownText)
      output.flush()
      return .usage
    case .send(let command):
      let command = PlanArguments.completed(command, in: Client.directory)
      return try run(options.isJSON ? "json \(command)" : command, isSilent: false)
    }
  }

  /// Sends one whole command and shows the answer.
  private mutating func run(_ command: String, isSilent: Bool) throws(ConnectionError) -> ExitStatus {
    try connection.send(command)
    while true {
      let line = try connection.nextLine()
      if !isSilent { show(line) }
      guard line.position == .last else { continue }
      output.flush()
      return line.code.isError ? .failed : .success
    }
  }

  private mutating func show(_ line: ReplyLine) {
    if line.position == .asynchronous { return output.line(">>> \(line.text)") }
    if options.isJSON, line.code.isError {
      // Standard output carries JSON only.
      return complain(line.text)
    }
    if options.isVerbose, !options.isJSON {
      if line.isAbbreviated { return output.line("     \(line.text)") }
      if line.code == .ok, line.text.isEmpty { return }
      let code = String(line.code.rawValue)
      let padded = String(repeating: "0", count: 4 - code.utf8.count) + code
      return output.line("\(padded)\(line.position == .more ? "-" : " ")\(line.text)")
    }
    if line.code != .ok { output.line(line.text) }
  }

  private mutating func showHelp(_ words: [String]) {
    if words.isEmpty {
      output.line("`?' after some words shows how a command goes on; words may be abbreviated.")
      output.line("`exit' and `quit' leave.")
    }
    let commands = CommandTree.commands(under: words) ?? []
    if commands.isEmpty { output.line(ClientCommand.unknownText) }
    for line in CommandTree.help(commands) { output.line(line) }
    output.flush()
  }

  /// Repeats a command every second until interrupted or refused.
  mutating func watch(_ line: String) throws(ConnectionError) -> ExitStatus {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    while true {
      // Home, and clear to the end of the screen.
      if isTerminal { output.raw("\u{1b}[H\u{1b}[J") }
      let status = try perform(line)
      guard status == .success else { return status }
      sleep(1)
      if !isTerminal { output.line("") }
    }
  }

  /// Reads commands until the end of input. The status is that of the last command that failed.
  mutating func interact() throws(ConnectionError) -> ExitStatus {
    let isTerminal = isatty(STDIN_FILENO) == 1
    output.line(greeting)
    output.flush()
    var terminal = Terminal(prompt: "routed> ")
    var status = ExitStatus.success
    while let line = terminal.readLine() {
      if case .quit = ClientCommand(line) { break }
      let result = try perform(line)
      if result != .success, !isTerminal { status = result }
    }
    return status
  }
}

/// One line on standard error.
func complain(_ message: String) {
  let bytes = Array("routectl: \(message)\n".utf8)
  _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
