// Comparison, `~` and arithmetic.

extension PolicyInterpreter {
  /// `=`: values of different types are different, and an undefined one equals only another.
  @inline(__always)
  mutating func isSame(_ a: PolicyValue, _ b: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute) -> Bool {
    if a.kind != b.kind {
      guard let left = a.quad, let right = b.quad else { return false }
      return left == right
    }
    switch a.kind {
    case .void: return true
    case .bool, .int, .pair, .quad, .ec, .rd: return a.low == b.low
    case .enumeration: return a.low == b.low && a.detail == b.detail
    case .lc: return a.low == b.low && a.high == b.high
    case .ip: return a.address == b.address || a.address.isUnspecified && b.address.isUnspecified
    case .prefix: return a.address == b.address && a.length == b.length && a.detail == b.detail
    case .set, .prefixSet: return a.low == b.low
    case .any: return false
    default: return order(a, b, program, &route) == 0
    }
  }

  /// Negative, zero or positive; nil if the two cannot be put in an order.
  mutating func order(_ a: PolicyValue, _ b: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute) -> Int? {
    if a.kind != b.kind {
      if let left = networkType(a, program, route), let right = networkType(b, program, route) { return left - right }
      guard let left = a.quad, let right = b.quad else { return nil }
      return left < right ? -1 : left > right ? 1 : 0
    }
    switch a.kind {
    case .bool, .int, .pair, .quad, .ec, .rd: return a.low < b.low ? -1 : a.low > b.low ? 1 : 0
    case .enumeration: return a.detail != b.detail ? nil : a.low < b.low ? -1 : a.low > b.low ? 1 : 0
    case .lc, .ip: return a.address < b.address ? -1 : b.address < a.address ? 1 : 0
    case .prefix: return a.prefix < b.prefix ? -1 : b.prefix < a.prefix ? 1 : 0
    case .string, .bytestring, .network, .path, .clist, .eclist, .lclist, .mask:
      return PolicyInterpreter.withBytes(a, arena.view, program, route) { left in
        PolicyInterpreter.withBytes(b, arena.view, program, route) { right in
          for index in 0..<min(left.count, right.count) where left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
          return left.count - right.count
        }
      }
    default: return nil
    }
  }

  /// The number of a network's type, by which networks of different types are ordered.
  private func networkType(_ value: PolicyValue, _ program: PolicyProgram, _ route: borrowing PolicyRoute) -> Int? {
    if value.kind == .prefix { return value.family == .ipv4 ? 1 : 2 }
    guard value.kind == .network else { return nil }
    return PolicyInterpreter.withBytes(value, arena.view, program, route) { Int(PolicyNetworkBytes($0).type) }
  }

  mutating func compare(_ operation: PolicyOperation, _ program: PolicyProgram, _ route: inout PolicyRoute) {
    let right = stack.pop()
    let left = stack.pop()
    // Paths, lists and bytestrings are equal or not, but none is less than another.
    guard !left.kind.hasEmptyValue, left.kind != .mask, left.kind != .bytestring, let order = order(left, right, program, &route) else {
      failure = .incompatible
      return
    }
    switch operation {
    case .less: stack.push(PolicyValue(order < 0))
    case .lessOrEqual: stack.push(PolicyValue(order <= 0))
    case .greater: stack.push(PolicyValue(order > 0))
    default: stack.push(PolicyValue(order >= 0))
    }
  }

  /// Unsigned, modulo 2^32.
  mutating func calculate(_ operation: PolicyOperation) {
    let right = stack.pop()
    let left = stack.pop()
    guard left.kind == .int, right.kind == .int else {
      failure = .notInteger
      return
    }
    switch operation {
    case .add: stack.push(PolicyValue(int: left.word &+ right.word))
    case .subtract: stack.push(PolicyValue(int: left.word &- right.word))
    case .multiply: stack.push(PolicyValue(int: left.word &* right.word))
    default: if right.word == 0 { failure = .divisionByZero } else { stack.push(PolicyValue(int: left.word / right.word)) }
    }
  }

