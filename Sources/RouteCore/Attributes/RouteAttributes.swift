/// The attributes of one route while it is being made, filtered or sent: the fixed header, and the others as records in the order
/// of their keys. Reuse one value for many routes: changing it does not allocate once its buffer has grown.
///
/// A record is key (2), flags (1), length of the value (2), value; integers big-endian. The order is canonical, so that equal
/// attributes are equal bytes and can be interned.
public struct RouteAttributes: Hashable, Sendable {
  /// The fixed part. Changing it leaves the records alone.
  public var header: AttributeHeader
  /// The records. Change them with `set` and `remove`.
  public package(set) var records: [UInt8]

  /// A header and no records.
  public init(_ header: AttributeHeader) {
    self.header = header
    records = []
  }

  @inlinable package static var recordHeaderSize: Int { 5 }

  /// Starts anew with another header, keeping the buffer.
  public mutating func reset(_ header: AttributeHeader) {
    self.header = header
    records.removeAll(keepingCapacity: true)
  }

  /// Takes over a stored set, keeping the buffer.
  public mutating func assign(_ header: AttributeHeader, _ bytes: RawSpan) {
    self.header = header
    records.removeAll(keepingCapacity: true)
    bytes.withUnsafeBytes { records.append(contentsOf: $0) }
  }

  /// Copies other attributes, keeping the buffer.
  public mutating func assign(_ other: borrowing RouteAttributes) {
    header = other.header
    records.removeAll(keepingCapacity: true)
    records.append(contentsOf: other.records)
  }

  /// Where the value of an attribute lies in `records`.
  public func range(of key: AttributeKey) -> Range<Int>? { AttributeRecords.find(key, in: records.span.bytes)?.value }

  /// Whether there is a record of that key; what is in the header does not count.
  public func contains(_ key: AttributeKey) -> Bool { range(of: key) != nil }

  /// The big-endian 32-bit value of an attribute, or nil if it is absent or of another length.
  public func u32(_ key: AttributeKey) -> UInt32? { AttributeRecords.u32(key, in: records.span.bytes) }

  /// A copy of an attribute's value.
  public func value(_ key: AttributeKey) -> [UInt8]? { range(of: key).map { Array(records[$0]) } }

  /// Adds or replaces an attribute. A value of more than 65,535 bytes is refused.
  @discardableResult
  public mutating func set(_ key: AttributeKey, flags: UInt8 = 0, _ value: [UInt8]) -> Bool { set(key, flags: flags, value.span.bytes) }

  /// Adds or replaces an attribute. A value of more than 65,535 bytes is refused.
  @discardableResult
  public mutating func set(_ key: AttributeKey, flags: UInt8 = 0, _ value: RawSpan) -> Bool {
    guard value.byteCount <= 0xffff else { return false }
    // The record there is, or the gap where it has to be.
    let place = AttributeRecords.insertionPoint(key, in: records.span.bytes)
    var old = 0
    if let found = AttributeRecords.record(at: place, in: records.span.bytes), found.key == key { old = found.record.count }
    let size = RouteAttributes.recordHeaderSize + value.byteCount
    let end = records.count
    if size > old { records.append(contentsOf: repeatElement(0, count: size - old)) }
    defer { if size < old { records.removeLast(old - size) } }
    value.withUnsafeBytes { source in
      records.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        let record = base + place
        if size != old { (record + size).copyMemory(from: record + old, byteCount: end - place - old) }
        record.storeBytes(of: key.rawValue.bigEndian, as: UInt16.self)
        record.storeBytes(of: flags, toByteOffset: 2, as: UInt8.self)
        record.storeBytes(of: UInt16(source.count).bigEndian, toByteOffset: 3, as: UInt16.self)
        if let from = source.baseAddress { (record + 5).copyMemory(from: from, byteCount: source.count) }
      }
    }
    return true
  }

  /// Adds or replaces an attribute whose value is one big-endian 32-bit number.
  public mutating func set(_ key: AttributeKey, flags: UInt8 = 0, u32 value: UInt32) {
    withUnsafeBytes(of: value.bigEndian) { bytes in _ = set(key, flags: flags, bytes.bytes) }
  }

  /// Puts bytes in front of an attribute's value, in place of as many as `replaced`, or makes the attribute of them. False if the value
  /// would become too long.
  @discardableResult
  public mutating func prepend(_ bytes: RawSpan, to key: AttributeKey, flags: UInt8 = 0, replacing replaced: Int = 0) -> Bool {
    guard let found = AttributeRecords.find(key, in: records.span.bytes) else { return set(key, flags: flags, bytes) }
    let growth = bytes.byteCount - replaced
    guard growth >= 0, replaced <= found.value.count, found.value.count + growth <= 0xffff else { return false }
    let end = records.count
    records.append(contentsOf: repeatElement(0, count: growth))
    bytes.withUnsafeBytes { source in
      records.withUnsafeMutableBytes { target in
        guard let base = target.baseAddress, let from = source.baseAddress else { return }
        let value = base + found.value.lowerBound
        let rest = found.value.lowerBound + replaced
        (value + source.count).copyMemory(from: value + replaced, byteCount: end - rest)
        value.copyMemory(from: from, byteCount: source.count)
        (base + found.record.lowerBound).storeBytes(of: flags, toByteOffset: 2, as: UInt8.self)
        (base + found.record.lowerBound).storeBytes(
          of: UInt16(truncatingIfNeeded: found.value.count + growth).bigEndian, toByteOffset: 3, as: UInt16.self)
      }
    }
    return true
  }

  /// Does nothing if the attribute is absent.
  public mutating func remove(_ key: AttributeKey) {
    guard let found = AttributeRecords.find(key, in: records.span.bytes) else { return }
    records.removeSubrange(found.record)
  }

  /// Removes all attributes of a namespace.
  public mutating func removeAll(in namespace: AttributeKey.Namespace) {
    let first = AttributeRecords.insertionPoint(AttributeKey(namespace, 0), in: records.span.bytes)
    let end =
      namespace == .custom
      ? records.count : AttributeRecords.insertionPoint(AttributeKey(rawValue: UInt16(namespace.rawValue + 1) << 8), in: records.span.bytes)
    records.removeSubrange(first..<end)
  }
}

