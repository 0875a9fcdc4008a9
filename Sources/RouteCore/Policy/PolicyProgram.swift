// How a filter runs
//
// The configuration's filter language is parsed and type-checked in Configuration/Filter, which gives a typed tree. From it the
// `PolicyProgramBuilder` makes a `PolicyProgram`: instructions of eight bytes for a stack machine, and pools of constants, set ranges
// and trie nodes, all flat and trivially copyable. The `PolicyInterpreter` runs it over a `PolicyRoute`. Scalars live in the operand
// stack; paths, lists and strings are byte ranges that stay where they are (in the program or the route's records) until something
// changes them, and then go to an arena that is emptied with each run. So scalar work and matching allocate nothing and touch no
// reference count. Every run is bounded in instructions, stack, calls and arena.

/// A checked, typed filter, compiled to compact bytecode. Immutable and shared by all channels that use it; equal programs do the same.
public final class PolicyProgram: @unchecked Sendable {
  // Unchecked: the pools are pointers, but nothing changes them between `init` and `deinit`.
  let code: PolicyPool<PolicyInstruction>
  let constants: PolicyPool<PolicyValue>
  let bytes: PolicyPool<UInt8>
  let sets: PolicyPool<PolicySetPlace>
  let shortSpans: PolicyPool<PolicySet.ShortSpan>
  let spans: PolicyPool<PolicySet.Span>
  let boxes: PolicyPool<PolicySet.Box>
  let prefixNodes: PolicyPool<PolicyPrefixNode>
  let prefixTests: PolicyPool<PolicyPrefixTest>
  let functions: PolicyPool<PolicyFunctionEntry>
  /// The sets as they were written, if the program shows any.
  let keptSets: [PolicySet]
  /// What `roa_check` asks.
  let roaTables: [PolicyROATable]
  /// The locals of the filter itself.
  let frameSize: Int
  /// Where instructions come from, by the first of each run.
  let lines: [PolicyLine]
  let files: [String]
  /// What the program reads and writes.
  public let effects: Effects

  /// What a program may read and write on any of its ways; whoever runs it prepares the route accordingly.
  public struct Effects: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The verdict may differ between prefixes with the same attributes, in more than a few conditions.
    @inlinable public static var readsPrefix: Effects { Effects(rawValue: 1) }
    /// `gw`, `ifname`, `ifindex`, `weight` and others, or `dest` of 1.6: fill the route's next hop.
    @inlinable public static var readsNextHop: Effects { Effects(rawValue: 2) }
    /// `proto`: fill `PolicyRoute.protocolName`.
    @inlinable public static var readsProtocol: Effects { Effects(rawValue: 4) }
    /// `igp_metric`: fill `PolicyRoute.igpMetric`.
    @inlinable public static var readsIGPMetric: Effects { Effects(rawValue: 8) }
    /// Anything in the attributes' header or records.
    @inlinable public static var readsAttributes: Effects { Effects(rawValue: 16) }
    /// Sets or deletes something in the attributes' header or records.
    @inlinable public static var writesAttributes: Effects { Effects(rawValue: 32) }
    /// Sets where the route goes: `gw`, `ifname`, `dest`, `weight` and others.
    @inlinable public static var writesNextHop: Effects { Effects(rawValue: 64) }
    /// Says something for each route: one verdict must not stand for many.
    @inlinable public static var prints: Effects { Effects(rawValue: 128) }
    /// The prefix matters only in tests (`PolicyPrefixTest`).
    @inlinable public static var testsPrefix: Effects { Effects(rawValue: 512) }
    /// Custom attributes of the 2.x language.
    @inlinable public static var usesCustomAttributes: Effects { Effects(rawValue: 256) }
  }

  /// Whether the prefix matters to the verdict in any way, tests included.
  @inlinable public var readsPrefix: Bool { !effects.isDisjoint(with: [.readsPrefix, .testsPrefix]) }
  /// Whether the route's next hop has to be filled in.
  @inlinable public var readsNextHop: Bool { effects.contains(.readsNextHop) }
  /// Whether attributes may come out changed.
  @inlinable public var writesAttributes: Bool { effects.contains(.writesAttributes) }
  /// Whether the next hop may come out changed.
  @inlinable public var writesNextHop: Bool { effects.contains(.writesNextHop) }
  /// Whether routes with equal attributes, protocol and next hop get the same verdict and changes, whatever their prefix.
  @inlinable public var isUniformOverPrefixes: Bool { effects.isDisjoint(with: [.readsPrefix, .testsPrefix, .prints]) }
  /// The same for prefixes with the same outcomes of the tests that a run comes to.
  @inlinable public var isUniformOverOutcomes: Bool { effects.isDisjoint(with: [.readsPrefix, .prints]) }

  init(_ builder: PolicyProgramBuilder) {
    code = PolicyPool(builder.code)
    constants = PolicyPool(builder.constants)
    bytes = PolicyPool(builder.bytes)
    sets = PolicyPool(builder.sets)
    shortSpans = PolicyPool(builder.shortSpans)
    spans = PolicyPool(builder.spans)
    boxes = PolicyPool(builder.boxes)
    prefixNodes = PolicyPool(builder.prefixNodes)
    prefixTests = PolicyPool(builder.prefixTests)
    functions = PolicyPool(builder.functions)
    keptSets = builder.keptSets
    roaTables = builder.roaTables
    frameSize = builder.frameSize
    lines = builder.lines
    files = builder.files
    effects = builder.effects
  }

  /// The file and line an instruction comes from.
  func place(of instruction: UInt32) -> (file: String, line: Int32)? {
    guard let line = lines.last(where: { $0.first <= instruction }), files.indices.contains(Int(line.file)) else { return nil }
    return (files[Int(line.file)], line.line)
  }

  /// A failure in words, with the file and line, for the log. `name` is the filter's.
  public func describe(_ fault: PolicyFault, filter name: String?) -> String {
    if fault.reason == .noVerdict {
      return "Filter \(name ?? "(unnamed)") did not return accept nor reject. Make up your mind"
    }
    guard let (file, line) = place(of: fault.instruction) else { return "filters: \(fault.reason.text)" }
    return "filters, \(file) line \(line): \(fault.reason.text)"
  }
}

