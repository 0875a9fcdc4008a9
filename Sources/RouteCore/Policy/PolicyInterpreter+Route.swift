// Reading and writing the route.

extension PolicyInterpreter {
  @inline(__always)
  func load(_ field: PolicyField?, _ route: borrowing PolicyRoute) -> PolicyValue {
    switch field {
    case .from: return PolicyValue(route.attributes.header.from)
    case .gateway: return PolicyValue(route.gateway)
    case .network: return PolicyValue(route.prefix)
    case .protocolName: return PolicyValue(.string, .protocolName, 0..<0)
    case .interfaceName: return PolicyValue(.string, .interfaceName, 0..<0)
    case .source: return PolicyValue(.source, route.attributes.header.source.rawValue)
    case .scope: return PolicyValue(.scope, route.attributes.header.scope.rawValue)
    case .cast: return PolicyValue(.cast, 0)
    case .destination1: return PolicyValue(.destination, PolicyDestination.code1(of: route))
    case .destination2:
      let destination = route.attributes.header.destination
      return PolicyValue(.destination, destination == .unicast ? 1 : destination.rawValue)
    case .interfaceIndex: return PolicyValue(int: route.interfaceIndex)
    case .weight: return PolicyValue(int: UInt32(route.weight))
    case .onLink: return PolicyValue(route.isOnLink)
    case .label: return PolicyValue(int: route.label ?? PolicyRoute.noLabel)
    case .preference: return PolicyValue(int: UInt32(route.attributes.header.preference))
    case .igpMetric: return route.igpMetric.map { PolicyValue(int: $0) } ?? .void
    case .origin:
      return route.attributes.header.flags.contains(.hasOrigin) ? PolicyValue(.origin, route.attributes.header.origin.rawValue) : .void
    case .localPref:
      return route.attributes.header.flags.contains(.hasLocalPref) ? PolicyValue(int: route.attributes.header.localPref) : .void
    case .med: return route.attributes.header.flags.contains(.hasMED) ? PolicyValue(int: route.attributes.header.med) : .void
    case nil: return .void
    }
  }

  /// An attribute kept in the records, as a value of the kind `rawKind`.
  @inline(__always)
  mutating func load(_ key: AttributeKey, _ rawKind: UInt8, _ route: borrowing PolicyRoute) -> PolicyValue {
    guard let kind = PolicyKind(rawValue: rawKind) else { return .void }
    guard let range = directory.range(of: key, in: route.attributes) else {
      var value = PolicyInterpreter.emptyValue(rawKind)
      if value.kind != .void { value.length = 1 }
      return value
    }
    if kind.isBytes { return PolicyValue(kind, .records, range) }
    return route.attributes.records.withUnsafeBytes {
      PolicyInterpreter.decode(kind, UnsafeRawBufferPointer(rebasing: $0[range]))
    }
  }

  /// A scalar as it stands in a record; undefined if it has another length.
  private static func decode(_ kind: PolicyKind, _ bytes: UnsafeRawBufferPointer) -> PolicyValue {
    func wide(_ offset: Int) -> UInt64 { UInt64(bytes.word(offset)) << 32 | UInt64(bytes.word(offset + 4)) }
    switch kind {
    case .int, .quad, .pair: return bytes.count == 4 ? PolicyValue(kind, bytes.word(0)) : .void
    case .bool: return bytes.count == 4 ? PolicyValue(bytes.word(0) != 0) : .void
    case .enumeration:
      // The opaque attributes: what they hold cannot be seen.
      return PolicyValue(.empty, 0)
    case .ip:
      // NEXT_HOP may be followed by a link-local address (RFC 2545 §3).
      if bytes.count == 4 { return PolicyValue(IPAddress(ipv4: bytes.word(0))) }
      return bytes.count >= 16 ? PolicyValue(IPAddress(high: wide(0), low: wide(8))) : .void
    case .prefix:
      guard bytes.count == 18, let family = AddressFamily(rawValue: bytes[0]) else { return .void }
      let address = IPAddress(
        high: UInt64(bytes.word(2)) << 32 | UInt64(bytes.word(6)), low: UInt64(bytes.word(10)) << 32 | UInt64(bytes.word(14)))
      return PolicyValue(Prefix(address, bytes[1], family))
    case .ec, .rd: return bytes.count == 8 ? PolicyValue(kind, low: wide(0)) : .void
    case .lc: return bytes.count == 12 ? PolicyValue(.lc, high: UInt64(bytes.word(0)), low: wide(4)) : .void
    default: return .void
    }
  }

