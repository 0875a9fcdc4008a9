/// What a running protocol has to do where a setting has changed.
package enum ChangeEffect: Sendable {
  /// It takes the new setting as it is; if routes are to come or go again for that, it sees to it itself.
  case adjust
  /// The channel's routes are run through the import filter again.
  case importAgain
  /// What the table has is offered to the protocol again.
  case exportAgain
  /// It begins anew.
  case restart
}

/// One setting of a protocol, channel or area, and what its change asks for. `configure check` says it and `configure` does it; nobody else
/// decides. A test counts the settings, so that no member of a configuration is forgotten.
struct Setting<Owner>: Sendable {
  /// As a user writes it.
  let name: String
  /// Nil where both are the same.
  let change: @Sendable (_ old: Owner, _ new: Owner) -> ChangeEffect?

  init(_ name: String, change: @escaping @Sendable (Owner, Owner) -> ChangeEffect?) {
    self.name = name
    self.change = change
  }

  init<Value: Equatable & SendableMetatype>(_ name: String, _ effect: ChangeEffect, _ value: @escaping @Sendable (Owner) -> Value) {
    self.init(name) { value($0) == value($1) ? nil : effect }
  }
}
