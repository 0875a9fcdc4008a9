import BFD
import BGP
import OSPFv3
import RouteCore

/// One `protocol` of the file.
package struct ProtocolConfiguration: Sendable {
  package var name: String
  /// Where its definition begins.
  package var location: SourceLocation
  /// The protocol with the range that it was made for; no file has it.
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

  /// The type and what belongs to it.
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

  package var kind: ProtocolKind {
    switch specification {
    case .device: .device
    case .direct: .direct
    case .kernel: .kernel
    case .static: .static
    case .pipe: .pipe
    case .ospf: .ospf
    case .bgp: .bgp
    case .bfd: .bfd
    }
  }

  package func channel(_ family: AddressFamily) -> ChannelConfiguration? { channels.first { $0.family == family } }

  /// What a protocol with a range (`neighbor range`) makes of itself for one of its peers.
  package func spawned(_ name: String, for neighbor: IPAddress) -> ProtocolConfiguration? {
    guard case .bgp(let peer) = specification, peer.isListener else { return nil }
    var out = self
    out.name = name
    out.spawnedBy = self.name
    out.specification = .bgp(peer.spawned(for: neighbor))
    return out
  }
}

/// `vrf "NAME"` or `vrf default`.
package enum VRFChoice: Hashable, Sendable {
  /// The interfaces that have no master.
  case `default`
  /// The interfaces whose master is this device.
  case named(String)

  package var name: String? { if case .named(let name) = self { name } else { nil } }
}

/// The types of protocols, by the word that follows `protocol`.
package enum ProtocolKind: String, Sendable, CaseIterable {
  case device, direct, kernel, `static`, pipe, ospf, bgp, bfd

  /// Whether protocols of the type have routes.
  package var hasChannels: Bool { self != .device && self != .bfd }

  /// BIRD's; a channel's `preference` changes it.
  package var defaultPreference: UInt16 {
    switch self {
    case .device, .bfd: 0
    case .direct: 240
    case .kernel: 10
    case .static: 200
    case .pipe: 70
    case .ospf: 150
    case .bgp: 100
    }
  }

  /// How a channel lists it: the Proto column of `show protocols`.
  package var displayName: String {
    switch self {
    case .device: "Device"
    case .direct: "Direct"
    case .kernel: "Kernel"
    case .static: "Static"
    case .pipe: "Pipe"
    case .ospf: "OSPF"
    case .bgp: "BGP"
    case .bfd: "BFD"
    }
  }
}

package struct DeviceConfiguration: Hashable, Sendable {
  /// `scan time`, in seconds; 0 is at startup only.
  package var scanTime: UInt32 = 60
  /// `primary` (1.6) and `interface … { preferred … }` (2.x): addresses to prefer, the first match decides.
  package var preferred: [PreferredAddress] = []

  package struct PreferredAddress: Hashable, Sendable {
    /// Nil: all interfaces.
    package var interfaces: InterfacePattern?
    /// A prefix of the address, or all of it.
    package var prefix: Prefix
  }
}

package struct DirectConfiguration: Hashable, Sendable {
  /// Nil: all interfaces.
  package var interfaces: InterfacePattern?
  package var checkLink = false
}

package struct KernelConfiguration: Hashable, Sendable {
  package var persist = false
  /// `scan time`, in seconds.
  package var scanTime: UInt32 = 60
  package var learn = false
  /// `merge paths`: the greatest number of next hops in a route; nil is off.
  package var mergePathsLimit: Int?
  /// `kernel table`.
  package var table: UInt32 = 254
  /// `metric`; 0 leaves it to the kernel. 2.x has 32, 1.6 has 0.
  package var metric: UInt32 = 0
  /// `graceful restart`: after a restart (`-R`) nothing is changed before the tables are complete again.
  package var gracefulRestart = false
  /// `device routes` (1.6): export device routes to the kernel too.
  package var deviceRoutes = false
  /// `nexthop objects`: routes lead to objects that stand for their next hops, where the kernel has them.
  package var nextHopObjects = true
}

package struct StaticConfiguration: Sendable {
  package var checkLink = false
  /// Where recursive next hops are looked up, by their family: `igp table`, else the channel's table, else the implicit one.
  package var igpTables: [AddressFamily: String] = [:]
  package var routes: [StaticRoute] = []
  /// The 1.6 language: routes to an interface alone are of a source of their own, RTS_STATIC_DEVICE.
  package var marksDeviceRoutes = false
}

/// `route PREFIX …`.
package struct StaticRoute: Sendable {
  package enum Destination: Hashable, Sendable {
    /// One or several next hops.
    case nextHops([StaticNextHop])
    case recursive(IPAddress, LabelStack)
    case blackhole
    case unreachable
    case prohibit
  }
  package var prefix: Prefix
  package var destination: Destination
  /// The filter commands in `{ … }`, run once when the route is made.
  package var commands: PolicyProgram?
  package var location: SourceLocation
}

package struct StaticNextHop: Hashable, Sendable {
  /// `::` for a route to an interface alone.
  package var gateway: IPAddress
  /// `%interface`, or the interface of a route without a gateway.
  package var interface: String?
  /// 1...256
  package var weight: UInt16 = 1
  package var isOnLink = false
  /// `bfd`: the next hop is used only while its BFD session is Up. Nil: nothing was said, no.
  package var bfd: Bool?
  package var labels = LabelStack()
}

/// What a BGP protocol wants of its BFD session.
package struct BFDRequestOptions: Hashable, Sendable {
  /// What it wants otherwise than the interface has it.
  package var overrides = SessionOverrides()
  /// `bfd graceful`: the end of the session is to be a graceful restart (RFC 5882 §4.3).
  package var isGraceful = false

  package init() {}
}

package struct PipeConfiguration: Hashable, Sendable {
  /// `peer table`
  package var peerTable: String
  /// `mode opaque` (1.6): preferences and attributes do not pass.
  package var opaque = false
}

package struct OSPFConfiguration: Hashable, Sendable {
  package enum Version: UInt8, Hashable, Sendable {
    /// RFC 2328. Read, but not implemented: such a protocol cannot run.
    case v2 = 2
    /// RFC 5340.
    case v3 = 3
  }
  package var version: Version
  package var instance: InstanceConfiguration
}
