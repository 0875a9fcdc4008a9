import Control
import OSPFv3
import RouteCore

// What `show protocols` and `show ospf …` tell.
extension OSPFProtocol {
  func fill(_ status: inout Snapshot.ProtocolStatus) { status.details = .ospf(isRunning: instance.view.hasFullNeighbor) }

  var shownInstance: Snapshot.OSPFInstance { .init(name, instance.view) }

  /// Those on interfaces whose names match the pattern.
  func shownNeighbors(on pattern: String?) -> Snapshot.OSPFNeighbors {
    let now = daemon.now
    let neighbors = instance.neighborViews.filter { OSPFProtocol.matches($0.interfaceName, pattern) }
    return .init(name, neighbors.map { .init($0, deadTime: max($0.inactivityDeadline - now, .zero)) })
  }

  /// Those whose names match the pattern.
  func shownInterfaces(_ pattern: String?) -> Snapshot.OSPFInterfaces {
    .init(
      name, hasECMP: instance.configuration.ecmp, instance.interfaceViews.filter { OSPFProtocol.matches($0.name, pattern) })
  }

  private static func matches(_ name: String, _ pattern: String?) -> Bool { pattern.map { Glob.matches($0, name) } ?? true }

  /// The LSAs that the query includes.
  func shownLSAs(_ query: LSADBQuery) -> [LSAView] {
    let own = instance.view.routerID
    return instance.lsaViews(at: daemon.now).filter { query.includes($0, own: own) }
  }
}

extension LSADBQuery {
  fileprivate func includes(_ lsa: LSAView, own: RouterID) -> Bool {
    switch (scope, lsa.scope) {
    case (.any, _), (.global, .autonomousSystem), (.link, .link): break
    case (.area(let wanted), .area(let id)) where wanted == id: break
    default: return false
    }
    if let type, type & 0xfff != lsa.type & 0xfff { return false }
    if let id, id != lsa.linkStateID.rawValue { return false }
    switch origin {
    case .any: return true
    case .ourselves: return lsa.advertisingRouter == own
    case .router(let router): return lsa.advertisingRouter == router
    }
  }
}