  /// A bit of an attribute that is a number, as a bool.
  func loadBit(_ step: PolicyInstruction, _ route: borrowing PolicyRoute) -> PolicyValue {
    let key = AttributeKey(rawValue: UInt16(truncatingIfNeeded: step.c))
    guard let number = route.attributes.u32(key) else { return .void }
    return PolicyValue(number >> UInt32(step.a) & 1 != 0)
  }

  mutating func storeBit(_ step: PolicyInstruction, _ value: PolicyValue, _ route: inout PolicyRoute) {
    guard value.kind == .bool else { return failure = .invalidValue }
    let key = AttributeKey(rawValue: UInt16(truncatingIfNeeded: step.c))
    let bit = UInt32(1) << UInt32(step.a)
    let old = route.attributes.u32(key) ?? 0
    route.changes.insert(.attributes)
    directory.forget()
    route.attributes.set(key, u32: value.isTrue ? old | bit : old & ~bit)
  }

  /// Writes a value into `scratch` as it stands in a record.
  private mutating func encode(_ value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute) {
    scratch.removeAll()
    func high(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value >> 32) }
    switch value.kind {
    case .int, .quad, .pair, .bool: scratch.append(value.word)
    case .ip:
      if let v4 = value.address.ipv4 { return scratch.append(v4) }
      for word in [high(value.high), UInt32(truncatingIfNeeded: value.high), high(value.low), value.word] { scratch.append(word) }
    case .prefix:
      scratch.append(value.family.rawValue)
      scratch.append(value.length)
      for word in [high(value.high), UInt32(truncatingIfNeeded: value.high), high(value.low), value.word] { scratch.append(word) }
    case .ec, .rd:
      scratch.append(high(value.low))
      scratch.append(value.word)
    case .lc:
      scratch.append(UInt32(truncatingIfNeeded: value.high))
      scratch.append(high(value.low))
      scratch.append(value.word)
    default: PolicyInterpreter.withBytes(value, arena.view, program, route) { scratch.append($0) }
    }
  }

  mutating func store(_ step: PolicyInstruction, _ value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute) {
    let key = AttributeKey(rawValue: UInt16(truncatingIfNeeded: step.c))
    guard let value = conform(value, step.a) else { return failure = .invalidValue }
    // The attribute itself, unchanged.
    if value.kind.isBytes, value.place == .records || value.isMissing,
      route.attributes.range(of: key).map({ $0 == value.range }) ?? value.isMissing
    {
      return
    }
    let isMade = value.kind.isBytes && value.place == .arena && !value.isMissing && value.range.upperBound <= arena.count
    if !isMade { encode(value, program, &route) }
    let bytes = isMade ? UnsafeRawBufferPointer(rebasing: arena.view[value.range]) : scratch.view
    if scratch.overflowed || bytes.count > 0xffff { return failure = .tooMuchMemory }
    route.changes.insert(.attributes)
    directory.forget()
    // A list without members is not sent: it is as if it were not there.
    if bytes.count == 0, value.kind.isCommunityList { return route.attributes.remove(key) }
    _ = bytes.withMemoryRebound(to: UInt8.self) {
      route.attributes.set(key, flags: PolicyInterpreter.flags(UInt8(truncatingIfNeeded: step.b), of: key, route), $0.span.bytes)
    }
    if key == .asPath { followPath(&route) }
    if key == .nextHop { route.changes.insert(.nextHopAttribute) }
    if key == .originatorID { route.attributes.header.routerID = value.word }
  }

  /// RFC 4271 §5: an optional transitive attribute that is attached to another's route has the Partial bit, and keeps it.
  private static func flags(_ known: UInt8, of key: AttributeKey, _ route: borrowing PolicyRoute) -> UInt8 {
    guard known == 0xc0 else { return known }
    if let old = AttributeRecords.find(key, in: route.attributes.records.span.bytes) { return known | old.flags & 0x20 }
    return route.attributes.header.source == .bgp ? known | 0x20 : known
  }

  /// The value as the kind an attribute has; IPv4 addresses are quads where one is wanted.
  private func conform(_ value: PolicyValue, _ rawKind: UInt8) -> PolicyValue? {
    if value.kind.rawValue == rawKind { return value }
    if rawKind == PolicyKind.quad.rawValue, let quad = value.quad { return PolicyValue(.quad, quad) }
    return nil
  }

  /// The decision reads the header, which must say what AS_PATH says.
  private func followPath(_ route: inout PolicyRoute) {
    var length = 0
    var first: UInt32 = 0
    if let range = route.attributes.range(of: .asPath) {
      route.attributes.records.withUnsafeBytes { bytes in
        let path = ASPath(UnsafeRawBufferPointer(rebasing: bytes[range]))
        length = path.length
        first = path.neighbor
      }
    }
    route.attributes.header.pathLength = UInt16(clamping: length)
    route.attributes.header.neighborAS = first
  }

  mutating func unset(_ key: AttributeKey, _ field: PolicyField?, _ route: inout PolicyRoute) {
    switch field {
    case .origin: route.attributes.header.flags.remove(.hasOrigin)
    case .localPref: route.attributes.header.flags.remove(.hasLocalPref)
    case .med: route.attributes.header.flags.remove(.hasMED)
    case .igpMetric:
      route.igpMetric = nil
      return route.changes.formUnion(.igpMetric)
    default:
      guard route.attributes.contains(key) else { return }
      route.attributes.remove(key)
      directory.forget()
      if key == .asPath { followPath(&route) }
    }
    route.changes.insert(.attributes)
  }

  mutating func store(_ field: PolicyField?, _ value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute) {
    switch (field, value.kind) {
    case (.from, .ip): route.attributes.header.from = value.address
    case (.preference, .int):
      guard value.word <= 0xffff else { return failure = .outOfRange }
      route.attributes.header.preference = UInt16(value.word)
    case (.scope, .enumeration):
      guard let scope = RouteScope(rawValue: UInt8(truncatingIfNeeded: value.low)) else { return failure = .outOfRange }
      route.attributes.header.scope = scope
    case (.localPref, .int):
      route.attributes.header.localPref = value.word
      route.attributes.header.flags.insert(.hasLocalPref)
    case (.med, .int):
      route.attributes.header.med = value.word
      route.attributes.header.flags.insert(.hasMED)
      route.changes.insert(.med)
    case (.origin, .enumeration):
      guard let origin = Origin(rawValue: UInt8(truncatingIfNeeded: value.low)) else { return failure = .outOfRange }
      route.attributes.header.origin = origin
      route.attributes.header.flags.insert(.hasOrigin)
    case (.igpMetric, .int):
      route.igpMetric = value.word
      return route.changes.formUnion(.igpMetric)
    default: return storeNextHop(field, value, program, &route)
    }
    route.changes.insert(.attributes)
  }

  private mutating func storeNextHop(
    _ field: PolicyField?, _ value: PolicyValue, _ program: PolicyProgram, _ route: inout PolicyRoute
  ) {
    switch (field, value.kind) {
    case (.gateway, .ip):
      guard !value.address.isUnspecified, !value.address.isMulticast else { return failure = .readOnly }
      route.gateway = value.address
      // Only such a gateway is on the interface there is; others have to be found.
      if !value.address.isLinkLocal, !route.isOnLink {
        route.interfaceIndex = 0
        route.changes.remove(.interface)
      }
      route.label = nil
      route.attributes.header.destination = .unicast
      route.changes.insert(.gateway)
    case (.interfaceName, .string):
      let name = PolicyInterpreter.withBytes(value, arena.view, program, route) { String(decoding: $0, as: UTF8.self) }
      // IFNAMSIZ of Linux is 16 with the terminating zero.
      guard !name.isEmpty, name.utf8.count <= 15 else { return failure = .outOfRange }
      route.interfaceName = name
      route.interfaceIndex = 0
      route.gateway = .unspecified
      route.label = nil
      route.attributes.header.destination = .unicast
      route.changes.remove(.gateway)
      route.changes.insert(.interface)
    case (.destination1, .enumeration), (.destination2, .enumeration):
      guard let destination = RouteDestination(rawValue: UInt8(truncatingIfNeeded: value.low)), value.low >= 2 else {
        return failure = .readOnly
      }
      route.attributes.header.destination = destination
      route.gateway = .unspecified
      route.interfaceIndex = 0
      route.interfaceName = ""
      route.nextHopCount = 0
      route.label = nil
      route.changes.insert(.destination)
    case (.weight, .int):
      guard (1...256).contains(value.word), route.attributes.header.destination == .unicast else { return failure = .outOfRange }
      route.weight = UInt16(value.word)
      return route.changes.formUnion(.weight)
    case (.onLink, .bool):
      route.isOnLink = value.isTrue
      return route.changes.formUnion(.onLink)
    case (.label, .int):
      guard value.word < LabelStack.labelLimit else { return failure = .outOfRange }
      route.label = value.word
      return route.changes.formUnion(.label)
    default: return failure = .invalidValue
    }
    route.changes.insert(.attributes)
  }
}

/// RTD_ of the 1.6 language.
enum PolicyDestination {
  /// RTD_ROUTER, RTD_DEVICE and RTD_MULTIPATH are all unicast; the next hops tell which.
  @inline(__always) static func code1(of route: borrowing PolicyRoute) -> UInt8 {
    let destination = route.attributes.header.destination
    if destination != .unicast { return destination.rawValue }
    if route.nextHopCount > 1 { return 5 }
    return route.gateway.isUnspecified ? 1 : 0
  }
}
