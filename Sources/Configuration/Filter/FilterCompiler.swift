import RouteCore

/// Makes a program of a typed tree. Every program is complete: it carries the functions it calls.
struct FilterCompiler {
  private var builder = PolicyProgramBuilder()
  private let sources: SourceMap
  /// Where the functions are, and which are still to be compiled.
  private var functions: [ObjectIdentifier: UInt32] = [:]
  private var waiting: [(FilterFunction, UInt32)] = []
  /// The function being compiled, for calls of itself.
  private var current: UInt32?
  /// Nothing so far reads the route or a variable of the caller.
  private(set) var isPure = true

  /// The variables of functions are their own.
  private var isInFunction = false

  /// Tables of authorizations are filled already.
  private let knowsTables: Bool

  init(sources: SourceMap, showsSets: Bool = false, knowsTables: Bool = false) {
    self.knowsTables = knowsTables
    self.sources = sources
    builder.showsSets = showsSets
  }

  /// A function as a program of its own, to run it or to compare it with another.
  mutating func call(_ function: FilterFunction) -> PolicyProgram {
    builder.emit(.call, c: index(of: function, 0))
    builder.emit(.pop)
    return finish(.accept)
  }

  /// A filter: what follows its last command fails.
  mutating func filter(_ body: [FilterStatement], frameSize: Int, end: PolicyOperation = .noVerdict) -> PolicyProgram {
    builder.frameSize = frameSize
    emit(body)
    return finish(end)
  }

  /// `where TERM`
  mutating func condition(_ term: FilterTerm) -> PolicyProgram {
    emit(term)
    let otherwise = builder.emit(.jumpIfFalse)
    builder.emit(.accept)
    builder.land(otherwise)
    return finish(.reject)
  }

  /// Ends the main program and compiles the functions it needs.
  mutating func finish(_ end: PolicyOperation) -> PolicyProgram {
    builder.emit(end)
    while let (function, index) = waiting.popLast() {
      current = index
      isInFunction = true
      builder.beginFunction(index, frameSize: function.frameSize)
      emit(function.body)
      builder.emit(PolicyConstant.void)
      builder.emit(.return)
    }
    return builder.finish()
  }

  private mutating func mark(_ token: Token) {
    builder.mark(file: sources.path(of: token.location), line: token.location.line)
  }

  // MARK: Commands

  private mutating func emit(_ statements: [FilterStatement]) { for statement in statements { emit(statement) } }

  private mutating func emit(_ statement: FilterStatement) {
    mark(statement.token)
    switch statement.node {
    case .block(let body): emit(body)
    case .if(let condition, let then, let otherwise): emitIf(condition, then, otherwise)
    case .case(let value, let arms, let otherwise): emitCase(value, arms, otherwise)
    case .loop(let slot, let container, let body): emitLoop(slot, container, body)
    case .assign(let target, let value):
      emit(value)
      mark(statement.token)
      emitStore(target)
    case .clear(let slot, let kind): builder.emit(.clear, a: kind.rawValue, c: UInt32(slot))
    case .unset(let target): emitUnset(target)
    case .evaluate(let term):
      emit(term)
      builder.emit(.pop)
    case .return(let value):
      if let value { emit(value) } else { builder.emit(PolicyConstant.void) }
      builder.emit(.return)
    case .end(let operation, let terms):
      emitPrint(terms, newline: true)
      builder.emit(operation)
    case .print(let terms, let newline):
      if terms.isEmpty {
        builder.effects.insert(.prints)
        builder.emit(.printEnd, a: newline ? 1 : 0)
      } else {
        emitPrint(terms, newline: newline)
      }
    case .assert(let condition, let text):
      emit(condition)
      mark(statement.token)
      builder.emit(.assert, c: builder.index(of: PolicyConstant(text)))
    case .conclude(let value):
      emit(value)
      mark(statement.token)
      builder.emit(.conclude)
    case .quit(let terms):
      emitPrint(terms, newline: true)
      mark(statement.token)
      builder.emit(.quit)
    }
  }

  private mutating func emitPrint(_ terms: [FilterTerm], newline: Bool) {
    if terms.isEmpty { return }
    builder.effects.insert(.prints)
    for term in terms {
      emit(term)
      notesSets(term)
      builder.emit(.print)
    }
    builder.emit(.printEnd, a: newline ? 1 : 0)
  }

