import BGP
import RouteCore

/// Passes the decoded contents of UPDATEs to the router: the next hop is resolved once for all prefixes of an UPDATE.
struct BGPSink: ~Copyable, RouteSink {
  /// The router, on the main thread like everything else.
  let router: UnsafeMutablePointer<Router>
  let channels: PerFamily<BGPChannel?>
  /// The time of arrival, in the tables' unit.
  let time: UInt64
  /// The last next hop, as the following one is usually the same. The protocol holds one reference.
  private var lastNextHop: [UInt8]
  private var lastSet: NextHopSetID
  /// The family that the last set was created for, or the reason why there is none.
  private var lastFamily: AddressFamily?
  private var lastProblem: NextHopProblem?
  private var current: BGPChannel?
  private var isUsable = true
  private var run = ImportRun()
  /// Next hops that could not be used, for the log.
  private(set) var invalid = InvalidNextHops()
  /// Families whose End-of-RIB was received.
  var ended: [AddressFamily] = []

  init(_ router: UnsafeMutablePointer<Router>, _ channels: PerFamily<BGPChannel?>, _ time: UInt64, _ cache: NextHopCache) {
    self.router = router
    self.channels = channels
    self.time = time
    lastNextHop = cache.bytes
    lastSet = cache.set
    lastFamily = cache.family
  }

  /// What is kept between chunks of bytes: a set that follows the interfaces. A next hop that could not be used is looked up again.
  struct NextHopCache {
    var bytes: [UInt8] = []
    var set = NextHopSetID.none
    var family: AddressFamily?
  }

  var cache: NextHopCache { lastSet == .none ? NextHopCache() : NextHopCache(bytes: lastNextHop, set: lastSet, family: lastFamily) }

  /// How many UPDATEs had a next hop that cannot be used, and the first of them.
  struct InvalidNextHops {
    var count = 0
    var address: IPAddress?
    var problem = NextHopProblem.missing
    var prefix: Prefix?

    /// For the log.
    var text: String {
      let what = address.map { " \($0)" } ?? ""
      return "Invalid NEXT_HOP\(what)\(prefix.map { " of \($0)" } ?? ""): \(problem.text)\(count > 1 ? " (\(count) UPDATEs)" : "")"
    }
  }

  mutating func begin(_ attributes: borrowing RouteAttributes, _ family: AddressFamily) {
    guard let channel = channels[family] else {
      current = nil
      return
    }
    current = channel
    isUsable = resolve(attributes, family, channel)
    if isUsable { return router.pointee.open(&run, channel.id, attributes, nextHops: lastSet, at: time) }
    invalid.count += 1
    guard invalid.count == 1 else { return }
    invalid.problem = lastProblem ?? .missing
    invalid.address = ExportRules.nextHop(of: attributes)
  }

  mutating func announce(_ prefix: Prefix, path: UInt32) {
    guard let current else { return }
    if isUsable { return router.pointee.announce(prefix, path: path, in: &run) }
    if invalid.count == 1, invalid.prefix == nil { invalid.prefix = prefix }
    router.pointee.withdraw(current.id, prefix, path: path, at: time)
  }

  mutating func withdraw(_ prefix: Prefix, path: UInt32) {
    if let channel = channels[prefix.family] { router.pointee.withdraw(channel.id, prefix, path: path, at: time) }
  }

  /// Ends the input.
  mutating func end() { router.pointee.close(&run) }

  mutating func endOfRIB(_ family: AddressFamily) { ended.append(family) }

  mutating func refreshBegan(_ family: AddressFamily) {
    if let channel = channels[family] { router.pointee.beginRefresh(channel.id) }
  }

  mutating func refreshEnded(_ family: AddressFamily) {
    if let channel = channels[family] { router.pointee.endRefresh(channel.id, at: time) }
  }

  /// Finds the set of next hops for NEXT_HOP (RFC 4271 §5.1.3). Returns whether it can be used.
  private mutating func resolve(_ attributes: borrowing RouteAttributes, _ family: AddressFamily, _ channel: BGPChannel) -> Bool {
    let range = attributes.range(of: .nextHop) ?? 0..<0
    if lastFamily == family, attributes.records[range].elementsEqual(lastNextHop) {
      if lastProblem != nil { return false }
      // A set found before may not be used while it is unreachable: that is checked below.
      if !channel.needsConnectedNextHops || router.pointee.nextHops.isReachable(lastSet) { return true }
    }
    router.pointee.nextHops.release(lastSet)
    lastSet = .none
    lastProblem = nil
    lastNextHop = Array(attributes.records[range])
    lastFamily = family
    do throws(NextHopProblem) {
      guard let addresses = NextHopAttribute.addresses(lastNextHop.span.bytes) else { throw .missing }
      lastSet = try find(addresses, channel)
      return true
    } catch {
      lastProblem = error
      return false
    }
  }

  /// On a direct session it has to be on a connected network; else a table says how to get there.
  private func find(_ addresses: (global: IPAddress, link: IPAddress?), _ channel: BGPChannel) throws(NextHopProblem) -> NextHopSetID {
    switch channel.gateway {
    case .recursive(let tables, let prefersGlobal):
      guard let table = tables[addresses.global.family] else { throw .noTable }
      return router.pointee.intern(RecursiveNextHop(addresses.global, table: table, link: prefersGlobal ? nil : addresses.link))
    case .direct(let interface, let master, let cost):
      return try router.pointee.intern(
        LinkNextHop(addresses.global, link: addresses.link, interface: interface, master: master, cost: cost))
    }
  }
}

/// A channel of a session, and how its next hops are resolved.
struct BGPChannel {
  enum Gateway {
    /// On a connected network, of one VRF if there is one; link-local ones on this interface. With the metric they get.
    case direct(interface: UInt32, master: UInt32?, cost: UInt32)
    /// Through the table of the address's family. Where it leads to a network of ours, the link-local address counts, if not told otherwise.
    case recursive(PerFamily<TableID?>, prefersGlobal: Bool)
  }
  var id: ChannelID
  var gateway: Gateway

  var needsConnectedNextHops: Bool { if case .direct = gateway { true } else { false } }
}
