import Testing

@testable import RouteCore

@Suite struct DecisionTests {
  static func candidate(_ number: UInt32, _ change: (inout Candidate) -> Void = { _ in }) -> Candidate {
    var header = AttributeHeader(source: .bgp, preference: 100)
    header.flags = [.external, .hasLocalPref]
    header.localPref = 100
    header.pathLength = 2
    header.origin = .igp
    header.neighborAS = 65000
    header.routerID = number
    header.from = IPAddress(high: 0, low: UInt64(number))
    var candidate = Candidate(
      route: RouteID(rawValue: number), attributes: .none, header: header, channel: ChannelID(rawValue: UInt16(number)), options: .defaults,
      reachable: true,
      igpMetric: 0, time: 0, metric1: 0, metric2: 0)
    candidate.accumulatedMetric = 7
    change(&candidate)
    return candidate
  }

  /// Decides in every rotation and reversal of the order, and expects the same.
  static func decide(_ candidates: [Candidate]) -> (winner: UInt32?, step: DecisionStep) {
    var results: Set<UInt32?> = []
    var step = DecisionStep.onlyRoute
    for shift in candidates.indices {
      for order in [Array(candidates[shift...] + candidates[..<shift]), Array((candidates[shift...] + candidates[..<shift]).reversed())] {
        var decision = Decision()
        decision.candidates = order
        results.insert(decision.best().map { decision.candidates[$0].route.rawValue })
        step = decision.decidedBy
      }
    }
    #expect(results.count == 1)
    return (results.first ?? nil, step)
  }

  static let steps: [(DecisionStep, @Sendable (inout Candidate) -> Void)] = [
    (.preference, { $0.header.preference = 99 }), (.reachability, { $0.reachable = false }),
    (.staleness, { $0.header.flags.insert(.stale) }), (.localPreference, { $0.header.localPref = 99 }),
    (.accumulatedMetric, { $0.accumulatedMetric = 8 }), (.pathLength, { $0.header.pathLength = 3 }), (.origin, { $0.header.origin = .egp }),
    (.multiExitDiscriminator, { $0.header.med = 1 }), (.external, { $0.header.flags.remove(.external) }),
    (.igpMetric, { $0.igpMetric = 5 }), (.routerID, { _ in }),
    (
      .clusterListLength,
      {
        $0.metric1 = 1; $0.header.routerID = 1
      }
    ),
    (.neighborAddress, { $0.header.routerID = 1 }),
  ]

  @Test func `A member of the confederation is not external`() {
    let member = DecisionTests.candidate(1) { $0.header.flags.insert(.confederation) }
    let (winner, step) = DecisionTests.decide([member, DecisionTests.candidate(2)])
    #expect(winner == 2 && step == .external)
    // Against an internal one the next step decides.
    #expect(DecisionTests.decide([member, DecisionTests.candidate(2) { $0.header.flags.remove(.external) }]).step == .routerID)
  }

  @Test(arguments: steps.indices)
  func `each step of the BGP decision decides in its turn, whatever the order`(index: Int) {
    let (step, worsen) = DecisionTests.steps[index]
    // The other route is worse by this step and better by all that follow.
    let good = DecisionTests.candidate(1)
    let bad = DecisionTests.candidate(2) { worsen(&$0) }
    let (winner, decidedBy) = DecisionTests.decide([good, bad])
    #expect(winner == 1)
    #expect(decidedBy == step)
  }

  @Test func `MED counts only between routes of one neighbouring AS, and no order of arrival changes the choice`() {
    // The classic cycle: with pairwise comparison each of the three beats one other.
    let a = DecisionTests.candidate(3) {
      $0.header.neighborAS = 1; $0.header.med = 10; $0.header.routerID = 3
    }
    let b = DecisionTests.candidate(2) {
      $0.header.neighborAS = 2; $0.header.med = 0; $0.header.routerID = 2
    }
    let c = DecisionTests.candidate(1) {
      $0.header.neighborAS = 1; $0.header.med = 20; $0.header.routerID = 1
    }
    #expect(DecisionTests.decide([a, b, c]).winner == 2)
  }

  @Test func `the routes equal up to the router id share the traffic`() {
    var decision = Decision()
    decision.candidates = [
      DecisionTests.candidate(1), DecisionTests.candidate(2) { $0.header.neighborAS = 65001 },
      DecisionTests.candidate(3) { $0.header.pathLength = 3 }, DecisionTests.candidate(4) { $0.header.source = .ospf },
    ]
    let count = decision.equals()
    #expect(Set(decision.candidates[..<count].map(\.route.rawValue)) == [1, 2])
  }

  @Test func `OSPF prefers by type, then by metric`() {
    func route(_ number: UInt32, _ source: RouteSource, _ metric1: UInt32, _ metric2: UInt32 = 0) -> Candidate {
      DecisionTests.candidate(number) {
        $0.header.source = source
        $0.metric1 = metric1
        $0.metric2 = metric2
      }
    }
    #expect(DecisionTests.decide([route(1, .ospfExternal2, 1, 1), route(2, .ospfExternal1, 50), route(3, .ospf, 100)]).winner == 3)
    #expect(DecisionTests.decide([route(1, .ospfExternal2, 1, 20), route(2, .ospfExternal2, 50, 10)]).winner == 2)
    #expect(DecisionTests.decide([route(1, .ospf, 20), route(2, .ospf, 10)]).winner == 2)
  }
}
