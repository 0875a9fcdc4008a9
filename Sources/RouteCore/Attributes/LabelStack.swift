/// The MPLS labels that a next hop pushes (RFC 3032 §2.1), the outermost first: at most eight, each below 2^20.
public struct LabelStack: Hashable, Sendable, BitwiseCopyable {
  /// Three labels of 20 bits in each word, the first in the lowest bits.
  private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
  /// Labels in the stack, 0...8.
  public private(set) var count = 0

  /// The most labels that fit.
  public static var capacity: Int { 8 }
  /// One more than the largest label: labels have 20 bits.
  public static var labelLimit: UInt32 { 1 << 20 }

  /// An empty stack, which pushes nothing.
  @inlinable public init() {}

  /// Whether nothing is pushed.
  public var isEmpty: Bool { count == 0 }

  /// The label at a place below `count`; 0 elsewhere.
  public subscript(index: Int) -> UInt32 {
    let word = index < 3 ? words.0 : index < 6 ? words.1 : words.2
    return UInt32(truncatingIfNeeded: word >> UInt64(20 * (index % 3)) & 0xf_ffff)
  }

  /// Adds a label at the bottom; false if it is no label or there is no room.
  @discardableResult public mutating func append(_ label: UInt32) -> Bool {
    guard count < LabelStack.capacity, label < LabelStack.labelLimit else { return false }
    let bits = UInt64(label) << UInt64(20 * (count % 3))
    if count < 3 { words.0 |= bits } else if count < 6 { words.1 |= bits } else { words.2 |= bits }
    count += 1
    return true
  }

  public static func == (a: LabelStack, b: LabelStack) -> Bool { a.words == b.words && a.count == b.count }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(count)
  }

  /// BIRD's order: longer stacks and larger labels first.
  public static func < (a: LabelStack, b: LabelStack) -> Bool {
    if a.count != b.count { return a.count > b.count }
    for index in 0..<a.count where a[index] != b[index] { return a[index] > b[index] }
    return false
  }
}

extension LabelStack: CustomStringConvertible {
  /// As in a configuration: `100/200`.
  public var description: String {
    var text = ""
    for index in 0..<count {
      if index > 0 { text += "/" }
      text += "\(self[index])"
    }
    return text
  }
}
