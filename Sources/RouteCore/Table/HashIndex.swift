/// An open-addressing index from hashes to 32-bit record numbers. It holds 8 bits of each hash beside 24 bits of the number, so that
/// a probe rarely touches a record that is not the one wanted. The records, their hashes and their equality are the caller's.
@usableFromInline
package struct HashIndex: ~Copyable {
  @usableFromInline var slots: UnsafeMutablePointer<UInt32>
  @usableFromInline var mask: UInt32
  @usableFromInline package var count = 0

  /// Record numbers must be below this.
  @usableFromInline package static var capacityLimit: UInt32 { 1 << 24 }

  package init(slots capacity: UInt32 = 64) {
    slots = .allocate(capacity: Int(capacity))
    slots.initialize(repeating: 0, count: Int(capacity))
    mask = capacity - 1
  }

  deinit { slots.deallocate() }

  /// Where the search for a hash begins.
  @inlinable @inline(__always) package func first(_ hash: UInt32) -> UInt32 { hash & mask }
  @inlinable @inline(__always) package func next(_ slot: UInt32) -> UInt32 { (slot &+ 1) & mask }

  /// The candidate at a slot: nil at the end of the search, 0 where the tag rules the record out.
  @inlinable @inline(__always) package func candidate(_ slot: UInt32, _ hash: UInt32) -> UInt32? {
    let value = slots[Int(slot & mask)]
    if value == 0 { return nil }
    return (value ^ hash) >> 24 == 0 ? value & 0xff_ffff : 0
  }

  /// Room for one more without exceeding a load of three quarters.
  @inlinable package var isFull: Bool { count * 4 >= Int(mask &+ 1) * 3 }

  /// Adds a record that is not there yet; grow before if `isFull`.
  @inlinable package mutating func insert(_ id: UInt32, _ hash: UInt32) {
    var slot = first(hash)
    while slots[Int(slot)] != 0 { slot = next(slot) }
    slots[Int(slot)] = hash & 0xff00_0000 | id
    count += 1
  }

  /// Removes the entry at a slot, closing the gap so that no search ends early.
  package mutating func remove(slot hole: UInt32, hash: (UInt32) -> UInt32) {
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
  package mutating func grow(hash: (UInt32) -> UInt32) {
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

  package var byteCount: Int { (Int(mask) + 1) * 4 }
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
