import CLinux
import Configuration
import Linux

// From the command line to the running daemon. All that can be wrong with the configuration or the system is found before the
// process goes into the background, so that the shell that started it learns of it.

/// Writes to standard error, which is where a shell user looks.
func complain(_ text: String) {
  var line = text + "\n"
  line.withUTF8 { bytes in _ = write(2, bytes.baseAddress, bytes.count) }
}

func run(_ options: CommandOptions) -> Int32 {
  if let file = options.filterTests { return FilterTestRun.run(file, options) }
  // From here on until the loop takes them signals wait, and whoever wants the daemon to end finds it ended in order.
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
    // Not before: commands and signals are for a daemon that has begun.
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
    // Standard error is let go of, and whoever started us may look into the log.
    log.flush(within: .seconds(1))
    try background?.finish(status: 0)
    try loop.run()
    // What was sent last, such as a Cease, still goes out.
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
