// What route filters do most: attributes of the route against constants, on the bytes as they stand in its records.

extension PolicyInterpreter {
  /// `ATTRIBUTE ~ constant` for lists and paths against sets of their elements; nil for everything else, which is not as frequent.
  @inline(__always)
  mutating func isInSet(_ step: PolicyInstruction, _ program: PolicyProgram, _ route: borrowing PolicyRoute) -> Bool? {
    guard let constant = program.constants[Int(step.b)], constant.kind == .set, let place = program.sets[Int(constant.low)] else {
      return nil
    }
    let key = AttributeKey(rawValue: UInt16(truncatingIfNeeded: step.c))
    switch (step.a, place.element) {
    case (PolicyKind.clist.rawValue, .pair):
      guard let range = directory.range(of: key, in: route.attributes) else { return false }
      return route.attributes.records.withUnsafeBytes { program.containsAny(of: $0, range, in: place) }
    case (PolicyKind.path.rawValue, .int):
      guard let range = directory.range(of: key, in: route.attributes) else { return false }
      return route.attributes.records.withUnsafeBytes { bytes in
        ASPath(UnsafeRawBufferPointer(rebasing: bytes[range])).contains { program.contains($0, in: place) }
      }
    default: return nil
    }
  }

  /// `constant ~ ATTRIBUTE` for one community and a list of communities.
  @inline(__always)
  mutating func isInList(_ step: PolicyInstruction, _ program: PolicyProgram, _ route: borrowing PolicyRoute) -> Bool? {
    guard step.a == PolicyKind.clist.rawValue, let constant = program.constants[Int(step.b)], constant.kind == .pair else { return nil }
    guard let range = directory.range(of: AttributeKey(rawValue: UInt16(truncatingIfNeeded: step.c)), in: route.attributes) else {
      return false
    }
    let wanted = constant.word.bigEndian
    return route.attributes.records.withUnsafeBytes { bytes in
      var offset = range.lowerBound
      while offset &+ 4 <= range.upperBound {
        if bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) == wanted { return true }
        offset &+= 4
      }
      return false
    }
  }

  /// Goes on with a truth value at `pc`: what takes it is mostly a jump, which then needs no dispatch and no stack.
  @inline(__always)
  mutating func proceed(_ outcome: Bool, _ program: PolicyProgram, _ pc: inout Int) {
    var value = outcome
    while fuel > 0, let next = program.code[pc] {
      switch next.operation {
      case .jumpIfFalse:
        pc = value ? pc &+ 1 : Int(next.c)
        return
      case .not: value.toggle()
      case .requireBool: break
      case .jumpIfFalseKeeping, .jumpIfTrueKeeping:
        guard value == (next.operation == .jumpIfTrueKeeping) else {
          pc &+= 1
          return
        }
        fuel &-= 1
        pc = Int(next.c)
        continue
      default: return stack.push(PolicyValue(value))
      }
      fuel &-= 1
      pc &+= 1
    }
    stack.push(PolicyValue(value))
  }
}

extension PolicyProgram {
  /// Whether any of the 4-byte elements in a range of bytes, which lies within them, is in a set.
  @inline(__always)
  func containsAny(of bytes: UnsafeRawBufferPointer, _ range: Range<Int>, in place: PolicySetPlace) -> Bool {
    var offset = range.lowerBound
    if place.count == 1, place.boxCount == 0, let span = shortSpans[Int(place.start)] {
      let width = span.last &- span.first
      while offset &+ 4 <= range.upperBound {
        if UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) &- span.first <= width { return true }
        offset &+= 4
      }
      return false
    }
    while offset &+ 4 <= range.upperBound {
      if contains(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)), in: place) { return true }
      offset &+= 4
    }
    return false
  }
}
