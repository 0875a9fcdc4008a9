import RouteCore

/// An area this router is attached to (RFC 2328 §6).
struct Area: Sendable {
  var configuration: AreaConfiguration
  /// Those of the instance.
  private let instanceOptions: Options
  var topology: Topology
  /// This router.
  let root: Int32
  /// What concerns this area alone.
  var due: DueWork = .origination
  /// Which links are described in which router-LSA, so that a link that goes moves no other (RFC 5340 §4.4.3.2).
  var routerLSALayout: [[LinkIdentity]] = [[]]
  /// How many intra-area-prefix-LSAs the router has for itself.
  var prefixLSACount = 0
  /// A virtual link leads through the area (RFC 2328 §16.1, TransitCapability).
  var isTransit = false
  var ranges: [Range] = []
  var externalRanges: [ExternalRange] = []
  var translation: Translation = .off
  /// Where the routers of an NSSA can reach us: the forwarding address of externals that have no other (RFC 3101 §2.3).
  var surrogate: IPAddress?

  var id: RouterID { configuration.id }
  var scope: Scope { .area(configuration.id) }

  /// What identifies a link, whatever its metric.
  struct LinkIdentity: Hashable, Sendable {
    var interfaceID: UInt32
    var neighborInterfaceID: UInt32
    var neighborRouterID: RouterID
  }

  /// An area address range (RFC 2328 §3.5).
  struct Range: AreaRange, Hashable, Sendable {
    var prefix: Prefix
    /// DoNotAdvertise
    var isHidden: Bool
    /// The largest cost of the networks of the area in it; nil if there are none, and the range has no effect.
    var metric: UInt32?
  }

  /// A range of an NSSA's externals (RFC 3101 §3.2).
  struct ExternalRange: AreaRange, Hashable, Sendable {
    struct Metric: Hashable, Sendable, Comparable {
      var isType2: Bool
      var value: UInt32

      static func < (a: Metric, b: Metric) -> Bool { a.isType2 != b.isType2 ? b.isType2 : a.value < b.value }
    }

    var prefix: Prefix
    var isHidden: Bool
    var tag: UInt32
    /// The largest metric of the routes in it; nil if there are none.
    var metric: Metric?
  }

  /// Whether we translate an NSSA's externals for the rest of the AS (RFC 3101 §3.1).
  enum Translation: Hashable, Sendable {
    case off
    case on
    /// Another has been elected; until then both translate.
    case runningDown(until: Instant)
  }

  init(_ configuration: AreaConfiguration, of instance: InstanceConfiguration) {
    self.configuration = configuration
    instanceOptions = instance.options
    topology = Topology(instance.family)
    root = topology.retain(.router(instance.routerID))
    setRanges()
  }

  /// Takes the ranges from the configuration; of a prefix given twice the last counts.
  mutating func setRanges() {
    ranges = []
    for range in configuration.networks {
      ranges.removeAll { $0.prefix == range.prefix }
      ranges.append(Range(prefix: range.prefix, isHidden: range.hidden))
    }
    externalRanges = []
    for range in configuration.externals {
      externalRanges.removeAll { $0.prefix == range.prefix }
      externalRanges.append(ExternalRange(prefix: range.prefix, isHidden: range.hidden, tag: range.tag))
    }
  }

  var isNSSA: Bool { configuration.kind == .nssa }

  /// Whether AS-external-LSAs are flooded through the area (RFC 2328 §3.6, ExternalRoutingCapability).
  var isExternalCapable: Bool { configuration.kind == .ordinary }

  /// The Options of Hellos and LSAs (RFC 5340 §4.1.1): the instance's; AS-external capable or NSSA.
  var options: Options {
    switch configuration.kind {
    case .ordinary: instanceOptions.union(.e)
    case .stub: instanceOptions
    case .nssa: instanceOptions.union(.n)
    }
  }
}

/// A prefix that is announced in place of what an area has within it.
protocol AreaRange {
  var prefix: Prefix { get }
}

extension Array where Element: AreaRange {
  /// The longest of the ranges that hold a prefix.
  func longest(around prefix: Prefix) -> Int? {
    var found: Int?
    for r in indices where self[r].prefix.contains(prefix) {
      if let best = found, self[best].prefix.length >= self[r].prefix.length { continue }
      found = r
    }
    return found
  }
}
