// Constructors and methods.

extension PolicyInterpreter {
  mutating func makePair() {
    let right = stack.pop()
    let left = stack.pop()
    guard left.kind == .int, right.kind == .int else { return failure = .notInteger }
    guard left.word <= 0xffff, right.word <= 0xffff else { return failure = .outOfRange }
    stack.push(PolicyValue(.pair, left.word << 16 | right.word))
  }

  mutating func makeLarge() {
    let data2 = stack.pop()
    let data1 = stack.pop()
    let asn = stack.pop()
    guard asn.kind == .int, data1.kind == .int, data2.kind == .int else { return failure = .notInteger }
    stack.push(PolicyValue(.lc, high: asn.low, low: data1.low << 32 | data2.low))
  }

  /// An extended community: `a` says which kind, see `PolicyOperation.makeExtended`.
  mutating func makeExtended(_ a: UInt8, _ other: UInt32) {
    let value = stack.pop()
    let key = stack.pop()
    guard value.kind == .int else { return failure = .notInteger }
    guard let community = PolicyExtended.make(a, other, key, value.word) else { return failure = .outOfRange }
    stack.push(PolicyValue(.ec, low: community))
  }

  /// Appends an AS number, the numbers of a path, or another mask to a mask.
  mutating func extendMask(_ program: PolicyProgram, _ route: inout PolicyRoute) {
    let part = stack.pop()
    let mask = stack.pop()
    guard mask.kind == .mask else { return failure = .invalidValue }
    scratch.removeAll()
    PolicyInterpreter.withBytes(mask, arena.view, program, route) { scratch.append($0) }
    switch part.kind {
    case .int: appendMaskItem(part.word, part.word)
    case .mask: PolicyInterpreter.withBytes(part, arena.view, program, route) { scratch.append($0) }
    case .path:
      PolicyInterpreter.withBytes(part, arena.view, program, route) { bytes in
        _ = ASPath(bytes).contains { asn in
          appendMaskItem(asn, asn)
          return scratch.count > PolicyMask.maximumItems * PolicyMaskItem.size
        }
      }
    case .set:
      guard let place = program.sets[Int(part.low)], place.element == .int || place.element == .any else { return failure = .notInteger }
      appendMaskSet(place, program)
    default: return failure = .notInteger
    }
    if PolicyMask(scratch.view).count > PolicyMask.maximumItems { return failure = .outOfRange }
    stack.push(madeOfScratch(.mask))
  }

  private mutating func appendMaskSet(_ place: PolicySetPlace, _ program: PolicyProgram) {
    let count = place.element == .any ? 0 : place.count
    scratch.append(UInt8(4))
    scratch.append(count)
    scratch.append(UInt32(0))
    for index in 0..<Int(count) {
      guard let span = program.shortSpans[Int(place.start) + index] else { return }
      scratch.append(UInt8(5))
      scratch.append(span.first)
      scratch.append(span.last)
    }
  }

  private mutating func appendMaskItem(_ low: UInt32, _ high: UInt32) {
    scratch.append(UInt8(0))
    scratch.append(low)
    scratch.append(high)
  }

  mutating func format(_ program: PolicyProgram, _ route: inout PolicyRoute) {
    var text = ""
    write(stack.pop(), program, &route, to: &text)
    scratch.removeAll()
    scratch.append(text)
    stack.push(madeOfScratch(.string))
  }

  /// `IP.mask(n)`
  mutating func maskAddress() {
    let length = stack.pop()
    let value = stack.pop()
    guard length.kind == .int, value.kind == .ip || value.kind == .quad else { return failure = .badMember }
    let family: AddressFamily = value.kind == .quad ? .ipv4 : value.address.family
    guard length.word <= UInt32(family.bitWidth) else { return failure = .outOfRange }
    let address = value.kind == .quad ? IPAddress(ipv4: value.word) : value.address
    let masked = address.masked(UInt8(length.word), family)
    stack.push(value.kind == .quad ? PolicyValue(.quad, masked.ipv4 ?? 0) : PolicyValue(masked))
  }

