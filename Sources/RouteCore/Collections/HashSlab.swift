/// What a `HashSlab` holds.
@usableFromInline
package protocol HashedRecord: BitwiseCopyable {
  /// Made of what the record is found by, which stays the same while the record is in the slab.
  var slabHash: UInt32 { get }
  /// Whether `markFree` was called. What that sets must be behind the first four bytes, and no record in use may have it.
  var isFree: Bool { get }
  mutating func markFree()
}

/// A slab whose records are found by what is in them: tables of networks, interned attributes, the kernel's routes.
@usableFromInline
package struct HashSlab<ID: Handle, Record: HashedRecord>: ~Copyable where ID.RawValue == UInt32 {
  @usableFromInline var records = Slab<ID, Record>()
  @usableFromInline var index = HashIndex()

  package init() {}

  @inlinable package var count: Int { records.count }
  /// The numbers of all names are below this.
  @inlinable package var limit: UInt32 { records.limit }
  package var byteCount: Int { records.byteCount + index.byteCount }

  @inlinable package subscript(id: ID) -> Record {
    @inline(__always) unsafeAddress { UnsafePointer(records.address(id)) }
    @inline(__always) unsafeMutableAddress { records.address(id) }
  }

  /// Whether a name is one of a record in use.
  @inlinable package func isLive(_ id: ID) -> Bool { id.rawValue != 0 && id.rawValue < records.limit && !records[id].isFree }

  /// The record with a hash that satisfies a condition.
  @inlinable @inline(__always) package func find(_ hash: UInt32, where isWanted: (ID) -> Bool) -> ID? {
    var slot = index.first(hash)
    while let number = index.candidate(slot, hash) {
      if number != 0, isWanted(ID(rawValue: number)) { return ID(rawValue: number) }
      slot = index.next(slot)
    }
    return nil
  }

  /// Adds a record that is not there yet; nil when there are as many as can be counted (16.7 million).
  @inlinable package mutating func insert(_ record: Record) -> ID? {
    guard records.count + 1 < Int(HashIndex.capacityLimit) else { return nil }
    let id = records.insert(record)
    if index.isFull { growIndex() }
    index.insert(id.rawValue, record.slabHash)
    return id
  }

  @usableFromInline mutating func growIndex() {
    let view = SlabView(records)
    index.grow { view[ID(rawValue: $0)].slabHash }
  }

  package mutating func remove(_ id: ID) {
    let hash = records[id].slabHash
    var slot = index.first(hash)
    while let candidate = index.candidate(slot, hash), candidate != id.rawValue { slot = index.next(slot) }
    let view = SlabView(records)
    index.remove(slot: slot) { view[ID(rawValue: $0)].slabHash }
    records[id].markFree()
    records.remove(id)
  }
}

/// A place in a walk over all records of a slab, in the order of their numbers, which is that in which they came.
@usableFromInline
package struct SlabCursor<ID: Handle>: BitwiseCopyable where ID.RawValue == UInt32 {
  @usableFromInline var number: UInt32 = 1

  @inlinable package init() {}

  /// Whether the walk has still to come to a record.
  @inlinable package func isBefore(_ id: ID) -> Bool { id.rawValue >= number }
}

/// The places of a slab, round and round: for walks that several share.
@usableFromInline
package struct SlabCircle<ID: Handle>: BitwiseCopyable where ID.RawValue == UInt32 {
  @usableFromInline var number: UInt32 = 1
  /// The numbers of all places are below this.
  @usableFromInline package var limit: UInt32

  @inlinable package init(limit: UInt32 = 1) { self.limit = limit }

  /// The next place, whether or not there is a record.
  @inlinable @inline(__always) package mutating func next() -> ID {
    if number >= limit { number = 1 }
    defer { number += 1 }
    return ID(rawValue: number)
  }

  /// Goes on behind a place.
  @inlinable package mutating func goOn(behind id: ID) { number = id.rawValue &+ 1 }
}

extension HashSlab {
  /// The next record of a walk, which is to go on behind it; nil at the end. What is added and removed meanwhile is no matter.
  @inlinable @inline(__always) package func next(_ cursor: inout SlabCursor<ID>) -> ID? {
    while cursor.number < records.limit {
      let id = ID(rawValue: cursor.number)
      cursor.number += 1
      if !records[id].isFree { return id }
    }
    return nil
  }

  /// The same, in which each place costs 1: nil also when the budget is used up.
  package func next(_ cursor: inout SlabCursor<ID>, budget: inout Int) -> ID? {
    while budget > 0, cursor.number < records.limit {
      let id = ID(rawValue: cursor.number)
      cursor.number += 1
      budget -= 1
      if !records[id].isFree { return id }
    }
    return nil
  }

