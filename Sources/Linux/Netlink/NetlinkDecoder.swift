import CLinux
import CMnl
import KernelSync
import RouteCore

/// One thing the kernel says about links, addresses or routes.
package enum NetlinkEvent: Hashable, Sendable {
  case link(Link)
  case linkRemoved(Link)
  case address(InterfaceAddress)
  case addressRemoved(InterfaceAddress)
  /// A route was added or, with `replaced`, took the place of the one with the same prefix, table and metric.
  case route(KernelRoute, replaced: Bool)
  /// A route was removed. For an IPv6 multipath route that loses one leg, the next hops are that leg only.
  case routeRemoved(KernelRoute)
  /// A nexthop object was added or changed.
  case nextHop(KernelObject)
  case nextHopRemoved(UInt32)
}

/// Decodes messages into values. Pure; anything malformed, cloned, or irrelevant to a routing daemon gives nil.
package enum NetlinkDecoder {
  /// Decodes all messages in the bytes, events and replies, and returns how many there were. The fuzzer's entry point.
  @discardableResult
  package static func decodeAll(_ bytes: RawSpan) -> Int {
    var count = 0
    NetlinkMessages.forEach(in: bytes) { header, body in
      count += 1
      _ = event(header, body)
      _ = NetlinkReply(header, body)
    }
    return count
  }

  package static func event(_ header: NetlinkHeader, _ body: RawSpan) -> NetlinkEvent? {
    switch Int(header.type) {
    case RTM_NEWLINK: link(body).map { .link($0) }
    case RTM_DELLINK: link(body).map { .linkRemoved($0) }
    case RTM_NEWADDR: address(body).map { .address($0) }
    case RTM_DELADDR: address(body).map { .addressRemoved($0) }
    case RTM_NEWROUTE: route(body).map { .route($0, replaced: Int32(header.flags) & NLM_F_REPLACE != 0) }
    case RTM_DELROUTE: route(body).map { .routeRemoved($0) }
    case RTM_NEWNEXTHOP: nextHopObject(body).map { .nextHop($0) }
    case RTM_DELNEXTHOP: nextHopObject(body).map { .nextHopRemoved($0.id) }
    default: nil
    }
  }

  //  struct ifinfomsg: 0 u8 family, 2 u16 type, 4 u32 index, 8 u32 flags, 12 u32 change
  package static func link(_ body: RawSpan) -> Link? {
    guard body.byteCount >= 16 else { return nil }
    // AF_BRIDGE messages are about a port of a bridge; RTM_DELLINK then means that it left the bridge, not that the link is gone.
    guard body.byte(0) != UInt8(AF_BRIDGE) else { return nil }
    var link = Link(index: body.hostU32(4), name: "", flags: Link.Flags(rawValue: body.hostU32(8)))
    NetlinkMessages.forEachAttribute(in: body, from: 16) { type, value in
      switch Int(type) {
      case IFLA_IFNAME: link.name = value.text
      case IFLA_MTU: link.mtu = value.u32 ?? 0
      case IFLA_MASTER: link.master = value.u32 ?? 0
      case IFLA_LINKINFO:
        NetlinkMessages.forEachAttribute(in: value) { type, value in
          if Int(type) == IFLA_INFO_KIND { link.kind = value.text }
        }
      default: break
      }
    }
    return link.index == 0 || link.name.isEmpty ? nil : link
  }

  //  struct ifaddrmsg: 0 u8 family, 1 u8 prefix length, 2 u8 flags, 3 u8 scope, 4 u32 index
  package static func address(_ body: RawSpan) -> InterfaceAddress? {
    guard body.byteCount >= 8, let family = family(body.byte(0)) else { return nil }
    let length = body.byte(1)
    guard length <= family.bitWidth else { return nil }
    var flags = UInt32(body.byte(2))
    var local: IPAddress?
    var remote: IPAddress?
    NetlinkMessages.forEachAttribute(in: body, from: 8) { type, value in
      switch Int(type) {
      case IFA_LOCAL: local = address(value, family)
      case IFA_ADDRESS: remote = address(value, family)
      case IFA_FLAGS: flags = value.u32 ?? flags
      default: break
      }
    }
    // IFA_ADDRESS is the other end where there is an IFA_LOCAL that differs from it, else our own address.
    guard let own = local ?? remote else { return nil }
    let opposite = local != nil && remote != local ? remote : nil
    var found = InterfaceAddress(
      interface: body.hostU32(4), address: own, prefixLength: length, opposite: opposite, scope: RouteScope(kernel: body.byte(3)))
    found.flags = InterfaceAddress.Flags(rawValue: flags)
    return found
  }

  static func family(_ number: UInt8) -> AddressFamily? {
    switch Int32(number) {
    case AF_INET: .ipv4
    case AF_INET6: .ipv6
    default: nil
    }
  }

  /// An address of exactly the family's size.
  static func address(_ value: RawSpan, _ family: AddressFamily) -> IPAddress? {
    value.byteCount == family.byteCount ? value.address : nil
  }
}
