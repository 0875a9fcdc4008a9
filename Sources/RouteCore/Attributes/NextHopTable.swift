/// What a next-hop set was made from.
public enum NextHopSource: Hashable, Sendable {
  /// Known hops, in order and without duplicates, and what the way to them costs.
  case direct([NextHop], cost: UInt32 = 0)
  /// Follows the best route to an address.
  case recursive(RecursiveNextHop)
  /// Follows the interface that an address is on.
  case connected(LinkNextHop)

  /// Known hops in any order, of the same ways the first; nil if there are none.
  package init?(_ hops: [NextHop], cost: UInt32 = 0) {
    if hops.count < 2 {
      if hops.isEmpty { return nil }
      self = .direct(hops, cost: cost)
      return
    }
    var unique: [NextHop] = []
    for hop in hops.sorted() where !unique.contains(where: { $0.isSameWay(as: hop) }) { unique.append(hop) }
    self = .direct(unique, cost: cost)
  }
}

/// An address to be looked up in a table (RFC 4271 §5.1.3): the hops of the best route towards it stand for it.
public struct RecursiveNextHop: Hashable, Sendable {
  /// The address as it was announced (NEXT_HOP), IPv4 or IPv6.
  public var address: IPAddress
  /// Where it is looked up.
  public var table: TableID
  /// The gateway where the address is on a network of ours, if it is another one: the link-local address that came with it.
  public var link: IPAddress?
  /// To be pushed below those of the way.
  public var labels: LabelStack

  package init(_ address: IPAddress, table: TableID, link: IPAddress? = nil, labels: LabelStack = LabelStack()) {
    self.address = address
    self.table = table
    self.link = link
    self.labels = labels
  }

  /// What it resolves to by a route that leads this way: labels that do not fit leave a way out.
  func ways(by hops: [NextHop]) -> [NextHop] {
    hops.compactMap { hop in
      var hop = hop.leading(to: link ?? address)
      for index in 0..<labels.count where !hop.labels.append(labels[index]) { return nil }
      return hop
    }
  }
}

/// An address that has to be on a network of ours: on the interface that has the network at present (`Router+Networks.swift`).
public struct LinkNextHop: Hashable, Sendable {
  /// The neighbour's address on that network.
  public var address: IPAddress
  /// The link-local address that came with it; stands for one that is on none.
  public var link: IPAddress?
  /// Where link-local addresses are; 0 if they cannot be used.
  public var interface: UInt32
  /// The master of the interfaces that count, 0 for those without; nil if it does not matter.
  public var master: UInt32?
  /// The metric the way there has.
  public var cost: UInt32

  package init(_ address: IPAddress, link: IPAddress? = nil, interface: UInt32 = 0, master: UInt32? = nil, cost: UInt32 = 0) {
    self.address = address
    self.link = link
    self.interface = interface
    self.master = master
    self.cost = cost
  }
}

/// The interned sets of next hops. A set knows what it was made from and to what that resolves now, so that a change of the way to a
/// BGP next hop is one change here and not one per route.
public struct NextHopTable: ~Copyable {
  struct Entry {
    var source: NextHopSource
    /// Empty while a next hop that is looked up is unreachable.
    var hops: [NextHop]
    /// Metric of the route towards a recursive next hop, or the cost of direct ones.
    var igpMetric: UInt32
    var references: UInt32
    /// The channels that have announced routes with it; few.
    var vouchers: [Voucher] = []
  }

  /// A channel that has announced a route with a set since its session began.
  struct Voucher: Hashable, BitwiseCopyable {
    var channel: ChannelID
    /// The channel's session; what was said in another one does not hold.
    var session: UInt16
  }

  private var entries = Pool<NextHopSetID, Entry?>(reserved: .some(nil))
  private var ids: [NextHopSource: NextHopSetID] = [:]
  /// The sets that depend on a table or on the interfaces, in order of creation: few, as there is one per BGP next hop.
  package private(set) var dependent: [NextHopSetID] = []

  /// What `vouch` was told last, most often what it is told next.
  private var lastVoucher: (channel: ChannelID, set: NextHopSetID)?

  /// Metric of what cannot be reached.
  package static var infinity: UInt32 { .max }

  package init() {}

