import RouteCore
import Testing

@testable import KernelSync

@Suite struct RouteRecordTests {
  @Test func `what was noted is found, whatever came and went beside it`() {
    struct Key: Hashable {
      var prefix: Prefix
      var table: KernelTableID
    }
    var routes = RouteRecords()
    var model: [Key: FormID] = [:]
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      let length = UInt8(generator.next() % 3) * 8 + 32
      let prefix = Prefix(IPAddress(high: 0x2001_0db8_0000_0000 | generator.next() % 1000 << 8, low: 0), length)
      let key = Key(prefix: prefix, table: KernelTableID(rawValue: UInt16(generator.next() % 2)))
      if generator.next() % 3 == 0 {
        let id = routes.find(prefix, key.table)
        #expect(id.map { routes[$0].present } == model.removeValue(forKey: key))
        if let id { routes.remove(id) }
      } else if let id = routes.findOrInsert(prefix, key.table) {
        let number = FormID(rawValue: UInt32(generator.next() % 9))
        routes[id].present = number
        model[key] = number
      } else {
        Issue.record("no room for \(prefix)")
      }
    }
    #expect(routes.count == model.count)
    for (key, number) in model {
      let found = routes.find(key.prefix, key.table).map { routes[$0].present }
      #expect(found == number)
    }
    var listed = 0
    var cursor = SlabCursor<RecordID>()
    while routes.next(&cursor) != nil { listed += 1 }
    #expect(listed == model.count)
    #expect(routes.of(table: 0).count + routes.of(table: 1).count == model.count)
    #expect(MemoryLayout<RouteRecord>.stride == 32)
  }

  @Test func `sets of next hops are the same whatever their order, and a single one has no weight`() {
    var sets = HopSets()
    let one = NextHop(interface: 1, weight: 3)
    let two = NextHop(interface: 2)
    let both = sets.id(of: [one, two])
    let again = sets.id(of: [two, one])
    #expect(again == both)
    let single = sets.id(of: [one])
    #expect(sets[single] == [NextHop(interface: 1)])
    let empty = sets.id(of: [])
    #expect(empty == .none)
    #expect(sets.count == 3)
    for _ in 0..<2 {
      sets.keep(only: [single])
      #expect(sets.count == 2)
    }
    #expect(sets[both] == [])
    let next = sets.id(of: [two])
    #expect(next == both, "the number is free again")
    #expect(sets[single] == [NextHop(interface: 1)])
    let stillEmpty = sets.id(of: [])
    #expect(stillEmpty == .none)
  }

  @Test func `a shape is kept as long as somebody holds it, and its number used again`() {
    var shapes = ShapeTable<FormID>()
    let one = Shape(destination: .unicast, metric: 1)
    let two = Shape(destination: .unicast, metric: 2)
    let first = shapes.intern(one)
    let second = shapes.intern(one)
    #expect(first.isNew && !second.isNew && first.id == second.id)
    shapes.retain(first.id)
    for _ in 0..<2 {
      let last = shapes.release(first.id)
      #expect(last == nil)
    }
    let last = shapes.release(first.id)
    #expect(last == one)
    #expect(shapes.count == 0)
    let other = shapes.intern(two)
    #expect(other.isNew && other.id == first.id)
    let anew = shapes.intern(one)
    #expect(anew.isNew && anew.id != other.id)
    #expect(shapes.find(two) == other.id)
  }
}
