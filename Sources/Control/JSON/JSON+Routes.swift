import ControlLanguage
import RouteCore

extension JSON {
  package func routes(_ query: RouteQuery, _ custom: [CustomAttribute]) -> any RouteWriter { JSONRoutes(query, custom) }
}

/// An array of routes, or of what was counted.
final class JSONRoutes: RouteWriter {
  private let query: RouteQuery
  private let custom: [CustomAttribute]
  private var table = ""
  private var isOpen = false

  init(_ query: RouteQuery, _ custom: [CustomAttribute]) {
    self.query = query
    self.custom = custom
  }

  func beginTable(_ name: String) { table = name }

  func write(_ route: Snapshot.Route, _ records: RawSpan, to reply: inout ReplyWriter) {
    open(&reply)
    reply.openObject()
    reply.member("table", table)
    route.writeMembers(to: &reply)
    if query.detail == .all { route.writeAttributes(records, custom, to: &reply) }
    reply.closeObject()
  }

  func endTable(_ counts: Snapshot.RouteCounts, to reply: inout ReplyWriter) {}

  func finish(_ tables: [Snapshot.RouteCounts], to reply: inout ReplyWriter) {
    open(&reply)
    if query.counting == .count {
      for table in tables {
        reply.object {
          $0.member("table", table.table)
          $0.member("shown", UInt64(table.shown))
          $0.member("routes", UInt64(table.routes))
          $0.member("networks", UInt64(table.networks))
        }
      }
    }
    reply.closeArray()
    reply.endJSON()
    reply.final(.ok)
  }

  private func open(_ reply: inout ReplyWriter) {
    if isOpen { return }
    isOpen = true
    reply.beginJSON()
    reply.openArray()
  }
}

extension Snapshot.Route {
  fileprivate func writeMembers(to reply: inout ReplyWriter) {
    reply.member("prefix", plain: { $0.append(prefix) })
    reply.member("protocol", protocolName)
    reply.member("source", header.source.word)
    reply.member("since", since.time)
    reply.member("best", isBest)
    reply.member("kernel_error", kernelError)
    reply.member("preference", UInt64(header.preference))
    reply.member("type", header.destination.word)
    reply.array("next_hops", hops) { reply, hop in
      reply.object {
        if !hop.gateway.isUnspecified { $0.member("gateway", plain: { $0.append(hop.gateway) }) }
        $0.member("interface", hop.interface)
        $0.member("weight", UInt64(hop.weight))
        if hop.isOnLink { $0.member("onlink", true) }
        if !hop.labels.isEmpty { $0.member("labels", "\(hop.labels)") }
      }
    }
    if !header.from.isUnspecified { reply.member("from", plain: { $0.append(header.from) }) }
    switch resolution {
    case .metric(let metric): reply.member("igp_metric", metric)
    case .unresolvable: reply.member("resolvable", false)
    case .unknownMetric, nil: break
    }
    if path != 0 { reply.member("path_id", UInt64(path)) }
    if header.flags.contains(.stale) { reply.member("stale", true) }
    reply.member("decision", decision?.text)
  }

  fileprivate func writeAttributes(_ records: RawSpan, _ custom: [CustomAttribute], to reply: inout ReplyWriter) {
    reply.member("scope", header.scope.word)
    reply.key("attributes")
    reply.openObject()
    func name(_ attribute: BGPAttribute) -> String { attribute.row.shownName?.description ?? "" }
    if header.flags.contains(.hasOrigin) { reply.member(name(.origin), header.origin.word) }
    if header.flags.contains(.hasMED) { reply.member(name(.multiExitDiscriminator), UInt64(header.med)) }
    if header.flags.contains(.hasLocalPref) { reply.member(name(.localPref), UInt64(header.localPref)) }
    var offset = 0
    while let record = AttributeRecords.record(at: offset, in: records) {
      offset = record.record.upperBound
      reply.attribute(record, records.extracting(record.value), custom)
    }
    reply.closeObject()
  }
}
