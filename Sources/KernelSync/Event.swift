import RouteCore

/// The handle of a kernel table that routes are written to.
package struct KernelTableID: Handle {
  package var rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// The configuration of a table.
package struct KernelTableOptions: Hashable, Sendable {
  /// Seconds between two audits; 0 means never.
  package var scanTime: UInt32 = 60
  /// The metric that the protocol gives its routes; 0 leaves it to the kernel.
  package var metric: UInt32 = 0
  /// Whether routes of other programs are announced.
  package var learns = false
  /// Whether routes lead to nexthop objects (`nexthop objects`).
  package var usesObjects = true
  /// Whether routes of an earlier run stay although they are not wanted (yet): while the daemon recovers from a restart.
  package var keepsLeftOvers = false

  package init() {}
}

/// How a table ends.
package enum KernelTableEnd: Sendable {
  /// All our routes are removed.
  case remove
  /// They stay, rewritten without nexthop objects so that any daemon can take them over.
  case persist
  /// They stay as they are, as we will be back soon.
  case leave
}

/// Whether routes can lead over an interface.
package enum LinkState: UInt8, Sendable {
  case down
  /// Up, but without carrier: the kernel keeps routes, but accepts no nexthop objects.
  case noCarrier
  case up
}

/// A nexthop object as the kernel shows it.
package struct KernelObject: Hashable, Sendable {
  package var id: UInt32
  /// Who created it (RTPROT_).
  package var protocolNumber: UInt8
  /// The next hop; nil for a group.
  package var hop: NextHop?
  package var family: AddressFamily
  /// For a group: its members.
  package var members: [NextHopMember]

  package init(
    id: UInt32, protocolNumber: UInt8 = KernelNumbers.protocolNumber, hop: NextHop? = nil, family: AddressFamily = .ipv6,
    members: [NextHopMember] = []
  ) {
    self.id = id
    self.protocolNumber = protocolNumber
    self.hop = hop
    self.family = family
    self.members = members
  }
}

/// A member of a group of nexthop objects, with its share of the traffic, 1...256.
package struct NextHopMember: Hashable, Sendable, BitwiseCopyable {
  package var id: UInt32
  package var weight: UInt16

  package init(id: UInt32, weight: UInt16 = 1) {
    self.id = id
    self.weight = weight
  }
}

/// The kernel's refusal of one change of a batch.
package struct KernelRefusal: Hashable, Sendable {
  /// The change's place in the batch.
  package var index: Int
  /// The errno.
  package var code: Int32
  /// The errno as text, and the kernel's own message if there is one.
  package var text: String

  package init(index: Int, code: Int32, text: String) {
    self.index = index
    self.code = code
    self.text = text
  }
}

/// The outcome of a batch.
package struct KernelAnswer: Hashable, Sendable {
  /// In the order of the batch.
  package var refusals: [KernelRefusal] = []
  /// False when answers were lost: the outcome of the batch is unknown.
  package var isComplete = true

  package init(refusals: [KernelRefusal] = [], isComplete: Bool = true) {
    self.refusals = refusals
    self.isComplete = isComplete
  }
}

/// One entry of a requested dump.
package enum DumpedEntry: Hashable, Sendable {
  case route(KernelRoute)
  case object(KernelObject)
}

package enum DumpOutcome: Hashable, Sendable {
  case complete
  /// The list changed while it was being read, or there was no time for it.
  case interrupted
  /// The kernel has no nexthop objects.
  case unsupported
  case failed(String)
}

extension KernelSync {
  /// An input of the machine. What prefixes are to have comes through `want` and `unwant`.
  package enum Event: MachineEvent, Sendable {
    /// A table is to be kept: routes of an earlier run are looked for, then `Action.ready` follows.
    case start(KernelTableID, KernelTableOptions)
    case stop(KernelTableID, KernelTableEnd)
    case options(KernelTableID, KernelTableOptions)
    /// The answer to the batch that was handed out last.
    case answered(KernelAnswer)
    case link(UInt32, LinkState)
    /// The addresses of an interface changed, or the VRF it belongs to.
    case addressesChanged(UInt32)
    case routeAppeared(KernelRoute)
    case routeDisappeared(KernelRoute)
    case objectChanged(KernelObject)
    case objectRemoved(UInt32)
    /// Notifications were lost: everything known may be stale.
    case notificationsLost
    case scanSoon(KernelTableID)
    case dumped(DumpedEntry)
    case dumpEnded(DumpOutcome)
    /// Next hops for which no protocol vouches any more: they are removed from all routes that have another one.
    case lost([NextHop])
    /// The tables have caught up: next hops that were lost may be used again if they are wanted.
    case regained([NextHop])
    case deadline
    /// There is room again, or something new is wanted.
    case turn
  }

  package enum Action: Sendable {
    package enum Level: Sendable { case info, warning, error }
    /// The routes of an earlier run are known: `want` may be called.
    case ready(KernelTableID)
    /// All tables that were ending have ended.
    case stopped(KernelTableID)
    /// Read all nexthop objects; answered by `dumped` and `dumpEnded`.
    case dumpObjects
    /// Read the routes of a table; only those of one protocol if given.
    case dumpRoutes(KernelTableID, protocolNumber: UInt8?)
    /// Announce another program's route, in place of the previous one.
    case learnt(KernelTableID, KernelRoute)
    case forgotten(KernelTableID, Prefix)
    /// The kernel refuses a prefix and this many others; because of a set of next hops if one is given.
    case refused(Prefix, others: UInt32, HopSetID, String)
    case log(Level, String)
  }

  /// What the owner is to do. Reuse one value.
  package struct Output: MachineOutput {
    /// To be written in this order, and answered by `answered`.
    package var batch: [KernelChange] = []
    package var actions: [Action] = []
    package init() {}

    package mutating func removeAll() {
      batch.removeAll(keepingCapacity: true)
      actions.removeAll(keepingCapacity: true)
    }
  }
}

/// What to do if there is already a route with the same prefix, table and metric.
package enum RouteMode: UInt8, Sendable, BitwiseCopyable {
  /// Fail with EEXIST, whoever installed it.
  case create
  /// Take its place in one step, whoever installed it; create the route if there is none.
  case replace
}

/// One change of the kernel's state.
package enum KernelChange: Hashable, Sendable {
  case makeNextHop(id: UInt32, NextHop, AddressFamily)
  case makeGroup(id: UInt32, [NextHopMember])
  case removeObject(id: UInt32)
  case write(RouteChange, RouteMode)
  case remove(RouteChange)
}

/// What a prefix is to have: all its next hops, whatever the state of their links.
package struct WantedRoute: Hashable, Sendable, BitwiseCopyable {
  package var destination: RouteDestination
  /// From `KernelSync.set`.
  package var hops: HopSetID
  /// 0 leaves it to the kernel.
  package var metric: UInt32
  /// From `KernelSync.name`.
  package var details: KernelDetailsID

  package init(_ destination: RouteDestination, via hops: HopSetID, metric: UInt32, details: KernelDetailsID) {
    self.destination = destination
    self.hops = hops
    self.metric = metric
    self.details = details
  }
}

/// A route in a change, by handles of the machine.
package struct RouteChange: Hashable, Sendable, BitwiseCopyable {
  package var prefix: Prefix
  package var table: UInt32
  package var metric: UInt32
  package var destination: RouteDestination
  /// For `KernelSync.details`.
  package var details: KernelDetailsID
  /// For `KernelSync.hops`.
  package var hops: HopSetID
  /// The kernel's number of the nexthop object, 0 for none.
  package var object: UInt32
}
