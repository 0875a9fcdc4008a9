import RouteCore

/// A reused buffer of netlink messages, in host order, attributes aligned to 4. It grows to its largest content and stays there.
package struct NetlinkWriter: ~Copyable {
  private var storage: UnsafeMutableRawPointer
  private var capacity: Int
  /// Bytes written.
  package private(set) var count = 0
  private var message = 0

  package init(capacity: Int = 4096) {
    self.capacity = max(capacity, 256)
    storage = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 8)
  }

  deinit { storage.deallocate() }

  package mutating func removeAll() { count = 0 }

  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(UnsafeRawBufferPointer(start: storage, count: count))
  }

  package mutating func beginMessage(type: UInt16, flags: UInt16, sequence: UInt32) {
    message = count
    u32(0)
    u16(type)
    u16(flags)
    u32(sequence)
    u32(0)
  }

  package mutating func endMessage() {
    storage.storeBytes(of: UInt32(truncatingIfNeeded: count - message), toByteOffset: message, as: UInt32.self)
  }

  /// Sets further flags in the header of the message begun last.
  package mutating func addFlags(_ flags: UInt16) {
    guard count >= message + 16 else { return }
    let old = storage.loadUnaligned(fromByteOffset: message + 6, as: UInt16.self)
    storage.storeBytes(of: old | flags, toByteOffset: message + 6, as: UInt16.self)
  }

  package mutating func u8(_ value: UInt8) { store(value) }
  package mutating func u16(_ value: UInt16) { store(value) }
  package mutating func u32(_ value: UInt32) { store(value) }

  package mutating func attribute(_ type: UInt32, u32 value: UInt32) {
    attributeHeader(type, length: 4)
    store(value)
  }

  package mutating func attribute(_ type: UInt32, u16 value: UInt16) {
    attributeHeader(type, length: 2)
    store(value)
    u16(0)  // to the next multiple of 4
  }

  /// 4 or 16 bytes, as the family has.
  package mutating func attribute(_ type: UInt32, _ address: IPAddress, _ family: AddressFamily) {
    attributeHeader(type, length: family.byteCount)
    self.address(address, family)
  }

  /// An attribute whose value is written next; give the result to `endNest`.
  package mutating func beginNest(_ type: UInt32) -> Int {
    let start = count
    attributeHeader(type, length: 0)
    return start
  }

  package mutating func endNest(_ start: Int) { patchLength(at: start) }

  /// Writes the distance from `start` into the 16 bits there.
  package mutating func patchLength(at start: Int) {
    guard start >= 0, start + 2 <= count else { return }
    storage.storeBytes(of: UInt16(truncatingIfNeeded: count - start), toByteOffset: start, as: UInt16.self)
  }

  package mutating func address(_ address: IPAddress, _ family: AddressFamily) {
    if family == .ipv4 {
      store(UInt32(truncatingIfNeeded: address.low).bigEndian)
    } else {
      store(address.high.bigEndian)
      store(address.low.bigEndian)
    }
  }

  private mutating func attributeHeader(_ type: UInt32, length: Int) {
    u16(UInt16(truncatingIfNeeded: length + 4))
    u16(UInt16(truncatingIfNeeded: type))
  }

  @inline(__always)
  private mutating func store<Value: BitwiseCopyable>(_ value: Value) {
    let size = MemoryLayout<Value>.size
    if capacity - count < size { grow() }
    storage.storeBytes(of: value, toByteOffset: count, as: Value.self)
    count += size
  }

  private mutating func grow() {
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 8)
    larger.copyMemory(from: storage, byteCount: count)
    storage.deallocate()
    storage = larger
    capacity *= 2
  }
}
