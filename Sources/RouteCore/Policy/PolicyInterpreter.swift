/// Runs programs over routes. Make one and keep it: its buffers are reused, so that runs allocate nothing.
public struct PolicyInterpreter: ~Copyable {
  var stack = PolicyStack()
  private var frames: [Frame] = []
  var arena = PolicyBytes(limit: PolicyInterpreter.arenaLimit)
  var scratch = PolicyBytes(limit: PolicyInterpreter.arenaLimit)
  var output = PolicyBytes(limit: 65_536)
  var directory = PolicyRecordDirectory()
  /// Steps left; expensive ones cost more.
  var fuel = 0
  /// Set by whatever fails inside an instruction.
  var failure: PolicyFault.Reason?
  /// `bt_assert` conditions that were false in the last run, by instruction.
  var failedAssertions: [UInt32] = []
  package private(set) var assertions = 0
  /// The last that set where the route goes, for who finds out that it cannot go there.
  private var nextHopInstruction: UInt32 = 0
  private var prefixOutcomes = PolicyPrefixOutcomes()
  private var hasFailed = false

  private struct Frame {
    var returnTo: Int
    var base: Int
  }

  /// A filter that takes more steps than this fails: a few milliseconds.
  static var fuelLimit: Int { 1_000_000 }
  static var maximumCallDepth: Int { 512 }
  static var arenaLimit: Int { 1 << 20 }
  /// Room that must be left for the operands of a function; the nesting of terms is bounded by the parser.
  private static var operandReserve: Int { 512 }

  /// An interpreter with empty buffers, for any program.
  public init() { frames.reserveCapacity(16) }

  /// Runs a filter. It may change the route and say what it printed through `takeOutput`.
  public mutating func run(_ program: PolicyProgram, on route: inout PolicyRoute) -> PolicyVerdict {
    start(program, &route)
    var pc = 0
    var base = 0
    while true {
      guard let step = program.code[pc] else { return fail(.badProgram, pc) }
      fuel &-= 1
      if fuel < 0 { return fail(.tooLong, pc) }
      pc &+= 1
      switch step.operation {
      case .constant: stack.push(program.constants[Int(step.c)] ?? .void)
      case .load: stack.push(stack[base &+ Int(step.c)])
      case .store: stack[base &+ Int(step.c)] = checked(kept(stack.pop(), program, &route), step.a)
      case .clear: stack[base &+ Int(step.c)] = PolicyInterpreter.emptyValue(step.a)
      case .pop: _ = stack.pop()
      case .jump: pc = Int(step.c)
      case .jumpIfFalse:
        let value = stack.pop()
        if value.kind != .bool { return fail(.notBool, pc &- 1) }
        if !value.isTrue { pc = Int(step.c) }
      case .jumpIfFalseKeeping, .jumpIfTrueKeeping:
        let value = stack.top
        if value.kind != .bool { return fail(.notBool, pc &- 1) }
        if value.isTrue == (step.operation == .jumpIfTrueKeeping) { pc = Int(step.c) } else { _ = stack.pop() }
      case .requireBool: if stack.top.kind != .bool { return fail(.notBool, pc &- 1) }
      case .jumpIfIn:
        if PolicyInterpreter.isMember(stack.top, program, Int(step.a) << 16 | Int(step.b)) == true {
          _ = stack.pop()
          pc = Int(step.c)
        }
      case .call:
        guard let function = program.functions[Int(step.c)] else { return fail(.badProgram, pc &- 1) }
        guard frames.count < PolicyInterpreter.maximumCallDepth, !stack.overflowed,
          stack.count + Int(function.frameSize) + PolicyInterpreter.operandReserve <= PolicyStack.capacity
        else { return fail(.stackOverflow, pc &- 1) }
        frames.append(Frame(returnTo: pc, base: base))
        base = max(0, stack.count - Int(function.arguments))
        for _ in function.arguments..<max(function.frameSize, function.arguments) { stack.push(.void) }
        pc = Int(function.entry)
      case .return:
        let result = kept(stack.pop(), program, &route)
        guard let frame = frames.popLast() else { return fail(.noVerdict, pc &- 1) }
        stack.truncate(to: base)
        stack.push(result)
        pc = frame.returnTo
        base = frame.base
      case .accept: return finish(.accept, pc &- 1)
      case .reject: return finish(.reject, pc &- 1)
      case .error: return fail(.errorCommand, pc &- 1)
      case .quit: return fail(.quitCommand, pc &- 1)
      case .conclude:
        let value = stack.pop()
        if value.kind != .bool { return fail(.notBool, pc &- 1) }
        return finish(value.isTrue ? .accept : .reject, pc &- 1)
      case .noVerdict: return fail(.noVerdict, pc &- 1)
      case .next: if !advance(base &+ Int(step.b), program, &route) { pc = Int(step.c) }
      case .equal, .notEqual:
        let right = stack.pop()
        let left = stack.pop()
        proceed(isSame(left, right, program, &route) == (step.operation == .equal), program, &pc)
      case .match, .notMatch:
        let right = stack.pop()
        let left = stack.pop()
        guard let result = matches(left, right, program, &route) else { return fail(.badMatch, pc &- 1) }
        proceed(result == (step.operation == .match), program, &pc)
      case .matchAttribute, .matchInAttribute:
        if let result = step.operation == .matchAttribute ? isInSet(step, program, route) : isInList(step, program, route) {
          proceed(result, program, &pc)
          break
        }
        let attribute = load(AttributeKey(rawValue: UInt16(truncatingIfNeeded: step.c)), step.a, route)
        let constant = program.constants[Int(step.b)] ?? .void
        let result =
          step.operation == .matchAttribute
          ? matches(attribute, constant, program, &route) : matches(constant, attribute, program, &route)
        guard let result else { return fail(.badMatch, pc &- 1) }
        proceed(result, program, &pc)
      case .testPrefix: proceed(holds(prefixTest: Int(step.c), program, route), program, &pc)
      case .loadField: stack.push(load(PolicyField(rawValue: step.a), route))
      case .loadAttribute: stack.push(load(AttributeKey(rawValue: UInt16(truncatingIfNeeded: step.c)), step.a, route))
      default: execute(step, pc &- 1, program, &route)
      }
      if let failure { return fail(failure, pc &- 1) }
    }
  }

