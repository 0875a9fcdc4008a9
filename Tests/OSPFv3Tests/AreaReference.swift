import OSPFv3
import RouteCore

/// The truth about a simulated network of several areas, worked out from the whole network at once: what each router should find by
/// RFC 2328 §12.4.3 and §16, with shortest paths by Floyd and Warshall in each area. One area may be the transit area of virtual links.
struct AreaReference {
  struct Path: Equatable {
    var kind: OSPFRoute.Kind
    var metric: UInt32
    var area: RouterID
    /// In which area, and towards whom: all that are equally near.
    var exits: [Int]
    /// The transit area it leads through.
    var transit: RouterID?
  }

  private let simulation: Simulation
  /// By area and pair of vertices: routers, then links.
  private var distances: [RouterID: [[UInt32]]] = [:]
  private static let infinite: UInt32 = 1 << 30
  private static let backbone = RouterID(rawValue: 0)
  /// The networks of routers, and the ranges.
  let prefixes: [Prefix]

  init(_ simulation: Simulation) {
    self.simulation = simulation
    var all = simulation.hosts.indices.map { Simulation.stub($0) }
    for host in simulation.hosts {
      for range in host.instance.configuration.areas.flatMap({ $0.networks }) where !all.contains(range.prefix) { all.append(range.prefix) }
    }
    prefixes = all
    let ids = Set(simulation.hosts.flatMap { $0.instance.configuration.areas.map { $0.id } } + [Self.backbone])
    for id in ids { distances[id] = Self.shortest(simulation, id) }
    addVirtualLinks()
  }

  /// §15: links of the backbone, as far as the way through the transit area.
  private mutating func addVirtualLinks() {
    guard var backbone = distances[Self.backbone] else { return }
    for a in borders {
      for area in configuration(a) {
        for b in borders where b != a && isLinked(a, b, area.id) && distance(a, b, area.id) < Self.infinite {
          backbone[a][b] = min(backbone[a][b], distance(a, b, area.id))
        }
      }
    }
    distances[Self.backbone] = Self.closed(backbone)
  }

  /// Whether a virtual link leads from one to the other, through the area.
  private func isLinked(_ a: Int, _ b: Int, _ id: RouterID) -> Bool {
    func names(_ host: Int, _ other: Int) -> Bool {
      area(host, id)?.virtualLinks.contains { $0.peer == Simulation.routerID(other) } ?? false
    }
    return names(a, b) && names(b, a) && distance(a, b, id) < Self.infinite && distance(b, a, id) < Self.infinite
  }

  /// §16.1: whether a virtual link through the area ends at a router that this one can reach in it.
  private func isTransit(_ host: Int, _ id: RouterID) -> Bool {
    id != Self.backbone && area(host, id) != nil
      && borders.contains { a in distance(host, a, id) < Self.infinite && borders.contains { $0 != a && isLinked(a, $0, id) } }
  }

  private static func shortest(_ simulation: Simulation, _ area: RouterID) -> [[UInt32]] {
    let n = simulation.hosts.count
    let size = n + simulation.links.count
    var distance = Array(repeating: Array(repeating: infinite, count: size), count: size)
    for vertex in 0..<size { distance[vertex][vertex] = 0 }
    for (number, link) in simulation.links.enumerated() where link.isUp && link.area == area {
      for a in link.members {
        if link.isPointToPoint {
          for b in link.members where a != b { distance[a.host][b.host] = min(distance[a.host][b.host], UInt32(a.cost)) }
        } else {
          distance[a.host][n + number] = UInt32(a.cost)
          distance[n + number][a.host] = 0
        }
      }
    }
    return closed(distance)
  }

  private static func closed(_ edges: [[UInt32]]) -> [[UInt32]] {
    var distance = edges
    for k in distance.indices {
      for i in distance.indices where distance[i][k] < infinite {
        for j in distance.indices where distance[i][k] + distance[k][j] < distance[i][j] {
          distance[i][j] = distance[i][k] + distance[k][j]
        }
      }
    }
    return distance
  }

  private func distance(_ a: Int, _ b: Int, _ area: RouterID) -> UInt32 { distances[area]?[a][b] ?? Self.infinite }

