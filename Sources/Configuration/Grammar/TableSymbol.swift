import RouteCore

/// A table in the grammar.
package struct TableSymbol: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case routes
    case roa
  }
  package var kind: Kind
  /// In the 1.6 dialect it is that of the file.
  package var family: AddressFamily
}
