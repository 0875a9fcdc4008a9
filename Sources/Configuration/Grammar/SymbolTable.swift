/// What a name stands for.
package enum Symbol: Sendable {
  /// `define NAME = …;` and the constants of /etc/iproute2.
  case constant(ConstantValue)
  case filter(FilterSymbol)
  case function(FunctionSymbol)
  /// A local variable or an argument, in the scope of its function or filter.
  case variable(VariableSymbol)
  /// `attribute T NAME;` of 2.x.
  case attribute(AttributeSymbol)
  case table(TableSymbol)
  case protocolInstance
  case template

  package var kind: SymbolKind {
    switch self {
    case .constant: .constant
    case .filter: .filter
    case .function: .function
    case .variable: .variable
    case .attribute: .attribute
    case .table(let table): table.kind == .routes ? .table : .roaTable
    case .protocolInstance: .protocol
    case .template: .template
    }
  }

  /// The kind's name in messages.
  package var kindName: String { kind.rawValue }
}

/// The kinds of symbols, as named in messages.
package enum SymbolKind: String, Hashable, Sendable {
  case constant, filter, function, variable
  case attribute = "custom attribute"
  case table = "routing table"
  case roaTable = "ROA table"
  case `protocol`
  case template = "protocol template"
}

/// Names and their scopes. The outermost scope is the file's; a function, a filter and a block may open inner ones, whose names hide
/// the outer ones.
package struct SymbolTable: Sendable {
  package struct Entry: Sendable {
    package var name: String
    package var symbol: Symbol
    /// Nil for predefined names (`master`, `ipp_bird`).
    package var location: SourceLocation?
  }

  private var scopes: [[String: Entry]] = [[:]]
  /// The names of the outermost scope in the order of definition.
  private var order: [String] = []

  package init() {}

  package mutating func pushScope() { scopes.append([:]) }
  /// The outermost scope stays.
  package mutating func popScope() { if scopes.count > 1 { scopes.removeLast() } }

  /// The innermost meaning of a name.
  package func lookup(_ name: String) -> Entry? {
    for scope in scopes.reversed() { if let entry = scope[name] { return entry } }
    return nil
  }

  /// Defines or replaces a name in the innermost scope. `Parser.define` checks whether that is allowed.
  package mutating func set(_ name: String, _ symbol: Symbol, at location: SourceLocation?) {
    let last = scopes.count - 1
    if last == 0, scopes[0][name] == nil { order.append(name) }
    scopes[last][name] = Entry(name: name, symbol: symbol, location: location)
  }

  /// The meaning of a name in the innermost scope itself.
  package func lookupInnermost(_ name: String) -> Entry? { scopes.last?[name] }

  /// The file's own names, in the order of definition.
  package var globals: [Entry] { order.compactMap { scopes[0][$0] } }

  /// The file's names of one kind, in the order of definition, limited to as many as a search for a near miss examines.
  func globalNames(where condition: (Symbol) -> Bool) -> [String] {
    var names: [String] = []
    for name in order where names.count < NearMiss.maximumCandidates {
      if let entry = scopes[0][name], condition(entry.symbol) { names.append(name) }
    }
    return names
  }

  /// Every visible name: the file's in order, then the local ones sorted. For "did you mean".
  package var names: [String] { order + scopes.dropFirst().flatMap { $0.keys.sorted() } }
}