  /// Whether no record is left for a walk.
  package func isEnd(_ cursor: SlabCursor<ID>) -> Bool { cursor.number >= records.limit }
}

/// The records of a slab, for as long as none is added, where the slab itself is out of reach.
@usableFromInline
struct SlabView<ID: Handle, Element: BitwiseCopyable> where ID.RawValue == UInt32 {
  private let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Element>>

  @usableFromInline init(_ slab: borrowing Slab<ID, Element>) { chunks = slab.chunks }

  @usableFromInline subscript(id: ID) -> Element {
    chunks[Int(id.rawValue >> Slab<ID, Element>.chunkBits)][Int(id.rawValue) & (Slab<ID, Element>.chunkSize - 1)]
  }
}

/// An open-addressing index from hashes to 32-bit record numbers. It holds 8 bits of each hash beside 24 bits of the number, so that
/// a probe rarely touches a record that is not the one wanted. The records, their hashes and their equality are the caller's.
@usableFromInline
struct HashIndex: ~Copyable {
  @usableFromInline var slots: UnsafeMutablePointer<UInt32>
  @usableFromInline var mask: UInt32
  @usableFromInline var count = 0

  /// Record numbers must be below this.
  @usableFromInline static var capacityLimit: UInt32 { 1 << 24 }

  @usableFromInline init(slots capacity: UInt32 = 64) {
    slots = .allocate(capacity: Int(capacity))
    slots.initialize(repeating: 0, count: Int(capacity))
    mask = capacity - 1
  }

  @inlinable deinit { slots.deallocate() }

  /// Where the search for a hash begins.
  @inlinable @inline(__always) func first(_ hash: UInt32) -> UInt32 { hash & mask }
  @inlinable @inline(__always) func next(_ slot: UInt32) -> UInt32 { (slot &+ 1) & mask }

  /// The candidate at a slot: nil at the end of the search, 0 where the tag rules the record out.
  @inlinable @inline(__always) func candidate(_ slot: UInt32, _ hash: UInt32) -> UInt32? {
    let value = slots[Int(slot & mask)]
    if value == 0 { return nil }
    return (value ^ hash) >> 24 == 0 ? value & 0xff_ffff : 0
  }

  /// Room for one more without exceeding a load of three quarters.
  @inlinable var isFull: Bool { count * 4 >= Int(mask &+ 1) * 3 }

  /// Adds a record that is not there yet; grow before if `isFull`.
  @inlinable mutating func insert(_ id: UInt32, _ hash: UInt32) {
    var slot = first(hash)
    while slots[Int(slot)] != 0 { slot = next(slot) }
    slots[Int(slot)] = hash & 0xff00_0000 | id
    count += 1
  }

  /// Removes the entry at a slot, closing the gap so that no search ends early.
  mutating func remove(slot hole: UInt32, hash: (UInt32) -> UInt32) {
    var hole = hole
    var slot = next(hole)
    while slots[Int(slot)] != 0 {
      let home = hash(slots[Int(slot)] & 0xff_ffff) & mask
      // The entry may move into the hole if its home is not cyclically within (hole, slot].
      if (slot &- home) & mask >= (slot &- hole) & mask {
        slots[Int(hole)] = slots[Int(slot)]
        hole = slot
      }
      slot = next(slot)
    }
    slots[Int(hole)] = 0
    count -= 1
  }

  /// Doubles the number of slots.
  mutating func grow(hash: (UInt32) -> UInt32) {
    let old = slots
    let oldCount = Int(mask) + 1
    slots = .allocate(capacity: oldCount * 2)
    slots.initialize(repeating: 0, count: oldCount * 2)
    mask = UInt32(oldCount * 2 - 1)
    count = 0
    for slot in 0..<oldCount where old[slot] != 0 {
      let id = old[slot] & 0xff_ffff
      insert(id, hash(id))
    }
    old.deallocate()
  }

  var byteCount: Int { (Int(mask) + 1) * 4 }
}

/// Mixes 64 bits into 32 (the finalizer of MurmurHash3): far cheaper than a keyed hash.
@inlinable @inline(__always) package func mix(_ value: UInt64) -> UInt32 {
  var h = value
  h ^= h >> 33
  h = h &* 0xff51_afd7_ed55_8ccd
  h ^= h >> 33
  h = h &* 0xc4ce_b9fe_1a85_ec53
  h ^= h >> 33
  return UInt32(truncatingIfNeeded: h)
}
