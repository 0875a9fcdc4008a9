import RouteCore

extension ReplyWriter {
  /// `"NAME": value`: numbers as numbers, lists as arrays of strings, everything else as a string.
  mutating func attribute(_ record: AttributeRecord, _ value: RawSpan, _ custom: [CustomAttribute]) {
    switch record.key {
    case .ospfRouterID: member("OSPF.router_id", plain: { $0.append(RouterID(rawValue: value.u32 ?? 0)) })
    case .ospfMetric1, .ospfMetric2, .ospfTag:
      let name = record.key == .ospfMetric1 ? "OSPF.metric1" : record.key == .ospfMetric2 ? "OSPF.metric2" : "OSPF.tag"
      member(name, UInt64(value.u32 ?? 0))
    default:
      guard record.key.namespace == .bgp, let row = BGPAttribute(rawValue: record.key.code)?.row, let name = row.shownName,
        write(name.description, row.form, value)
      else { return other(record.key, value, custom) }
    }
  }

  /// Returns false for attributes without a form of their own.
  private mutating func write(_ name: String, _ form: BGPAttribute.Form, _ value: RawSpan) -> Bool {
    switch form {
    case .origin, .med, .localPref, .aggregator, .message: return false
    case .asPath: writePath(name, value)
    case .nextHop: items(name, value, size: value.byteCount == 4 ? 4 : 16)
    case .empty: member(name, true)
    case .number: member(name, UInt64(value.u32 ?? 0))
    case .communities: items(name, value, size: 4, separatedBy: 2)
    case .identifier, .identifiers: items(name, value, size: 4)
    case .largeCommunities: items(name, value, size: 12, separatedBy: 4)
    case .extendedCommunities:
      key(name)
      openArray()
      var reader = WireReader(value)
      while reader.remaining >= 8, let item = try? reader.take(8) { self.value(plain: { ReplyWriter.writeExtended(item, to: &$0) }) }
      closeArray()
    case .accumulatedMetric: member(name, AccumulatedMetric.metric(of: value) ?? 0)
    }
    return true
  }

  /// Numbers and brackets, a string each.
  private mutating func writePath(_ name: String, _ value: RawSpan) {
    key(name)
    openArray()
    let path = ASPath(value)
    var segments = path.segments
    while let segment = segments.next() {
      let brackets = segment.type.brackets
      if let brackets { self.value(brackets.open) }
      for index in 0..<segment.count {
        let number = path.number(index, of: segment)
        self.value(plain: { $0.append(number) })
      }
      if let brackets { self.value(brackets.close) }
    }
    closeArray()
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