  mutating func member(_ member: PolicyMember?, _ program: PolicyProgram, _ route: inout PolicyRoute) {
    let value = stack.pop()
    guard let member, let result = read(member, of: value, program, &route) else { return failure = .badMember }
    stack.push(result)
  }

  private mutating func read(
    _ member: PolicyMember, of value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute
  ) -> PolicyValue? {
    func path(_ body: (ASPath) -> UInt32) -> PolicyValue? {
      guard value.kind == .path else { return nil }
      return PolicyInterpreter.withBytes(value, arena.view, program, route) { PolicyValue(int: body(ASPath($0))) }
    }
    switch (member, value.kind) {
    case (_, .network): return readNetwork(member, of: value, program, &route)
    case (.minimum, .clist), (.minimum, .eclist), (.minimum, .lclist): return extreme(of: value, greatest: false, program, &route)
    case (.maximum, .clist), (.maximum, .eclist), (.maximum, .lclist): return extreme(of: value, greatest: true, program, &route)
    case (.length, .prefix): return PolicyValue(int: UInt32(value.length))
    case (.length, .path): return path { UInt32(truncatingIfNeeded: $0.length) }
    case (.length, .clist), (.length, .eclist), (.length, .lclist):
      return PolicyInterpreter.withBytes(value, arena.view, program, route) {
        PolicyValue(int: UInt32(truncatingIfNeeded: $0.count / PolicyCommunity.size(value.kind)))
      }
    case (.ip, .prefix): return PolicyValue(value.address)
    case (.type, .prefix): return PolicyValue(.netType, value.family == .ipv4 ? 1 : 2)
    case (.isIPv4, .ip): return PolicyValue(value.address.isIPv4)
    case (.first, .path): return path { $0.first }
    case (.last, .path): return path { $0.last }
    case (.lastNonaggregated, .path): return path { $0.lastNonaggregated }
    case (.asn, .pair): return PolicyValue(int: value.word >> 16)
    case (.data, .pair): return PolicyValue(int: value.word & 0xffff)
    case (.asn, .lc): return PolicyValue(int: UInt32(truncatingIfNeeded: value.high))
    case (.data1, .lc): return PolicyValue(int: UInt32(truncatingIfNeeded: value.low >> 32))
    case (.data2, .lc): return PolicyValue(int: value.word)
    case (.empty, let kind) where kind.hasEmptyValue: return PolicyInterpreter.emptyValue(kind.rawValue)
    default: return nil
    }
  }

  /// What networks of the other kinds have.
  private mutating func readNetwork(
    _ member: PolicyMember, of value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute
  ) -> PolicyValue? {
    PolicyInterpreter.withBytes(value, arena.view, program, route) { bytes in
      let network = PolicyNetworkBytes(bytes)
      switch member {
      case .length: return PolicyValue(int: UInt32(network.prefix.length))
      case .ip: return PolicyValue(network.prefix.address)
      case .type: return PolicyValue(.netType, network.type)
      case .maximumLength: return network.isROA ? PolicyValue(int: network.maximumLength) : nil
      case .asn: return network.isROA ? PolicyValue(int: network.asn) : nil
      case .routeDistinguisher: return network.isVPN ? PolicyValue(.rd, low: network.distinguisher) : nil
      case .source: return network.hasSource ? PolicyValue(network.source) : nil
      case .destination: return network.hasSource ? PolicyValue(network.prefix) : nil
      default: return nil
      }
    }
  }

