/// Names an interned set of attributes in the `AttributeStore`.
public struct AttributeID: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// No attributes, hence no route: 0.
  @inlinable public static var none: AttributeID { AttributeID(rawValue: 0) }
}

/// The interned attribute sets: each distinct set is stored once, immutable and counted, in one allocation that begins with the header.
public struct AttributeStore: ~Copyable {
  @usableFromInline struct Entry: HashedRecord {
    @usableFromInline var block: UnsafeMutableRawPointer
    @usableFromInline var slabHash: UInt32
    @usableFromInline var references: UInt32

    @usableFromInline var isFree: Bool { references == 0 }
    @usableFromInline mutating func markFree() { references = 0 }
  }

  @usableFromInline var entries = HashSlab<AttributeID, Entry>()
  /// Bytes in the blocks.
  package private(set) var blockBytes = 0

  // A block: the header, the number of record bytes, the records.
  @usableFromInline static var lengthOffset: Int { MemoryLayout<AttributeHeader>.stride }
  @usableFromInline static var recordsOffset: Int { lengthOffset + 4 }

  package init() {}

  deinit {
    var cursor = SlabCursor<AttributeID>()
    while let id = entries.next(&cursor) { entries[id].block.deallocate() }
  }

  package var count: Int { entries.count }
  package var byteCount: Int { entries.byteCount + blockBytes }

  /// The stored set equal to `attributes`, with one more reference, which the caller owns.
  package mutating func intern(_ attributes: borrowing RouteAttributes, _ nextHops: inout NextHopTable) -> AttributeID {
    let header = attributes.header
    let hash = AttributeStore.hash(header, attributes.records)
    if let id = entries.find(hash, where: { entries[$0].slabHash == hash && equals($0, header, attributes.records) }) {
      entries[id].references += 1
      return id
    }
    nextHops.retain(header.nextHops)
    let count = attributes.records.count
    let block = UnsafeMutableRawPointer.allocate(byteCount: AttributeStore.recordsOffset + count, alignment: 8)
    block.storeBytes(of: header, as: AttributeHeader.self)
    block.storeBytes(of: UInt32(count), toByteOffset: AttributeStore.lengthOffset, as: UInt32.self)
    attributes.records.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { (block + AttributeStore.recordsOffset).copyMemory(from: base, byteCount: count) }
    }
    blockBytes += AttributeStore.recordsOffset + count
    guard let id = entries.insert(Entry(block: block, slabHash: hash, references: 1)) else { preconditionFailure("attribute store full") }
    return id
  }

  @inlinable package mutating func retain(_ id: AttributeID) {
    if id != .none { entries[id].references += 1 }
  }

  package mutating func release(_ id: AttributeID, _ nextHops: inout NextHopTable) {
    guard id != .none else { return }
    let entry = entries[id]
    if entry.references > 1 {
      entries[id].references = entry.references - 1
      return
    }
    nextHops.release(header(id).nextHops)
    blockBytes -= AttributeStore.recordsOffset + recordCount(id)
    entry.block.deallocate()
    entries.remove(id)
  }

  /// The fixed part. `id` must be one the caller holds a reference to.
  @inlinable package func header(_ id: AttributeID) -> AttributeHeader {
    entries[id].block.load(as: AttributeHeader.self)
  }

  @inlinable func recordCount(_ id: AttributeID) -> Int {
    Int(entries[id].block.load(fromByteOffset: AttributeStore.lengthOffset, as: UInt32.self))
  }

  /// The records, in the form `AttributeRecords` reads.
  @inlinable @_lifetime(borrow self) package func records(_ id: AttributeID) -> RawSpan {
    let span = RawSpan(_unsafeStart: entries[id].block + AttributeStore.recordsOffset, byteCount: recordCount(id))
    return _overrideLifetime(span, borrowing: self)
  }

  /// Copies a set into `attributes`, reusing its buffer.
  package func load(_ id: AttributeID, into attributes: inout RouteAttributes) {
    attributes.assign(
      header(id), UnsafeRawBufferPointer(start: entries[id].block + AttributeStore.recordsOffset, count: recordCount(id)).bytes)
  }

  private func equals(_ id: AttributeID, _ header: AttributeHeader, _ records: [UInt8]) -> Bool {
    guard recordCount(id) == records.count, self.header(id) == header else { return false }
    let stored = UnsafeRawBufferPointer(start: entries[id].block + AttributeStore.recordsOffset, count: records.count)
    return records.withUnsafeBytes { bytes in
      var offset = 0
      while offset + 8 <= bytes.count {
        if bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) != stored.loadUnaligned(fromByteOffset: offset, as: UInt64.self) {
          return false
        }
        offset += 8
      }
      while offset < bytes.count {
        if bytes[offset] != stored[offset] { return false }
        offset += 1
      }
      return true
    }
  }

  private static func hash(_ header: AttributeHeader, _ records: [UInt8]) -> UInt32 {
    var h = header.from.high &* 0x9e37_79b9_7f4a_7c15 ^ header.from.low
    h = h &* 0xff51_afd7_ed55_8ccd ^ UInt64(header.nextHops.rawValue) << 32 ^ UInt64(header.localPref)
    h = h &* 0xff51_afd7_ed55_8ccd ^ UInt64(header.med) << 32 ^ UInt64(header.preference) << 8 ^ UInt64(header.source.rawValue)
    h = h &* 0xff51_afd7_ed55_8ccd ^ UInt64(header.pipe) << 48 ^ UInt64(header.routerID) << 16 ^ UInt64(header.flags.rawValue)
    records.withUnsafeBytes { bytes in
      var offset = 0
      while offset + 8 <= bytes.count {
        h = (h ^ h >> 29) &* 0xff51_afd7_ed55_8ccd ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        offset += 8
      }
      while offset < bytes.count {
        h = h &* 0x1_0000_01b3 ^ UInt64(bytes[offset])
        offset += 1
      }
    }
    return mix(h)
  }
}