/// One attribute as found among the records.
public struct AttributeRecord: Sendable {
  /// Which attribute it is.
  public let key: AttributeKey
  /// For BGP the attribute flags of RFC 4271 §4.3, without the extended-length bit.
  public let flags: UInt8
  /// Where the whole record lies.
  public let record: Range<Int>
  /// Where its value lies.
  public let value: Range<Int>

  @inlinable init(key: AttributeKey, flags: UInt8, record: Range<Int>, value: Range<Int>) {
    self.key = key
    self.flags = flags
    self.record = record
    self.value = value
  }
}

/// Reading the records of `RouteAttributes` from wherever they are stored.
public enum AttributeRecords {
  /// The record that begins at `offset`, or nil at the end.
  @inlinable public static func record(at offset: Int, in records: RawSpan) -> AttributeRecord? {
    guard offset >= 0, offset &+ RouteAttributes.recordHeaderSize <= records.byteCount else { return nil }
    let key = UInt16(bigEndian: records.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    let flags = records.unsafeLoad(fromByteOffset: offset + 2, as: UInt8.self)
    let length = Int(UInt16(bigEndian: records.unsafeLoadUnaligned(fromByteOffset: offset + 3, as: UInt16.self)))
    let start = offset + RouteAttributes.recordHeaderSize
    guard start + length <= records.byteCount else { return nil }
    return AttributeRecord(
      key: AttributeKey(rawValue: key), flags: flags, record: offset..<(start + length), value: start..<(start + length))
  }

  /// The record of a key; nil if there is none. The records are in the order of their keys.
  @inlinable public static func find(_ key: AttributeKey, in records: RawSpan) -> AttributeRecord? {
    var offset = 0
    while let found = record(at: offset, in: records) {
      if found.key == key { return found }
      if found.key > key { return nil }
      offset = found.record.upperBound
    }
    return nil
  }

  /// The big-endian 32-bit value of an attribute, or nil if it is absent or of another length.
  @inlinable public static func u32(_ key: AttributeKey, in records: RawSpan) -> UInt32? {
    guard let found = find(key, in: records), found.value.count == 4 else { return nil }
    return UInt32(bigEndian: records.unsafeLoadUnaligned(fromByteOffset: found.value.lowerBound, as: UInt32.self))
  }

  /// Where a record of `key` has to begin to keep the order.
  @inlinable package static func insertionPoint(_ key: AttributeKey, in records: RawSpan) -> Int {
    var offset = 0
    while let found = record(at: offset, in: records), found.key < key { offset = found.record.upperBound }
    return offset
  }
}
