import CLinux
import CMnl
import RouteCore

extension NetlinkDecoder {
  //  struct rtmsg:
  //   0 u8 family   1 u8 destination length   2 u8 source length   3 u8 TOS
  //   4 u8 table    5 u8 protocol             6 u8 scope           7 u8 type      8 u32 flags
  package static func route(_ body: RawSpan) -> KernelRoute? {
    guard body.byteCount >= 12, let family = family(body.byte(0)) else { return nil }
    let length = body.byte(1)
    // Source-specific and TOS routes stand outside of a table by destination; cloned ones are a cache.
    guard length <= family.bitWidth, body.byte(2) == 0, body.byte(3) == 0 else { return nil }
    let flags = body.hostU32(8)
    guard flags & UInt32(RTM_F_CLONED) == 0, let destination = destination(body.byte(7)) else { return nil }
    var decoded = DecodedRoute(family: family)
    decoded.table = UInt32(body.byte(4))
    NetlinkMessages.forEachAttribute(in: body, from: 12) { type, value in decoded.take(type, value) }
    guard !decoded.isUnusable, !decoded.way.isUnusable else { return nil }

    let zero = family == .ipv4 ? IPAddress(ipv4: 0) : .unspecified
    var route = KernelRoute(
      prefix: Prefix(decoded.destination ?? zero, length, family), table: decoded.table, protocolNumber: body.byte(5),
      metric: decoded.metric)
    route.destination = destination
    route.details = decoded.details
    route.details.scope = body.byte(6)
    route.nextHopObject = decoded.nextHopObject
    route.flags = flags
    guard destination == .unicast else { return route }  // the loopback given for a blackhole is no next hop
    if decoded.isMultipath {
      route.nextHops = decoded.nextHops
    } else if decoded.interface != 0 {
      var hop = decoded.way.hop
      hop.interface = decoded.interface
      route.nextHops = [KernelNextHop(hop, flags: KernelNextHop.Flags(rawValue: UInt8(truncatingIfNeeded: flags)))]
    }
    return route
  }

  /// The kinds a routing daemon deals in. Local, broadcast and multicast entries are the kernel's own.
  private static func destination(_ type: UInt8) -> RouteDestination? {
    switch Int(type) {
    case Int(RTN_UNICAST): .unicast
    case Int(RTN_BLACKHOLE): .blackhole
    case Int(RTN_UNREACHABLE): .unreachable
    case Int(RTN_PROHIBIT): .prohibit
    default: nil
    }
  }
}

/// The contents of one route message's attributes.
private struct DecodedRoute {
  var family: AddressFamily
  var table: UInt32 = 0
  var destination: IPAddress?
  var way: DecodedWay
  var interface: UInt32 = 0
  var metric: UInt32 = 0
  var details = KernelDetails()
  var nextHopObject: UInt32 = 0
  var nextHops = [KernelNextHop]()
  var isMultipath = false
  /// An address of the wrong size: not a route we can represent.
  var isUnusable = false

  init(family: AddressFamily) {
    self.family = family
    way = DecodedWay(family: family)
  }

  mutating func take(_ type: UInt16, _ value: RawSpan) {
    switch Int(type) {
    case Int(RTA_DST.rawValue): destination = checked(NetlinkDecoder.address(value, family))
    case Int(RTA_OIF.rawValue): interface = value.u32 ?? 0
    case Int(RTA_PRIORITY.rawValue): metric = value.u32 ?? 0
    case Int(RTA_TABLE.rawValue): table = value.u32 ?? table
    case Int(RTA_PREFSRC.rawValue): details.preferredSource = checked(NetlinkDecoder.address(value, family))
    case Int(RTA_FLOW.rawValue): details.realm = value.u32
    case Int(RTA_NH_ID.rawValue): nextHopObject = value.u32 ?? 0
    case Int(RTA_METRICS.rawValue):
      var found = KernelMetrics()
      NetlinkMessages.forEachAttribute(in: value) { type, value in
        if let metric = KernelMetric(rawValue: UInt8(clamping: type)) { found[metric] = value.u32 }
      }
      details.metrics = found
    case Int(RTA_MULTIPATH.rawValue):
      isMultipath = true
      takeNextHops(value)
    default: way.take(type, value)
    }
  }

