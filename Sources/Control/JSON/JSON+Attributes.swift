import RouteCore

extension ReplyWriter {
  /// `"NAME": value`: numbers as numbers, lists as arrays of strings, everything else as a string.
  mutating func attribute(_ record: AttributeRecord, _ value: RawSpan, _ custom: [CustomAttribute]) {
    switch record.key {
    case .asPath:
      key("BGP.as_path")
      openArray()
      var path = ASPathText(value)
      while path.next() { self.value(plain: { path.writeItem(to: &$0) }) }
      closeArray()
    case .nextHop: items("BGP.next_hop", value, size: value.byteCount == 4 ? 4 : 16)
    case .atomicAggregate: member("BGP.atomic_aggr", true)
    case .communities: items("BGP.community", value, size: 4, separatedBy: 2)
    case .clusterList: items("BGP.cluster_list", value, size: 4)
    case .largeCommunities: items("BGP.large_community", value, size: 12, separatedBy: 4)
    case .extendedCommunities:
      key("BGP.ext_community")
      openArray()
      var reader = WireReader(value)
      while reader.remaining >= 8, let item = try? reader.take(8) { self.value(plain: { ReplyWriter.writeExtended(item, to: &$0) }) }
      closeArray()
    case .accumulatedMetric: member("BGP.aigp", AccumulatedMetric.metric(of: value) ?? 0)
    case .onlyToCustomer: member("BGP.otc", UInt64(value.u32 ?? 0))
    case .originatorID: items("BGP.originator_id", value, size: 4)
    case .ospfRouterID: member("OSPF.router_id", plain: { $0.append(RouterID(rawValue: value.u32 ?? 0)) })
    case .ospfMetric1, .ospfMetric2, .ospfTag:
      let name = record.key == .ospfMetric1 ? "OSPF.metric1" : record.key == .ospfMetric2 ? "OSPF.metric2" : "OSPF.tag"
      member(name, UInt64(value.u32 ?? 0))
    default: other(record.key, value, custom)
    }
  }

  private mutating func other(_ key: AttributeKey, _ value: RawSpan, _ custom: [CustomAttribute]) {
    var name = "attribute.\(key.rawValue)"
    var isNumber = false
    switch key.namespace {
    case .bgp: name = "BGP.\(key.code)"
    case .kernel:
      name = key.kernelName
      isNumber = key != .kernelPreferredSource
    case .custom where Int(key.code) < custom.count:
      name = custom[Int(key.code)].name
      isNumber = custom[Int(key.code)].kind == .integer
    default: break
    }
    if isNumber, let number = value.u32 { return member(name, UInt64(number)) }
    if key == .kernelPreferredSource, let address = value.address { return member(name, plain: { $0.append(address) }) }
    member(
      name,
      plain: { text in
        for index in 0..<value.byteCount { text.append(hex: UInt64(value.unsafeLoad(fromByteOffset: index, as: UInt8.self)), width: 2) }
      })
  }

  /// An array of strings: addresses and ids of `size` bytes, or numbers of `separatedBy` bytes joined by colons.
  private mutating func items(_ name: String, _ value: RawSpan, size: Int, separatedBy part: Int? = nil) {
    key(name)
    openArray()
    var reader = WireReader(value)
    while reader.remaining >= size, let item = try? reader.take(size) {
      self.value(plain: { text in
        guard let part else { return text.append(item.address ?? .unspecified) }
        var parts = WireReader(item)
        var isFirst = true
        while parts.remaining >= part {
          if !isFirst { text.append(":") }
          isFirst = false
          if part == 2 { text.append((try? parts.u16()) ?? 0) } else { text.append((try? parts.u32()) ?? 0) }
        }
      })
    }
    closeArray()
  }

  private static func writeExtended(_ item: RawSpan, to text: inout TextBuffer) {
    var reader = WireReader(item)
    // Eight bytes are there.
    try? ExtendedCommunityText.write(&reader, to: &text)
  }
}
