/// What a running protocol has to do if a setting has changed.
package enum ChangeEffect: Sendable {
  /// Adopt the new setting in place; if routes have to be imported or exported again, the protocol arranges that itself.
  case adjust
  /// The channel's routes are run through the import filter again.
  case importAgain
  /// What the table has is offered to the protocol again.
  case exportAgain
  /// Restart.
  case restart
}

/// One setting of a protocol, channel or area, and what its change requires. This alone decides what `configure check` shows and
/// `configure` does. A test counts the settings, so that no member of a configuration is forgotten.
struct Setting<Owner>: Sendable {
  /// As a user writes it.
  let name: String
  /// Nil if both are the same.
  let change: @Sendable (_ old: Owner, _ new: Owner) -> ChangeEffect?

  init(_ name: String, change: @escaping @Sendable (Owner, Owner) -> ChangeEffect?) {
    self.name = name
    self.change = change
  }

  init<Value: Equatable & SendableMetatype>(_ name: String, _ effect: ChangeEffect, _ value: @escaping @Sendable (Owner) -> Value) {
    self.init(name) { value($0) == value($1) ? nil : effect }
  }
}
