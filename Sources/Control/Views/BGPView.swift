import RouteCore

/// What `show protocols all` says about a BGP session.
package struct BGPView: Sendable {
  /// RFC 4271 §8.2.2, and BIRD's two additions.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case idle = "Idle"
    case connect = "Connect"
    case active = "Active"
    case openSent = "OpenSent"
    case openConfirm = "OpenConfirm"
    case established = "Established"
    /// The session is being closed.
    case close = "Close"
    /// Waiting for the peer's connection.
    case passive = "Passive"
    /// The protocol is down.
    case down = "Down"
  }
  /// The last error, as `Info` shows it: the class's words and the text.
  package struct LastError: Hashable, Sendable {
    package enum Class: String, Hashable, Sendable {
      case miscellaneous = "Error: "
      case socket = "Socket: "
      case received = "Received: "
      case sent = "BGP Error: "
      case automaticShutdown = "Automatic shutdown: "
      case none = ""
    }
    package var errorClass: Class
    package var text: String
    package init(_ errorClass: Class, _ text: String) {
      self.errorClass = errorClass
      self.text = text
    }
    package var description: String { errorClass.rawValue + text }
  }
  /// A running timer: what is left of it, and its full length.
  package struct Countdown: Hashable, Sendable {
    package var remaining: Duration
    /// nil shows as `-`.
    package var total: Duration?
    package init(_ remaining: Duration, of total: Duration?) {
      self.remaining = remaining
      self.total = total
    }
  }
  package struct SessionFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    /// IBGP; else `external`.
    package static let `internal` = SessionFlags(rawValue: 1)
    package static let multihop = SessionFlags(rawValue: 2)
    package static let routeReflector = SessionFlags(rawValue: 4)
    package static let routeServer = SessionFlags(rawValue: 8)
    /// 4-octet AS numbers are used (RFC 6793).
    package static let as4 = SessionFlags(rawValue: 16)
    package static let addPathRX = SessionFlags(rawValue: 32)
    package static let addPathTX = SessionFlags(rawValue: 64)
    package static let extendedMessages = SessionFlags(rawValue: 128)
  }
  /// What exists only while the session is Established.
  package struct Session: Sendable {
    package var neighborID: RouterID
    package var localCapabilities: BGPCapabilitiesView
    package var neighborCapabilities: BGPCapabilitiesView
    package var flags: SessionFlags
    package var sourceAddress: IPAddress
    /// 1.6's deprecated `route limit`: routes now, and the limit.
    package var routeLimit: (count: UInt32, limit: UInt32)?
    package var holdTimer: Countdown
    package var keepaliveTimer: Countdown
    package init(
      neighborID: RouterID, local: BGPCapabilitiesView, neighbor: BGPCapabilitiesView, flags: SessionFlags, source: IPAddress,
      hold: Countdown, keepalive: Countdown
    ) {
      self.neighborID = neighborID
      localCapabilities = local
      neighborCapabilities = neighbor
      self.flags = flags
      sourceAddress = source
      holdTimer = hold
      keepaliveTimer = keepalive
    }
  }
  package var state: State
  package var neighborAddress: IPAddress
  /// Of a protocol that waits for the peers of a range; it has no address then.
  package var neighborRange: Prefix?
  /// Shown after the address of a link-local neighbour.
  package var neighborInterface: String?
  package var neighborAS: UInt32
  package var localAS: UInt32
  package var session: Session?
  /// The neighbour's graceful restart is going on; with its timer.
  package var isNeighborRestarting: Bool
  package var restartTimer: Countdown?
  /// Of its only channel in the 1.6 look; in 2.x each channel has one (`ChannelView`).
  package var staleTimer: Countdown?
  /// Until the next attempt after an error.
  package var errorWait: Countdown?
  package var connectDelay: Countdown?
  package var lastError: LastError?

  package init(state: State, neighborAddress: IPAddress, neighborAS: UInt32, localAS: UInt32) {
    self.state = state
    self.neighborAddress = neighborAddress
    self.neighborAS = neighborAS
    self.localAS = localAS
    isNeighborRestarting = false
  }
}

/// Capabilities of one side (RFC 5492). Address families are named as their channels are: `ipv6`.
package struct BGPCapabilitiesView: Hashable, Sendable {
  package struct GracefulRestart: Hashable, Sendable {
    /// nil: aware only (RFC 4724 §4: it helps others to restart).
    package var restartTime: UInt32?
    package var isRestarting = false
    package var families: [String] = []
    package var preserved: [String] = []
    package init(restartTime: UInt32? = nil) { self.restartTime = restartTime }
  }
  package struct LongLivedGracefulRestart: Hashable, Sendable {
    package var staleTime: UInt32?
    package var families: [String] = []
    package var preserved: [String] = []
    package init(staleTime: UInt32? = nil) { self.staleTime = staleTime }
  }
  package var multiprotocol: [String] = []
  package var routeRefresh = false
  package var enhancedRefresh = false
  package var extendedNextHop: [String] = []
  package var extendedMessage = false
  package var gracefulRestart: GracefulRestart?
  package var longLived: LongLivedGracefulRestart?
  package var as4 = false
  package var addPathRX: [String] = []
  package var addPathTX: [String] = []
  package var hostname: String?
  package var role: String?
  package init() {}
}
