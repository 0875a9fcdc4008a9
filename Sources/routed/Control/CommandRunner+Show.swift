import Configuration
import Control
import ControlLanguage
import OSPFv3
import RouteCore

// The `show` commands: look up what the command refers to, read it into the snapshot, and present it.
extension CommandRunner {
  func showProtocols(_ selection: ProtocolSelection, _ detail: Detail, _ reply: inout ReplyWriter) {
    let chosen = daemon.protocols.filter { selection.includes($0.name) }.map(snapshot.status)
    presentation.write(chosen, detail, nothing: selection.nothingFound(format), to: &reply)
  }

  func showSymbols(_ selection: SymbolSelection, _ reply: inout ReplyWriter) {
    let all = snapshot.symbols
    switch selection {
    case .all: presentation.write(all, to: &reply)
    case .kind(let kind): presentation.write(all.filter { $0.kind == kind }, to: &reply)
    case .named(let name):
      presentation.write(only: all.first { $0.name == name } ?? Snapshot.Symbol(name: name, kind: .undefined), to: &reply)
    }
  }

  func showStatic(_ name: String?, _ reply: inout ReplyWriter) throws(ControlError) {
    presentation.write(try instances(named: name, kind: "Static") { $0.subject.routes }.map { $0.shownRoutes }, to: &reply)
  }

  func showBFDSessions(_ name: String?, _ reply: inout ReplyWriter) throws(ControlError) {
    let chosen = try instances(named: name, kind: "BFD") { $0.subject.bfd }
    presentation.write(chosen.map { (name: $0.name, sessions: $0.sessions(clock)) }, to: &reply)
  }

  func showOSPF(_ name: String?, _ reply: inout ReplyWriter) throws(ControlError) {
    guard let running = try running(name, .ospf, &reply) else { return }
    presentation.write(running.map { $0.shownInstance }, to: &reply)
  }

  func showOSPFNeighbors(_ query: OSPFInterfaceQuery, _ reply: inout ReplyWriter) throws(ControlError) {
    guard let running = try running(query.instance, .ospfNeighbor, &reply) else { return }
    presentation.write(running.map { $0.shownNeighbors(on: query.interfaces) }, to: &reply)
  }

  func showOSPFInterfaces(_ query: OSPFInterfaceQuery, _ reply: inout ReplyWriter) throws(ControlError) {
    guard let running = try running(query.instance, .ospfInterface, &reply) else { return }
    presentation.write(running.map { $0.shownInterfaces(query.interfaces) }, to: &reply)
  }

  func showOSPFTopology(
    _ name: String?, _ part: Snapshot.OSPFTopologyPart, _ detail: Detail, _ reply: inout ReplyWriter
  ) throws(ControlError) {
    guard let running = try running(name, .ospfTopology, &reply) else { return }
    presentation.write(topology(running), part, detail, to: &reply)
  }

  func showOSPFDatabase(_ query: LSADBQuery, _ reply: inout ReplyWriter) throws(ControlError) {
    guard let running = try running(query.instance, .ospfLSADB, &reply) else { return }
    presentation.write(running.map { $0.shownLSAs(query) }, to: &reply)
  }

  private func topology(_ running: [OSPFProtocol]) -> TopologyView {
    let views = running.map { $0.instance.topologyView }
    return TopologyView(areas: views.flatMap { $0.areas }, otherBoundaryRouters: views.flatMap { $0.otherBoundaryRouters })
  }

  /// The instances a command refers to; nil if the named one is not up, which is answered here.
  private func running(_ name: String?, _ code: ReplyCode, _ reply: inout ReplyWriter) throws(ControlError) -> [OSPFProtocol]? {
    let chosen = try instances(named: name, kind: "OSPF") { $0.subject.ospf }
    let running = chosen.filter { $0.state == .up }
    if running.isEmpty, let only = chosen.first {
      reply.line(code, "\(only.name): is not up")
      reply.final(.ok)
      return nil
    }
    return running
  }

  /// Authorizations of the first table (1.6) or of all (2.x), if none is named.
  func showROA(_ query: ROAQuery, _ reply: inout ReplyWriter) throws(ControlError) {
    var tables = daemon.configuration.authorizationTables
    if let name = query.table {
      tables = tables.filter { $0.name == name }
      if tables.isEmpty { throw .notATable(name) }
    }
    guard let first = tables.first else { throw ControlError(.parseError, "No ROA table defined") }
    presentation.write((format == .bird1 ? [first] : tables).flatMap { $0.entries.filter(query.selects) }, to: &reply)
  }

  /// The protocols that a command about one type refers to. Without a name it is the only running one (1.6), or all of them (2.x).
  func instances<Kind: ProtocolInstance>(
    named name: String?, kind: String, _ subject: (ProtocolInstance) -> Kind?
  ) throws(ControlError) -> [Kind] {
    if let name {
      let found = daemon.instance(name)
      guard let instance = found.flatMap(subject) else { throw .notAProtocolInstance(name, exists: found != nil, kind: kind) }
      return [instance]
    }
    let running = daemon.protocols.compactMap(subject).filter { $0.state != .down }
    if running.isEmpty { throw .noInstance(of: kind) }
    if running.count > 1, format == .bird1 { throw .severalInstances(of: kind) }
    return running
  }
}
