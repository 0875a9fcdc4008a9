import RouteCore

// What the symbol table holds of the filter language.

/// The value of a constant. What options can use is spelled out; everything else the language knows is `.policy`.
package enum ConstantValue: Hashable, Sendable {
  case bool(Bool)
  case int(UInt32)
  /// A dotted quad that is no address.
  case quad(UInt32)
  case ip(IPAddress)
  case prefix(Prefix)
  case string(String)
  /// A pair, a set, a path…
  case policy(PolicyConstant)

  package init(_ constant: PolicyConstant) {
    if let value = constant.bool {
      self = .bool(value)
    } else if let value = constant.int {
      self = .int(value)
    } else if let value = constant.quad {
      self = .quad(value)
    } else if let value = constant.ip {
      self = .ip(value)
    } else if let value = constant.prefix {
      self = .prefix(value)
    } else if let value = constant.string {
      self = .string(value)
    } else {
      self = .policy(constant)
    }
  }

  package var policy: PolicyConstant {
    switch self {
    case .bool(let value): PolicyConstant(value)
    case .int(let value): PolicyConstant(int: value)
    case .quad(let value): PolicyConstant(quad: value)
    case .ip(let value): PolicyConstant(value)
    case .prefix(let value): PolicyConstant(value)
    case .string(let value): PolicyConstant(value)
    case .policy(let value): value
    }
  }
}

/// A named filter.
package struct FilterSymbol: Sendable {
  package var program: PolicyProgram
}

/// A function: what a call must look like, and what it does.
package struct FunctionSymbol: Sendable {
  package var name: String
  var parameters: [PolicyType]
  /// `.any` where it is not declared and the `return`s do not agree, `.void` where there is none.
  var result: PolicyType
  /// Nil inside its own body.
  var function: FilterFunction?
}

/// A local variable or an argument.
package struct VariableSymbol: Sendable {
  var slot: Int
  var type: PolicyType
}

/// A custom attribute.
package struct AttributeSymbol: Sendable {
  package var key: AttributeKey
  var type: PolicyType
}