  /// Whether a scalar or prefix is in a set; nil if the set is of something else.
  @inline(__always)
  static func isMember(_ value: PolicyValue, _ program: PolicyProgram, _ index: Int) -> Bool? {
    guard let place = program.sets[index] else { return nil }
    if place.element == .any, place.kind == .set { return false }
    switch value.kind {
    case .int, .pair, .quad: if place.element == value.kind { return program.contains(value.word, in: place) }
    case .enumeration:
      if place.element == .enumeration, place.enumeration == value.detail { return program.contains(value.word, in: place) }
    case .ec, .rd: if place.element == value.kind { return program.contains(PolicySet.Key(low: value.low), in: place) }
    case .lc: if place.element == value.kind { return program.contains(PolicySet.Key(high: value.high, low: value.low), in: place) }
    case .ip:
      if place.element == .ip { return program.contains(PolicySet.Key(high: value.high, low: value.low), in: place) }
      if place.element == .quad, let quad = value.quad { return program.contains(quad, in: place) }
      if place.kind == .prefixSet { return program.contains(Prefix(host: value.address), in: place) }
    case .prefix: if place.kind == .prefixSet { return program.contains(value.prefix, in: place) }
    default: break
    }
    // Quads are written like addresses in 2.x.
    if value.kind == .quad, place.element == .ip {
      let address = IPAddress(ipv4: value.word)
      return program.contains(PolicySet.Key(high: address.high, low: address.low), in: place)
    }
    return nil
  }

  /// `left ~ right`; nil if the operator does not know the pair.
  @inline(__always)
  mutating func matches(_ left: PolicyValue, _ right: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute) -> Bool? {
    switch right.kind {
    case .set, .prefixSet:
      if left.kind == .network { return networkMatches(left, right, program, &route) }
      if left.kind.isBytes { return listMatches(left, program, Int(right.low), &route) }
      return PolicyInterpreter.isMember(left, program, Int(right.low))
    case .string:
      guard left.kind == .string else { return nil }
      return PolicyInterpreter.withBytes(left, arena.view, program, route) { text in
        PolicyInterpreter.withBytes(right, arena.view, program, route) { text.matches(glob: $0) }
      }
    case .prefix, .network:
      if left.kind == .network || right.kind == .network { return networkMatches(left, right, program, &route) }
      if left.kind == .prefix { return right.prefix.contains(left.prefix) }
      if left.kind == .ip { return left.address.family == right.family && right.prefix.contains(left.address) }
      return nil
    case .mask:
      guard left.kind == .path else { return nil }
      return PolicyInterpreter.withBytes(left, arena.view, program, route) { path in
        PolicyInterpreter.withBytes(right, arena.view, program, route) { PolicyMask($0).matches(ASPath(path)) }
      }
    case .path:
      guard left.kind == .int else { return nil }
      return PolicyInterpreter.withBytes(right, arena.view, program, route) { bytes in
        ASPath(bytes).contains { $0 == left.word }
      }
    case .clist, .eclist, .lclist: return listContains(right, left, program, &route)
    default: return nil
    }
  }

  /// `~` with a network of another kind on one side: only those of one kind contain each other, but prefix sets look at the prefix of
  /// all but flow specifications.
  private mutating func networkMatches(
    _ left: PolicyValue, _ right: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute
  ) -> Bool? {
    let arena = arena.view
    if right.kind == .network {
      return PolicyInterpreter.withBytes(right, arena, program, route) { bytes in
        let network = PolicyNetworkBytes(bytes)
        if left.kind == .ip { return left.address.family == network.prefix.family && network.prefix.contains(left.address) }
        if left.kind == .prefix { return false }
        guard left.kind == .network else { return nil }
        return PolicyInterpreter.withBytes(left, arena, program, route) {
          PolicyNetworkBytes($0).type == network.type && network.prefix.contains(PolicyNetworkBytes($0).prefix)
        }
      }
    }
    if right.kind == .prefix { return false }
    guard let place = program.sets[Int(right.low)], place.kind == .prefixSet || place.element == .any else { return nil }
    guard place.kind == .prefixSet else { return false }
    return PolicyInterpreter.withBytes(left, arena, program, route) { bytes in
      let network = PolicyNetworkBytes(bytes)
      return !network.isFlow && network.type != 10 && program.contains(network.prefix, in: place)
    }
  }