  private mutating func emitIf(_ condition: FilterTerm, _ then: [FilterStatement], _ otherwise: [FilterStatement]) {
    emit(condition)
    let toElse = builder.emit(.jumpIfFalse)
    emit(then)
    if otherwise.isEmpty { return builder.land(toElse) }
    let toEnd = builder.emit(.jump)
    builder.land(toElse)
    emit(otherwise)
    builder.land(toEnd)
  }

  private mutating func emitCase(
    _ value: FilterTerm, _ arms: [(set: PolicySet, body: [FilterStatement])], _ otherwise: [FilterStatement]
  ) {
    emit(value)
    let jumps = arms.map { builder.emitJumpIfIn($0.set) }
    builder.emit(.pop)
    emit(otherwise)
    var toEnd = [builder.emit(.jump)]
    for (jump, arm) in zip(jumps, arms) {
      builder.land(jump)
      emit(arm.body)
      toEnd.append(builder.emit(.jump))
    }
    for jump in toEnd { builder.land(jump) }
  }

  private mutating func emitLoop(_ slot: Int, _ container: FilterTerm, _ body: [FilterStatement]) {
    emit(container)
    builder.emit(.store, a: PolicyKind.any.rawValue, c: UInt32(slot))
    builder.emit(.clear, a: PolicyKind.void.rawValue, c: UInt32(slot + 1))
    let start = builder.position
    let next = builder.emit(.next, b: UInt16(truncatingIfNeeded: slot))
    emit(body)
    builder.emit(.jump, c: start)
    builder.land(next)
  }

  private mutating func emitStore(_ target: FilterTarget) {
    switch target.place {
    case .local(let slot): builder.emit(.store, a: target.type.kind.rawValue, c: UInt32(slot))
    case .field(let field):
      wrote(field)
      builder.emit(.storeField, a: field.rawValue)
    case .attribute(let key, let flags):
      wrote(key)
      builder.emit(.storeAttribute, a: target.type.kind.rawValue, b: UInt16(flags), c: UInt32(key.rawValue))
    case .bit(let key, let bit):
      wrote(key)
      builder.emit(.storeBit, a: bit, c: UInt32(key.rawValue))
    }
  }

  private mutating func emitUnset(_ target: FilterTarget) {
    switch target.place {
    case .local(let slot): builder.emit(.clear, a: PolicyKind.void.rawValue, c: UInt32(slot))
    case .field(let field):
      wrote(field)
      builder.emit(.unset, a: field.rawValue)
    case .attribute(let key, _), .bit(let key, _):
      wrote(key)
      // No field has this number.
      builder.emit(.unset, a: .max, c: UInt32(key.rawValue))
    }
  }

  // MARK: Terms

  mutating func emit(_ term: FilterTerm) {
    switch term.node {
    case .constant(let constant): builder.emit(constant)
    case .local(let slot):
      if !isInFunction { isPure = false }
      builder.emit(.load, c: UInt32(slot))
    case .field(let field):
      read(field)
      mark(term.token)
      builder.emit(.loadField, a: field.rawValue)
    case .attribute(let key, let kind):
      reads(key)
      builder.emit(.loadAttribute, a: kind.rawValue, c: UInt32(key.rawValue))
    case .bit(let key, let bit):
      reads(key)
      builder.emit(.loadBit, a: bit, c: UInt32(key.rawValue))
    case .logical(let operation, let left, let right):
      emit(left)
      mark(term.token)
      let toEnd = builder.emit(operation)
      emit(right)
      builder.emit(.requireBool)
      builder.land(toEnd)
    case .apply(let operation, let a, let c, let arguments):
      if emitAttributeMatch(operation, arguments, term.token) || emitPrefixTest(operation, arguments, term.token) { return }
      emit(arguments)
      mark(term.token)
      if operation == .format, let argument = arguments.first { notesSets(argument) }
      builder.emit(operation, a: a, c: c)
    case .roaCheck(let table, let arguments):
      emit(arguments)
      mark(term.token)
      // What the table holds is known when the whole file is read; without arguments the route is asked.
      if arguments.isEmpty || !knowsTables { isPure = false }
      if arguments.isEmpty { builder.effects.formUnion([.readsPrefix, .readsAttributes]) }
      builder.emit(.roaCheck, a: arguments.isEmpty ? 0 : 1, c: builder.index(of: table))
    case .call(let function, let arguments):
      emit(arguments)
      mark(term.token)
      // What is not there yet is the function itself.
      guard let index = function.map({ index(of: $0, arguments.count) }) ?? current else { return }
      builder.emit(.call, c: index)
    }
  }

