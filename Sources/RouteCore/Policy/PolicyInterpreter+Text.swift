// Values as `print` and `eval` show them.

extension PolicyInterpreter {
  mutating func write(_ value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute, to out: inout String) {
    switch value.kind {
    case .string, .bytestring, .network, .path, .clist, .eclist, .lclist, .mask:
      let text = PolicyInterpreter.withBytes(value, arena.view, program, route) { PolicyText.describe(value.kind, $0) }
      out += text
    case .set, .prefixSet:
      if let set = program.set(at: Int(value.low)) { out += set.description }
    default: out += PolicyText.describe(value)
    }
  }

  /// Runs a program that ends with a value on the stack and takes it as a constant: the terms of `define`, options and `eval`.
  package mutating func evaluate(
    _ program: PolicyProgram, on route: inout PolicyRoute
  ) -> Result<(constant: PolicyConstant, text: String), PolicyFault> {
    switch run(program, on: &route) {
    case .failed(let fault): return .failure(fault)
    case .accept, .reject: break
    }
    let value = stack.pop()
    var text = ""
    write(value, program, &route, to: &text)
    var constant = PolicyConstant(PolicyType(value.kind == .network ? .prefix : value.kind), value)
    if value.kind == .enumeration { constant.type.enumeration = PolicyEnum(rawValue: value.detail) ?? .empty }
    if value.kind.isBytes {
      constant.value = PolicyValue(value.kind)
      constant.bytes = PolicyInterpreter.withBytes(value, arena.view, program, route) { Array($0) }
    } else if value.kind == .set || value.kind == .prefixSet {
      guard let set = program.set(at: Int(value.low)) else {
        return .failure(PolicyFault(reason: .badProgram, instruction: 0))
      }
      constant = PolicyConstant(set)
    }
    return .success((constant, text))
  }
}

extension PolicyFault: Error {}

enum PolicyText {
  static func describe(_ value: PolicyValue) -> String {
    switch value.kind {
    case .void: return "(void)"
    case .bool: return value.isTrue ? "TRUE" : "FALSE"
    case .int: return "\(value.word)"
    case .pair: return "(\(value.word >> 16),\(value.word & 0xffff))"
    case .quad: return "\(RouterID(rawValue: value.word))"
    case .ip: return "\(value.address)"
    case .prefix: return "\(value.prefix)"
    case .rd: return routeDistinguisher(value.low)
    case .ec: return extended(value.low)
    case .lc: return "(\(UInt32(truncatingIfNeeded: value.high)), \(value.low >> 32), \(value.word))"
    case .enumeration: return "(enum \(String(value.detail, radix: 16)))\(value.low)"
    default: return "(\(PolicyType(value.kind)))"
    }
  }

  /// RFC 4364 §4.2
  static func routeDistinguisher(_ value: UInt64) -> String {
    let type = value >> 48
    if type == 1 { return "\(RouterID(rawValue: UInt32(truncatingIfNeeded: value >> 16))):\(value & 0xffff)" }
    if type == 2 {
      let asn = UInt32(truncatingIfNeeded: value >> 16)
      return "\(asn <= 0xffff ? "2:" : "")\(asn):\(value & 0xffff)"
    }
    return "\(value >> 32 & 0xffff):\(UInt32(truncatingIfNeeded: value))"
  }

  static func extended(_ value: UInt64) -> String {
    let type = value >> 56 & 0xff
    let subtype = value >> 48 & 0xff
    let name = subtype == 2 ? "rt" : subtype == 3 ? "ro" : nil
    switch type & 0xbf {
    case 0x00, 0x01, 0x02:
      let label = type & 0x40 == 0 ? name : nil
      let kind = label ?? "unknown 0x\(String(value >> 48, radix: 16))"
      if type & 0x3f == 0 { return "(\(kind), \(value >> 32 & 0xffff), \(UInt32(truncatingIfNeeded: value)))" }
      let key = UInt32(truncatingIfNeeded: value >> 16)
      let text = type & 0x3f == 1 ? RouterID(rawValue: key).description : String(key)
      return "(\(kind), \(text), \(value & 0xffff))"
    default:
      return "(generic, 0x\(String(value >> 32, radix: 16)), 0x\(String(UInt32(truncatingIfNeeded: value), radix: 16)))"
    }
  }

  static func describe(_ kind: PolicyKind, _ bytes: UnsafeRawBufferPointer) -> String {
    switch kind {
    case .string: return String(decoding: bytes, as: UTF8.self)
    case .bytestring: return PolicyBytestring.describe(bytes)
    case .path: return path(bytes)
    case .mask: return mask(PolicyMask(bytes))
    case .network: return PolicyNetworkBytes(bytes).text
    case .clist, .eclist, .lclist:
      let size = PolicyCommunity.size(kind)
      let items = stride(from: 0, to: bytes.count - bytes.count % size, by: size).map { offset in
        let words = PolicyCommunity(bytes, offset, size).words
        switch kind {
        case .eclist: return extended(UInt64(words.0) << 32 | UInt64(words.1))
        case .lclist: return "(\(words.0), \(words.1), \(words.2))"
        default: return "(\(words.0 >> 16),\(words.0 & 0xffff))"
        }
      }
      return "(\(PolicyType(kind)) \(items.joined(separator: " ")))"
    default: return ""
    }
  }

  private static func path(_ bytes: UnsafeRawBufferPointer) -> String {
    var out = "(path "
    let path = ASPath(bytes)
    var separator = ""
    var segments = path.segments
    while let segment = segments.next() {
      let asns = (0..<segment.count).map { String(path.number($0, of: segment)) }.joined(separator: " ")
      let (open, close) =
        switch segment.type {
        case .set: ("{ ", " }")
        case .confederationSequence: ("( ", " )")
        case .confederationSet: ("({ ", " })")
        default: ("", "")
        }
      out += separator + open + asns + close
      separator = " "
    }
    return out + ")"
  }

  private static func mask(_ mask: PolicyMask) -> String {
    var items: [String] = []
    mask.forEachItem { offset, _ in
      switch mask.kind(offset) {
      case 1: items.append("?")
      case 2: items.append("*")
      case 3: items.append("+")
      case 4: items.append("[\(mask.members(offset).map { $0 == $1 ? "\($0)" : "\($0)..\($1)" }.joined(separator: ", "))]")
      default: items.append(mask.low(offset) == mask.high(offset) ? "\(mask.low(offset))" : "\(mask.low(offset))..\(mask.high(offset))")
      }
    }
    return "[= " + (items + ["=]"]).joined(separator: " ")
  }
}

extension PolicyProgram {
  /// A set as it was written; nil if the program shows none.
  func set(at index: Int) -> PolicySet? { keptSets.indices.contains(index) ? keptSets[index] : nil }
}

extension PolicyInterpreter {
  /// The `bt_assert`s that were false in the last run, with their places and texts, each once.
  package func failedAssertions(of program: PolicyProgram) -> [(file: String, line: Int32, text: String)] {
    var seen: Set<UInt32> = []
    return failedAssertions.compactMap { instruction in
      guard seen.insert(instruction).inserted, let place = program.place(of: instruction), let step = program.code[Int(instruction)] else {
        return nil
      }
      let text = program.constants[Int(step.c)].map { value in
        PolicyInterpreter.withBytes(value, arena.view, program, PolicyRoute.none) { String(decoding: $0, as: UTF8.self) }
      }
      return (place.file, place.line, text ?? "")
    }
  }
}
