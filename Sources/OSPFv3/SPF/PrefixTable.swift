import RouteCore

/// A source of a prefix: one record of an LSA, attached to the vertex or AS boundary router that it depends on.
///
/// Each source is in three chains, so that three questions are answered without a search: which sources a prefix has, which an LSA has
/// made, and which depend on a vertex whose path has changed.
struct PathSource: Sendable {
  enum Kind: UInt8, Sendable { case intraArea, interArea, external1, external2 }

  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8
    static let forwardingAddress = Flags(rawValue: 1)
    /// Of an NSSA-LSA.
    static let nssa = Flags(rawValue: 2)
    /// Of one with the P-bit.
    static let propagated = Flags(rawValue: 4)
    /// An address of the router that announces it, from an intra-area-prefix-LSA (RFC 5340 §A.4.1.1, LA-bit).
    static let routerAddress = Flags(rawValue: 8)
  }

  var kind: Kind
  var flags: Flags = []
  /// The area's position, for all but AS-external sources.
  var area: UInt16 = 0
  /// The LSA's place in the database.
  var lsa: UInt32
  /// As announced, without the way there.
  var metric: UInt32
  var tag: UInt32 = 0
  /// A vertex of the area's topology, or for AS-external sources an AS boundary router.
  var node: Int32
  var entry: Int32 = -1
  var nextInPrefix: Int32 = -1
  var nextInLSA: Int32 = -1
  var nextOfNode: Int32 = -1
  var previousOfNode: Int32 = -1

  var isExternal: Bool { kind == .external1 || kind == .external2 }
  var hasForwardingAddress: Bool { flags.contains(.forwardingAddress) }
  var isNSSA: Bool { flags.contains(.nssa) }
  var isPropagated: Bool { flags.contains(.propagated) }
  var isOfBoundaryRouter: Bool { isExternal && !isNSSA }
}

/// All prefixes that LSAs announce, with their sources and the route chosen.
struct PrefixTable: Sendable {
  struct Entry: Sendable {
    var prefix: Prefix
    var firstSource: Int32 = -1
    var isDirty = false
    /// An intra- or inter-area path exists: forwarding addresses may resolve through it.
    var hasInternalPath = false
    /// As last output.
    var route: OSPFRoute?
  }

  private(set) var index: [Prefix: Int32] = [:]
  var entries: [Entry] = []
  private var freeEntries: [Int32] = []
  var sources: [PathSource] = []
  private var freeSources: [Int32] = []
  /// Entries to evaluate again, in the order they were marked.
  var dirty: [Int32] = []
  /// How many entries there are of each length: a longest match probes only these.
  private var lengths = [Int32](repeating: 0, count: 129)
  /// How many sources of each entry have a forwarding address.
  private(set) var forwarding: [Int32: Int32] = [:]

  func find(_ prefix: Prefix) -> Int32? { index[prefix] }

  mutating func markDirty(_ entry: Int32) {
    if entries[Int(entry)].isDirty { return }
    entries[Int(entry)].isDirty = true
    dirty.append(entry)
  }

  /// Adds a source to the prefix's chain and to that of the LSA, which begins with `firstOfLSA`. Returns its number.
  mutating func add(_ source: PathSource, for prefix: Prefix, firstOfLSA: Int32) -> Int32 {
    let entry = place(prefix)
    var source = source
    source.entry = entry
    source.nextInPrefix = entries[Int(entry)].firstSource
    source.nextInLSA = firstOfLSA
    let id: Int32
    if let reused = freeSources.popLast() {
      id = reused
      sources[Int(id)] = source
    } else {
      id = Int32(truncatingIfNeeded: sources.count)
      sources.appendFrugally(source)
    }
    entries[Int(entry)].firstSource = id
    if source.hasForwardingAddress { forwarding[entry, default: 0] += 1 }
    markDirty(entry)
    return id
  }

  /// Removes a source from its prefix's chain. The caller looks after the chains of the node and the LSA.
  mutating func remove(_ id: Int32) {
    let source = sources[Int(id)]
    let entry = Int(source.entry)
    if entries[entry].firstSource == id {
      entries[entry].firstSource = source.nextInPrefix
    } else {
      var at = entries[entry].firstSource
      while at >= 0 {
        let next = sources[Int(at)].nextInPrefix
        if next == id {
          sources[Int(at)].nextInPrefix = source.nextInPrefix
          break
        }
        at = next
      }
    }
    if source.hasForwardingAddress {
      let left = (forwarding[source.entry] ?? 1) - 1
      forwarding[source.entry] = left > 0 ? left : nil
    }
    markDirty(source.entry)
    freeSources.append(id)
  }

  /// Removes an entry that has neither sources nor a route, unless it is dirty.
  mutating func collect(_ entry: Int32) {
    let at = Int(entry)
    guard entries[at].firstSource < 0, entries[at].route == nil, !entries[at].isDirty else { return }
    guard index[entries[at].prefix] == entry else { return }
    index[entries[at].prefix] = nil
    lengths[Int(entries[at].prefix.length)] -= 1
    freeEntries.append(entry)
  }

  private mutating func place(_ prefix: Prefix) -> Int32 {
    if let known = index[prefix] { return known }
    lengths[Int(prefix.length)] += 1
    let id: Int32
    if let reused = freeEntries.popLast() {
      id = reused
      entries[Int(id)] = Entry(prefix: prefix)
    } else {
      id = Int32(truncatingIfNeeded: entries.count)
      entries.appendFrugally(Entry(prefix: prefix))
    }
    index[prefix] = id
    return id
  }

  /// The longest prefix with an intra- or inter-area path that holds the address.
  func longestInternalMatch(_ address: IPAddress, _ family: AddressFamily) -> Int32? {
    for length in stride(from: Int(family.bitWidth), through: 0, by: -1) where lengths[length] > 0 {
      if let entry = index[Prefix(address, UInt8(length), family)], entries[Int(entry)].hasInternalPath { return entry }
    }
    return nil
  }
}
