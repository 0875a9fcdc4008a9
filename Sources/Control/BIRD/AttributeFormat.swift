import ControlLanguage
import RouteCore

extension Snapshot.Route {
  /// The lines that `show route all` adds: the type, then all attributes in the order of their keys.
  func writeAttributes(
    _ records: RawSpan, _ format: CLIFormat, _ custom: [CustomAttribute], to reply: inout ReplyWriter
  ) {
    reply.begin(.routeDetails)
    reply.text.append("\tType: ")
    reply.text.append(header.source.word)
    if format == .bird1 { reply.text.append(" unicast") }
    reply.text.append(" ")
    reply.text.append(header.scope.word)
    reply.end()
    if let kernelError {
      reply.begin(.routeDetails)
      reply.text.append("\tKernel error: ")
      reply.text.append(kernelError)
      reply.end()
    }
    var lines = AttributeLines(format: format)
    if header.flags.contains(.hasOrigin) {
      lines.begin(.origin, &reply)
      reply.text.append(header.origin.word)
      reply.end()
    }
    // MED and LOCAL_PREF live in the header; they are shown where their type codes 4 and 5 belong.
    var isHeaderDone = false
    var unset = format == .bird1 && header.source.isOSPF ? [AttributeKey.ospfMetric2, .ospfTag] : []
    var offset = 0
    while let record = AttributeRecords.record(at: offset, in: records) {
      offset = record.record.upperBound
      if !isHeaderDone, record.key > .nextHop {
        isHeaderDone = true
        writeMetrics(&lines, to: &reply)
      }
      // In the form of 1.6 all OSPF attributes are shown, set or not.
      unset.removeAll { $0 == record.key }
      while let key = unset.first, key < record.key {
        unset.removeFirst()
        lines.unsetOSPF(key, to: &reply)
      }
      lines.write(record, records.extracting(record.value), custom, to: &reply)
    }
    if !isHeaderDone { writeMetrics(&lines, to: &reply) }
  }

  private func writeMetrics(_ lines: inout AttributeLines, to reply: inout ReplyWriter) {
    if header.flags.contains(.hasMED) { lines.number(.multiExitDiscriminator, header.med, &reply) }
    if header.flags.contains(.hasLocalPref) { lines.number(.localPref, header.localPref, &reply) }
  }
}

extension Origin {
  /// ORIGIN as `show route all` writes it.
  var word: String {
    switch self {
    case .igp: "IGP"
    case .egp: "EGP"
    case .incomplete: "Incomplete"
    }
  }
}

/// Writes attributes as lines `NAME: value`; a long list continues on further lines, more deeply indented.
struct AttributeLines {
  let format: CLIFormat

  /// No item begins beyond this column, so that a line always fits.
  private static let lastColumn = 477

  func begin(_ name: String, _ reply: inout ReplyWriter) { begin(&reply) { $0.append(name) } }

  func begin(_ attribute: BGPAttribute, _ reply: inout ReplyWriter) { begin(&reply) { $0.append(attribute.row.shownName ?? "") } }

  private func begin(_ reply: inout ReplyWriter, _ writeName: (inout TextBuffer) -> Void) {
    reply.begin(.routeAttribute)
    reply.text.append("\t")
    writeName(&reply.text)
    reply.text.append(": ")
  }

  func number(_ attribute: BGPAttribute, _ value: UInt32, _ reply: inout ReplyWriter) {
    begin(attribute, &reply)
    reply.text.append(value)
    reply.end()
  }

  func number(_ name: String, _ value: UInt32, _ reply: inout ReplyWriter) {
    begin(name, &reply)
    reply.text.append(value)
    reply.end()
  }

  /// Separates two items of a list: by a space, or a new line.
  private func separate(_ isFirst: inout Bool, _ reply: inout ReplyWriter) {
    if !isFirst {
      if reply.column > AttributeLines.lastColumn {
        reply.end()
        reply.begin(.routeAttribute)
        reply.text.append("\t\t")
      } else {
        reply.text.append(" ")
      }
    }
    isFirst = false
  }

  func write(_ record: AttributeRecord, _ value: RawSpan, _ custom: [CustomAttribute], to reply: inout ReplyWriter) {
    switch record.key.namespace {
    case .bgp: writeBGP(record, value, to: &reply)
    case .ospf: writeOSPF(record.key, value, to: &reply)
    case .kernel: writeKernel(record.key, value, to: &reply)
    case .custom: writeCustom(record.key, value, custom, to: &reply)
    case nil: bytes("attribute \(record.key.rawValue)", value, &reply)
    }
  }