  /// The least or greatest community of a list; of an empty one 0.
  private mutating func extreme(
    of list: PolicyValue, greatest: Bool, _ program: PolicyProgram, _ route: inout PolicyRoute
  ) -> PolicyValue {
    let size = PolicyCommunity.size(list.kind)
    return PolicyInterpreter.withBytes(list, arena.view, program, route) { bytes in
      var best: (UInt32, UInt32, UInt32)?
      var offset = 0
      while offset &+ size <= bytes.count {
        let words = PolicyCommunity(bytes, offset, size).words
        if best.map({ greatest ? words > $0 : words < $0 }) ?? true { best = words }
        offset &+= size
      }
      let words = best ?? (0, 0, 0)
      switch list.kind {
      case .eclist: return PolicyValue(.ec, low: UInt64(words.0) << 32 | UInt64(words.1))
      case .lclist: return PolicyValue(.lc, high: UInt64(words.0), low: UInt64(words.1) << 32 | UInt64(words.2))
      default: return PolicyValue(.pair, words.0)
      }
    }
  }

  /// `roa_check(TABLE)` and, with `a` = 1, `roa_check(TABLE, PREFIX, AS)` (RFC 6811 §2).
  mutating func checkOrigin(_ a: UInt8, _ index: Int, _ program: PolicyProgram, _ route: inout PolicyRoute) {
    guard program.roaTables.indices.contains(index) else { return failure = .badProgram }
    let table = program.roaTables[index]
    if a == 1 {
      let asn = stack.pop()
      let network = stack.pop()
      guard asn.kind == .int else { return failure = .notInteger }
      guard network.kind == .prefix else { return failure = .badMember }
      return stack.push(PolicyValue(.roa, table.check(network.prefix, origin: asn.word)))
    }
    guard let range = route.attributes.range(of: .asPath) else { return failure = .missingPath }
    let origin = route.attributes.records.withUnsafeBytes { ASPath(UnsafeRawBufferPointer(rebasing: $0[range])).last }
    stack.push(PolicyValue(.roa, table.check(route.prefix, origin: origin)))
  }

  /// `prepend(PATH, AS)`
  mutating func prepend(_ program: PolicyProgram, _ route: inout PolicyRoute) {
    let asn = stack.pop()
    let path = stack.pop()
    guard path.kind == .path else { return failure = .invalidValue }
    guard asn.kind == .int else { return failure = .notInteger }
    scratch.removeAll()
    PolicyInterpreter.withBytes(path, arena.view, program, route) { ASPath($0).prepend(asn.word, into: &scratch) }
    stack.push(madeOfScratch(.path))
  }

  /// `add`, `delete` and `filter` on paths and community lists.
  mutating func editList(_ operation: PolicyOperation, _ program: PolicyProgram, _ route: inout PolicyRoute) {
    let argument = stack.pop()
    let list = stack.pop()
    // Most routes have nothing of what is to be deleted: the list stays where it is.
    if operation == .delete, argument.kind == .set, matches(list, argument, program, &route) == false {
      stack.push(list)
      return
    }
    scratch.removeAll()
    let done: Bool
    switch (list.kind, argument.kind) {
    case (.path, .int) where operation == .delete:
      PolicyInterpreter.withBytes(list, arena.view, program, route) { path in
        ASPath(path).filter(into: &scratch) { $0 != argument.word }
      }
      done = true
    case (.path, .set) where operation != .insert:
      done = filterPath(list, argument, keep: operation == .filter, program, &route)
    case (_, .set) where list.kind.isCommunityList && operation != .insert:
      done = filterList(list, argument, keep: operation == .filter, program, &route)
    default: done = list.kind.isCommunityList && editList(operation, list, argument, program, &route)
    }
    if !done { return failure = .invalidValue }
    stack.push(madeOfScratch(list.kind))
  }

  private mutating func filterPath(
    _ path: PolicyValue, _ set: PolicyValue, keep: Bool, _ program: PolicyProgram, _ route: inout PolicyRoute
  ) -> Bool {
    guard let place = program.sets[Int(set.low)], PolicyInterpreter.canFilter(.path, by: place) else { return false }
    PolicyInterpreter.withBytes(path, arena.view, program, route) { bytes in
      ASPath(bytes).filter(into: &scratch) { program.contains($0, in: place) == keep }
    }
    return true
  }