  private func configuration(_ host: Int) -> [AreaConfiguration] {
    let areas = simulation.hosts[host].instance.configuration.areas
    return areas.count < 2 || areas.contains { $0.id == Self.backbone } ? areas : [AreaConfiguration(id: Self.backbone)] + areas
  }

  private func area(_ host: Int, _ id: RouterID) -> AreaConfiguration? { configuration(host).first { $0.id == id } }
  func isBorder(_ host: Int) -> Bool { configuration(host).count > 1 }
  private var borders: [Int] { simulation.hosts.indices.filter { isBorder($0) } }

  // MARK: prefixes

  /// §16.1
  private func intra(_ host: Int, _ prefix: Prefix) -> Path? {
    guard let target = simulation.hosts.indices.first(where: { Simulation.stub($0) == prefix }) else { return nil }
    let home = simulation.hosts[target].instance.configuration.areas[0].id
    guard area(host, home) != nil, distance(host, target, home) < Self.infinite else { return nil }
    return Path(kind: .intraArea, metric: distance(host, target, home) + 1, area: home, exits: [target])
  }

  /// The metric of a range at a border router; nil: not active.
  private func active(_ host: Int, _ range: Prefix, _ home: RouterID) -> UInt32? {
    guard let ranges = area(host, home)?.networks, ranges.contains(where: { $0.prefix == range }) else { return nil }
    var metric: UInt32?
    for stub in simulation.hosts.indices.map({ Simulation.stub($0) }) {
      guard let path = intra(host, stub), path.area == home else { continue }
      let longest = ranges.filter { $0.prefix.contains(stub) }.max { $0.prefix.length < $1.prefix.length }
      if longest?.prefix == range { metric = max(metric ?? 0, path.metric) }
    }
    return metric
  }

  /// §12.4.3: what a border router tells an area.
  private func told(_ host: Int, _ prefix: Prefix, _ id: RouterID) -> UInt32? {
    guard let target = area(host, id) else { return nil }
    if target.kind != .ordinary, !target.summary { return nil }
    for home in configuration(host) where home.id != id && home.networks.contains(where: { $0.prefix == prefix && !$0.hidden }) {
      if let metric = active(host, prefix, home.id) { return metric }
    }
    if let path = intra(host, prefix) {
      if path.area == id || area(host, path.area)?.networks.contains(where: { $0.prefix.contains(prefix) }) == true { return nil }
    } else if id == Self.backbone {
      return nil
    }
    // A transit area is not told of paths through itself (§12.4.3). Where there is one that is shorter, all in the area have it as well:
    // what is told instead does no harm here.
    return isTransit(host, id) ? (intra(host, prefix) ?? inter(host, prefix))?.metric : path(host, prefix)?.metric
  }

  /// §16.2
  private func inter(_ host: Int, _ prefix: Prefix) -> Path? {
    let areas = configuration(host)
    let main = areas.count > 1 ? Self.backbone : areas[0].id
    if areas.count > 1, areas.contains(where: { active(host, prefix, $0.id) != nil }) { return nil }
    return nearest(host, main) { told($0, prefix, main) }
  }

  private func nearest(_ host: Int, _ id: RouterID, _ metric: (Int) -> UInt32?) -> Path? {
    var best: Path?
    for border in borders where border != host && area(border, id) != nil && distance(host, border, id) < Self.infinite {
      guard let told = metric(border) else { continue }
      let sum = distance(host, border, id) + told
      if sum < best?.metric ?? Self.infinite {
        best = Path(kind: .interArea, metric: sum, area: id, exits: [border])
      } else if sum == best?.metric {
        best?.exits.append(border)
      }
    }
    return best
  }

  func path(_ host: Int, _ prefix: Prefix) -> Path? {
    guard let path = intra(host, prefix) ?? inter(host, prefix) else { return nil }
    return throughTransitAreas(path, host) { told($0, prefix, $1) }
  }

  /// §16.3, and that what leads over a virtual link alone is nothing without it (§G.3).
  private func throughTransitAreas(_ path: Path, _ host: Int, _ metric: (Int, RouterID) -> UInt32?) -> Path? {
    guard path.area == Self.backbone, isBorder(host), !path.exits.contains(host) else { return path }
    var best = path
    for id in configuration(host).map({ $0.id }) where isTransit(host, id) {
      guard let found = nearest(host, id, { metric($0, id) }) else { continue }
      if found.metric < best.metric || found.metric == best.metric && hops(host, best).isEmpty {
        best.metric = found.metric
        best.exits = found.exits
        best.transit = id
      }
    }
    return hops(host, best).isEmpty ? nil : best
  }

