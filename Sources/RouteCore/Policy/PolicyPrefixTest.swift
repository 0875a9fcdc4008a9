// What a filter asks of a prefix
//
// One UPDATE announces many prefixes with the same attributes, and most filters look at the prefix in a few conditions only: is it in
// this set, is it longer than that. Such a condition is compiled to a numbered *test* of its own. A run notes which tests it came to and
// how they ended. Everything else that decides is the same for prefixes with the same attributes, so another prefix for which these
// tests end the same way gets the same verdict and the same changes, without the filter being run again.

/// A condition over the prefix alone, with a constant of the program.
struct PolicyPrefixTest: BitwiseCopyable, Hashable, Sendable {
  /// What is compared.
  enum Subject: UInt8, Hashable, Sendable { case network, length, type }
  var subject: Subject
  var operation: PolicyOperation
  var constant: UInt32

  /// How many a program can have: outcomes are bits of a word.
  static var maximumCount: Int { 64 }
}

/// The tests that a run came to, and how they ended.
public struct PolicyPrefixOutcomes: BitwiseCopyable, Hashable, Sendable {
  /// Bit n: test n was asked.
  var asked: UInt64 = 0
  /// Bit n: it held. Only of those that were asked.
  var held: UInt64 = 0

  @inlinable package init() {}
}

extension PolicyProgram {
  /// Whether the tests end for `prefix` as they did before. `known` holds what was found out of the prefix already.
  @inline(__always)
  func agrees(_ outcomes: PolicyPrefixOutcomes, for prefix: Prefix, _ known: inout PolicyPrefixOutcomes) -> Bool {
    var missing = outcomes.asked & ~known.asked
    while missing != 0 {
      // In the order of the program: what mostly differs is asked first.
      let bit = missing & (~missing &+ 1)
      missing ^= bit
      known.asked |= bit
      if holds(prefixTest: bit.trailingZeroBitCount, for: prefix) { known.held |= bit }
      if (known.held ^ outcomes.held) & bit != 0 { return false }
    }
    return (known.held ^ outcomes.held) & outcomes.asked == 0
  }

  /// The outcome of one test.
  func holds(prefixTest index: Int, for prefix: Prefix) -> Bool {
    guard let test = prefixTests[index], let constant = constants[Int(test.constant)] else { return false }
    switch test.subject {
    case .network:
      if constant.kind == .prefixSet { return sets[Int(constant.low)].map { contains(prefix, in: $0) } ?? false }
      return test.operation == .match ? constant.prefix.contains(prefix) : constant.prefix == prefix
    case .length: return PolicyPrefixTest.compare(UInt64(prefix.length), test.operation, constant.low)
    case .type: return (prefix.family == .ipv4 ? 1 : 2) == constant.low
    }
  }
}

extension PolicyPrefixTest {
  @inline(__always)
  fileprivate static func compare(_ left: UInt64, _ operation: PolicyOperation, _ right: UInt64) -> Bool {
    switch operation {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    default: left == right
    }
  }
}

extension PolicyProgramBuilder {
  /// `net ~ constant`, `net.len < constant` and their like as a test; false if it is none, or there are too many.
  package mutating func emitPrefixTest(_ operation: PolicyOperation, member: PolicyMember?, _ constant: PolicyConstant) -> Bool {
    guard let subject = PolicyProgramBuilder.subject(operation, member, constant) else { return false }
    let test = PolicyPrefixTest(subject: subject, operation: operation == .notEqual ? .equal : operation, constant: index(of: constant))
    guard let number = prefixTests.firstIndex(of: test) ?? add(test) else { return false }
    effects.insert(.testsPrefix)
    emit(.testPrefix, c: UInt32(number))
    if operation == .notEqual { emit(.not) }
    return true
  }

  private mutating func add(_ test: PolicyPrefixTest) -> Int? {
    guard prefixTests.count < PolicyPrefixTest.maximumCount else { return nil }
    prefixTests.append(test)
    return prefixTests.count - 1
  }

  /// What of the prefix is compared; nil for what can fail, or is no comparison.
  private static func subject(
    _ operation: PolicyOperation, _ member: PolicyMember?, _ constant: PolicyConstant
  ) -> PolicyPrefixTest.Subject? {
    // Networks of other kinds are prefixes by type only.
    if constant.value.kind == .network { return nil }
    switch (member, operation, constant.type.kind) {
    case (nil, .match, .prefixSet), (nil, .match, .prefix), (nil, .equal, .prefix), (nil, .notEqual, .prefix): return .network
    case (.length, .equal, .int), (.length, .notEqual, .int), (.length, .less, .int), (.length, .lessOrEqual, .int),
      (.length, .greater, .int), (.length, .greaterOrEqual, .int):
      return .length
    case (.type, .equal, .enumeration), (.type, .notEqual, .enumeration): return constant.type.enumeration == .netType ? .type : nil
    default: return nil
    }
  }
}
