import RouteCore

/// A table of the kernel that routes are written to: its place among those of the machine.
package struct KernelTableID: Handle {
  package var rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// What is said of a table by configuration.
package struct KernelTableOptions: Hashable, Sendable {
  /// Seconds between two audits; 0 is never.
  package var scanTime: UInt32 = 60
  /// The metric that the protocol gives its routes; 0 leaves it to the kernel.
  package var metric: UInt32 = 0
  /// Whether the routes of others are told.
  package var learns = false
  /// Whether routes lead to nexthop objects (`nexthop objects`).
  package var usesObjects = true
  /// Whether routes of an earlier run stay that nobody has wanted again: while the daemon recovers from a restart.
  package var keepsLeftOvers = false

  package init() {}
}

/// How a table ends.
package enum KernelTableEnd: Sendable {
  /// All routes of ours go.
  case remove
  /// They stay, written so that anybody can take them over: without nexthop objects.
  case persist
  /// They stay as they are, as we are back soon.
  case leave
}

/// Whether routes can lead over an interface.
package enum LinkState: UInt8, Sendable {
  case down
  /// Up, but nobody at the other end: the kernel keeps routes there, and takes no nexthop objects.
  case noCarrier
  case up
}

/// A nexthop object as the kernel shows it.
package struct KernelObject: Hashable, Sendable {
  package var id: UInt32
  /// Who made it (RTPROT_).
  package var protocolNumber: UInt8
  /// The way out, for one that is no group.
  package var hop: NextHop?
  package var family: AddressFamily
  /// Of a group: the objects it consists of.
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

/// The kernel's word on one change of a batch.
package struct KernelRefusal: Hashable, Sendable {
  /// The change's place in the batch.
  package var index: Int
  /// The errno.
  package var code: Int32
  /// The errno's words, and the kernel's own where it has any.
  package var text: String

  package init(index: Int, code: Int32, text: String) {
    self.index = index
    self.code = code
    self.text = text
  }
}

/// What became of a batch.
package struct KernelAnswer: Hashable, Sendable {
  /// In the order of the batch.
  package var refusals: [KernelRefusal] = []
  /// False when answers were lost: what became of the batch is not known.
  package var isComplete = true

  package init(refusals: [KernelRefusal] = [], isComplete: Bool = true) {
    self.refusals = refusals
    self.isComplete = isComplete
  }
}

/// One entry of a list that was asked for.
package enum DumpedEntry: Hashable, Sendable {
  case route(KernelRoute)
  case object(KernelObject)
}

package enum DumpOutcome: Hashable, Sendable {
  case complete
  /// The list changed while it was read, or there was no time for it.
  case interrupted
  /// The kernel has no such thing as nexthop objects.
  case unsupported
  case failed(String)
}

extension KernelSync {
  /// What happens to the machine. What is wanted of prefixes comes by `want` and `unwant`.
  package enum Event: MachineEvent, Sendable {
    /// A table is to be kept: what an earlier run left there is looked for, then `Action.ready` comes.
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
    /// Notifications were lost: all that is known may be stale.
    case notificationsLost
    case scanSoon(KernelTableID)
    case dumped(DumpedEntry)
    case dumpEnded(DumpOutcome)
    /// Next hops for which nobody vouches any more: they are taken out of all routes that have another one.
    case lost([NextHop])
    /// The tables have followed: next hops that were lost are as good as any, should somebody want them.
    case regained([NextHop])
    case deadline
    /// There is room again, or something was wanted.
    case turn
  }

  package enum Action: Sendable {
    package enum Level: Sendable { case info, warning, error }
    /// What an earlier run left is known: routes may be wanted.
    case ready(KernelTableID)
    /// None of our routes is left that should not be.
    case stopped(KernelTableID)
    /// Read all nexthop objects; answered by `dumped` and `dumpEnded`.
    case dumpObjects
    /// Read the routes of a table, of one protocol only where that is given.
    case dumpRoutes(KernelTableID, protocolNumber: UInt8?)
    /// A route of somebody else is to be announced, in place of the one before.
    case learnt(KernelTableID, KernelRoute)
    case forgotten(KernelTableID, Prefix)
    /// The kernel refuses a prefix and so many others, because of a set of next hops if there is one.
    case refused(Prefix, others: UInt32, HopSetID, String)
    case log(Level, String)
  }

  /// What the owner is to do. Reuse one.
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

/// What is to happen if there is a route already, with the same prefix, table and metric.
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

/// What a prefix is to have. The next hops are all that it has, whatever the state of the links.
package struct WantedRoute: Hashable, Sendable, BitwiseCopyable {
  package var destination: RouteDestination
  /// Of `KernelSync.set`.
  package var hops: HopSetID
  /// 0 leaves it to the kernel.
  package var metric: UInt32
  /// Of `KernelSync.name`.
  package var details: KernelDetailsID

  package init(_ destination: RouteDestination, via hops: HopSetID, metric: UInt32, details: KernelDetailsID) {
    self.destination = destination
    self.hops = hops
    self.metric = metric
    self.details = details
  }
}

/// A route in a change, by names of the machine.
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
