import BFD
import BGP
import OSPFv3
import RouteCore

/// One `protocol` of the file.
package struct ProtocolConfiguration: Sendable {
  package let kind: ProtocolDescription
  package var name: String
  /// Where its definition begins.
  package var location: SourceLocation
  /// The protocol with the range that this one was spawned from; it is in no file then.
  package var spawnedBy: String?
  package var disabled = false
  package var debug: DebugMask = []
  /// `mrtdump`; only BGP protocols have something to record.
  package var mrtdump: MRTDumpMask = []
  package var description: String?
  /// The protocol's own `router id`.
  package var routerID: RouterID?
  /// `vrf`: the protocol sees only the interfaces of one VRF; nil is all.
  package var vrf: VRFChoice?
  /// IPv4 before IPv6. Empty for the device and BFD protocols.
  package var channels: [ChannelConfiguration] = []
  /// `bfd` of a BGP protocol; nil is off.
  package var bfd: BFDRequestOptions?
  package var specification: Specification

  /// What is specific to the kind of protocol. A new protocol has a case here.
  package enum Specification: Sendable {
    case device(DeviceConfiguration)
    case direct(DirectConfiguration)
    case kernel(KernelConfiguration)
    case `static`(StaticConfiguration)
    case pipe(PipeConfiguration)
    case ospf(OSPFConfiguration)
    case bgp(PeerConfiguration)
    case bfd(BFDConfiguration)
  }

  package func channel(_ family: AddressFamily) -> ChannelConfiguration? { channels.first { $0.family == family } }
}

extension ProtocolConfiguration {
  /// Puts the router ID to use into what needs one, when it is known: at the end of the file, or when the daemon has found one.
  package mutating func setRouterID(_ id: RouterID) { kind.setRouterID(id, of: &specification) }
}

/// `vrf "NAME"` or `vrf default`.
package enum VRFChoice: Hashable, Sendable {
  /// The interfaces that have no master.
  case `default`
  /// The interfaces whose master is this device.
  case named(String)

  package var name: String? { if case .named(let name) = self { name } else { nil } }
}