  private mutating func start(_ program: PolicyProgram, _ route: inout PolicyRoute) {
    stack.removeAll()
    if !frames.isEmpty { frames.removeAll(keepingCapacity: true) }
    arena.removeAll()
    directory.forget()
    fuel = PolicyInterpreter.fuelLimit
    failure = nil
    assertions = 0
    prefixOutcomes = PolicyPrefixOutcomes()
    hasFailed = false
    if !failedAssertions.isEmpty { failedAssertions.removeAll() }
    route.changes = []
    for _ in 0..<program.frameSize { stack.push(.void) }
  }

  /// The tests of the prefix that the last run came to; nil if it failed, which is to be noted for each route.
  package var reusableOutcomes: PolicyPrefixOutcomes? { hasFailed ? nil : prefixOutcomes }

  /// A test of the prefix, made once in a run.
  @inline(__always)
  private mutating func holds(prefixTest index: Int, _ program: PolicyProgram, _ route: borrowing PolicyRoute) -> Bool {
    let bit = UInt64(1) << UInt64(index & 63)
    if prefixOutcomes.asked & bit == 0 {
      prefixOutcomes.asked |= bit
      if program.holds(prefixTest: index, for: route.prefix) { prefixOutcomes.held |= bit }
    }
    return prefixOutcomes.held & bit != 0
  }

  /// Where the filter sent the route there is no way.
  mutating func failForNextHop() -> PolicyFault {
    hasFailed = true
    return PolicyFault(reason: .noSuchNextHop, instruction: nextHopInstruction)
  }

  private mutating func fail(_ reason: PolicyFault.Reason, _ pc: Int) -> PolicyVerdict {
    hasFailed = true
    return .failed(PolicyFault(reason: reason, instruction: UInt32(truncatingIfNeeded: pc)))
  }

  private mutating func finish(_ verdict: PolicyVerdict, _ pc: Int) -> PolicyVerdict {
    if stack.overflowed { return fail(.stackOverflow, pc) }
    return verdict
  }

  /// The less frequent instructions.
  private mutating func execute(_ step: PolicyInstruction, _ pc: Int, _ program: PolicyProgram, _ route: inout PolicyRoute) {
    switch step.operation {
    case .not:
      let value = stack.pop()
      if value.kind != .bool { failure = .notBool }
      stack.push(PolicyValue(!value.isTrue))
    case .less, .lessOrEqual, .greater, .greaterOrEqual: compare(step.operation, program, &route)
    case .add, .subtract, .multiply, .divide: calculate(step.operation)
    case .defined:
      let value = stack.pop()
      // In 1.6 a list that is not there is an empty one.
      let isList = step.a == 1 && value.kind.isCommunityList
      stack.push(PolicyValue(value.kind != .void && (!value.isMissing || isList)))
    case .makePair: makePair()
    case .makeExtended: makeExtended(step.a, step.c)
    case .makeLarge: makeLarge()
    case .extendMask: extendMask(program, &route)
    case .format: format(program, &route)
    case .fromHex: readHex(program, &route)
    case .roaCheck: checkOrigin(step.a, Int(step.c), program, &route)
    case .member: member(PolicyMember(rawValue: step.a), program, &route)
    case .mask: maskAddress()
    case .prepend: prepend(program, &route)
    case .insert, .delete, .filter: editList(step.operation, program, &route)
    case .keep: stack.push(kept(stack.pop(), program, &route))
    case .loadBit: stack.push(loadBit(step, route))
    case .storeBit: storeBit(step, stack.pop(), &route)
    case .storeField:
      store(PolicyField(rawValue: step.a), stack.pop(), program, &route)
      if !route.changes.isDisjoint(with: [.gateway, .interface]) { nextHopInstruction = UInt32(truncatingIfNeeded: pc) }
    case .storeAttribute: store(step, stack.pop(), program, &route)
    case .unset: unset(AttributeKey(rawValue: UInt16(truncatingIfNeeded: step.c)), PolicyField(rawValue: step.a), &route)
    case .print:
      var text = ""
      write(stack.pop(), program, &route, to: &text)
      fuel &-= text.utf8.count
      output.append(text)
    case .printEnd: if step.a == 1 { output.append(UInt8(ascii: "\n")) }
    case .assert:
      assertions += 1
      let value = stack.pop()
      if value.kind != .bool || !value.isTrue { failedAssertions.append(UInt32(truncatingIfNeeded: pc)) }
    default: failure = .badProgram
    }
  }

