import RouteCore

extension Peer {
  /// The states of RFC 4271 §8.2.2.
  public enum State: UInt8, Sendable, Comparable, CaseIterable {
    /// No connection is tried or accepted.
    case idle
    /// A TCP connection is being opened.
    case connect
    /// Between attempts, or waiting for the peer to connect.
    case active
    /// Our OPEN is sent, the peer's is awaited.
    case openSent
    /// Both OPENs have been exchanged, the peer's KEEPALIVE is awaited.
    case openConfirm
    /// Routes are exchanged.
    case established

    public static func < (a: State, b: State) -> Bool { a.rawValue < b.rawValue }

    /// As `show protocols` has it: `OpenSent`.
    public var name: String {
      switch self {
      case .idle: "Idle"
      case .connect: "Connect"
      case .active: "Active"
      case .openSent: "OpenSent"
      case .openConfirm: "OpenConfirm"
      case .established: "Established"
      }
    }
  }

  /// What the driver tells the machine. Received bytes go to `receive`.
  public enum Event: MachineEvent, Sendable {
    /// ManualStart: the protocol is enabled and the neighbour's interface is there.
    case start
    /// ManualStop, for any reason; the peer stays down until `start`.
    case stop(StopReason)
    /// Ends the session, if there is one, and starts again: at once, or after the error wait where the reason is an error.
    case restart(StopReason)
    /// `bfd graceful`: BFD does not reach the peer any more (RFC 5882 §4.3).
    case pathLost
    /// The connection asked for by `.connect` is there.
    case connectionOpened(ConnectionID, Endpoints)
    /// It cannot be opened, with the system's words.
    case connectionFailed(ConnectionID, reason: String)
    /// The peer has connected to us. Its address and, with `ttl security`, its hop limit have been checked.
    case accepted(ConnectionID, Endpoints)
    /// An open connection has ended: by the peer (nil), or by an error, with the system's words.
    case connectionClosed(ConnectionID, reason: String?)
    /// The system has taken bytes of this connection, or `pending` has changed: how many still wait in the driver (RFC 9687).
    case written(ConnectionID, pending: Int)
    /// What `Endpoints` says of our link-local address and that of the other family.
    case addressesChanged(linkLocal: IPAddress?, otherFamily: IPAddress?)
    /// `nextDeadline` has passed.
    case deadline
    /// Ask the peer for its routes again, if it can (`SessionParameters.routeRefresh`).
    case requestRefresh(AddressFamily)
    /// We begin to answer the peer's request. This and the next are sent only with enhanced route refresh (RFC 7313).
    case refreshBegins(AddressFamily)
    /// All routes have been announced again.
    case refreshEnds(AddressFamily)
  }

  /// Why the driver ends a session.
  public enum StopReason: Hashable, Sendable {
    /// `disable`, `down`, with the operator's message.
    case shutdown(String)
    /// `restart`, with the operator's message.
    case reset(String)
    /// The protocol is gone from the configuration.
    case deconfigured
    /// The protocol's configuration has changed.
    case reconfigured
    /// An `import limit` or `receive limit` with action `disable` or `restart` was hit (RFC 4486 §4); an error.
    case prefixLimit
    /// Memory or the like is short; an error.
    case outOfResources
    /// The neighbour's interface or its address is gone.
    case neighborLost
    /// `check link`: the interface has lost its link.
    case linkDown
    /// RFC 9384.
    case bfdDown
    /// No address of ours can be announced as the next hop.
    case invalidNextHop
    /// The daemon ends, to be started again soon: the session ends without a word where the peer is to keep our routes (RFC 4724).
    case gracefulRestart

    var cease: Notification {
      switch self {
      case .shutdown(let message): .cease(.administrativeShutdown, message: message)
      case .gracefulRestart: .cease(.administrativeShutdown, message: "")
      case .reset(let message): .cease(.administrativeReset, message: message)
      case .deconfigured: .cease(.peerDeconfigured)
      case .reconfigured: .cease(.configurationChange)
      case .prefixLimit: .cease(.maximumPrefixes)
      case .outOfResources: .cease(.outOfResources)
      case .bfdDown: .cease(.bfdDown)
      case .neighborLost, .linkDown, .invalidNextHop: .cease(.unspecific)
      }
    }

