/// The four digits that begin a reply line. 0xxx is a success, 1xxx a table, 2xxx a table's heading, 8xxx an error while running a
/// command, 9xxx an error in the command itself.
package struct ReplyCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = min(rawValue, 9999) }
  private init(_ rawValue: UInt16) { self.rawValue = rawValue }

  /// Whether the command failed.
  package var isError: Bool { rawValue >= 8000 }

  package static let ok = ReplyCode(0)
  package static let welcome = ReplyCode(1)
  package static let readingConfiguration = ReplyCode(2)
  package static let reconfigured = ReplyCode(3)
  package static let reconfigurationInProgress = ReplyCode(4)
  package static let reconfigurationQueued = ReplyCode(5)
  package static let reconfigurationIgnored = ReplyCode(6)
  package static let shutdownOrdered = ReplyCode(7)
  package static let alreadyDisabled = ReplyCode(8)
  package static let disabled = ReplyCode(9)
  package static let alreadyEnabled = ReplyCode(10)
  package static let enabled = ReplyCode(11)
  package static let restarted = ReplyCode(12)
  package static let statusReport = ReplyCode(13)
  package static let routeCount = ReplyCode(14)
  package static let reloading = ReplyCode(15)
  package static let accessRestricted = ReplyCode(16)
  package static let queuedConfigurationRemoved = ReplyCode(17)
  package static let confirmed = ReplyCode(18)
  package static let nothingToDo = ReplyCode(19)
  package static let configurationOK = ReplyCode(20)
  package static let undoRequested = ReplyCode(21)
  package static let undoScheduled = ReplyCode(22)
  package static let evaluation = ReplyCode(23)
  package static let gracefulRestartStatus = ReplyCode(24)
  package static let gracefulRestartOrdered = ReplyCode(25)

  package static let version = ReplyCode(1000)
  package static let interface = ReplyCode(1001)
  package static let protocolRow = ReplyCode(1002)
  package static let interfaceAddress = ReplyCode(1003)
  package static let interfaceFlags = ReplyCode(1004)
  package static let interfaceSummary = ReplyCode(1005)
  package static let protocolDetails = ReplyCode(1006)
  package static let route = ReplyCode(1007)
  package static let routeDetails = ReplyCode(1008)
  package static let staticRoute = ReplyCode(1009)
  package static let routeOriginAuthorization = ReplyCode(1019)
  package static let symbol = ReplyCode(1010)
  package static let uptime = ReplyCode(1011)
  package static let routeAttribute = ReplyCode(1012)
  package static let ospfNeighbor = ReplyCode(1013)
  package static let ospf = ReplyCode(1014)
  package static let ospfInterface = ReplyCode(1015)
  package static let ospfTopology = ReplyCode(1016)
  package static let ospfLSADB = ReplyCode(1017)
  package static let bfdSessions = ReplyCode(1020)
  package static let memory = ReplyCode(1018)
  /// A line of a JSON answer: routed's own, used only in answers to `json …`.
  package static let json = ReplyCode(1900)
  /// What `plan` shows about channels and routes: routed's own.
  package static let plan = ReplyCode(1901)

  package static let protocolHeading = ReplyCode(2002)
  package static let interfaceSummaryHeading = ReplyCode(2005)
  package static let planHeading = ReplyCode(2901)

  package static let replyTooLong = ReplyCode(8000)
  package static let routeNotFound = ReplyCode(8001)
  package static let configurationError = ReplyCode(8002)
  package static let noProtocolsMatch = ReplyCode(8003)
  package static let stoppedByReconfiguration = ReplyCode(8004)
  package static let protocolDown = ReplyCode(8005)
  package static let reloadFailed = ReplyCode(8006)
  package static let accessDenied = ReplyCode(8007)
  package static let evaluationError = ReplyCode(8008)

  package static let commandTooLong = ReplyCode(9000)
  package static let parseError = ReplyCode(9001)
  package static let invalidSymbol = ReplyCode(9002)
}
