/// A route origin authorization: the AS may originate the prefix and what is more specific, up to a length (RFC 6482).
package struct RouteOriginAuthorization: Hashable, Sendable, Comparable {
  package var prefix: Prefix
  package var maximumLength: UInt8
  package var asn: UInt32

  package init(_ prefix: Prefix, maximumLength: UInt8, asn: UInt32) {
    self.prefix = prefix
    self.maximumLength = maximumLength
    self.asn = asn
  }

  package static func < (a: RouteOriginAuthorization, b: RouteOriginAuthorization) -> Bool {
    if a.prefix != b.prefix { return a.prefix < b.prefix }
    return a.maximumLength != b.maximumLength ? a.maximumLength < b.maximumLength : a.asn < b.asn
  }
}

/// A `roa table`: what `roa_check` asks. Programs hold their tables, so that two programs are equal only if what they ask is.
///
/// The authorizations lie in one sorted array, and each knows the nearest one whose prefix covers its own. A look-up is a binary search
/// and a walk along the covering prefixes, of which there are at most as many as an address has bits.
package final class PolicyROATable: @unchecked Sendable {
  // Unchecked: filled while the configuration is read; afterwards only the thread that runs the filters changes it.
  package let name: String
  package let family: AddressFamily
  /// Sorted; a prefix before what it covers.
  package private(set) var entries: [RouteOriginAuthorization] = []
  /// For each entry the last one of the nearest covering prefix, or -1.
  private var covering: [Int32] = []

  package init(name: String, family: AddressFamily) {
    self.name = name
    self.family = family
  }

  /// Replaces the content. What is there twice counts once.
  package func fill(_ authorizations: [RouteOriginAuthorization]) {
    entries = []
    for entry in authorizations.sorted() where entry != entries.last && entry.prefix.family == family { entries.append(entry) }
    covering = []
    covering.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      var candidate = index - 1
      while candidate >= 0, !covers(candidate, entry.prefix) || entries[candidate].prefix == entry.prefix {
        candidate = Int(covering[candidate])
      }
      covering.append(Int32(truncatingIfNeeded: candidate))
    }
  }

  private func covers(_ index: Int, _ prefix: Prefix) -> Bool { entries[index].prefix.contains(prefix) }

  /// RFC 6811 §2: not found, valid or invalid, as the numbers of ROA_UNKNOWN, ROA_VALID and ROA_INVALID.
  package func check(_ prefix: Prefix, origin asn: UInt32) -> UInt8 {
    guard prefix.family == family, !entries.isEmpty else { return 0 }
    // The last entry that is not behind the prefix.
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if prefix < entries[middle].prefix { high = middle } else { low = middle + 1 }
    }
    var index = low - 1
    while index >= 0, !covers(index, prefix) { index = Int(covering[index]) }
    if index < 0 { return 0 }
    while index >= 0 {
      let covering = entries[index].prefix
      var entry = index
      while entry >= 0, entries[entry].prefix == covering {
        // RFC 6483 §4: AS 0 authorizes nobody.
        if entries[entry].asn == asn, asn != 0, entries[entry].maximumLength >= prefix.length { return 1 }
        entry -= 1
      }
      index = Int(self.covering[index])
    }
    return 2
  }
}

extension PolicyROATable: Equatable {
  package static func == (a: PolicyROATable, b: PolicyROATable) -> Bool {
    a === b || a.name == b.name && a.family == b.family && a.entries == b.entries
  }
}