  private func writeBGP(_ record: AttributeRecord, _ value: RawSpan, to reply: inout ReplyWriter) {
    guard let attribute = BGPAttribute(rawValue: record.key.code), case let row = attribute.row, row.shownName != nil,
      format == .bird2 || !row.traits.contains(.unknownToBIRD1)
    else { return writeUnknown(record, value, to: &reply) }
    begin(attribute, &reply)
    do throws(Truncated) { try write(row.form, value, to: &reply) } catch {
      // A stored value is well-formed; if one is not, what could be read of it has been shown.
      reply.text.append("?")
    }
    reply.end()
  }

  private func write(_ form: BGPAttribute.Form, _ value: RawSpan, to reply: inout ReplyWriter) throws(Truncated) {
    var reader = WireReader(value)
    switch form {
    case .asPath: writePath(value, to: &reply)
    case .nextHop: try writeNextHop(value, to: &reply)
    case .empty, .origin, .med, .localPref, .message: break
    case .number: reply.text.append(try reader.u32())
    case .aggregator:
      let number = try value.byteCount == 6 ? UInt32(reader.u16()) : reader.u32()
      reply.text.append(try reader.ipv4())
      reply.text.append(" AS")
      reply.text.append(number)
    case .identifier, .identifiers:
      try list(value, size: 4, &reply) { (item, text) throws(Truncated) in text.append(RouterID(rawValue: try item.u32())) }
    case .communities:
      try list(value, size: 4, &reply) { (item, text) throws(Truncated) in
        text.append("(")
        text.append(try item.u16())
        text.append(",")
        text.append(try item.u16())
        text.append(")")
      }
    case .extendedCommunities:
      try list(value, size: 8, &reply) { (item, text) throws(Truncated) in try ExtendedCommunityText.write(&item, to: &text) }
    case .largeCommunities:
      try list(value, size: 12, &reply) { (item, text) throws(Truncated) in
        text.append("(")
        text.append(try item.u32())
        text.append(", ")
        text.append(try item.u32())
        text.append(", ")
        text.append(try item.u32())
        text.append(")")
      }
    case .accumulatedMetric:
      guard let metric = AccumulatedMetric.metric(of: value) else { throw Truncated() }
      reply.text.append(metric)
    }
  }

  private func writePath(_ value: RawSpan, to reply: inout ReplyWriter) {
    let path = ASPath(value)
    var segments = path.segments
    var isFirst = true
    while let segment = segments.next() {
      let brackets = segment.type.brackets
      // 1.6 has blanks within brackets too.
      var isTight = false
      if let brackets {
        separate(&isFirst, &reply)
        reply.text.append(brackets.open)
        isTight = format == .bird2
      }
      for index in 0..<segment.count {
        if !isTight { separate(&isFirst, &reply) }
        isTight = false
        reply.text.append(path.number(index, of: segment))
      }
      if let brackets {
        if format == .bird1 { separate(&isFirst, &reply) }
        reply.text.append(brackets.close)
      }
    }
  }

  private func writeNextHop(_ value: RawSpan, to reply: inout ReplyWriter) throws(Truncated) {
    var reader = WireReader(value)
    var isFirst = true
    while reader.remaining >= 4 {
      let address = try value.byteCount == 4 ? reader.ipv4() : reader.ipv6()
      if !isFirst, address.isUnspecified { break }
      separate(&isFirst, &reply)
      // An absent global address is shown all the same, as unspecified.
      if address.isLinkLocal, value.byteCount == 16 { reply.text.append(":: ") }
      reply.text.append(address)
    }
  }

  private func writeUnknown(_ record: AttributeRecord, _ value: RawSpan, to reply: inout ReplyWriter) {
    var name = TextBuffer()
    name.append("BGP.")
    name.append(hex: UInt64(record.key.code), width: 2)
    if AttributeFlags(rawValue: record.flags).contains(.transitive) { name.append(" [t]") }
    bytes(String(decoding: name.bytes, as: UTF8.self), value, &reply)
  }

  /// The items of a list, each of `size` bytes.
  private func list(
    _ value: RawSpan, size: Int, _ reply: inout ReplyWriter, _ item: (inout WireReader, inout TextBuffer) throws(Truncated) -> Void
  ) throws(Truncated) {
    var isFirst = true
    var reader = WireReader(value)
    while reader.remaining >= size {
      separate(&isFirst, &reply)
      try item(&reader, &reply.text)
    }
  }

  private func bytes(_ name: String, _ value: RawSpan, _ reply: inout ReplyWriter) {
    begin(name, &reply)
    var isFirst = true
    for index in 0..<value.byteCount {
      separate(&isFirst, &reply)
      reply.text.append(hex: UInt64(value.unsafeLoad(fromByteOffset: index, as: UInt8.self)), width: 2)
    }
    reply.end()
  }

