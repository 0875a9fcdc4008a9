import RouteCore

/// Reads `flow4 { … }` and `flow6 { … }`: flow specifications (RFC 8955, RFC 8956) as values of the filter language. Our tables hold
/// none; they can be compared and shown, and have a source and a destination.
struct FlowParser {
  private let parser: Parser
  private var family = AddressFamily.ipv4
  private var destination: Prefix?
  private var source: Prefix?
  /// By the number of the component.
  private var components: [Int: String] = [:]

  init(_ parser: Parser) { self.parser = parser }

  /// The words of a component, its number, and the greatest value.
  private static let numeric: [(words: [String], number: Int, maximum: UInt32)] = [
    (["proto"], 3, 0xff), (["next", "header"], 3, 0xff), (["port"], 4, 0xffff), (["dport"], 5, 0xffff), (["sport"], 6, 0xffff),
    (["icmp", "type"], 7, 0xff), (["icmp", "code"], 8, 0xff), (["length"], 10, 0xffff), (["dscp"], 11, 0x3f), (["label"], 13, .max),
  ]
  private static let operators: [(Token.Punctuation, String)] = [
    (.equal, ""), (.notEqual, "!= "), (.less, "< "), (.lessOrEqual, "<= "), (.greater, "> "), (.greaterOrEqual, ">= "),
  ]
  private static let fragments = ["dont_fragment", "is_fragment", "first_fragment", "last_fragment"]

  mutating func specification() throws(ParseFailure) -> PolicyNetwork {
    family = parser.advance().is("flow4") ? .ipv4 : .ipv6
    try parser.expect(.braceOpen)
    while !parser.take(.braceClose) {
      try component()
      try parser.expect(.semicolon)
    }
    let parts = components.sorted { $0.key < $1.key }.map { $0.value + "; " }.joined()
    return .flow(family, destination: destination, source: source, text: "\(family == .ipv4 ? "flow4" : "flow6") { \(parts)}")
  }

  private mutating func set(_ number: Int, _ text: String, at token: Token) {
    if components[number] != nil { parser.report("The component is there already", at: token) }
    components[number] = text
  }

  private mutating func component() throws(ParseFailure) {
    let token = parser.peek
    if parser.peek.is("dst") || parser.peek.is("src") {
      let isDestination = parser.advance().is("dst")
      let prefix = try parser.prefix()
      if prefix.family != family { parser.report("this is no \(family) prefix", at: parser.previous) }
      var text = "\(isDestination ? "dst" : "src") \(prefix)"
      if family == .ipv6, parser.take("offset") {
        let offset = try parser.number(in: 0...prefix.length, "offset")
        if offset > 0 { text += " offset \(offset)" }
      }
      if isDestination { destination = prefix } else { source = prefix }
      return set(isDestination ? 1 : 2, text, at: token)
    }
    if parser.take(["tcp", "flags"]) { return set(9, "tcp flags " + (try masks { () throws(ParseFailure) in try flags() }), at: token) }
    if parser.take("fragment") { return set(12, "fragment " + (try masks { () throws(ParseFailure) in try fragment() }), at: token) }
    for entry in FlowParser.numeric where parser.take(entry.words) {
      return set(entry.number, "\(entry.words.joined(separator: " ")) \(try numbers(entry.maximum))", at: token)
    }
    throw parser.unexpected(
      "a component of a flow", hint: "dst, src, proto, port, dport, sport, icmp type, icmp code, tcp flags, length, dscp or fragment")
  }

  /// `> 24 && < 30 || 40..50, 60`
  private func numbers(_ maximum: UInt32) throws(ParseFailure) -> String {
    var out = ""
    var isPlain = false
    var separator = ""
    while true {
      var (text, plain) = try number(maximum)
      // What is no comparison is listed with commas.
      if separator == "|| ", isPlain, plain {
        out.removeLast()
        separator = ","
      }
      if separator == "&& " { plain = false }
      text = separator + text
      out += text
      isPlain = plain
      switch parser.peek.kind {
      case .punctuation(.and): separator = "&& "
      case .punctuation(.or): separator = "|| "
      case .punctuation(.comma): separator = ","
      default: return out
      }
      parser.advance()
      if separator != "," { out += " " }
    }
  }

  /// One comparison, number or range; whether it is no comparison.
  private func number(_ maximum: UInt32) throws(ParseFailure) -> (String, Bool) {
    for word in ["true", "false"] where parser.take(word) { return ("\(word) \(try parser.number(in: 0...maximum, word))", false) }
    for (sign, text) in FlowParser.operators where parser.take(sign) {
      return (text + "\(try parser.number(in: 0...maximum, sign.rawValue))", sign == .equal)
    }
    let first = try parser.number(in: 0...maximum, "the component")
    guard parser.take(.dotDot) else { return ("\(first)", true) }
    return ("\(first)..\(try parser.number(in: 0...maximum, "the component"))", true)
  }

  /// Matches of bits, joined by `&&`, `||`, or a comma, which is `&&` too.
  private func masks(_ one: () throws(ParseFailure) -> String) throws(ParseFailure) -> String {
    var out = try one()
    while true {
      if parser.take(.or) {
        out += " || "
      } else if parser.take(.and) || parser.take(.comma) {
        out += " && "
      } else {
        return out
      }
      out += try one()
    }
  }

  /// `0x03/0x0f`: some bits set, the others of the mask not.
  private func flags() throws(ParseFailure) -> String {
    let isNegated = parser.take(.not)
    let token = parser.peek
    let value = try parser.number(in: 0...UInt32(0xffff), "tcp flags")
    try parser.expect(.slash)
    let mask = try parser.number(in: 0...UInt32(0xfff), "the mask of tcp flags")
    if value & ~mask != 0 { parser.report("The value has bits that are not in the mask", at: token) }
    if isNegated, value != 0, value != mask { parser.report("For negation, value must be zero or bitmask", at: token) }
    let sign = isNegated ? "!" : ""
    func hex(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }
    var parts: [String] = []
    if value != 0 { parts.append("\(sign)\(hex(value))/\(hex(value))") }
    let clear = ~value & mask
    if clear != 0 { parts.append("\(sign)0x0/\(hex(clear))") }
    return parts.joined(separator: " && ")
  }

  private func fragment() throws(ParseFailure) -> String {
    let sign = parser.take(.not) ? "!" : ""
    for word in FlowParser.fragments where parser.take(word) { return sign + word }
    throw parser.unexpected("a fragment's kind", hint: FlowParser.fragments.joined(separator: ", "))
  }
}