  /// The default route of a router inside a stub area, or an NSSA that hears of nothing else.
  func defaultPath(_ host: Int) -> Path? {
    let areas = configuration(host)
    guard areas.count == 1, areas[0].kind == .stub || areas[0].kind == .nssa && !areas[0].summary else { return nil }
    return nearest(host, areas[0].id) { area($0, areas[0].id)?.defaultCost }
  }

  // MARK: AS boundary routers

  /// §16.4 (3)
  func path(_ host: Int, toRouter target: Int) -> Path? {
    let areas = configuration(host).filter { $0.kind == .ordinary }
    let isBorder = isBorder(host)
    var best: Path?
    for candidate in areas {
      var path: Path?
      if area(target, candidate.id) != nil, distance(host, target, candidate.id) < Self.infinite {
        path = Path(kind: .intraArea, metric: distance(host, target, candidate.id), area: candidate.id, exits: [target])
      } else if !isBorder || candidate.id == Self.backbone {
        path = nearest(host, candidate.id) { told($0, router: target, candidate.id) }
      }
      guard let path else { continue }
      if let known = best, !isBetter(path, known) { continue }
      best = path
    }
    return best
  }

  private func isBetter(_ a: Path, _ b: Path) -> Bool {
    let preferred = { (path: Path) in path.kind == .intraArea && path.area != Self.backbone }
    if preferred(a) != preferred(b) { return preferred(a) }
    return a.metric != b.metric ? a.metric < b.metric : a.area > b.area
  }

  private func told(_ host: Int, router target: Int, _ id: RouterID) -> UInt32? {
    if host == target || area(host, id)?.kind != .ordinary { return nil }
    // What comes out of the backbone by way of others does not go back into it; paths of an area not into that area.
    if id == Self.backbone {
      // Paths within other areas are preferred to those of the backbone.
      var best: UInt32?
      for candidate in configuration(host) where candidate.kind == .ordinary && candidate.id != id && area(target, candidate.id) != nil {
        let metric = distance(host, target, candidate.id)
        if metric < min(best ?? Self.infinite, Self.infinite) { best = metric }
      }
      return best
    }
    guard let path = path(host, toRouter: target), path.area != id else { return nil }
    return path.metric
  }

  // MARK: NSSA

  /// The way to an external of a router inside an NSSA: to its own network, for all who hear of it. In the NSSA itself, that is everybody;
  /// elsewhere, who can reach a border router that translates it.
  func path(_ host: Int, toNSSA target: Int) -> Path? {
    let home = simulation.hosts[target].instance.configuration.areas[0].id
    if area(host, home) != nil, let path = intra(host, Simulation.stub(target)) { return path }
    guard configuration(host).contains(where: { $0.kind == .ordinary }) else { return nil }
    let hears = borders.contains { border in
      border != host && area(border, home) != nil && distance(border, target, home) < Self.infinite && isElected(border, home)
        && path(host, toRouter: border) != nil
    }
    if !hears { return nil }
    let address = Simulation.stub(target)
    let longest = prefixes.filter { $0.contains(address) && path(host, $0) != nil }.max { $0.length < $1.length }
    return longest.flatMap { path(host, $0) }
  }

  private func isElected(_ host: Int, _ home: RouterID) -> Bool {
    !borders.contains { other in
      other > host && area(other, home) != nil && distance(host, other, home) < Self.infinite
        && distance(host, other, Self.backbone) < Self.infinite
    }
  }

  // MARK: next hops

  func hops(_ host: Int, _ path: Path) -> [NextHop] {
    var hops: Set<NextHop> = []
    for exit in path.exits {
      let inside = path.transit ?? path.area
      for link in simulation.links where link.isUp && link.area == inside {
        guard let own = link.members.first(where: { $0.host == host }) else { continue }
        for member in link.members
        where member.host != host
          && UInt32(own.cost) + distance(member.host, exit, inside) == distance(host, exit, inside) && exit != host
        {
          hops.insert(NextHop(gateway: Simulation.linkLocal(member.host, member.interface), interface: own.interface))
        }
      }
    }
    return Array(hops.sorted().prefix(16))
  }
}
