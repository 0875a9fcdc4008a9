import RouteCore

// The typed tree between the parser and the bytecode: types are checked when a node is made.

/// An expression.
struct FilterTerm: Sendable {
  var type: PolicyType
  /// Where errors about it point.
  var token: Token
  var node: Node

  indirect enum Node: Sendable {
    case constant(PolicyConstant)
    case local(Int)
    case field(PolicyField)
    case attribute(AttributeKey, PolicyKind)
    /// One bit of a number.
    case bit(AttributeKey, UInt8)
    /// An instruction over its arguments.
    case apply(PolicyOperation, a: UInt8, c: UInt32, [FilterTerm])
    /// `&&` or `||`: the right side only if it matters.
    case logical(PolicyOperation, FilterTerm, FilterTerm)
    /// Of the route, or of a prefix and an AS number.
    case roaCheck(PolicyROATable, [FilterTerm])
    /// Nil: the function this stands in.
    case call(FilterFunction?, [FilterTerm])
  }

  var constant: PolicyConstant? { if case .constant(let constant) = node { constant } else { nil } }

  /// A constant as a value of a type, where it can be: `[]` as an empty prefix set, an IPv4 address as a quad.
  func converted(to type: PolicyType) -> FilterTerm {
    guard let constant else { return self }
    var term = self
    if type.kind == .prefixSet, constant.type.kind == .set, constant.type.element == .any {
      term.node = .constant(PolicyConstant(PolicySet([])))
      term.type = type
    } else if type.kind == .quad, let quad = constant.ip?.ipv4 {
      term.node = .constant(PolicyConstant(quad: quad))
      term.type = type
    }
    return term
  }

  /// Evaluating it may change the route.
  var containsCall: Bool {
    switch node {
    case .call: true
    case .apply(_, _, _, let arguments), .roaCheck(_, let arguments): arguments.contains { $0.containsCall }
    case .logical(_, let left, let right): left.containsCall || right.containsCall
    default: false
    }
  }
}

/// A command.
struct FilterStatement: Sendable {
  var token: Token
  var node: Node

  indirect enum Node: Sendable {
    case block([FilterStatement])
    case `if`(FilterTerm, then: [FilterStatement], else: [FilterStatement])
    /// The alternatives in the order written; the last sets are of what follows `else:`.
    case `case`(FilterTerm, [(set: PolicySet, body: [FilterStatement])], else: [FilterStatement])
    /// The container goes to local `slot`; the position and the variable are the next two.
    case loop(slot: Int, FilterTerm, [FilterStatement])
    case assign(FilterTarget, FilterTerm)
    /// Gives a variable its empty value.
    case clear(Int, PolicyKind)
    case unset(FilterTarget)
    case evaluate(FilterTerm)
    case `return`(FilterTerm?)
    /// accept, reject or error, after printing.
    case end(PolicyOperation, [FilterTerm])
    case print([FilterTerm], newline: Bool)
    /// With the condition as it is written.
    case assert(FilterTerm, String)
    /// `return` in a filter of 2.x.
    case conclude(FilterTerm)
    case quit([FilterTerm])
  }
}

/// What can be assigned to.
struct FilterTarget: Sendable {
  var type: PolicyType
  var place: Place

  enum Place: Sendable {
    case local(Int)
    case field(PolicyField)
    /// With the flags a filter gives it (RFC 4271 §4.3).
    case attribute(AttributeKey, flags: UInt8)
    case bit(AttributeKey, UInt8)
  }
}

/// A function as calls need it. Immutable: filters that call it compile it into their own programs.
final class FilterFunction: Sendable {
  let name: String
  let parameters: [PolicyType]
  let result: PolicyType
  let frameSize: Int
  let body: [FilterStatement]

  init(name: String, parameters: [PolicyType], result: PolicyType, frameSize: Int, body: [FilterStatement]) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.frameSize = frameSize
    self.body = body
  }
}