    var lastError: LastError? {
      switch self {
      case .shutdown, .reset, .deconfigured, .reconfigured, .gracefulRestart: nil
      case .prefixLimit: LastError(.automaticShutdown, "Route limit exceeded")
      case .outOfResources: LastError(.automaticShutdown, "Out of resources")
      case .neighborLost: LastError(.miscellaneous, "Neighbor lost")
      case .linkDown: LastError(.miscellaneous, "Link down")
      case .bfdDown: LastError(.miscellaneous, "BFD session down")
      case .invalidNextHop: LastError(.miscellaneous, "Invalid next hop")
      }
    }

    /// Whether a restart for this reason has to wait.
    var isError: Bool {
      switch self {
      case .prefixLimit, .outOfResources: true
      case .shutdown, .reset, .deconfigured, .reconfigured, .neighborLost, .linkDown, .bfdDown, .invalidNextHop, .gracefulRestart: false
      }
    }
  }

  /// The last thing that went wrong, as `show protocols` tells it.
  public struct LastError: Hashable, Sendable {
    /// Where it came from; the raw value is what stands before the text.
    public enum Class: String, Sendable {
      /// None of the others.
      case miscellaneous = "Error: "
      /// The system could not open or keep the connection.
      case socket = "Socket: "
      /// The peer sent a NOTIFICATION.
      case received = "Received: "
      /// We found an error and sent a NOTIFICATION.
      case sent = "BGP Error: "
      /// The protocol ended the session by itself, such as at a limit.
      case automaticShutdown = "Automatic shutdown: "
    }
    /// Where it came from.
    public var origin: Class
    /// What went wrong, without the class.
    public var text: String

    /// An error by its class and words.
    public init(_ origin: Class, _ text: String) {
      self.origin = origin
      self.text = text
    }

    /// `BGP Error: Hold timer expired`.
    public var description: String { origin.rawValue + text }
  }

  /// What the driver has to do, in this order.
  public enum Action: Hashable, Sendable {
    /// Open a TCP connection to the neighbour and answer `connectionOpened` or `connectionFailed`.
    case connect(ConnectionID)
    /// Close the connection, or give up opening it. What was sent before goes out first as far as the peer takes it, which the
    /// driver should limit in time. No event follows for this connection.
    case close(ConnectionID)
    /// Close the connection at once and forget what waits to be sent on it.
    case abort(ConnectionID)
    /// Send these bytes.
    case send(ConnectionID, [UInt8])
    /// The session is up: announce our routes, each family ending with `UpdateWriter.writeEndOfRIB`.
    case established(ConnectionID, SessionParameters)
    /// The session has gone down, or is not coming back: the peer's routes are no more.
    case down
    /// The session is gone, but the peer seems to restart: the routes of these families stay, each to go with the next `sweep` unless it
    /// has been announced again by then. Those of other families are no more.
    case suspended([AddressFamily])
    /// What is left of the routes from before the restart is no more.
    case sweep(AddressFamily)
    /// The routes from before the restart are to be the last resort (RFC 9494 §4.2).
    case depreference(AddressFamily)
    /// The session goes on with these parameters, and all our routes of these families are to be announced again.
    case sessionChanged(SessionParameters, announcing: [AddressFamily])
    /// The peer wants all our routes of the family again.
    case refresh(AddressFamily)
    /// The protocol disables itself (`disable after error`, `disable after cease`); the machine is down as after `stop`.
    case disable
    /// `Peer.state` is another one now.
    case stateChanged(State)
    /// For the MRT file.
    case record(MRTRecord)
    /// A line for the log, without the protocol's name.
    case log(LogLevel, String)
  }

  /// How a line is logged.
  public enum LogLevel: Sendable {
    /// The steps of the machine (`debug { states, events }`).
    case trace
    /// What the peer complains about.
    case remote
    /// Something is odd, but the session goes on.
    case warning
    /// An error that has ended the session.
    case error
  }

  /// Reused by the driver from call to call; `removeAll` keeps its storage.
  public struct Output: MachineOutput, Sendable {
    /// To be carried out in this order.
    public var actions: [Action] = []
    /// Nothing to do.
    public init() {}
    /// Forgets the actions, keeping their storage.
    public mutating func removeAll() { actions.removeAll(keepingCapacity: true) }
  }

  /// A running timer, as `show protocols all` tells it.
  public struct TimerView: Hashable, Sendable {
    /// Until it fires; not negative.
    public var remaining: Duration
    /// What it was started with.
    public var total: Duration
  }
}
