import RouteCore

// The exchange of Database Descriptions as one neighbour's machine sees it, RFC 2328 §10.6 and §10.8.

extension Neighbor {
  /// What to do about a Database Description.
  enum DescriptionVerdict: Hashable, Sendable {
    case ignored
    /// It has come before: the slave sends its answer again.
    case duplicate
    case mismatch
    /// Master and slave are agreed on: the exchange begins with this packet.
    case negotiated
    /// The next in sequence.
    case accepted
  }

  /// §10.6, in the states where Database Descriptions are expected.
  mutating func judge(_ packet: DatabaseDescriptionPacket, local: RouterID) -> DescriptionVerdict {
    let isDuplicate = DescriptionIdentity(packet) == lastReceived
    switch state {
    case .down, .attempt, .`init`, .twoWay: return .ignored
    case .exStart: return negotiate(packet, local: local) ? .negotiated : .ignored
    case .exchange:
      if isDuplicate { return .duplicate }
      let expected = isLocalMaster ? sequenceNumber : sequenceNumber &+ 1
      let isNext =
        packet.flags.contains(.master) != isLocalMaster && !packet.flags.contains(.initial) && packet.options == options
        && packet.sequenceNumber == expected
      return isNext ? .accepted : .mismatch
    // Only duplicates may come now.
    case .loading, .full: return isDuplicate && !packet.flags.contains(.initial) ? .duplicate : .mismatch
    }
  }

  /// §10.6, state ExStart: whether the packet settles who is master.
  private mutating func negotiate(_ packet: DatabaseDescriptionPacket, local: RouterID) -> Bool {
    if packet.flags == [.initial, .more, .master], packet.headers.isEmpty, routerID > local {
      isLocalMaster = false
      sequenceNumber = packet.sequenceNumber
      exchangeDeadline = nil
    } else if packet.flags.isDisjoint(with: [.initial, .master]), packet.sequenceNumber == sequenceNumber, routerID < local {
      isLocalMaster = true
    } else {
      return false
    }
    options = packet.options
    return true
  }

  /// The next LSAs of the Database summary list, at most as many as `limit`, as far as `header` still has them.
  mutating func takeSummary(_ limit: Int, _ header: (LSAHandle) -> LSAHeader?) -> [LSAHeader] {
    var headers: [LSAHeader] = []
    while summaryPosition < summary.count, headers.count < limit {
      if let found = header(summary[summaryPosition]) { headers.append(found) }
      summaryPosition += 1
    }
    if summaryPosition == summary.count {
      summary = []
      summaryPosition = 0
    }
    return headers
  }
}
