/// Names a table of the `Router`.
public struct TableID: RawRepresentable, Hashable, Sendable, Comparable, BitwiseCopyable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
  @inlinable public static func < (a: TableID, b: TableID) -> Bool { a.rawValue < b.rawValue }
}

/// Names a channel: the connection of one protocol with one table.
public struct ChannelID: RawRepresentable, Hashable, Sendable, Comparable, BitwiseCopyable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public static func < (a: ChannelID, b: ChannelID) -> Bool { a.rawValue < b.rawValue }
}

/// Names a network of one table.
@usableFromInline
package struct NetID: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names a route of one table, for as long as it is there.
@usableFromInline
package struct RouteID: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  @usableFromInline package var rawValue: UInt32
  @inlinable package init(rawValue: UInt32) { self.rawValue = rawValue }
  @inlinable package static var none: RouteID { RouteID(rawValue: 0) }
}

extension TableID: Handle {}
extension ChannelID: Handle {}
extension NetID: Handle {}
extension RouteID: Handle {}
extension AttributeID: Handle {}
extension NextHopSetID: Handle {}
