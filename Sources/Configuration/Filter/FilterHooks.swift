import RouteCore

// What the grammar of options needs from the filter language.

/// The value of a constant.
package enum ConstantValue: Hashable, Sendable {
  case bool(Bool)
  case int(UInt32)
  /// A dotted quad that is no address.
  case quad(UInt32)
  case ip(IPAddress)
  case prefix(Prefix)
  case string(String)
}

/// A named filter.
package struct FilterSymbol: Sendable {
  package var program: PolicyProgram
}

/// A function.
package struct FunctionSymbol: Sendable {}

/// A local variable or an argument.
package struct VariableSymbol: Sendable {}

/// A custom attribute.
package struct AttributeSymbol: Sendable {}

extension Parser {
  /// `filter NAME locals { … }`, from the word `filter` on.
  package func parseFilterDefinition() throws(ParseFailure) { throw failure("filters are not supported yet") }

  /// `function NAME(…) locals { … }`, from the word `function` on.
  package func parseFunctionDefinition() throws(ParseFailure) { throw failure("functions are not supported yet") }

  /// `attribute TYPE NAME` (2.x), from the word `attribute` on, before the `;`.
  package func parseAttributeDefinition() throws(ParseFailure) { throw failure("custom attributes are not supported yet") }

  /// `locals { … }` written in place of a name behind the word `filter`.
  package func parseFilterBody() throws(ParseFailure) -> PolicyProgram { throw failure("filters are not supported yet") }

  /// The term behind the word `where`; it accepts when true.
  package func parseWhere() throws(ParseFailure) -> PolicyProgram { throw failure("filters are not supported yet") }

  /// The `{ … }` of a static route, braces included: filter commands that edit the route when it is made. `option` is asked at the
  /// start of each statement; it takes one of the route's own options (`bfd yes`, without the `;`) and says whether it did.
  package func parseRouteCommands(option: () throws(ParseFailure) -> Bool) throws(ParseFailure) -> PolicyProgram {
    throw failure("filter commands are not supported yet")
  }

  /// A term whose value is known when the configuration is read: behind `define NAME =`, and in parentheses where an option wants a
  /// number. It stops before what cannot go on the term.
  package func parseConstantTerm() throws(ParseFailure) -> ConstantValue {
    let token = peek
    switch token.kind {
    case .number(let value):
      advance()
      return .int(value)
    case .text(let text):
      advance()
      return .string(text)
    case .ip4(let value):
      advance()
      return dialect == .bird1(.ipv6) ? .quad(value) : .ip(IPAddress(ipv4: value))
    case .ip6(let address):
      advance()
      return .ip(address)
    case .symbol(let name):
      guard case .constant(let value) = symbols.lookup(name)?.symbol else { throw unknownSymbol(token, expected: "a constant") }
      advance()
      return value
    default:
      throw unexpected("a value")
    }
  }
}
