import Testing

@testable import RouteCore

private struct Name: Handle {
  var rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
}

private struct Record: HashedRecord {
  /// Free records are linked here.
  var link: UInt32 = 0
  var key: UInt32
  var value = 0

  init(_ key: UInt32) { self.key = key }

  /// Few of them, so that many records have the same.
  var slabHash: UInt32 { key % 97 &* 0x0101_0101 }
  var isFree: Bool { key == .max }
  mutating func markFree() { key = .max }
}

@Suite struct CollectionTests {
  @Test func `a hash slab finds what is in it, whatever came and went beside it`() throws {
    var slab = HashSlab<Name, Record>()
    var model: [UInt32: Int] = [:]
    var generator = SeededGenerator(seed: 3)
    for step in 0..<30_000 {
      let record = Record(UInt32(generator.next() % 3000))
      let found = slab.find(record.slabHash) { slab[$0].key == record.key }
      let isKnown = model[record.key] != nil
      #expect((found != nil) == isKnown)
      if let found, generator.next() % 2 == 0 {
        let (value, expected) = (slab[found].value, model.removeValue(forKey: record.key))
        #expect(value == expected)
        slab.remove(found)
        let isLive = slab.isLive(found)
        #expect(!isLive)
      } else {
        let inserted = found == nil ? slab.insert(record) : found
        let id = try #require(inserted)
        let isLive = slab.isLive(id)
        #expect(isLive && id.rawValue != 0)
        slab[id].value = step
        model[record.key] = step
      }
    }
    let count = slab.count
    #expect(count == model.count)
    var walked: [UInt32: Int] = [:]
    var cursor = SlabCursor<Name>()
    while let id = slab.next(&cursor) { walked[slab[id].key] = slab[id].value }
    #expect(walked == model)
  }

  @Test func `a walk goes on where it was, within its budget, and past what was removed`() {
    var slab = HashSlab<Name, Record>()
    let names = (0..<10).compactMap { slab.insert(Record($0)) }
    #expect(names.map(\.rawValue) == Array(1...10))
    var cursor = SlabCursor<Name>()
    var seen: [UInt32] = []
    var budget = 4
    while let id = slab.next(&cursor, budget: &budget) { seen.append(slab[id].key) }
    let isAtEnd = slab.isEnd(cursor)
    #expect(seen == [0, 1, 2, 3] && budget == 0 && !isAtEnd)
    #expect(!cursor.isBefore(names[3]) && cursor.isBefore(names[4]))
    for place in [2, 4, 5] { slab.remove(names[place]) }
    while let id = slab.next(&cursor) { seen.append(slab[id].key) }
    let isThrough = slab.isEnd(cursor)
    #expect(seen == [0, 1, 2, 3, 6, 7, 8, 9] && isThrough)
    let again = slab.insert(Record(10))
    #expect(again == names[5], "the last that was freed")
  }

  @Test func `a set of handles is one`() {
    var set = HandleSet<Name>()
    var model: Set<UInt32> = []
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<5_000 {
      let number = UInt32(generator.next() % 700)
      let name = Name(rawValue: number)
      #expect(set.contains(name) == model.contains(number))
      if generator.next() % 2 == 0 {
        #expect(set.insert(name) == model.insert(number).inserted)
      } else {
        #expect(set.remove(name) == (model.remove(number) != nil))
      }
    }
    set.removeAll()
    #expect(!set.contains(Name(rawValue: 5)))
  }

  @Test func `a queue gives in the order of arrival`() {
    var queue = Queue<Int>()
    var model: [Int] = []
    var generator = SeededGenerator(seed: 7)
    for step in 0..<10_000 {
      if generator.next() % 2 == 0 {
        queue.append(step)
        model.append(step)
      } else {
        #expect(queue.first == model.first)
        #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
      }
      #expect(queue.count == model.count && queue.isEmpty == model.isEmpty)
    }
  }

  @Test func `a heap gives the least first`() {
    var generator = SeededGenerator(seed: 9)
    for count in 0..<40 {
      var heap = Heap<UInt64>()
      let numbers = (0..<count).map { _ in generator.next() % 20 }
      for number in numbers { heap.insert(number) }
      #expect(heap.first == numbers.min() && heap.count == count)
      var out: [UInt64] = []
      while let next = heap.popFirst() { out.append(next) }
      #expect(out == numbers.sorted())
    }
  }

  @Test func `a pool uses places again, the last that became free first`() {
    var pool = Pool<Name, String>(reserved: "none")
    let (a, b, c) = (pool.insert("a"), pool.insert("b"), pool.insert("c"))
    #expect([a, b, c].map(\.rawValue) == [1, 2, 3])
    pool.remove(b)
    pool.remove(a)
    #expect(pool.insert("d") == a && pool.insert("e") == b && pool.insert("f").rawValue == 4)
    #expect(pool.ids.map { pool[$0] } == ["none", "d", "e", "c", "f"])
    #expect(pool.contains(c) && !pool.contains(Name(rawValue: 5)))
  }

  @Test func `a limiter admits one a minute`() {
    var limiter = Limiter()
    let start = Instant.zero
    #expect(limiter.admits(at: start) && !limiter.admits(at: start + .seconds(59)) && limiter.admits(at: start + .seconds(60)))
    #expect(limiter.nextAdmission == start + .seconds(120))
  }

  @Test func `records are as small as they were`() {
    #expect(MemoryLayout<Net>.size == 24 && MemoryLayout<Net>.stride == 24)
    #expect(MemoryLayout<Route>.size == 16 && MemoryLayout<Route>.stride == 16)
    #expect(MemoryLayout<RouteID?>.size == 5 && MemoryLayout<RouteID>.size == 4)
  }
}
