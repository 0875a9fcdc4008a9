/// An immutable run of trivial values that a program owns: read without reference counting, never out of bounds.
struct PolicyPool<Element: BitwiseCopyable>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    base = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
    for (index, element) in elements.enumerated() { (base + index).initialize(to: element) }
  }

  deinit { base.deallocate() }

  /// The element, or nil beyond the end.
  @inline(__always) subscript(index: Int) -> Element? {
    UInt(bitPattern: index) < UInt(bitPattern: count) ? base[index] : nil
  }

  @inline(__always) var buffer: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }
}

extension PolicyPool where Element: Hashable {
  borrowing func isEqual(to other: borrowing PolicyPool<Element>) -> Bool { buffer.elementsEqual(other.buffer) }
}

/// A growing run of bytes that keeps its storage from run to run and has a limit.
struct PolicyBytes: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private(set) var count = 0
  /// Bytes beyond this are not taken.
  let limit: Int
  /// Something was not taken.
  private(set) var overflowed = false

  init(limit: Int) {
    self.limit = limit
    capacity = 0
    base = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 8)
  }

  deinit { base.deallocate() }

  @inline(__always) var view: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  mutating func removeAll() {
    count = 0
    overflowed = false
  }

  mutating func truncate(to length: Int) { if length >= 0, length < count { count = length } }

  private mutating func reserve(_ extra: Int) -> Bool {
    let needed = count + extra
    if needed <= capacity { return true }
    guard needed <= limit else {
      overflowed = true
      return false
    }
    let size = min(max(needed, capacity * 2, 256), limit)
    let grown = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    grown.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = grown
    capacity = size
    return true
  }

  mutating func append(_ byte: UInt8) {
    guard reserve(1) else { return }
    base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  /// Big-endian.
  mutating func append(_ word: UInt32) {
    guard reserve(4) else { return }
    base.storeBytes(of: word.bigEndian, toByteOffset: count, as: UInt32.self)
    count += 4
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let from = bytes.baseAddress, reserve(bytes.count) else { return }
    (base + count).copyMemory(from: from, byteCount: bytes.count)
    count += bytes.count
  }

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }
}

/// The operand stack with a fixed ceiling: pushing beyond it is refused, popping from nothing gives `void`.
struct PolicyStack: ~Copyable {
  static var capacity: Int { 4096 }
  private let base: UnsafeMutablePointer<PolicyValue>
  private(set) var count = 0
  /// Something was pushed beyond the ceiling.
  private(set) var overflowed = false

  init() { base = UnsafeMutablePointer<PolicyValue>.allocate(capacity: PolicyStack.capacity) }
  deinit { base.deallocate() }

  mutating func removeAll() {
    count = 0
    overflowed = false
  }

  @inline(__always) mutating func push(_ value: PolicyValue) {
    guard count < PolicyStack.capacity else {
      overflowed = true
      return
    }
    (base + count).initialize(to: value)
    count &+= 1
  }

  @inline(__always) mutating func pop() -> PolicyValue {
    guard count > 0 else { return .void }
    count &-= 1
    return base[count]
  }

  @inline(__always) var top: PolicyValue { count > 0 ? base[count &- 1] : .void }

  @inline(__always) subscript(index: Int) -> PolicyValue {
    get { UInt(bitPattern: index) < UInt(bitPattern: count) ? base[index] : .void }
    set { if UInt(bitPattern: index) < UInt(bitPattern: count) { base[index] = newValue } }
  }

  @inline(__always) mutating func truncate(to length: Int) { if length >= 0, length < count { count = length } }
}

extension UnsafeRawBufferPointer {
  /// The big-endian word at an offset that the caller has checked against `count`.
  @inline(__always) func word(_ offset: Int) -> UInt32 {
    offset >= 0 && offset &+ 4 <= count ? UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)) : 0
  }
}
