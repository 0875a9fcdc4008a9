/// Collects instructions and constants, and makes a program of them. The compiler in Configuration drives it.
package struct PolicyProgramBuilder {
  var code: [PolicyInstruction] = []
  var constants: [PolicyValue] = []
  var bytes: [UInt8] = []
  var sets: [PolicySetPlace] = []
  var shortSpans: [PolicySet.ShortSpan] = []
  var spans: [PolicySet.Span] = []
  var boxes: [PolicySet.Box] = []
  var prefixNodes: [PolicyPrefixNode] = []
  var prefixTests: [PolicyPrefixTest] = []
  var functions: [PolicyFunctionEntry] = []
  var lines: [PolicyLine] = []
  var files: [String] = []
  package var frameSize = 0
  /// The program shows sets, or gives them back: it needs them as they were written.
  package var showsSets = false
  var keptSets: [PolicySet] = []
  var roaTables: [PolicyROATable] = []
  package var effects: PolicyProgram.Effects = []

  private var constantIndices: [PolicyConstant: UInt32] = [:]
  private var setIndices: [PolicySet: Int] = [:]

  package init() {}

  /// Where the next instruction goes.
  package var position: UInt32 { UInt32(truncatingIfNeeded: code.count) }

  @discardableResult
  package mutating func emit(_ operation: PolicyOperation, a: UInt8 = 0, b: UInt16 = 0, c: UInt32 = 0) -> UInt32 {
    code.append(PolicyInstruction(operation: operation, a: a, b: b, c: c))
    return position - 1
  }

  package mutating func emit(_ constant: PolicyConstant) { emit(.constant, c: index(of: constant)) }

  /// `ATTRIBUTE ~ constant`, or the other way round, in one step; false if the constant's number does not fit in it.
  package mutating func emitMatch(_ operation: PolicyOperation, _ key: AttributeKey, _ kind: PolicyKind, _ constant: PolicyConstant) -> Bool
  {
    guard let index = UInt16(exactly: index(of: constant)) else { return false }
    emit(operation, a: kind.rawValue, b: index, c: UInt32(key.rawValue))
    return true
  }

  package mutating func emitJumpIfIn(_ set: PolicySet) -> UInt32 {
    let index = index(of: set)
    return emit(.jumpIfIn, a: UInt8(truncatingIfNeeded: index >> 16), b: UInt16(truncatingIfNeeded: index))
  }

  /// Lets a jump lead to the next instruction.
  package mutating func land(_ jump: UInt32) { if code.indices.contains(Int(jump)) { code[Int(jump)].c = position } }

  /// The instructions from here on come from this line.
  package mutating func mark(file: String, line: Int32) {
    let index: Int
    if let known = files.lastIndex(of: file) {
      index = known
    } else {
      index = files.count
      files.append(file)
    }
    if let last = lines.last, last.file == Int32(index), last.line == line { return }
    lines.append(PolicyLine(first: position, file: Int32(truncatingIfNeeded: index), line: line))
  }

  /// Makes room for a function, so that it can be called before its code is there.
  package mutating func declareFunction(arguments: Int) -> UInt32 {
    functions.append(PolicyFunctionEntry(entry: 0, arguments: UInt16(truncatingIfNeeded: arguments), frameSize: 0))
    return UInt32(functions.count - 1)
  }

  /// The function's code begins here.
  package mutating func beginFunction(_ index: UInt32, frameSize: Int) {
    guard functions.indices.contains(Int(index)) else { return }
    functions[Int(index)].entry = position
    functions[Int(index)].frameSize = UInt16(truncatingIfNeeded: frameSize)
  }

  package mutating func index(of constant: PolicyConstant) -> UInt32 {
    if let known = constantIndices[constant] { return known }
    var value = constant.value
    if let set = constant.set {
      value = PolicyValue(set: index(of: set), set.type.kind)
    } else if value.kind.isBytes {
      value = PolicyValue(value.kind, .program, bytes.count..<(bytes.count + constant.bytes.count))
      bytes += constant.bytes
    }
    constants.append(value)
    let index = UInt32(constants.count - 1)
    constantIndices[constant] = index
    return index
  }

  private mutating func index(of set: PolicySet) -> Int {
    if let known = setIndices[set] { return known }
    var place = PolicySetPlace(
      kind: set.type.kind, element: set.type.element, enumeration: set.type.enumeration.rawValue, start: 0, count: 0,
      boxStart: UInt32(boxes.count), boxCount: UInt32(set.boxes.count))
    boxes += set.boxes
    if set.type.kind == .prefixSet {
      place.start = UInt32(prefixNodes.count)
      let nodes = PolicyPrefixTrie(set.patterns).nodes
      place.count = UInt32(nodes.count)
      prefixNodes += nodes
    } else if PolicySet.isShort(set.type.element) {
      place.start = UInt32(shortSpans.count)
      place.count = UInt32(set.ranges.count)
      shortSpans += set.ranges.map {
        PolicySet.ShortSpan(first: UInt32(truncatingIfNeeded: $0.first.low), last: UInt32(truncatingIfNeeded: $0.last.low))
      }
    } else {
      place.start = UInt32(spans.count)
      place.count = UInt32(set.ranges.count)
      spans += set.ranges
    }
    sets.append(place)
    setIndices[set] = sets.count - 1
    return sets.count - 1
  }

  /// The number of a table of authorizations.
  package mutating func index(of table: PolicyROATable) -> UInt32 {
    if let known = roaTables.firstIndex(where: { $0 === table }) { return UInt32(known) }
    roaTables.append(table)
    return UInt32(roaTables.count - 1)
  }

  package mutating func finish() -> PolicyProgram {
    if showsSets { keptSets = setIndices.sorted { $0.value < $1.value }.map({ $0.key }) }
    return PolicyProgram(self)
  }
}
