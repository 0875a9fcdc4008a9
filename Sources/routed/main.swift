import CLinux
import Configuration
import Linux

// From the command line to the running daemon. Errors in the configuration or of the system are found before the process goes into
// the background, so that the shell that started it sees them.

/// Writes to standard error, which is where a shell user looks.
func complain(_ text: String) {
  var line = text + "\n"
  line.withUTF8 { bytes in _ = write(2, bytes.baseAddress, bytes.count) }
}

func run(_ options: CommandOptions) -> Int32 {
  if let file = options.filterTests { return FilterTestRun.run(file, options) }
  // From here until the loop takes them, signals are pending, so that a signal to end leads to an orderly shutdown.
  do throws(SystemError) { if !options.parseOnly { try SignalSource.hold() } } catch {
    complain("routed: \(error)")
    return 1
  }
  let result = ConfigurationReader.read(
    file: options.configurationFile, provider: FileSources(mayWait: true), options: .init(family: options.family))
  if result.configuration == nil, SignalSource.isTerminationHeld { return 0 }
  for diagnostic in result.diagnostics { complain("\(diagnostic)") }
  guard let configuration = result.configuration else { return 1 }
  if options.parseOnly { return 0 }
  do throws(SystemError) {
    let background = options.isForeground ? nil : try BackgroundStart.detach()
    let pidFile: PIDFile? = if let path = options.pidFile { try PIDFile(path) } else { nil }
    let loop = EventLoop()
    let log = DaemonLog(Log(programName: "routed"))
    let daemon = Daemon(configuration, options, loop, log)
    let control = try ControlServer(daemon)
    daemon.control = control
    if options.user != nil || options.group != nil {
      try Privileges.drop(to: Privileges.identity(user: options.user, group: options.group))
    }
    log.configure(configuration, options)
    daemon.openMRTFile(configuration)
    try daemon.start()
    // Not earlier: commands and signals are for a daemon that has started.
    try control.start()
    let signals = try SignalSource(loop) { signal in
      switch signal {
      case .terminate: daemon.shutDown { loop.stop() }
      case .reconfigure: daemon.reconfigureFromFile()
      case .dump: daemon.dumpState()
      }
    }
    try pidFile?.write()
    log.info("Started")
    // Standard error is closed; from here on messages go to the log only.
    log.flush(within: .seconds(1))
    try background?.finish(status: 0)
    try loop.run()
    // Lets the last messages, such as a Cease, still go out.
    try loop.run(atMost: .milliseconds(300)) { false }
    control.close()
    pidFile?.remove()
    daemon.mrtFile?.flush(within: .seconds(1))
    log.flush(within: .seconds(1))
    withExtendedLifetime(signals) {}
    return 0
  } catch {
    complain("routed: \(error)")
    return 1
  }
}

switch CommandOptions.parse(Arguments.all) {
case .run(let options): exit(run(options))
case .showVersion:
  complain("routed version \(Version.text)")
  exit(0)
case .showHelp:
  print(CommandOptions.usage)
  exit(0)
case .failed(let reason):
  complain("routed: \(reason)\n\(CommandOptions.usage)")
  exit(1)
}
