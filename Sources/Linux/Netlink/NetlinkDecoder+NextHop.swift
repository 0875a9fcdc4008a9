import CLinux
import CMnl
import KernelSync
import RouteCore

extension NetlinkDecoder {
  //  struct nhmsg:                                        struct nexthop_grp, one per member:
  //   0 u8 family  1 u8 scope  2 u8 protocol  4 u32 flags   0 u32 id  4 u8 weight - 1  5 u8 (weight - 1) high  6 u16 reserved
  /// A nexthop object; a blackhole, or anything else we cannot represent, has neither a next hop nor members.
  package static func nextHopObject(_ body: RawSpan) -> KernelObject? {
    guard body.byteCount >= 8 else { return nil }
    let family = family(body.byte(0)) ?? .ipv6
    var object = KernelObject(id: 0, protocolNumber: body.byte(2), family: family)
    var way = DecodedWay(family: family)
    NetlinkMessages.forEachAttribute(in: body, from: 8) { type, value in
      switch Int(type) {
      case NHA_ID: object.id = value.u32 ?? 0
      case NHA_GROUP: object.members = members(value)
      case NHA_OIF: way.hop.interface = value.u32 ?? 0
      case NHA_GATEWAY: way.takeGateway(address(value, family))
      case NHA_ENCAP_TYPE: way.takeEncapsulationType(value)
      case NHA_ENCAP: way.takeEncapsulation(value)
      default: break
      }
    }
    guard object.id != 0 else { return nil }
    if object.members.isEmpty, way.hop.interface != 0, !way.isUnusable {
      way.hop.isOnLink = body.hostU32(4) & UInt32(KernelNextHop.Flags.onLink.rawValue) != 0
      object.hop = way.hop
    }
    return object
  }

  private static func members(_ bytes: RawSpan) -> [NextHopMember] {
    var out: [NextHopMember] = []
    for offset in stride(from: 0, to: bytes.byteCount & ~7, by: 8) {
      out.append(NextHopMember(id: bytes.hostU32(offset), weight: UInt16(bytes.byte(offset + 4)) + 1))
    }
    return out
  }
}
