import RouteCore

// Which types go together (routed.conf(5), FILTERS).

extension PolicyType {
  /// A value of type `other` may be assigned to, or passed as, this type.
  func accepts(_ other: PolicyType) -> Bool {
    if self == other || other.kind == .any || kind == .any { return true }
    // Quads are written like IPv4 addresses.
    if kind == .quad, other.kind == .ip { return true }
    if kind == .set || kind == .prefixSet { return other.kind == .set && other.element == .any }
    return false
  }

  /// `=` between the two can be true, and `<` can be asked.
  func isComparable(with other: PolicyType) -> Bool {
    if kind == .any || other.kind == .any || kind == .void || other.kind == .void { return true }
    if kind == .quad && other.kind == .ip || kind == .ip && other.kind == .quad { return true }
    if (kind == .set && element == .any || other.kind == .set && other.element == .any) && isAnySet && other.isAnySet { return true }
    return self == other
  }

  var isAnySet: Bool { kind == .set || kind == .prefixSet }

  /// There is an order among values of the type.
  var isOrdered: Bool {
    switch kind {
    case .path, .mask, .clist, .eclist, .lclist, .bytestring, .set, .prefixSet, .void: false
    default: true
    }
  }

  /// `~` knows the pair.
  func canMatch(_ right: PolicyType) -> Bool {
    if kind == .any || right.kind == .any { return true }
    switch (kind, right.kind) {
    case (.string, .string), (.ip, .prefix), (.prefix, .prefix), (.path, .mask), (.int, .path), (.ec, .eclist), (.lc, .lclist),
      (.pair, .clist), (.quad, .clist), (.ip, .clist), (.ip, .prefixSet), (.prefix, .prefixSet):
      return true
    case (_, .set):
      if right.element == .any { return kind != .void }
      return canBeElement(of: right)
    default: return false
    }
  }

  private func canBeElement(of set: PolicyType) -> Bool {
    switch kind {
    case .path: set.element == .int
    case .clist: set.element == .pair || set.element == .quad || set.element == .ip
    case .eclist: set.element == .ec
    case .lclist: set.element == .lc
    case .quad: set.element == .quad || set.element == .ip
    case .ip: set.element == .ip || set.element == .quad
    case .enumeration: set.element == .enumeration && set.enumeration == enumeration
    default: set.element == kind
    }
  }

  /// What may stand behind `add`, `delete` and `filter` for a list of this type.
  func canEdit(_ operation: PolicyOperation, with argument: PolicyType) -> Bool {
    if kind == .any || argument.kind == .any { return true }
    if argument.kind == .set, operation != .insert { return argument.element == .any || canBeElement(of: argument) }
    switch (kind, argument.kind) {
    case (.path, .int): return operation == .delete
    case (.clist, .pair), (.clist, .quad), (.clist, .ip), (.eclist, .ec), (.lclist, .lc): return operation != .filter
    case (.clist, .clist), (.eclist, .eclist), (.lclist, .lclist): return true
    default: return false
    }
  }

  /// For messages: what `add`, `delete` and `filter` want.
  func editHint(_ operation: PolicyOperation) -> String {
    let element = kind == .path ? "int" : kind == .clist ? "pair" : kind == .eclist ? "ec" : "lc"
    switch operation {
    case .insert: return "\(element) or \(self)"
    case .delete: return kind == .path ? "int or int set" : "\(element), \(element) set or \(self)"
    default: return kind == .path ? "int set" : "\(element) set or \(self)"
    }
  }
}
