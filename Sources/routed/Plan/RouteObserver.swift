import Control
import RouteCore

/// How the consumer of a channel sees routes: which ones it rejects beforehand, what its filter is given, and how it sees the rest. The
/// base class is for consumers that see nothing special: the other table of a pipe, or none. Each kind of protocol that exports has a
/// subclass.
class RouteObserver: ExportGate {
  func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool { true }
  var refusesDevices: Bool { false }
  var presetsRoutes: Bool { false }
  func preset(_ route: inout RouteAttributes, via hops: [NextHop]) {}

  /// A route as the consumer sees it; nil if it is not announced after all, for lack of a next hop.
  func observe(_ id: AttributeID, _ router: borrowing Router) -> ObservedRoute? { nil }
  /// The same in words, a line for each property. The names of interfaces are by their index.
  func lines(_ route: ObservedRoute, _ interfaces: [UInt32: String]) -> [String] { [] }
}

/// A route as a peer, the kernel or an OSPF area sees it: with the attributes that go there alone.
struct ObservedRoute: Equatable {
  var attributes: RouteAttributes
  var hops: [NextHop] = []
}

extension NextHop {
  /// In words.
  func words(_ interfaces: [UInt32: String]) -> String {
    let name = interfaces[interface] ?? "#\(interface)"
    var text = gateway.isUnspecified ? "dev \(name)" : "via \(gateway) on \(name)"
    if !labels.isEmpty { text += " mpls \(labels)" }
    if isOnLink { text += " onlink" }
    if weight > 1 { text += " weight \(weight)" }
    return text
  }
}

/// One channel that routes are exported through, in the running daemon, in the rehearsal, or in both.
struct PlannedExport {
  struct Side {
    var channel: ChannelID
    var observer: RouteObserver
  }
  /// Nil if nothing is announced now.
  var present: Side?
  /// Nil if nothing would be announced.
  var future: Side?
  /// Both sides see routes in the same way, so that equal routes need no closer look.
  var isObservedAlike: Bool
  var row: Snapshot.Plan.Row

  /// A route that is announced now, in words.
  func presentLines(_ route: ObservedRoute, _ interfaces: [UInt32: String]) -> [String] {
    present?.observer.lines(route, interfaces) ?? []
  }

  /// One that would be.
  func futureLines(_ route: ObservedRoute, _ interfaces: [UInt32: String]) -> [String] {
    future?.observer.lines(route, interfaces) ?? []
  }
}
