import ControlLanguage
import Glibc
import RouteCore
import Testing

@testable import Control

/// The transcripts of BIRD 1.6.8 and 2.0.12, byte for byte: each command as typed goes through the client's expansion and the daemon's
/// parser, and what comes out is answered from views that were filled by hand.
@Suite struct TranscriptTests {
  @Test(arguments: Expected1.replies.indices)
  func `the look of 1.6 is that of birdc6`(index: Int) {
    let (command, output) = Expected1.replies[index]
    #expect(visible(Transcript.lines(command, .bird1)) == output, "\(command)")
  }

  @Test(arguments: Expected2.replies.indices)
  func `the look of 2.x is that of birdc`(index: Int) {
    let (command, output) = Expected2.replies[index]
    #expect(visible(Transcript.lines(command, .bird2)) == output, "\(command)")
  }

  @Test(arguments: [CLIFormat.bird1, .bird2])
  func `whole transcripts come out as they were recorded, where they are present`(format: CLIFormat) throws {
    guard let recorded = Transcript.recorded(format) else { return }
    let commands = format == .bird1 ? Expected1.replies.map(\.command) : Expected2.replies.map(\.command)
    var written = ""
    for command in commands {
      written += "### \(command)\n0001 BIRD \(format.version) ready.\n"
      for line in Transcript.lines(command, format) { written += line.replacing("\t", with: "^I") + "\n" }
    }
    #expect(written == recorded)
  }
}

enum Transcript {
  /// What `birdc -v COMMAND` prints after the greeting.
  static func lines(_ command: String, _ format: CLIFormat) -> [String] {
    switch ClientCommand(command) {
    case .send(let line): asClientShows(written { answer(line, format, to: &$0) })
    case .unknown: [ClientCommand.unknownText]
    default: ["the client would not send \(command)"]
    }
  }

  private static func answer(_ line: String, _ format: CLIFormat, to reply: inout ReplyWriter) {
    do throws(ControlError) {
      let request = try CommandParser.parse(line, format)
      if case .showRoute = request.command { return showRoute(line, format, to: &reply) }
      if format == .bird1 { try answer1(request.command, to: &reply) } else { try answer2(request.command, to: &reply) }
    } catch {
      reply.fail(error)
    }
  }

  private static func showRoute(_ line: String, _ format: CLIFormat, to reply: inout ReplyWriter) {
    let routes = format == .bird1 ? Lab1.routes : Lab2.routes
    let asked = line.contains("b2::") ? routes.filter { $0.view.prefix == prefix("2001:db8:b2::/48") } : routes
    let isMissing = line.contains("dead") || line.contains("a2::5")
    listing(
      line, format, (format == .bird1 ? [] : [("master4", [])]) + [(format == .bird1 ? "master" : "master6", isMissing ? [] : asked)],
      to: &reply)
  }

  private static func answer1(_ command: Command, to reply: inout ReplyWriter) throws(ControlError) {
    let style = Lab1.style
    switch command {
    case .showStatus: style.write(Lab1.status, to: &reply)
    case .showProtocols(let selection, let detail):
      style.write(Lab1.protocols.filter { selection.includes($0.name) }, detail, nothing: selection.nothingFound(.bird1), to: &reply)
    case .showInterfaces: style.write(Lab1.interfaces, .all, to: &reply)
    case .showInterfacesSummary: style.write(Lab1.interfaces, .brief, to: &reply)
    case .showOSPF: style.write([Lab1.ospfInstance], to: &reply)
    case .showOSPFNeighbors: style.write([Lab1.neighbors], to: &reply)
    case .showOSPFInterface: style.write([Lab1.ospfInterfaces], to: &reply)
    case .showOSPFState(_, let detail): style.write(Lab1.topology, .state, detail, to: &reply)
    case .showOSPFTopology(_, let detail): style.write(Lab1.topology, .topology, detail, to: &reply)
    case .showOSPFLSADB: style.write([Lab1.lsas, []], to: &reply)
    case .showStatic: style.write([Lab1.statics], to: &reply)
    case .showSymbols: style.write(Lab1.symbols, to: &reply)
    case .showMemory: style.write(Lab1.memory, to: &reply)
    case .evaluate(let text): reply.final(.evaluation, text == "1+2" ? "3" : "[1, 2..5]")
    case .down: reply.shutdownOrdered()
    case .showBFDSessions: throw .noInstance(of: "BFD")
    default: try act(command, Lab1.protocols, .bird1, to: &reply)
    }
  }

  private static func answer2(_ command: Command, to reply: inout ReplyWriter) throws(ControlError) {
    let style = Lab2.style
    switch command {
    case .showStatus: style.write(Lab2.status, to: &reply)
    case .showProtocols(let selection, let detail):
      style.write(Lab2.protocols.filter { selection.includes($0.name) }, detail, nothing: selection.nothingFound(.bird2), to: &reply)
    case .showInterfaces: style.write(Lab2.interfaces, .all, to: &reply)
    case .showInterfacesSummary: style.write(Lab2.interfaces, .brief, to: &reply)
    case .showOSPFNeighbors: style.write([Lab2.neighbors], to: &reply)
    case .showOSPFInterface: style.write([Lab2.ospfInterfaces], to: &reply)
    case .showOSPFState(_, let detail): style.write(Lab2.topology, .state, detail, to: &reply)
    case .showMemory: style.write(Lab2.memory, to: &reply)
    default: try act(command, Lab2.protocols, .bird2, to: &reply)
    }
  }

  /// Commands that change something.
  private static func act(
    _ command: Command, _ protocols: [Snapshot.ProtocolStatus], _ format: CLIFormat, to reply: inout ReplyWriter
  ) throws(ControlError) {
    func apply(_ selection: ProtocolSelection, _ outcome: (Snapshot.ProtocolStatus) -> ProtocolOutcome) {
      let outcomes = protocols.filter { selection.includes($0.name) }.map { ($0.name, outcome($0)) }
      ProtocolOutcome.write(outcomes, nothing: selection.nothingFound(format), to: &reply)
    }
    switch command {
    case .enable(let selection, _): apply(selection) { _ in .enabled }
    case .disable(let selection, _): apply(selection) { _ in .disabled }
    case .restart(let selection, _): apply(selection) { _ in .restarted }
    case .reload(let selection, _):
      // In the recordings the BGP protocol has just been enabled (1.6) and disabled (2.x).
      apply(selection) {
        if $0.type == "BGP" { return format == .bird1 ? .untouched : .alreadyDisabled }
        return format == .bird2 || $0.type == "Kernel" || $0.type == "OSPF" ? .reloading : .reloadFailed
      }
    case .configure(let request):
      switch request {
      case .load:
        ConfigureOutcome.writeReading("/etc/bird/a.conf", to: &reply)
        ConfigureOutcome.reconfigured.write(to: &reply)
      case .check:
        ConfigureOutcome.writeReading("/etc/bird/a.conf", to: &reply)
        ConfigureOutcome.checked.write(to: &reply)
      case .confirm: ConfigureOutcome.nothingToDo.write(to: &reply)
      default: throw ControlError(.parseError, "not in the transcripts")
      }
    default: throw ControlError(.parseError, "not in the transcripts")
    }
  }

  /// The recording, where the reference material lies beside the repository.
  static func recorded(_ format: CLIFormat) -> String? {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    for shared in ["/\(root)/../shared", "/work/shared"] {
      if let text = contents("\(shared)/bird/transcripts/\(format.version)/transcript.txt") { return text }
    }
    return nil
  }

  private static func contents(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
