import CLinux
import CMnl
import KernelSync
import RouteCore

//  struct nhmsg:                                        struct nexthop_grp, one per member:
//   0 u8 family  1 u8 scope  2 u8 protocol  4 u32 flags   0 u32 id  4 u8 weight - 1  5 u8 (weight - 1) high  6 u16 reserved

/// Nexthop objects (Linux 5.3): routes refer to an object or group by number, so that one message changes any number of routes.
///
/// Pitfalls, measured on Linux 6.18: when a link loses its carrier the objects on it are deleted, and with the last member of a
/// group the group and all routes that use it, with one notification or none; so reinstall after a link event. While
/// `net.ipv4.nexthop_compat_mode` is 1, its default, a changed object causes a notification for every route that uses it; a deleted member
/// does not.
package enum NextHopObjectEncoder {
  /// One next hop. The family says whether IPv4 routes may use it: an IPv6 gateway serves both, an IPv4 one serves IPv4.
  package static func encode(
    id: UInt32, _ hop: NextHop, family: AddressFamily, sequence: UInt32, into writer: inout NetlinkWriter
  ) {
    let family = hop.gateway.isUnspecified ? family : hop.gateway.family
    let flags = hop.isOnLink ? UInt32(KernelNextHop.Flags.onLink.rawValue) : 0
    begin(id, UInt8(family == .ipv4 ? AF_INET : AF_INET6), flags, sequence, &writer)
    writer.attribute(UInt32(NHA_OIF), u32: hop.interface)
    if !hop.gateway.isUnspecified { writer.attribute(UInt32(NHA_GATEWAY), hop.gateway, family) }
    if !hop.labels.isEmpty { RouteEncoder.encapsulation(hop.labels, type: UInt32(NHA_ENCAP_TYPE), value: UInt32(NHA_ENCAP), &writer) }
    writer.endMessage()
  }

  /// A group of objects that exist, with their weights 1...256.
  package static func encodeGroup(
    id: UInt32, _ members: Span<NextHopMember>, sequence: UInt32, into writer: inout NetlinkWriter
  ) {
    begin(id, UInt8(AF_UNSPEC), 0, sequence, &writer)
    let nest = writer.beginNest(UInt32(NHA_GROUP))
    for index in members.indices {
      writer.u32(members[index].id)
      writer.u8(UInt8(clamping: Int(members[index].weight) - 1))
      writer.u8(0)
      writer.u16(0)
    }
    writer.endNest(nest)
    writer.endMessage()
  }

  package static func encodeRemoval(id: UInt32, sequence: UInt32, into writer: inout NetlinkWriter) {
    writer.beginMessage(type: UInt16(RTM_DELNEXTHOP), flags: UInt16(NLM_F_REQUEST), sequence: sequence)
    for _ in 0..<2 { writer.u32(0) }
    writer.attribute(UInt32(NHA_ID), u32: id)
    writer.endMessage()
  }

  /// Never replaces an existing object: the number may belong to another program.
  private static func begin(_ id: UInt32, _ family: UInt8, _ hopFlags: UInt32, _ sequence: UInt32, _ writer: inout NetlinkWriter) {
    let flags = UInt16(NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL)
    writer.beginMessage(type: UInt16(RTM_NEWNEXTHOP), flags: flags, sequence: sequence)
    writer.u8(family)
    writer.u8(0)
    writer.u8(KernelNumbers.protocolNumber)
    writer.u8(0)
    writer.u32(hopFlags)
    writer.attribute(UInt32(NHA_ID), u32: id)
  }
}
