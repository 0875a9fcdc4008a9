// Values as `print` and `eval` show them.

extension PolicyInterpreter {
  mutating func write(_ value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute, to out: inout String) {
    switch value.kind {
    case .string, .bytestring, .path, .clist, .eclist, .lclist, .mask:
      let text = PolicyInterpreter.withBytes(value, arena.view, program, route) { PolicyText.describe(value.kind, $0) }
      out += text
    case .set, .prefixSet:
      if let place = program.sets[Int(value.low)] { out += program.describe(place) }
    default: out += PolicyText.describe(value)
    }
  }

  /// Runs a program that needs no route, and takes its value as a constant.
  package static func evaluate(_ program: PolicyProgram) -> Result<(constant: PolicyConstant, text: String), PolicyFault> {
    var interpreter = PolicyInterpreter()
    var route = PolicyRoute(
      prefix: Prefix(.unspecified, 0), attributes: RouteAttributes(AttributeHeader(source: .none, preference: 0)))
    return interpreter.evaluate(program, on: &route)
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
    var constant = PolicyConstant(PolicyType(value.kind), value)
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
    default: return "(\(value.kind))"
    }
  }

  /// RFC 4364 §4.2
  private static func routeDistinguisher(_ value: UInt64) -> String {
    let type = value >> 48
    if type == 1 { return "\(RouterID(rawValue: UInt32(truncatingIfNeeded: value >> 16))):\(value & 0xffff)" }
    if type == 2 { return "\(UInt32(truncatingIfNeeded: value >> 16)):\(value & 0xffff)" }
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
    case .bytestring: return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    case .path: return path(bytes)
    case .mask: return mask(PolicyMask(bytes))
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
      return "(\(kind) \(items.joined(separator: " ")))"
    default: return ""
    }
  }

  private static func path(_ bytes: UnsafeRawBufferPointer) -> String {
    var out = "(path "
    let path = PolicyPath(bytes)
    var separator = ""
    path.forEachSegment { segment in
      let asns = (0..<segment.count).map { String(path.asn(segment, $0)) }.joined(separator: " ")
      let (open, close) =
        switch segment.type {
        case PolicyPath.set: ("{ ", " }")
        case 3: ("( ", " )")
        case 4: ("({ ", " })")
        default: ("", "")
        }
      out += separator + open + asns + close
      separator = " "
      return true
    }
    return out + ")"
  }

  private static func mask(_ mask: PolicyMask) -> String {
    let items = (0..<mask.count).map { index in
      switch mask.kind(index) {
      case 1: "?"
      case 2: "*"
      case 3: "+"
      default: mask.low(index) == mask.high(index) ? "\(mask.low(index))" : "\(mask.low(index))..\(mask.high(index))"
      }
    }
    return "[= " + (items + ["=]"]).joined(separator: " ")
  }
}

extension PolicyProgram {
  /// A set as `eval` shows it: `[1, 2..5]`.
  func describe(_ place: PolicySetPlace) -> String {
    guard let set = set(at: place) else { return "[]" }
    return set.description
  }

  func set(at index: Int) -> PolicySet? { sets[index].flatMap { set(at: $0) } }

  /// The set as it was before it went into the pools.
  private func set(at place: PolicySetPlace) -> PolicySet? {
    let range = Int(place.start)..<Int(place.start + place.count)
    var element = PolicyType(place.element)
    element.enumeration = PolicyEnum(rawValue: place.enumeration) ?? .empty
    var set = PolicySet(of: element, [])
    set.boxes = (Int(place.boxStart)..<Int(place.boxStart + place.boxCount)).compactMap { boxes[$0] }
    if place.kind == .prefixSet {
      set.type = PolicyType(.prefixSet)
      set.nodes = range.compactMap { prefixNodes[$0] }
    } else if PolicySet.isShort(place.element) {
      set.ranges = range.compactMap { shortSpans[$0] }.map {
        PolicySet.Span(PolicySet.Key(low: UInt64($0.first)), PolicySet.Key(low: UInt64($0.last)))
      }
    } else {
      set.ranges = range.compactMap { spans[$0] }
    }
    return set
  }
}

extension PolicySet: CustomStringConvertible {
  package var description: String {
    func text(_ key: Key) -> String {
      PolicyText.describe(PolicyValue(type.element, high: key.high, low: key.low, detail: type.enumeration.rawValue))
    }
    var items = ranges.map { $0.first == $0.last ? text($0.first) : "\(text($0.first))..\(text($0.last))" }
    items += boxes.map { box in "(\(box.firstHigh)..\(box.lastHigh),\(box.firstLow)..\(box.lastLow))" }
    items += nodes.enumerated().filter { $0.element.lengthsHigh | $0.element.lengthsLow != 0 || $0.element.hostRoutes }
      .map { PolicySet.text($0.element, isIPv4: $0.element.address.isIPv4 && $0.element.length >= 96) }.sorted { $0.0 < $1.0 }.map { $0.1 }
    return "[\(items.joined(separator: ", "))]"
  }

  /// The node's network, and behind it the lengths it holds as an address: bit n−1 for length n.
  private static func text(_ node: PolicyPrefixNode, isIPv4: Bool) -> (Prefix, String) {
    let prefix = Prefix(node.address, isIPv4 ? node.length - 96 : node.length, isIPv4 ? .ipv4 : .ipv6)
    var high: UInt64 = 0
    var low: UInt64 = 0
    for length in UInt8(1)...128 where node.accepts(length) {
      if length <= 64 { high |= 1 << UInt64(64 - length) } else { low |= 1 << UInt64(128 - length) }
    }
    let mask = isIPv4 ? IPAddress(ipv4: UInt32(truncatingIfNeeded: low)) : IPAddress(high: high, low: low)
    return (prefix, "\(prefix){\(mask)}")
  }
}

extension PolicyInterpreter {
  /// The lines of the `bt_assert`s that were false in the last run.
  package func failedAssertionLines(of program: PolicyProgram) -> [Int32] {
    failedAssertions.compactMap { instruction in program.lines.last { $0.first <= instruction }?.line }
  }
}
