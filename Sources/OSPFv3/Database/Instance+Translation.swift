import RouteCore

// Translating the externals of an NSSA into AS-external-LSAs: RFC 3101 §3.

extension Instance {
  /// RFC 3101 §3.2: (3) a range stands for the routes in it. (2) Others are told as they are, if they have a forwarding address.
  func translated(_ prefix: Prefix) -> ASExternalLSA? {
    guard isNSSABorderRouter else { return nil }
    for area in areas where area.isNSSA && area.translation != .off {
      for range in area.externalRanges where range.prefix == prefix && !range.isHidden {
        guard let metric = range.metric else { continue }
        return ASExternalLSA(
          isType2: metric.isType2, metric: min(metric.value, Constants.lsInfinity - 1), prefix: LSAPrefix(prefix),
          tag: range.tag == 0 ? nil : range.tag)
      }
    }
    guard let route = translations.routes[prefix], let a = area(route.area), areas[a].isNSSA, areas[a].translation != .off,
      areas[a].externalRanges.longest(around: prefix) == nil, route.lsa.hasForwardingAddress
    else { return nil }
    var lsa = route.lsa
    lsa.prefix.options = []
    return lsa
  }

  /// RFC 3101 §3.1: of the border routers between the NSSA and the backbone, those configured to translate do it, or else the one with the
  /// highest Router ID.
  mutating func electTranslators(at now: Instant) {
    for a in areas.indices where areas[a].isNSSA {
      let isElected = isAreaBorderRouter && (areas[a].configuration.translator || !hasBetterTranslator(a))
      switch (areas[a].translation, isElected) {
      case (.off, false), (.on, true), (.runningDown, false): continue
      case (.runningDown, true): areas[a].translation = .on
      case (.off, true):
        areas[a].translation = .on
        markTranslations(of: areas[a].id)
      case (.on, false):
        if isAreaBorderRouter {
          areas[a].translation = .runningDown(until: now + .seconds(Int64(areas[a].configuration.translatorStability)))
        } else {
          areas[a].translation = .off
          markTranslations(of: areas[a].id)
        }
      }
    }
  }

  private func hasBetterTranslator(_ a: Int) -> Bool {
    areas[a].topology.vertices.contains { vertex in
      guard !vertex.key.isNetwork, vertex.isReachable, vertex.flags.contains(.b), vertex.key.router != routerID,
        vertex.flags.contains(.nt) || vertex.key.router > routerID, let other = areas[mainArea].topology.find(vertex.key)
      else { return false }
      return areas[mainArea].topology.vertices[Int(other)].isReachable && areas[mainArea].topology.vertices[Int(other)].flags.contains(.b)
    }
  }

  var translationDeadline: Instant? {
    var deadline: Instant?
    for area in areas { if case .runningDown(let until) = area.translation { deadline = earliest(deadline, until) } }
    return deadline
  }

  /// TranslatorStabilityInterval is over.
  mutating func endTranslations(at now: Instant) {
    for a in areas.indices {
      guard case .runningDown(let until) = areas[a].translation, until <= now else { continue }
      areas[a].translation = .off
      markTranslations(of: areas[a].id)
      origination.schedule(at: now)
    }
  }

  /// Marks what is announced of an area's externals to be looked at again.
  private mutating func markTranslations(of id: RouterID) {
    origination.dirtyExternals += translations.routes.filter { $0.value.area == id }.keys.sorted()
    for area in areas where area.id == id { origination.dirtyExternals += area.externalRanges.map { $0.prefix } }
  }

  mutating func markAllTranslations() {
    origination.dirtyExternals += translations.routes.keys.sorted() + areas.flatMap { $0.externalRanges.map { $0.prefix } }
    due.insert(.externalRanges)
  }

  /// Notes the best external route of a prefix if it is one of an NSSA that may be translated.
  mutating func noteForTranslation(_ prefix: Prefix, _ source: PathSource?, _ route: OSPFRoute?) {
    var found: NSSATranslations.Route?
    if let source, let route, source.isNSSA, source.isPropagated, case .nssa(let lsa) = decoded(source.lsa) {
      // RFC 3101 §3.2 (3): a type 2 metric is raised by one, so that nobody prefers the range to what is in it.
      let metric = Area.ExternalRange.Metric(isType2: lsa.isType2, value: lsa.isType2 ? route.metric2 + 1 : route.metric1)
      found = NSSATranslations.Route(area: areas[Int(source.area)].id, lsa: lsa, rangeMetric: metric)
    }
    if translations.set(prefix, to: found) {
      origination.dirtyExternals.append(prefix)
      due.insert(.externalRanges)
    }
  }

  mutating func updateExternalRanges() {
    guard take(.externalRanges), areas.contains(where: { !$0.externalRanges.isEmpty }) else { return }
    var metrics = areas.map { $0.externalRanges.map { _ in Area.ExternalRange.Metric?.none } }
    for (prefix, route) in translations.routes {
      guard let a = area(route.area), let r = areas[a].externalRanges.longest(around: prefix) else { continue }
      metrics[a][r] = max(metrics[a][r] ?? route.rangeMetric, route.rangeMetric)
    }
    for a in areas.indices {
      for r in areas[a].externalRanges.indices where areas[a].externalRanges[r].metric != metrics[a][r] {
        areas[a].externalRanges[r].metric = metrics[a][r]
        origination.dirtyExternals.append(areas[a].externalRanges[r].prefix)
      }
    }
  }
}