  /// The set of these next hops, ordered and without duplicates. The caller owns one reference.
  package mutating func intern(_ hops: [NextHop], cost: UInt32 = 0) -> NextHopSetID {
    NextHopSource(hops, cost: cost).map { intern($0) } ?? .none
  }

  /// The set made from `source`. The caller owns one reference. A new one that is looked up is unresolved until `resolve`.
  package mutating func intern(_ source: NextHopSource) -> NextHopSetID {
    if let id = ids[source] {
      entries[id]?.references += 1
      return id
    }
    var entry = Entry(source: source, hops: [], igpMetric: 0, references: 1)
    if case .direct(let hops, let cost) = source {
      entry.hops = hops
      entry.igpMetric = cost
    } else {
      entry.igpMetric = NextHopTable.infinity
    }
    let id = entries.insert(entry)
    if case .direct = source {} else { dependent.append(id) }
    ids[source] = id
    return id
  }

  /// Whether there is one reference to a set.
  func isUnshared(_ id: NextHopSetID) -> Bool { entries[id]?.references == 1 }

  package mutating func retain(_ id: NextHopSetID) {
    if id != .none { entries[id]?.references += 1 }
  }

  package mutating func release(_ id: NextHopSetID) {
    guard id != .none, let entry = entries[id] else { return }
    if entry.references > 1 {
      entries[id]?.references -= 1
      return
    }
    ids[entry.source] = nil
    if case .direct = entry.source {} else { dependent.removeAll { $0 == id } }
    entries[id] = nil
    entries.remove(id)
    if lastVoucher?.set == id { lastVoucher = nil }
  }

  // MARK: Vouchers

  /// Whether `vouch` was told the same the last time.
  @inline(__always) func isLastVoucher(_ channel: ChannelID, _ id: NextHopSetID) -> Bool {
    if let last = lastVoucher { last.channel == channel && last.set == id } else { false }
  }

  /// A session of some channel has begun or ended.
  mutating func forgetLastVoucher() { lastVoucher = nil }

  /// Notes that a channel has announced a route with a set.
  @inline(never) mutating func vouch(_ voucher: Voucher, for id: NextHopSetID) {
    lastVoucher = (voucher.channel, id)
    guard let entry = entries[id] else { return }
    if let place = entry.vouchers.firstIndex(where: { $0.channel == voucher.channel }) {
      if entry.vouchers[place] != voucher { entries[id]?.vouchers[place] = voucher }
    } else {
      entries[id]?.vouchers.append(voucher)
    }
  }

  /// Calls `body` with the vouchers of each set that has some, and with what it resolves to.
  func forEachVouched(_ body: ([Voucher], [NextHop]) -> Void) {
    for id in entries.ids { if let entry = entries[id], !entry.vouchers.isEmpty { body(entry.vouchers, entry.hops) } }
  }

  /// The hops a set resolves to; empty for `.none` and what cannot be reached.
  public func hops(_ id: NextHopSetID) -> [NextHop] { entries[id]?.hops ?? [] }
  /// What the set was made from; nil for `.none` and sets that are no longer stored.
  public func source(_ id: NextHopSetID) -> NextHopSource? { entries[id]?.source }
  /// From this on a metric says that the cost is not known.
  @inlinable public static var unknownMetric: UInt32 { 0x8000_0000 }

  /// The cost of the way to the next hops (RFC 4271 §9.1.2.2 e): 0 for `.none`, `unknownMetric` or more if not known.
  public func igpMetric(_ id: NextHopSetID) -> UInt32 { entries[id]?.igpMetric ?? 0 }

  /// Whether packets can leave by this set. `.none` counts, as blackholes need no next hop.
  public func isReachable(_ id: NextHopSetID) -> Bool { id == .none || !(entries[id]?.hops.isEmpty ?? true) }

  /// Records to what a set that is looked up resolves now. Whether that is a change.
  package mutating func resolve(_ id: NextHopSetID, to hops: [NextHop], igpMetric: UInt32) -> Bool {
    guard let entry = entries[id], entry.hops != hops || entry.igpMetric != igpMetric else { return false }
    entries[id]?.hops = hops
    entries[id]?.igpMetric = igpMetric
    return true
  }
}
