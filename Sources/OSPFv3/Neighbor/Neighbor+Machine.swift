import RouteCore

// The neighbour machine, RFC 2328 §10.3: what an event makes of a neighbour. `Interface+Neighbors.swift` does what follows from it.

extension Neighbor {
  enum Transition: Hashable, Sendable {
    case none
    case to(NeighborState)
    /// To ExStart, where a new exchange begins.
    case exchangeStart
  }

  /// `isAdjacencyWanted`: whether to become or stay adjacent (§10.4).
  static func transition(
    from state: NeighborState, on event: NeighborEvent, isAdjacencyWanted: @autoclosure () -> Bool, hasRequests: Bool
  ) -> Transition {
    switch (event, state) {
    case (.helloReceived, .down), (.helloReceived, .attempt): .to(.`init`)
    case (.twoWayReceived, .`init`): isAdjacencyWanted() ? .exchangeStart : .to(.twoWay)
    case (.negotiationDone, .exStart): .to(.exchange)
    case (.exchangeDone, .exchange): .to(hasRequests ? .loading : .full)
    case (.loadingDone, .loading): .to(.full)
    case (.adjacencyOK, .twoWay): isAdjacencyWanted() ? .exchangeStart : .none
    case (.adjacencyOK, .exStart), (.adjacencyOK, .exchange), (.adjacencyOK, .loading), (.adjacencyOK, .full):
      isAdjacencyWanted() ? .none : .to(.twoWay)
    case (.sequenceNumberMismatch, .exchange), (.sequenceNumberMismatch, .loading), (.sequenceNumberMismatch, .full),
      (.badLSRequest, .exchange), (.badLSRequest, .loading), (.badLSRequest, .full):
      .exchangeStart
    case (.kill, _), (.inactivityTimer, _), (.linkLayerDown, _): .to(.down)
    case (.oneWay, .twoWay), (.oneWay, .exStart), (.oneWay, .exchange), (.oneWay, .loading), (.oneWay, .full): .to(.`init`)
    case (.helloReceived, _), (.twoWayReceived, _), (.oneWay, _), (.negotiationDone, _), (.exchangeDone, _), (.loadingDone, _),
      (.adjacencyOK, _), (.sequenceNumberMismatch, _), (.badLSRequest, _):
      .none
    }
  }

  /// A new sequence number, and the local router as master until the other one proves to be (§10.3, 2-WayReceived; §10.8).
  mutating func beginNegotiation(_ random: inout SeededGenerator) {
    sequenceNumber = sequenceNumber == 0 ? UInt32(truncatingIfNeeded: random.next() >> 33) : sequenceNumber &+ 1
    isLocalMaster = true
    lastReceived = nil
    lastSent = nil
    hasOurRouterLSA = false
  }

  /// §10.3: the Link state retransmission list, Database summary list and Link state request list are cleared of LSAs. Returns what was on
  /// the retransmission list.
  mutating func clearLists() -> [LSAHandle] {
    requests = RequestList()
    requestDeadline = nil
    summary = []
    summaryPosition = 0
    return retransmissions.removeAll()
  }
}