  /// What route filters do most: an attribute against a constant, in one instruction.
  private mutating func emitAttributeMatch(_ operation: PolicyOperation, _ arguments: [FilterTerm], _ token: Token) -> Bool {
    guard operation == .match || operation == .notMatch, arguments.count == 2 else { return false }
    mark(token)
    let isDone: Bool
    switch (arguments[0].node, arguments[1].node) {
    case (.attribute(let key, let kind), .constant(let constant)): isDone = builder.emitMatch(.matchAttribute, key, kind, constant)
    case (.constant(let constant), .attribute(let key, let kind)): isDone = builder.emitMatch(.matchInAttribute, key, kind, constant)
    default: return false
    }
    guard isDone else { return false }
    isPure = false
    for case .attribute(let key, _) in arguments.map({ $0.node }) { reads(key) }
    if operation == .notMatch { builder.emit(.not) }
    return true
  }

  /// `net ~ constant`, `net.len > constant`: tests of their own, so that prefixes with the same outcomes can share a verdict.
  private mutating func emitPrefixTest(_ operation: PolicyOperation, _ arguments: [FilterTerm], _ token: Token) -> Bool {
    guard arguments.count == 2, let constant = arguments[1].constant else { return false }
    var member: PolicyMember?
    switch arguments[0].node {
    case .field(.network): break
    case .apply(.member, let a, _, let inner):
      guard inner.count == 1, case .field(.network) = inner[0].node, let found = PolicyMember(rawValue: a) else { return false }
      member = found
    default: return false
    }
    mark(token)
    guard builder.emitPrefixTest(operation == .notMatch ? .match : operation, member: member, constant) else { return false }
    isPure = false
    if operation == .notMatch { builder.emit(.not) }
    return true
  }

  /// In order; what a later argument's function might change is put out of its reach.
  private mutating func emit(_ arguments: [FilterTerm]) {
    for (index, argument) in arguments.enumerated() {
      emit(argument)
      if arguments[(index + 1)...].contains(where: { $0.containsCall }) { builder.emit(.keep) }
    }
  }

  private mutating func index(of function: FilterFunction, _ arguments: Int) -> UInt32 {
    if let known = functions[ObjectIdentifier(function)] { return known }
    let index = builder.declareFunction(arguments: arguments)
    functions[ObjectIdentifier(function)] = index
    waiting.append((function, index))
    return index
  }

  // MARK: Effects

  /// What shows a set needs it as it was written.
  private mutating func notesSets(_ term: FilterTerm) {
    if [.set, .prefixSet, .any].contains(term.type.kind) { builder.showsSets = true }
  }

  private mutating func read(_ field: PolicyField) {
    isPure = false
    switch field {
    case .network: builder.effects.insert(.readsPrefix)
    case .gateway, .interfaceName, .interfaceIndex, .weight, .onLink, .label, .destination1:
      builder.effects.formUnion([.readsNextHop, .readsAttributes])
    case .protocolName: builder.effects.insert(.readsProtocol)
    case .igpMetric: builder.effects.insert(.readsIGPMetric)
    default: builder.effects.insert(.readsAttributes)
    }
  }

  private mutating func reads(_ key: AttributeKey) {
    isPure = false
    builder.effects.formUnion(key.namespace == .custom ? [.readsAttributes, .usesCustomAttributes] : .readsAttributes)
  }

  private mutating func wrote(_ field: PolicyField) {
    isPure = false
    switch field {
    case .gateway, .interfaceName, .weight, .onLink, .label, .destination1, .destination2:
      builder.effects.formUnion([.writesNextHop, .writesAttributes])
    default: builder.effects.insert(.writesAttributes)
    }
  }

  private mutating func wrote(_ key: AttributeKey) {
    isPure = false
    builder.effects.formUnion(key.namespace == .custom ? [.writesAttributes, .usesCustomAttributes] : .writesAttributes)
  }
}
