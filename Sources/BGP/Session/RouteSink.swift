import RouteCore

/// Where received routes go. One UPDATE becomes: withdrawals, then for each family `begin` with the attributes and the prefixes
/// that have them. A route that may not be used (a loop, an error of RFC 7606) arrives as a withdrawal. `path` is the path identifier
/// (RFC 7911 §3), 0 where the session has none.
public protocol RouteSink: ~Copyable {
  /// The attributes of the following `announce` calls. NEXT_HOP is a record (`AttributeKey.nextHop`); resolving it into
  /// `header.nextHops`, and the preference, are the receiver's.
  mutating func begin(_ attributes: borrowing RouteAttributes, _ family: AddressFamily)
  mutating func announce(_ prefix: Prefix, path: UInt32)
  mutating func withdraw(_ prefix: Prefix, path: UInt32)
  /// The peer has sent all its routes (RFC 4724 §2).
  mutating func endOfRIB(_ family: AddressFamily)
  /// The peer begins to announce all its routes again (RFC 7313 §4.2); called only if `enableEnhancedRefresh` is set.
  mutating func refreshBegan(_ family: AddressFamily)
  /// It has done so: what it did not announce again since `refreshBegan` is no more. After a restart of the peer the same is said at
  /// End-of-RIB of what was not announced again since `Peer.Action.suspended`.
  mutating func refreshEnded(_ family: AddressFamily)
}
