import RouteCore

extension Snapshot {
  /// Capabilities of one side (RFC 5492). Address families are named as their channels are: `ipv6`.
  package struct BGPCapabilities: Hashable, Sendable {
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
}
