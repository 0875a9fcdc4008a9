import Testing

@testable import RouteCore

@Suite struct InstalledRoutesTests {
  @Test func `what was noted is found, whatever came and went beside it`() {
    var installed = InstalledRoutes()
    var model: [Prefix: InstalledRoute] = [:]
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      let length = UInt8(generator.next() % 3) * 8 + 32
      let prefix = Prefix(IPAddress(high: 0x2001_0db8_0000_0000 | generator.next() % 1000 << 8, low: 0), length)
      if generator.next() % 3 == 0 {
        let removed = installed.remove(prefix)
        #expect(removed == model.removeValue(forKey: prefix))
      } else {
        let route = InstalledRoute(destination: .unicast, hops: UInt32(generator.next() % 9), metric: 32)
        installed.set(prefix, route, seen: 1)
        model[prefix] = route
      }
    }
    #expect(installed.count == model.count)
    for (prefix, route) in model {
      let found = installed[prefix]
      #expect(found == route)
    }
    var listed = 0
    for id in 1..<installed.limit where installed.isLive(id) { listed += 1 }
    #expect(listed == model.count)
    #expect(MemoryLayout<InstalledRoutes.Record>.stride == 32)
  }

  @Test func `sets of next hops are the same whatever their order, and a single one has no weight`() {
    var sets = HopSets()
    let one = NextHop(interface: 1, weight: 3)
    let two = NextHop(interface: 2)
    let both = sets.id(of: [one, two])
    #expect(sets.id(of: [two, one]) == both)
    let single = sets.id(of: [one])
    #expect(sets[single] == [NextHop(interface: 1)])
    #expect(sets.using(1) == [both, single])
    #expect(sets.id(of: []) == 0)
    sets.keep(only: [single])
    #expect(sets.using(2) == [])
    #expect(sets[both] == [])
    #expect(sets.id(of: [two]) == both, "the number is free again")
    #expect(sets[single] == [NextHop(interface: 1)])
  }
}