  /// What `print` said since it was last asked, line by line.
  public mutating func takeOutput() -> [String] {
    if output.count == 0 { return [] }
    let lines = output.view.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    output.removeAll()
    return lines.last == "" ? lines.dropLast() : lines
  }

  /// Whether `takeOutput` has something.
  public var hasOutput: Bool { output.count > 0 }

  // MARK: Bytes

  /// Lends the bytes of a value.
  @inline(__always)
  static func withBytes<R>(
    _ value: PolicyValue, _ arena: UnsafeRawBufferPointer, _ program: PolicyProgram, _ route: borrowing PolicyRoute,
    _ body: (UnsafeRawBufferPointer) -> R
  ) -> R {
    @inline(__always) func cut(_ all: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
      let range = value.range
      return range.upperBound <= all.count ? UnsafeRawBufferPointer(rebasing: all[range]) : UnsafeRawBufferPointer(start: nil, count: 0)
    }
    if value.isMissing || !value.kind.isBytes { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    switch value.place {
    case .program: return body(cut(UnsafeRawBufferPointer(program.bytes.buffer)))
    case .arena: return body(cut(arena))
    case .records: return route.attributes.records.withUnsafeBytes { body(cut($0)) }
    case .interfaceName:
      var name = route.interfaceName
      return name.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    case .protocolName:
      var name = route.protocolName
      return name.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
  }

  /// The value, with its bytes out of reach of changes to the route.
  @inline(__always)
  mutating func kept(_ value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute) -> PolicyValue {
    if !value.kind.isBytes || value.isMissing || value.place == .program || value.place == .arena { return value }
    scratch.removeAll()
    PolicyInterpreter.withBytes(value, arena.view, program, route) { scratch.append($0) }
    return madeOfScratch(value.kind)
  }

  /// Moves what is in `scratch` to the arena, as a value.
  mutating func madeOfScratch(_ kind: PolicyKind) -> PolicyValue {
    let start = arena.count
    arena.append(scratch.view)
    fuel &-= scratch.count / 16
    if arena.overflowed || scratch.overflowed { failure = .tooMuchMemory }
    return PolicyValue(kind, .arena, start..<arena.count)
  }

  /// The value of a variable that was not set, or of a missing attribute: lists and paths are empty.
  static func emptyValue(_ kind: UInt8) -> PolicyValue {
    guard let kind = PolicyKind(rawValue: kind), kind.hasEmptyValue else { return .void }
    return PolicyValue(kind, .program, 0..<0)
  }

  /// A value for a variable of a kind, or a failure.
  @inline(__always)
  private mutating func checked(_ value: PolicyValue, _ kind: UInt8) -> PolicyValue {
    if value.kind.rawValue == kind || kind == PolicyKind.any.rawValue || value.kind == .void { return value }
    if kind == PolicyKind.quad.rawValue, let quad = value.quad { return PolicyValue(.quad, quad) }
    if kind == PolicyKind.prefix.rawValue, value.kind == .network { return value }
    failure = .invalidValue
    return .void
  }

  /// The next element for `for`; false at the end.
  private mutating func advance(_ place: Int, _ program: PolicyProgram, _ route: inout PolicyRoute) -> Bool {
    let container = stack[place]
    let index = stack[place + 1].kind == .int ? Int(stack[place + 1].word) : 0
    fuel &-= index / 64
    let element: PolicyValue? = PolicyInterpreter.withBytes(container, arena.view, program, route) { bytes in
      switch container.kind {
      case .path: ASPath(bytes).element(index).map { PolicyValue(int: $0) }
      case .clist: 4 * index + 4 <= bytes.count ? PolicyValue(.pair, bytes.word(4 * index)) : nil
      case .eclist:
        8 * index + 8 <= bytes.count
          ? PolicyValue(.ec, low: UInt64(bytes.word(8 * index)) << 32 | UInt64(bytes.word(8 * index + 4))) : nil
      case .lclist:
        12 * index + 12 <= bytes.count
          ? PolicyValue(
            .lc, high: UInt64(bytes.word(12 * index)), low: UInt64(bytes.word(12 * index + 4)) << 32 | UInt64(bytes.word(12 * index + 8)))
          : nil
      default: nil
      }
    }
    guard let element else { return false }
    stack[place + 1] = PolicyValue(int: UInt32(index + 1))
    stack[place + 2] = element
    return true
  }
}
