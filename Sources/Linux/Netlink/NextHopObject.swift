import CLinux
import CMnl
import RouteCore

//  struct nhmsg:                                        struct nexthop_grp, one per member:
//   0 u8 family  1 u8 scope  2 u8 protocol  4 u32 flags   0 u32 id  4 u8 weight - 1  5 u8 (weight - 1) high  6 u16 reserved

/// Nexthop objects (Linux 5.3): routes point at a group by number, so that one message changes what any number of routes do.
///
/// Their traps, measured on Linux 6.18: when a link loses its carrier the objects on it are deleted, and with the last member of a
/// group the group and all routes on it, told by one notification or none; so install anew after a link event. While
/// `net.ipv4.nexthop_compat_mode` is 1 a change of an object tells of every route that uses it: set it to 0.
package enum NextHopObjectEncoder {
  /// One way out. The family says whether routes of IPv4 may use it: an IPv6 gateway serves both, an IPv4 one serves IPv4.
  package static func encode(
    id: UInt32, _ hop: NextHop, family: AddressFamily, protocolNumber: UInt8, sequence: UInt32, into writer: inout NetlinkWriter
  ) {
    let family = hop.gateway.isUnspecified ? family : hop.gateway.family
    begin(id, UInt8(family == .ipv4 ? AF_INET : AF_INET6), protocolNumber, sequence, &writer)
    writer.attribute(UInt32(NHA_OIF), u32: hop.interface)
    if !hop.gateway.isUnspecified { writer.attribute(UInt32(NHA_GATEWAY), hop.gateway, family) }
    writer.endMessage()
  }

  /// A group of objects that exist, with their weights 1...256.
  package static func encodeGroup(
    id: UInt32, _ members: Span<NextHopMember>, protocolNumber: UInt8, sequence: UInt32, into writer: inout NetlinkWriter
  ) {
    begin(id, UInt8(AF_UNSPEC), protocolNumber, sequence, &writer)
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

  private static func begin(_ id: UInt32, _ family: UInt8, _ protocolNumber: UInt8, _ sequence: UInt32, _ writer: inout NetlinkWriter) {
    let flags = UInt16(NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE)
    writer.beginMessage(type: UInt16(RTM_NEWNEXTHOP), flags: flags, sequence: sequence)
    writer.u8(family)
    writer.u8(0)
    writer.u8(protocolNumber)
    writer.u8(0)
    writer.u32(0)
    writer.attribute(UInt32(NHA_ID), u32: id)
  }
}

/// A member of a group of nexthop objects.
package struct NextHopMember: Hashable, Sendable {
  package var id: UInt32
  package var weight: UInt16

  package init(id: UInt32, weight: UInt16 = 1) {
    self.id = id
    self.weight = weight
  }
}

extension RouteBatch {
  /// Creates a nexthop object, or changes what it is for all routes and groups that use it.
  package func install(
    nextHopObject id: UInt32, _ hop: NextHop, family: AddressFamily, protocolNumber: UInt8 = KernelNumbers.protocolNumber, token: UInt32
  ) {
    append(token: token) { sequence, writer in
      NextHopObjectEncoder.encode(
        id: id, hop, family: family, protocolNumber: protocolNumber, sequence: sequence, into: &writer)
    }
  }

  /// Creates a group, or changes its members for all routes that use it, in one step.
  package func install(
    nextHopGroup id: UInt32, _ members: [NextHopMember], protocolNumber: UInt8 = KernelNumbers.protocolNumber, token: UInt32
  ) {
    append(token: token) { sequence, writer in
      NextHopObjectEncoder.encodeGroup(
        id: id, members.span, protocolNumber: protocolNumber, sequence: sequence, into: &writer)
    }
  }

  /// Removes an object or a group, from all groups it is in, and the routes that have nothing else. That it is gone is no failure.
  package func remove(nextHopObject id: UInt32, token: UInt32) {
    append(token: token, isRemoval: true) { sequence, writer in
      NextHopObjectEncoder.encodeRemoval(id: id, sequence: sequence, into: &writer)
    }
  }
}
