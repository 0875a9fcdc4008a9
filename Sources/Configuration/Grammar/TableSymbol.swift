import RouteCore

/// A table as the grammar knows it.
package struct TableSymbol: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case routes
    case roa
  }
  package var kind: Kind
  /// The 1.6 dialect takes it from the file.
  package var family: AddressFamily
}
