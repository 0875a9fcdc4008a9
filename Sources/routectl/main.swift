import CLinux
import Linux

switch Options.parse(Arguments.all) {
case .print(let text): print(text)
case .fail(let message):
  complain(message)
  complain("see routectl --help")
  exit(ExitStatus.usage.rawValue)
case .run(let options):
  do throws(ConnectionError) {
    var client = Client(options, try Connection(Client.socketPath(options)))
    try client.restrict()
    let status: ExitStatus
    if let command = options.command {
      status = options.isWatching ? try client.watch(command) : try client.perform(command)
    } else {
      status = try client.interact()
    }
    exit(status.rawValue)
  } catch {
    complain(error.message)
    exit(ExitStatus.noConnection.rawValue)
  }
}
