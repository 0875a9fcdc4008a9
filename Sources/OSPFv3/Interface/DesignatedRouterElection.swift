import RouteCore

/// Electing the designated router and its backup, RFC 2328 §9.4. In OSPFv3 both are named by Router ID.
package enum DesignatedRouterElection {
  /// A router that takes part: this one, or a neighbour in 2-Way or better.
  package struct Candidate: Hashable, Sendable {
    package var routerID: RouterID
    package var priority: UInt8
    /// Whom it declares designated router, and backup.
    package var designatedRouter: RouterID
    package var backupDesignatedRouter: RouterID

    package init(routerID: RouterID, priority: UInt8, designatedRouter: RouterID, backupDesignatedRouter: RouterID) {
      self.routerID = routerID
      self.priority = priority
      self.designatedRouter = designatedRouter
      self.backupDesignatedRouter = backupDesignatedRouter
    }
  }

  package struct Result: Hashable, Sendable {
    package var designatedRouter: RouterID
    package var backupDesignatedRouter: RouterID
  }

  /// `local` is this router with what it declared so far; steps (2) to (6) are those of §9.4.
  package static func elect(local: Candidate, neighbors: [Candidate]) -> Result {
    let first = round(local, neighbors)
    // (4) If this router has just become, or ceased to be, one of the two, the steps are done once more with its new claim.
    let was = role(local.routerID, Result(designatedRouter: local.designatedRouter, backupDesignatedRouter: local.backupDesignatedRouter))
    guard role(local.routerID, first) != was else { return first }
    var local = local
    local.designatedRouter = first.designatedRouter
    local.backupDesignatedRouter = first.backupDesignatedRouter
    return round(local, neighbors)
  }

  private enum Role { case designated, backup, other }

  private static func role(_ router: RouterID, _ result: Result) -> Role {
    router == result.designatedRouter ? .designated : router == result.backupDesignatedRouter ? .backup : .other
  }

  private static func round(_ local: Candidate, _ neighbors: [Candidate]) -> Result {
    // (1) Routers of priority 0 are not eligible.
    let eligible = ([local] + neighbors).filter { $0.priority > 0 }
    // (2) The backup: among those who do not declare themselves designated router, first those who declare themselves backup.
    let notDesignated = eligible.filter { $0.designatedRouter != $0.routerID }
    let declaredBackup = notDesignated.filter { $0.backupDesignatedRouter == $0.routerID }
    let backup = best(declaredBackup) ?? best(notDesignated)
    // (3) The designated router: among those who declare themselves so, else the backup is promoted.
    let designated = best(eligible.filter { $0.designatedRouter == $0.routerID }) ?? backup
    return Result(designatedRouter: designated ?? .unspecified, backupDesignatedRouter: backup ?? .unspecified)
  }

  /// The highest priority, then the highest Router ID.
  private static func best(_ candidates: [Candidate]) -> RouterID? {
    candidates.max { $0.priority != $1.priority ? $0.priority < $1.priority : $0.routerID < $1.routerID }?.routerID
  }
}
