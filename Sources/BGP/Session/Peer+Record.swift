import RouteCore

// What goes to the MRT file (RFC 6396 §4.4). As in BIRD, each connection has its states, and only received messages are recorded.
extension Peer {
  /// Where a connection was when its state was recorded last.
  struct RecordedState {
    var state = State.idle
    var endpoints: Endpoints?
  }

  /// Records these things from now on.
  public mutating func record(_ mask: MRTDumpMask) {
    // What happened unrecorded is no change to be told of later.
    if mask.contains(.states), !recorded.contains(.states) {
      for direction in [ConnectionID.Direction.outgoing, .incoming] { noteState(direction) }
    }
    recorded = mask
  }

  /// A message, before anything is made of it.
  func recordMessage(_ type: MessageType, _ body: RawSpan, _ id: ConnectionID, into output: inout Output) {
    guard let connection = self[id.direction] else { return }
    var writer = WireWriter(reserving: MessageHeader.size + body.byteCount)
    MessageHeader.write(type, into: &writer)
    writer.append(body)
    MessageHeader.finish(at: 0, in: &writer)
    // OPENs are the same for all.
    let session = connection.state >= .openConfirm ? connection.session : nil
    let record = MRTRecord(
      peerAS: session?.remoteAS ?? expectedAS, localAS: configuration.localAS, interface: connection.endpoints?.interface ?? 0,
      peer: connection.endpoints?.remote ?? configuration.neighborAddress, local: connection.endpoints?.local,
      fourOctetAS: session?.fourOctetAS ?? false,
      hasPathIdentifiers: type == .update && session?.findsPathIdentifiers(inUpdate: body) ?? false, content: .message(writer.bytes))
    output.actions.append(.record(record))
  }

  /// The changes since the last call.
  mutating func recordStates(into output: inout Output) {
    for direction in [ConnectionID.Direction.outgoing, .incoming] {
      let before = recordedStates[direction]
      noteState(direction)
      let after = recordedStates[direction]
      guard before.state != after.state else { continue }
      // A connection that is gone is still meant.
      let endpoints = after.endpoints ?? before.endpoints
      let record = MRTRecord(
        peerAS: self[direction]?.session?.remoteAS ?? expectedAS, localAS: configuration.localAS, interface: endpoints?.interface ?? 0,
        peer: endpoints?.remote ?? configuration.neighborAddress, local: endpoints?.local, fourOctetAS: true,
        hasPathIdentifiers: false, content: .stateChange(from: before.state, to: after.state))
      output.actions.append(.record(record))
    }
  }

  private mutating func noteState(_ direction: ConnectionID.Direction) {
    recordedStates[direction] = RecordedState(state: connectionState(direction), endpoints: self[direction]?.endpoints)
  }

  /// The state of RFC 4271's machine of one connection; Active is that of our own.
  private func connectionState(_ direction: ConnectionID.Direction) -> State {
    guard phase == .running else { return .idle }
    if let state = self[direction]?.state { return state }
    let mayBegin = connectDeadline != nil || (configuration.passive && incoming == nil)
    return direction == .outgoing && mayBegin ? .active : .idle
  }

  /// The AS that the peer has to have; 0 if it is not known before its OPEN.
  private var expectedAS: UInt32 {
    switch configuration.neighborAS {
    case .number(let number): number
    case .internal: configuration.localAS
    case .external: 0
    }
  }
}

/// One of each for the two connections.
struct RecordedStates {
  private var outgoing = Peer.RecordedState()
  private var incoming = Peer.RecordedState()

  subscript(_ direction: ConnectionID.Direction) -> Peer.RecordedState {
    get { direction == .outgoing ? outgoing : incoming }
    set { if direction == .outgoing { outgoing = newValue } else { incoming = newValue } }
  }
}

extension SessionParameters {
  /// Whether the prefixes of an UPDATE, given without its header, have path identifiers. Where that differs between the families of the
  /// session the message has to be looked into.
  func findsPathIdentifiers(inUpdate body: RawSpan) -> Bool {
    let carried = families
    let having = carried.filter { receivesPaths($0) }
    if having.isEmpty || having.count == carried.count { return !having.isEmpty }
    guard let family = try? SessionParameters.family(ofUpdate: body) else { return false }
    return having.contains(family)
  }

  /// The family of the first MP_REACH_NLRI or MP_UNREACH_NLRI (RFC 4760 §3, §4), else IPv4; nil if it is one that we do not route.
  private static func family(ofUpdate body: RawSpan) throws(Truncated) -> AddressFamily? {
    var reader = WireReader(body)
    let withdrawn = Int(try reader.u16())
    try reader.skip(withdrawn)
    let length = Int(try reader.u16())
    var attributes = WireReader(try reader.take(length))
    while !attributes.isEmpty {
      let flags = try attributes.u8()
      let code = try attributes.u8()
      let length = AttributeFlags(rawValue: flags).contains(.extendedLength) ? Int(try attributes.u16()) : Int(try attributes.u8())
      var value = WireReader(try attributes.take(length))
      if code == BGPAttribute.reach.rawValue || code == BGPAttribute.unreach.rawValue {
        return FamilyCode(afi: try value.u16(), safi: try value.u8()).unicast
      }
    }
    return .ipv4
  }
}
