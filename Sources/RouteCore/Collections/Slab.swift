/// Fixed-size records with 32-bit names, with a free list: no object, no reference count and no header per record.
/// 0 is never handed out, so that it can mean "none".
///
/// Records live in chunks that never move: growing copies nothing, and at most one chunk is ever unused.
/// The first four bytes of a free record link the free list; the rest keeps its last value.
@usableFromInline
package struct Slab<ID: Handle, Element: BitwiseCopyable>: ~Copyable where ID.RawValue == UInt32 {
  @usableFromInline static var chunkBits: UInt32 { 12 }
  @usableFromInline static var chunkSize: Int { 1 << Int(chunkBits) }

  @usableFromInline var chunks: UnsafeMutablePointer<UnsafeMutablePointer<Element>>
  @usableFromInline var chunkCount = 0
  @usableFromInline var chunkCapacity = 16
  /// All numbers ever handed out are below this.
  @usableFromInline package var limit: UInt32 = 1
  @usableFromInline var firstFree: UInt32 = 0
  /// Records in use.
  @usableFromInline package var count = 0

  package init() {
    precondition(MemoryLayout<Element>.stride >= 4, "a free record must hold a link")
    chunks = .allocate(capacity: chunkCapacity)
  }

  @inlinable deinit {
    for index in 0..<chunkCount { chunks[index].deallocate() }
    chunks.deallocate()
  }

  @inlinable @inline(__always) func address(_ id: ID) -> UnsafeMutablePointer<Element> {
    precondition(id.rawValue < limit)
    return chunks[Int(id.rawValue >> Self.chunkBits)] + (Int(id.rawValue) & (Self.chunkSize - 1))
  }

  @inlinable package subscript(id: ID) -> Element {
    @inline(__always) unsafeAddress { UnsafePointer(address(id)) }
    @inline(__always) unsafeMutableAddress { address(id) }
  }

  /// A new record; it may take the place of one removed before.
  @inlinable package mutating func insert(_ element: Element) -> ID {
    count += 1
    if firstFree != 0 {
      let id = ID(rawValue: firstFree)
      let place = address(id)
      firstFree = UnsafeRawPointer(place).load(as: UInt32.self)
      place.initialize(to: element)
      return id
    }
    let id = ID(rawValue: limit)
    if Int(limit) >= chunkCount << Int(Self.chunkBits) { addChunk() }
    limit += 1
    address(id).initialize(to: element)
    return id
  }

  @inlinable package mutating func remove(_ id: ID) {
    precondition(id.rawValue != 0)
    UnsafeMutableRawPointer(address(id)).storeBytes(of: firstFree, as: UInt32.self)
    firstFree = id.rawValue
    count -= 1
  }

  @usableFromInline mutating func addChunk() {
    if chunkCount == chunkCapacity {
      let wider = UnsafeMutablePointer<UnsafeMutablePointer<Element>>.allocate(capacity: chunkCapacity * 2)
      wider.moveInitialize(from: chunks, count: chunkCount)
      chunks.deallocate()
      chunks = wider
      chunkCapacity *= 2
    }
    (chunks + chunkCount).initialize(to: .allocate(capacity: Self.chunkSize))
    chunkCount += 1
  }

  /// Bytes of memory held.
  package var byteCount: Int { chunkCount * Self.chunkSize * MemoryLayout<Element>.stride + chunkCapacity * 8 }
}
