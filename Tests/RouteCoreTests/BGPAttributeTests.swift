import Testing

@testable import RouteCore

@Suite struct BGPAttributeTests {
  @Test func `no two attributes have the same name anywhere`() {
    for names in [
      BGPAttribute.allCases.map { $0.row.name }, BGPAttribute.allCases.compactMap { $0.row.filterName },
      BGPAttribute.allCases.compactMap { $0.row.shownName?.description },
    ] {
      #expect(Set(names).count == names.count)
    }
    #expect(BGPAttribute.name(ofType: 8) == "COMMUNITIES" && BGPAttribute.name(ofType: 99) == "attribute 99")
  }

  @Test func `what is of a route has words, what is of a message has none`() {
    for attribute in BGPAttribute.allCases {
      let isOfMessage = [.reach, .unreach, .as4Path, .as4Aggregator].contains(attribute)
      #expect((attribute.row.filterName == nil) == isOfMessage && (attribute.row.shownName == nil) == isOfMessage)
    }
  }

  @Test func `keys are type codes`() {
    let keys: [AttributeKey] = [
      .asPath, .nextHop, .atomicAggregate, .aggregator, .communities, .originatorID, .clusterList, .extendedCommunities, .accumulatedMetric,
      .largeCommunities, .onlyToCustomer,
    ]
    #expect(keys.map { $0.rawValue } == [2, 3, 6, 7, 8, 9, 10, 16, 26, 32, 35])
  }

  @Test func `RFC 7606 7: each form has its lengths`() {
    func lengths(_ attribute: BGPAttribute) -> [Int] {
      (0...24).filter { length in
        let value = [UInt8](repeating: 0, count: length)
        return attribute.row.form.admits(value.span.bytes)
      }
    }
    #expect(lengths(.origin) == [1] && lengths(.multiExitDiscriminator) == [4] && lengths(.onlyToCustomer) == [4])
    #expect(lengths(.atomicAggregate) == [0])
    #expect(lengths(.communities) == [4, 8, 12, 16, 20, 24] && lengths(.clusterList) == lengths(.communities))
    #expect(lengths(.extendedCommunities) == [8, 16, 24] && lengths(.largeCommunities) == [12, 24])
  }
}
