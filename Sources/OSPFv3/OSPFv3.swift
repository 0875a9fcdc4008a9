// OSPFv3 for IPv6 and IPv4: RFC 5340 on the procedures of RFC 2328, without any I/O.
//
// `Instance` is the whole protocol: one value, one entry (`handle`), one deadline. What it does is split by the RFC's nouns:
//
//   Packets/    the five packet types of RFC 5340 §A.3, one file each, decoded with every length checked
//   LSA/        the LSA header and the bodies of RFC 5340 §A.4, the Fletcher checksum
//   Interface/  the interface machine (RFC 2328 §9), designated router election (§9.4), Hello (§9.5, §10.5), to whom
//               Hellos go on networks without multicast (§9.5.1), virtual links (§15), which are interfaces too
//   Neighbor/   the neighbour machine (§10), database exchange, requests and retransmissions
//   Database/   the link-state database in three scopes, ageing, flooding (§13), origination (§12.4, RFC 5340 §4.4), also of what an
//               area border router tells of other areas
//   Instance/   the whole, what is done when, reconfiguration, and graceful restart, of neighbours and of its own
//   SPF/        the graph and Dijkstra, which know no LSA; then the prefixes as a second pass (§16)
//   Views/      plain values for `show ospf …`
//
// An `Interface` owns its machine and those of its neighbours. Its methods see themselves and an `InterfaceContext`, append packets to the
// output, and leave in the context what the rest of the router has to do: `Instance.act` lets an interface act and does that. Whatever is
// put off until the end of an event, or until a deadline, is a `DueWork`, and is done in `Instance+DueWork.swift`.
//
// Of all this only the following is OSPFv3's own, the rest is RFC 2328's: Packets/, LSA/, what a link is (`InterfaceStatus`,
// `Interface+Link`), the checks of a packet and of a Hello (`Instance+Reception`, `Interface+Hello`), what the router's own LSAs say
// (`Instance+OwnLSAs`, `Instance+InterArea`, `Instance+Externals`) and how LSAs become graph and prefixes (`Topology+LSAs`,
// `Instance+Attachment`).
//
// The way of a change: an LSA is installed → what it says is noted at once in the graph (router- and network-LSAs) or in the
// prefix table (all LSAs that carry prefixes), and what is touched is marked → the calculation runs once for a burst of changes
// (RFC 8405) → only vertices whose distance or next hops changed re-evaluate their prefixes → only routes that really changed are
// output. So a prefix change needs no Dijkstra, and a link change costs Dijkstra plus the routes behind the link.
//
// A router in several areas keeps a graph for each and one prefix table for all, whose sources know their area. Whatever changes in the
// table it has to tell: what areas hear of a prefix, a range or an AS boundary router is a function of the table, asked anew for those
// that are marked (`announcedMetric`, `announcedPath`, `translated`).
//
// A virtual link is a point-to-point interface of the backbone. Its packets are sent by the system's routing table, and what comes through
// the transit area is assigned to it. A path that begins with it has no next hop yet: the inter-area-LSAs of the transit area, which all
// its routers follow, give it one (RFC 2328 §16.3), or it is none.
//
// Standards: RFC 5340 (OSPFv3), RFC 2328 (OSPFv2, procedures), RFC 3101 (NSSA), RFC 6987 (stub router),
// RFC 8405 (SPF back-off), RFC 5838 (IPv4), RFC 3623 and RFC 5187 (graceful restart).

import RouteCore

/// Architectural constants of RFC 2328 appendix B, in seconds unless said otherwise.
package enum Constants {
  package static let version: UInt8 = 3
  package static let lsRefreshTime: Int64 = 1800
  package static let minLSInterval: Duration = .seconds(5)
  package static let minLSArrival: Duration = .seconds(1)
  package static let maxAge: UInt16 = 3600
  package static let maxAgeDiff: UInt16 = 900
  package static let lsInfinity: UInt32 = 0xff_ffff
  package static let initialSequenceNumber: Int32 = -0x7fff_ffff
  package static let maxSequenceNumber: Int32 = 0x7fff_ffff
  /// RFC 6987 §2: the metric of links that must not be used for transit.
  package static let maxLinkMetric: UInt16 = 0xffff
  /// How long an acknowledgment may wait for company (RFC 2328 §13.5: less than RxmtInterval).
  package static let delayedAcknowledgment: Duration = .milliseconds(500)
  /// ff02::5
  package static let allSPFRouters = IPAddress(high: 0xff02_0000_0000_0000, low: 5)
  /// ff02::6
  package static let allDRouters = IPAddress(high: 0xff02_0000_0000_0000, low: 6)
}