  private mutating func checked(_ address: IPAddress?) -> IPAddress? {
    if address == nil { isUnusable = true }
    return address
  }

  //  struct rtnexthop: 0 u16 length, 2 u8 flags, 3 u8 hops (weight - 1), 4 u32 interface, then attributes
  private mutating func takeNextHops(_ bytes: RawSpan) {
    var offset = 0
    while bytes.byteCount - offset >= 8 {
      let length = Int(bytes.hostU16(offset))
      guard length >= 8, length <= bytes.byteCount - offset else {
        isUnusable = true
        return
      }
      var way = DecodedWay(family: family)
      NetlinkMessages.forEachAttribute(in: bytes.extracting(offset + 8..<offset + length)) { way.take($0, $1) }
      guard !way.isUnusable else {
        isUnusable = true
        return
      }
      var hop = way.hop
      hop.interface = bytes.hostU32(offset + 4)
      hop.weight = UInt16(bytes.byte(offset + 3)) + 1
      nextHops.append(KernelNextHop(hop, flags: KernelNextHop.Flags(rawValue: bytes.byte(offset + 2))))
      offset += (length + 3) & ~3
    }
  }
}

/// The gateway and the labels of a next hop: the only one of a route, or one leg.
struct DecodedWay {
  let family: AddressFamily
  var hop = NextHop(interface: 0)
  private var encapsulation: UInt16 = 0
  private var isEncapsulated = false
  private var isDamaged = false

  init(family: AddressFamily) { self.family = family }

  /// An address of the wrong size, or an encapsulation other than MPLS: not a route we can represent.
  var isUnusable: Bool { isDamaged || isEncapsulated && Int(encapsulation) != Int(LWTUNNEL_ENCAP_MPLS.rawValue) }

  mutating func take(_ type: UInt16, _ value: RawSpan) {
    switch Int(type) {
    case Int(RTA_GATEWAY.rawValue): takeGateway(NetlinkDecoder.address(value, family))
    case Int(RTA_VIA.rawValue): takeGateway(DecodedWay.via(value))
    case Int(RTA_ENCAP_TYPE.rawValue): takeEncapsulationType(value)
    case Int(RTA_ENCAP.rawValue): takeEncapsulation(value)
    default: break
    }
  }

  mutating func takeEncapsulationType(_ value: RawSpan) { encapsulation = value.byteCount >= 2 ? value.hostU16(0) : 0 }

  mutating func takeEncapsulation(_ value: RawSpan) {
    isEncapsulated = true
    NetlinkMessages.forEachAttribute(in: value) { type, value in
      if Int(type) == Int(MPLS_IPTUNNEL_DST) { takeLabels(value) }
    }
  }

  /// A stack of entries as on the wire (RFC 3032 §2.1).
  private mutating func takeLabels(_ stack: RawSpan) {
    hop.labels = LabelStack()
    for offset in stride(from: 0, to: stack.byteCount & ~3, by: 4) {
      if !hop.labels.append(UInt32(bigEndian: stack.hostU32(offset)) >> 12) { isDamaged = true }
    }
  }

  mutating func takeGateway(_ gateway: IPAddress?) {
    if let gateway { hop.gateway = gateway } else { isDamaged = true }
  }

  /// struct rtvia: u16 family, then an address of that family. A gateway of the other family (RFC 8950).
  private static func via(_ value: RawSpan) -> IPAddress? {
    guard value.byteCount >= 2, let family = NetlinkDecoder.family(UInt8(truncatingIfNeeded: value.hostU16(0))) else { return nil }
    return NetlinkDecoder.address(value.extracting(2..<value.byteCount), family)
  }
}
