import RouteCore

/// Which BIRD a file was written for.
package enum Dialect: Hashable, Sendable {
  /// BIRD 1.6, which has a daemon per address family: `bird` (IPv4) or `bird6` (IPv6). Options stand directly in the protocols.
  case bird1(AddressFamily)
  /// BIRD 2.0 and later: channels, both families in one daemon.
  case bird2

  package var isBird1: Bool { self != .bird2 }
  /// The family of the implied channel of the 1.6 dialect.
  package var impliedFamily: AddressFamily? {
    if case .bird1(let family) = self { return family }
    return nil
  }
}
