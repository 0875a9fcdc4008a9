import RouteCore

/// An AS boundary router, known by its router-LSA or by AS-external-LSAs or inter-area-router-LSAs, and the best path to it.
struct BoundaryRouter: Sendable {
  /// What an inter-area-router-LSA offers.
  struct InterAreaPath: Sendable {
    var lsa: UInt32
    var area: UInt16
    /// The area border router.
    var vertex: Int32
    var metric: UInt32
    var options: Options
  }

  struct Path: Hashable, Sendable {
    var distance: UInt32
    var nextHops: [NextHop]
    var areaID: RouterID
    /// Who announces it: the router itself, or an area border router.
    var routerID: RouterID
    /// The router's Options, as announced.
    var options: Options = []
    /// The transit area that the path leads through (RFC 2328 §16.3).
    var transitArea: RouterID?
    /// RFC 2328 §16.4.1: intra-area paths that avoid the backbone are preferred to all others.
    var isPreferred: Bool
  }

  var routerID: RouterID
  var references: Int32 = 0
  var isDirty = false
  var interAreaPaths: [InterAreaPath] = []
  var path: Path?
  var firstSource: Int32 = -1
}

/// The AS boundary routers, numbered.
struct BoundaryRouters: Sendable {
  private(set) var index: [RouterID: Int32] = [:]
  var routers: [BoundaryRouter] = []
  private var free: [Int32] = []
  var dirty: [Int32] = []

  func find(_ id: RouterID) -> Int32? { index[id] }

  mutating func retain(_ id: RouterID) -> Int32 {
    let router: Int32
    if let known = index[id] {
      router = known
    } else if let reused = free.popLast() {
      router = reused
      routers[Int(router)] = BoundaryRouter(routerID: id)
    } else {
      router = Int32(truncatingIfNeeded: routers.count)
      routers.append(BoundaryRouter(routerID: id))
    }
    index[id] = router
    routers[Int(router)].references += 1
    markDirty(router)
    return router
  }

  mutating func release(_ router: Int32) {
    routers[Int(router)].references -= 1
    markDirty(router)
  }

  mutating func markDirty(_ router: Int32) {
    if routers[Int(router)].isDirty { return }
    routers[Int(router)].isDirty = true
    dirty.append(router)
  }

  /// Removes a router that nothing refers to any more, unless it is dirty.
  mutating func collect(_ router: Int32) {
    let at = Int(router)
    guard routers[at].references <= 0, !routers[at].isDirty, index[routers[at].routerID] == router else { return }
    index[routers[at].routerID] = nil
    free.append(router)
  }
}