  /// Whether a list contains one community.
  private mutating func listContains(
    _ list: PolicyValue, _ value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute
  ) -> Bool? {
    guard let community = PolicyCommunity(value, in: list.kind) else { return nil }
    return PolicyInterpreter.withBytes(list, arena.view, program, route) { community.isIn($0) }
  }

  /// Whether any element of a list or path is in a set.
  private mutating func listMatches(_ list: PolicyValue, _ program: PolicyProgram, _ index: Int, _ route: inout PolicyRoute) -> Bool? {
    guard let place = program.sets[index], PolicyInterpreter.canFilter(list.kind, by: place) else { return nil }
    return PolicyInterpreter.withBytes(list, arena.view, program, route) { bytes in
      if list.kind == .path { return ASPath(bytes).contains { program.contains($0, in: place) } }
      let size = PolicyCommunity.size(list.kind)
      var offset = 0
      while offset &+ size <= bytes.count {
        if program.contains(communityAt: offset, of: bytes, size, in: place) { return true }
        offset &+= size
      }
      return false
    }
  }

  /// Whether a set is of what a list consists of.
  static func canFilter(_ kind: PolicyKind, by place: PolicySetPlace) -> Bool {
    if place.kind == .set, place.element == .any { return true }
    switch kind {
    case .path: return place.element == .int
    case .clist: return place.element == .pair || place.element == .quad || place.element == .ip
    case .eclist: return place.element == .ec
    case .lclist: return place.element == .lc
    default: return false
    }
  }
}

/// One community of any kind as the bytes it has in a list.
struct PolicyCommunity {
  var words: (UInt32, UInt32, UInt32)
  var size: Int

  static func size(_ kind: PolicyKind) -> Int {
    switch kind {
    case .eclist: 8
    case .lclist: 12
    default: 4
    }
  }

  /// Nil if the value is not an element of such a list.
  init?(_ value: PolicyValue, in list: PolicyKind) {
    size = PolicyCommunity.size(list)
    switch (list, value.kind) {
    case (.clist, .pair): words = (value.word, 0, 0)
    case (.clist, .quad), (.clist, .ip):
      guard let quad = value.quad else { return nil }
      words = (quad, 0, 0)
    case (.eclist, .ec): words = (UInt32(truncatingIfNeeded: value.low >> 32), value.word, 0)
    case (.lclist, .lc): words = (UInt32(truncatingIfNeeded: value.high), UInt32(truncatingIfNeeded: value.low >> 32), value.word)
    default: return nil
    }
  }

  init(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ size: Int) {
    self.size = size
    words = (bytes.word(offset), size > 4 ? bytes.word(offset + 4) : 0, size > 8 ? bytes.word(offset + 8) : 0)
  }

  @inline(__always) func isAt(_ offset: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.word(offset) == words.0 && (size < 8 || bytes.word(offset + 4) == words.1) && (size < 12 || bytes.word(offset + 8) == words.2)
  }

  func isIn(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var offset = 0
    while offset &+ size <= bytes.count {
      if isAt(offset, bytes) { return true }
      offset &+= size
    }
    return false
  }

  func write(to out: inout PolicyBytes) {
    out.append(words.0)
    if size > 4 { out.append(words.1) }
    if size > 8 { out.append(words.2) }
  }
}

extension PolicyProgram {
  /// Whether the community of `size` bytes at `offset` is in a set.
  @inline(__always)
  func contains(communityAt offset: Int, of bytes: UnsafeRawBufferPointer, _ size: Int, in place: PolicySetPlace) -> Bool {
    switch size {
    case 4:
      if place.element != .ip { return contains(bytes.word(offset), in: place) }
      let address = IPAddress(ipv4: bytes.word(offset))
      return contains(PolicySet.Key(high: address.high, low: address.low), in: place)
    case 8:
      return contains(PolicySet.Key(low: UInt64(bytes.word(offset)) << 32 | UInt64(bytes.word(offset + 4))), in: place)
    default:
      return contains(
        PolicySet.Key(high: UInt64(bytes.word(offset)), low: UInt64(bytes.word(offset + 4)) << 32 | UInt64(bytes.word(offset + 8))),
        in: place)
    }
  }
}
