import RouteCore

/// A route OSPF has found.
public struct OSPFRoute: Hashable, Sendable {
  /// In order of preference (RFC 2328 §11).
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable, Comparable {
    /// Within the area.
    case intraArea
    /// By an area border router to another area.
    case interArea
    /// Outside the AS; the external metric adds to the path's.
    case external1
    /// Outside the AS; the external metric counts for more than any path.
    case external2

    public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  /// Where the destination is.
  public var kind: Kind
  /// The cost of the path; for type 2 that to the AS boundary router.
  public var metric1: UInt32
  /// The external metric of type 2; LSInfinity (0xffffff) otherwise.
  public var metric2: UInt32
  /// The External Route Tag; 0 if there is none.
  public var tag: UInt32
  /// The router that announces the destination.
  public var routerID: RouterID
  /// The area the path leads through.
  public var areaID: RouterID
  /// In order, without duplicates; a gateway of `::` is a network of the router's own.
  public var nextHops: [NextHop]

  /// A metric2 of 0xffffff (LSInfinity) and a tag of 0 are none.
  public init(
    kind: Kind, metric1: UInt32, metric2: UInt32 = 0xff_ffff, tag: UInt32 = 0, routerID: RouterID, areaID: RouterID, nextHops: [NextHop]
  ) {
    self.kind = kind
    self.metric1 = metric1
    self.metric2 = metric2
    self.tag = tag
    self.routerID = routerID
    self.areaID = areaID
    self.nextHops = nextHops
  }

  /// The `source` attribute.
  public var source: RouteSource {
    switch kind {
    case .intraArea: .ospf
    case .interArea: .ospfInterArea
    case .external1: .ospfExternal1
    case .external2: .ospfExternal2
    }
  }
}
