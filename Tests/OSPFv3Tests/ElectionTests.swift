import OSPFv3
import RouteCore
import Testing

/// RFC 2328 §9.4
@Suite struct ElectionTests {
  typealias Candidate = DesignatedRouterElection.Candidate

  private func candidate(_ id: UInt32, _ priority: UInt8 = 1, dr: UInt32 = 0, bdr: UInt32 = 0) -> Candidate {
    Candidate(
      routerID: RouterID(rawValue: id), priority: priority, designatedRouter: RouterID(rawValue: dr),
      backupDesignatedRouter: RouterID(rawValue: bdr))
  }

  private func elect(_ local: Candidate, _ neighbors: [Candidate]) -> [UInt32] {
    let result = DesignatedRouterElection.elect(local: local, neighbors: neighbors)
    return [result.designatedRouter.rawValue, result.backupDesignatedRouter.rawValue]
  }

  @Test func `alone, a router is designated and has no backup`() { #expect(elect(candidate(1), []) == [1, 0]) }
  @Test func `of new routers the highest Router ID wins and the next becomes backup`() {
    #expect(elect(candidate(3), [candidate(1), candidate(2)]) == [3, 2])
  }
  @Test func `priority goes before Router ID`() { #expect(elect(candidate(1, 9), [candidate(2), candidate(3)]) == [1, 3]) }
  @Test func `who declares itself keeps the office, whatever the newcomer's Router ID`() {
    #expect(elect(candidate(9), [candidate(1, dr: 1, bdr: 2), candidate(2, dr: 1, bdr: 2)]) == [1, 2])
  }
  @Test func `the backup is promoted when the designated router has gone, and this router follows it`() {
    #expect(elect(candidate(2, dr: 3, bdr: 2), [candidate(1, dr: 3, bdr: 2)]) == [2, 1])
  }
  @Test func `priority zero is never elected`() {
    #expect(elect(candidate(9, 0), [candidate(1, 0)]) == [0, 0])
    #expect(elect(candidate(9, 0), [candidate(1)]) == [1, 1])
  }
}