  private mutating func filterList(
    _ list: PolicyValue, _ set: PolicyValue, keep: Bool, _ program: PolicyProgram, _ route: inout PolicyRoute
  ) -> Bool {
    guard let place = program.sets[Int(set.low)], PolicyInterpreter.canFilter(list.kind, by: place) else { return false }
    let size = PolicyCommunity.size(list.kind)
    PolicyInterpreter.withBytes(list, arena.view, program, route) { bytes in
      var offset = 0
      while offset &+ size <= bytes.count {
        if program.contains(communityAt: offset, of: bytes, size, in: place) == keep {
          PolicyCommunity(bytes, offset, size).write(to: &scratch)
        }
        offset &+= size
      }
    }
    return true
  }

  /// With one community or another list of the same kind.
  private mutating func editList(
    _ operation: PolicyOperation, _ list: PolicyValue, _ argument: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute
  ) -> Bool {
    let arena = arena.view
    let size = PolicyCommunity.size(list.kind)
    if let community = PolicyCommunity(argument, in: list.kind), operation != .filter {
      PolicyInterpreter.withBytes(list, arena, program, route) { bytes in
        if operation == .insert {
          scratch.append(bytes)
          if !community.isIn(bytes) { community.write(to: &scratch) }
        } else {
          var offset = 0
          while offset &+ size <= bytes.count {
            if !community.isAt(offset, bytes) { PolicyCommunity(bytes, offset, size).write(to: &scratch) }
            offset &+= size
          }
        }
      }
      return true
    }
    guard argument.kind == list.kind else { return false }
    PolicyInterpreter.withBytes(list, arena, program, route) { left in
      PolicyInterpreter.withBytes(argument, arena, program, route) { right in
        fuel &-= left.count * right.count / 64
        // Adding: all of the left, and what of the right is new. Else: what of the left is (not) in the right.
        if operation == .insert { scratch.append(left) }
        let source = operation == .insert ? right : left
        var offset = 0
        while offset &+ size <= source.count {
          let community = PolicyCommunity(source, offset, size)
          let isKnown = operation == .insert ? community.isIn(scratch.view) : community.isIn(right)
          if isKnown == (operation == .filter) { community.write(to: &scratch) }
          offset &+= size
        }
      }
    }
    return true
  }
}

/// Extended communities (RFC 4360, RFC 5668).
package enum PolicyExtended {
  /// Two octets of AS, IPv4 address, four octets of AS; the second octet of the type is 2 for targets and 3 for origins.
  static func make(_ kind: UInt8, _ other: UInt32, _ key: PolicyValue, _ value: UInt32) -> UInt64? {
    if kind == 2 { return key.kind == .int ? key.low << 32 | UInt64(value) : nil }
    let subtype: UInt64 = kind == 3 ? UInt64(other & 0xffff) : kind == 0 ? 2 : 3
    if kind == 3 { return key.kind == .int && key.word <= 0xffff ? subtype << 48 | key.low << 32 | UInt64(value) : nil }
    if let quad = key.quad { return value <= 0xffff ? (0x0100 | subtype) << 48 | UInt64(quad) << 16 | UInt64(value) : nil }
    guard key.kind == .int else { return nil }
    if key.word <= 0xffff { return subtype << 48 | key.low << 32 | UInt64(value) }
    return value <= 0xffff ? (0x0200 | subtype) << 48 | key.low << 16 | UInt64(value) : nil
  }

  /// For constants and sets: nil if the parts do not fit.
  package static func make(_ kind: UInt8, other: UInt32, key: PolicyConstant, value: UInt32) -> UInt64? {
    make(kind, other, key.value, value)
  }

  /// The largest value behind a key: 16 bits behind an address or a large AS number.
  package static func maximumValue(_ kind: UInt8, key: PolicyConstant) -> UInt32 {
    kind >= 2 || key.value.kind == .int && key.value.word <= 0xffff ? .max : 0xffff
  }
}
