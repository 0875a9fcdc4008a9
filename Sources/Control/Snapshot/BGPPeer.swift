import RouteCore

extension Snapshot {
  /// What `show protocols all` says about a BGP session.
  package struct BGPPeer: Sendable {
    /// RFC 4271 §8.2.2, and BIRD's two additions.
    package enum State: String, Hashable, Sendable, CaseIterable {
      case idle = "Idle"
      case connect = "Connect"
      case active = "Active"
      case openSent = "OpenSent"
      case openConfirm = "OpenConfirm"
      case established = "Established"
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
    /// A running timer: the remaining time, and its full length.
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
      /// What each side announced (RFC 5492).
      package var localCapabilities: [CapabilityDescription]
      package var neighborCapabilities: [CapabilityDescription]
      package var flags: SessionFlags
      package var sourceAddress: IPAddress
      /// Routes now, and the import limit of the first channel: the `route limit` of 1.6.
      package var routeLimit: (count: UInt32, limit: UInt32)?
      package var holdTimer: Countdown
      package var keepaliveTimer: Countdown
      package init(
        neighborID: RouterID, local: [CapabilityDescription], neighbor: [CapabilityDescription], flags: SessionFlags, source: IPAddress,
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
    /// For a protocol that waits for the peers of a range, which has no neighbour address.
    package var neighborRange: Prefix?
    /// Shown after the address of a link-local neighbour.
    package var neighborInterface: String?
    package var neighborAS: UInt32
    package var localAS: UInt32
    package var session: Session?
    /// The neighbour's graceful restart is going on; with its timer.
    package var isNeighborRestarting: Bool
    package var restartTimer: Countdown?
    /// Of its only channel in the 1.6 look; in 2.x each channel has one (`Channel`).
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
}
