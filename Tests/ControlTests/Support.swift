import RouteCore
import Testing

@testable import Control
@testable import OSPFv3

/// The bytes written so far.
func wire(_ reply: ReplyWriter) -> String { String(decoding: reply.text.bytes, as: UTF8.self) }

/// Wire bytes as `birdc -v` shows them: what begins with a space is moved to the column of the others' text, and an empty last
/// line is not shown.
func asClientShows(_ wire: String) -> [String] {
  wire.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap { line in
    if line == "0000 " { return nil }
    return line.hasPrefix(" ") ? "    " + line : String(line)
  }
}

/// Lines with their TABs and ends visible.
func visible(_ lines: [String]) -> String {
  lines.map { $0.replacing("\t", with: "^I") + "$" }.joined(separator: "\n")
}

/// The presentation of text, with the times of its dialect.
func look(_ format: CLIFormat) -> any Presentation { AnswerForm.text.presentation(format, TimeFormats(format)) }

func written(_ write: (inout ReplyWriter) -> Void) -> String {
  var reply = ReplyWriter()
  write(&reply)
  return wire(reply)
}

func address(_ text: String) -> IPAddress {
  guard let address = IPAddress(text) else { preconditionFailure(text) }
  return address
}

func prefix(_ text: String) -> Prefix {
  guard let prefix = Prefix(text) else { preconditionFailure(text) }
  return prefix
}

func id(_ text: String) -> RouterID {
  guard let id = RouterID(text) else { preconditionFailure(text) }
  return id
}

/// `HH:MM:SS.mmm` of 22 November 2026, a Sunday.
func at(_ text: String) -> Timestamp {
  let parts = text.split { ":.".contains($0) }.compactMap { UInt32($0) }
  return Timestamp(
    LocalTime(
      year: 2026, month: 11, day: 22, hour: UInt8(parts[0]), minute: UInt8(parts[1]), second: UInt8(parts[2]),
      microsecond: parts.count > 3 ? parts[3] * 1000 : 0, weekday: 0, dayOfYear: 326))
}

func neighbor(_ router: String, _ state: NeighborState, _ position: NeighborView.Position, on interface: String, _ from: String)
  -> NeighborView
{
  NeighborView(
    routerID: id(router), priority: 1, state: state, position: position, inactivityDeadline: Instant(nanoseconds: 0), interface: 1,
    interfaceName: interface, instanceID: 0, address: address(from), areaID: id("0.0.0.0"), isRestarting: false)
}

func ospfInterface(_ name: String, _ type: NetworkType, area: String, _ state: InterfaceMachineState) -> InterfaceView {
  InterfaceView(
    interface: 1, name: name, instanceID: 0, type: type, virtualLink: nil, areaID: id(area), state: state, isStub: false, isStrict: false,
    priority: 1, cost: 10, ecmpWeight: 1, helloInterval: 10, pollInterval: 20, waitInterval: 40, deadInterval: 40, retransmitInterval: 5,
    designatedRouter: id("0.0.0.0"), designatedRouterAddress: .unspecified, backupDesignatedRouter: id("0.0.0.0"),
    backupDesignatedRouterAddress: .unspecified, neighbors: 0, adjacentNeighbors: 0)
}

func area(_ name: String, _ kind: AreaConfiguration.Kind, interfaces: Int, neighbors: Int, adjacent: Int) -> InstanceView.AreaView {
  InstanceView.AreaView(
    id: id(name), kind: kind, isTranslating: false, isRunningDown: false, isTransit: false, interfaces: interfaces, neighbors: neighbors,
    adjacentNeighbors: adjacent, networks: [], externalNetworks: [])
}

func instance(lsaCount: Int, _ areas: [InstanceView.AreaView]) -> InstanceView {
  InstanceView(
    routerID: id("1.0.0.1"), rfc1583Compatibility: false, isStubRouter: false, tick: 1, lsaCount: lsaCount, areas: areas,
    hasFullNeighbor: true)
}

extension Snapshot.ProtocolStatus {
  init(name: String, type: String, table: String?, state: State, since: Timestamp, details: Details) {
    self.init(name: name, type: type, table: table, state: state, since: since)
    self.details = details
  }
}

extension TopologyView.Item {
  static func external(_ net: String, metric2: UInt32) -> TopologyView.Item {
    .external(prefix(net), isType2: true, metric: metric2, via: nil, tag: nil)
  }
}

/// A route with its attributes.
struct Route {
  var view: Snapshot.Route
  var attributes: RouteAttributes

  init(_ net: String, _ source: RouteSource, _ preference: UInt16, _ name: String, _ since: String) {
    let header = AttributeHeader(source: source, preference: preference)
    attributes = RouteAttributes(header)
    view = Snapshot.Route(prefix: prefix(net), header: header, protocolName: name, since: at(since))
  }

  func via(_ gateway: String, _ interface: String, weight: UInt16 = 1) -> Route {
    changed { $0.view.hops.append(Snapshot.Route.Hop(gateway: address(gateway), interface: interface, weight: weight)) }
  }
  func to(_ destination: RouteDestination) -> Route { changed { $0.view.header.destination = destination } }
  var best: Route { changed { $0.view.isBest = true } }

  func bgp(_ path: [UInt32], _ origin: Origin, from: String, nextHop: [String] = []) -> Route {
    changed {
      $0.view.header.flags.formUnion([.hasOrigin, .hasLocalPref])
      $0.view.header.origin = origin
      $0.view.header.localPref = 100
      $0.view.header.from = address(from)
      $0.attributes.set(.asPath, segment(2, path))
      if !nextHop.isEmpty { $0.attributes.set(.nextHop, nextHop.flatMap { address($0).bytes }) }
    }
  }

  func ospf(_ metric1: UInt32, _ metric2: UInt32, _ router: String) -> Route {
    changed {
      $0.attributes.set(.ospfMetric1, u32: metric1)
      $0.attributes.set(.ospfMetric2, u32: metric2)
      $0.attributes.set(.ospfTag, u32: 0)
      $0.attributes.set(.ospfRouterID, u32: id(router).rawValue)
    }
  }

  private func changed(_ change: (inout Route) -> Void) -> Route {
    var route = self
    change(&route)
    return route
  }
}

func segment(_ type: UInt8, _ numbers: [UInt32]) -> [UInt8] {
  [type, UInt8(numbers.count)] + numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
}

extension RouteListing {
  /// Lists one table whose routes come net by net.
  mutating func table(_ name: String, _ routes: [Route], to reply: inout ReplyWriter) {
    beginTable(name)
    var last: Prefix?
    for route in routes {
      if route.view.prefix != last { current.networks += 1 }
      last = route.view.prefix
      current.routes += 1
      write(route.view, route.attributes.records.span.bytes, to: &reply)
    }
    endTable(to: &reply)
  }
}

/// What a daemon answers to `show route` with these tables.
func listing(_ command: String, _ format: CLIFormat, _ tables: [(String, [Route])], to reply: inout ReplyWriter) {
  do throws(ControlError) {
    let request = try CommandParser.parse(command, format)
    guard case .showRoute(let query) = request.command else { return reply.fail(ControlError(.parseError, "no show route")) }
    var listing = RouteListing(query, request.form.presentation(format, TimeFormats(format)))
    for (name, routes) in tables { listing.table(name, routes, to: &reply) }
    listing.finish(to: &reply)
  } catch {
    reply.fail(error)
  }
}
