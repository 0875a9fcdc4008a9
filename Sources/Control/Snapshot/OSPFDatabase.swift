import RouteCore

extension Snapshot {
  /// `show ospf lsadb`: what the filter of the command let through, by flooding domain in the order shown.
  package struct OSPFDatabase: Hashable, Sendable {
    package enum Domain: Hashable, Sendable {
      case global
      case area(RouterID)
      case link(String)
    }
    package struct LSA: Hashable, Sendable {
      package var type: UInt16
      package var id: UInt32
      package var router: RouterID
      package var sequence: UInt32
      package var age: UInt16
      package var checksum: UInt16
      package init(type: UInt16, id: UInt32, router: RouterID, sequence: UInt32, age: UInt16, checksum: UInt16) {
        self.type = type
        self.id = id
        self.router = router
        self.sequence = sequence
        self.age = age
        self.checksum = checksum
      }
    }
    package struct Section: Hashable, Sendable {
      package var domain: Domain
      package var lsas: [LSA]
      package init(_ domain: Domain, _ lsas: [LSA]) {
        self.domain = domain
        self.lsas = lsas
      }
    }
    package var sections: [Section]
    package init(sections: [Section]) { self.sections = sections }
  }
}