extension PolicyProgram: Hashable {
  /// Two programs are equal if they do the same in the same way; the lines they were written on do not count.
  public static func == (a: PolicyProgram, b: PolicyProgram) -> Bool { a.isSame(as: b) && a.roaTables == b.roaTables }

  /// Whether two programs do the same, if the tables of authorizations that they ask hold the same.
  private func isSame(as b: PolicyProgram) -> Bool {
    let a = self
    if a === b { return true }
    return a.frameSize == b.frameSize && a.effects == b.effects && a.code.isEqual(to: b.code) && a.constants.isEqual(to: b.constants)
      && a.bytes.isEqual(to: b.bytes) && a.sets.isEqual(to: b.sets) && a.shortSpans.isEqual(to: b.shortSpans)
      && a.spans.isEqual(to: b.spans) && a.boxes.isEqual(to: b.boxes) && a.prefixNodes.isEqual(to: b.prefixNodes)
      && a.prefixTests.isEqual(to: b.prefixTests) && a.functions.isEqual(to: b.functions)
  }

  /// The same, with tables of the same names whatever they hold.
  package func isSameBesidesAuthorizations(as other: PolicyProgram) -> Bool {
    isSame(as: other) && roaTables.map { $0.name } == other.roaTables.map { $0.name }
  }

  /// Whether the program asks the table.
  package func asks(_ table: PolicyROATable) -> Bool { roaTables.contains { $0 === table } }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(code.count)
    for instruction in code.buffer.prefix(64) { hasher.combine(instruction) }
  }
}

/// Where a function begins and what its frame holds.
struct PolicyFunctionEntry: BitwiseCopyable, Hashable, Sendable {
  var entry: UInt32
  var arguments: UInt16
  /// Arguments and locals.
  var frameSize: UInt16
}

/// From instruction `first` on, code comes from this line.
struct PolicyLine: Hashable, Sendable {
  var first: UInt32
  var file: Int32
  var line: Int32
}

extension PolicyFault.Reason {
  /// For the log.
  public var text: String {
    switch self {
    case .noVerdict: "the filter did not return accept nor reject"
    case .errorCommand: "error called"
    case .notBool: "a boolean expression is required"
    case .incompatible: "can't compare values of different types, or an undefined one"
    case .notInteger: "can't operate with values of non-integer type, or an undefined one"
    case .divisionByZero: "division by zero"
    case .badMatch: "~ applied on a pair of types it does not know, or on an undefined value"
    case .badMember: "the value has no such member, or is undefined"
    case .outOfRange: "value out of bounds"
    case .invalidHex: "the text is not of pairs of hexadecimal digits"
    case .readOnly: "the attribute cannot be set to that"
    case .invalidValue: "the value has the wrong type, or is undefined"
    case .stackOverflow: "functions are nested too deeply"
    case .tooLong: "the filter takes too many steps"
    case .tooMuchMemory: "the filter makes too much data"
    case .badProgram: "the program is damaged"
    case .quitCommand: "quitbird called (routed goes on)"
    case .missingPath: "Missing AS_PATH attribute"
    case .noSuchNextHop: "no such interface, or a gateway that is on no link"
    }
  }
}
