import BGP
import RouteCore

/// Takes what the decoder finds in UPDATEs into the router: the next hop is resolved once for all prefixes of an UPDATE.
struct BGPSink: RouteSink {
  /// The router, on the main thread like everything else.
  let router: UnsafeMutablePointer<Router>
  let ipv4: BGPChannel?
  let ipv6: BGPChannel?
  /// The time of arrival, in the tables' unit.
  let time: UInt64
  /// The next hop last seen, which is most often the next one's too. One reference is held by the protocol.
  var lastNextHop: [UInt8]
  var lastSet: NextHopSetID
  /// Whether the last set may be used, and for which family it was made.
  var lastFamily: AddressFamily?
  private var current: BGPChannel?
  private var isUsable = true
  /// Next hops that could not be used, for the log.
  var invalidNextHops = 0
  /// Families whose End-of-RIB came.
  var ended: [AddressFamily] = []

  init(_ router: UnsafeMutablePointer<Router>, _ ipv4: BGPChannel?, _ ipv6: BGPChannel?, _ time: UInt64, _ cache: NextHopCache) {
    self.router = router
    self.ipv4 = ipv4
    self.ipv6 = ipv6
    self.time = time
    lastNextHop = cache.bytes
    lastSet = cache.set
    lastFamily = cache.family
  }

  /// What is kept from one chunk of bytes to the next.
  struct NextHopCache {
    var bytes: [UInt8] = []
    var set = NextHopSetID.none
    var family: AddressFamily?
  }

  mutating func begin(_ attributes: borrowing RouteAttributes, _ family: AddressFamily) {
    guard let channel = family == .ipv4 ? ipv4 : ipv6 else {
      current = nil
      return
    }
    current = channel
    isUsable = resolve(attributes, family, channel)
    if isUsable {
      router.pointee.beginImport(channel.id, attributes, nextHops: lastSet, at: time)
    } else {
      invalidNextHops += 1
    }
  }

  mutating func announce(_ prefix: Prefix, path: UInt32) {
    guard let current else { return }
    if isUsable { router.pointee.announce(prefix, path: path) } else { router.pointee.withdraw(current.id, prefix, path: path, at: time) }
  }

  mutating func withdraw(_ prefix: Prefix, path: UInt32) {
    if let channel = prefix.family == .ipv4 ? ipv4 : ipv6 { router.pointee.withdraw(channel.id, prefix, path: path, at: time) }
  }

  mutating func endOfRIB(_ family: AddressFamily) { ended.append(family) }

  mutating func refreshBegan(_ family: AddressFamily) {
    if let channel = family == .ipv4 ? ipv4 : ipv6 { router.pointee.beginRefresh(channel.id) }
  }

  mutating func refreshEnded(_ family: AddressFamily) {
    if let channel = family == .ipv4 ? ipv4 : ipv6 { router.pointee.endRefresh(channel.id, at: time) }
  }

  /// Finds the set of next hops that NEXT_HOP means (RFC 4271 §5.1.3): on a direct session it has to be on a connected network.
  private mutating func resolve(_ attributes: borrowing RouteAttributes, _ family: AddressFamily, _ channel: BGPChannel) -> Bool {
    guard let range = attributes.range(of: .nextHop) else { return false }
    if lastFamily == family, attributes.records[range].elementsEqual(lastNextHop) { return lastSet != .none }
    router.pointee.nextHops.release(lastSet)
    lastNextHop = Array(attributes.records[range])
    lastFamily = family
    lastSet = .none
    guard let (first, second) = NextHopAttribute.addresses(lastNextHop.span.bytes) else { return false }
    switch channel.gateway {
    case .recursive(let ipv4, let ipv6, let prefersGlobal):
      guard let table = first.isIPv4 ? ipv4 : ipv6 else { return false }
      lastSet = router.pointee.intern(RecursiveNextHop(first, table: table, link: prefersGlobal ? nil : second))
    case .direct(let interface, let master, let cost):
      var hop: NextHop?
      if first.isLinkLocal {
        if interface != 0 { hop = NextHop(gateway: first, interface: interface) }
      } else if let index = router.pointee.connectedInterface(first, master: master) {
        hop = NextHop(gateway: first, interface: index)
      }
      if hop == nil, let second, interface != 0 { hop = NextHop(gateway: second, interface: interface) }
      if let hop { lastSet = router.pointee.nextHops.intern([hop], cost: cost) }
    }
    return lastSet != .none
  }
}

/// A channel of a session, and how its next hops are resolved.
struct BGPChannel {
  enum Gateway {
    /// On a connected network, of one VRF if there is one; link-local ones on this interface. With the metric they get.
    case direct(interface: UInt32, master: UInt32?, cost: UInt32)
    /// Through the table of the address's family. Where it leads to a network of ours, the link-local address counts, if not told otherwise.
    case recursive(ipv4: Int?, ipv6: Int?, prefersGlobal: Bool)
  }
  var id: ChannelID
  var gateway: Gateway
}