  /// An OSPF attribute that a route lacks, shown by the value that stands for its absence.
  func unsetOSPF(_ key: AttributeKey, to reply: inout ReplyWriter) {
    if key == .ospfMetric2 {
      number("OSPF.metric2", 0xff_ffff, &reply)
    } else {
      begin("OSPF.tag", &reply)
      reply.text.append("0x00000000")
      reply.end()
    }
  }

  private func writeOSPF(_ key: AttributeKey, _ value: RawSpan, to reply: inout ReplyWriter) {
    guard let number = value.u32 else { return bytes("OSPF.\(key.code)", value, &reply) }
    switch key {
    case .ospfMetric1: self.number("OSPF.metric1", number, &reply)
    case .ospfMetric2: self.number("OSPF.metric2", number, &reply)
    case .ospfTag:
      begin("OSPF.tag", &reply)
      reply.text.append("0x")
      reply.text.append(hex: UInt64(number), width: 8)
      reply.end()
    case .ospfRouterID:
      begin("OSPF.router_id", &reply)
      reply.text.append(RouterID(rawValue: number))
      reply.end()
    default: self.number("OSPF.\(key.code)", number, &reply)
    }
  }

  private func writeKernel(_ key: AttributeKey, _ value: RawSpan, to reply: inout ReplyWriter) {
    let name = key.kernelName
    if key == .kernelPreferredSource, let address = value.address {
      begin(name, &reply)
      reply.text.append(address)
      reply.end()
    } else if let number = value.u32 {
      if let names = KernelMetric(key)?.bitNames { return bits(name, number, names, &reply) }
      self.number(name, number, &reply)
    } else {
      bytes(name, value, &reply)
    }
  }

  /// The names of the bits that are set, and the rest as a number.
  private func bits(_ name: String, _ value: UInt32, _ names: [(bit: UInt8, name: String)], _ reply: inout ReplyWriter) {
    begin(name, &reply)
    var rest = value
    var isFirst = true
    for (bit, name) in names where rest & 1 << UInt32(bit) != 0 {
      rest &= ~(1 << UInt32(bit))
      separate(&isFirst, &reply)
      reply.text.append(name)
    }
    if rest != 0 {
      separate(&isFirst, &reply)
      reply.text.append(hex: UInt64(rest), width: 8)
    }
    reply.end()
  }

  private func writeCustom(_ key: AttributeKey, _ value: RawSpan, _ custom: [CustomAttribute], to reply: inout ReplyWriter) {
    guard Int(key.code) < custom.count else {
      let name = AttributeKey.foreignNames[key.code] ?? "attribute \(key.code)"
      if let number = value.u32 { return self.number(name, number, &reply) }
      return bytes(name, value, &reply)
    }
    let attribute = custom[Int(key.code)]
    switch attribute.kind {
    case .integer: if let number = value.u32 { return self.number(attribute.name, number, &reply) }
    case .quad, .address:
      let quad = value.u32.map { IPAddress(ipv4: $0) }
      if let address = quad ?? value.address {
        begin(attribute.name, &reply)
        reply.text.append(address)
        return reply.end()
      }
    case .string:
      begin(attribute.name, &reply)
      value.withUnsafeBytes { for byte in $0 { reply.text.append(byte: byte) } }
      return reply.end()
    case .bytes: break
    }
    bytes(attribute.name, value, &reply)
  }
}

extension AttributeKey {
  /// Attributes of protocols that routed lacks, by the codes that filters use for them.
  static let foreignNames: [UInt8: String] = [
    0xf0: "RIP.metric", 0xf1: "RIP.tag", 0xf2: "RA.preference", 0xf3: "RA.lifetime", 0xf4: "Babel.metric", 0xf5: "Babel.router_id",
    0xf6: "Babel.seqno", 0xf7: "BGP.mpls_label_stack",
  ]

  var kernelName: String {
    switch self {
    case .kernelSource: "Kernel.source"
    case .kernelMetric: "Kernel.metric"
    case .kernelPreferredSource: "Kernel.prefsrc"
    case .kernelRealm: "Kernel.realm"
    case .kernelScope: "Kernel.scope"
    default: "Kernel.\(KernelMetric(self)?.name ?? "\(code)")"
    }
  }
}

extension RawSpan {
  /// The big-endian number of a value of four bytes.
  var u32: UInt32? {
    var reader = WireReader(self)
    return byteCount == 4 ? try? reader.u32() : nil
  }

  /// The address of a value of 4 or 16 bytes.
  var address: IPAddress? {
    var reader = WireReader(self)
    return byteCount == 4 ? try? reader.ipv4() : byteCount == 16 ? try? reader.ipv6() : nil
  }
}
