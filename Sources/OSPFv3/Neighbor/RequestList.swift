import RouteCore

/// The Link state request list of a neighbour (RFC 2328 §10): what it has that is newer than ours, in the order it was described.
struct RequestList: Sendable {
  private var headers: [LSAHeader?] = []
  private var positions: [LSAKey: Int] = [:]
  private var head = 0
  /// How many of those asked for last have not come yet.
  private(set) var outstanding = 0
  private var requestedEnd = 0

  var isEmpty: Bool { positions.isEmpty }

  func find(_ key: LSAKey) -> LSAHeader? { positions[key].flatMap { headers[$0] } }

  mutating func add(_ header: LSAHeader) {
    if let known = positions[header.key] {
      headers[known] = header
      return
    }
    positions[header.key] = headers.count
    headers.append(header)
  }

  mutating func remove(_ key: LSAKey) {
    guard let position = positions.removeValue(forKey: key) else { return }
    headers[position] = nil
    if position < requestedEnd, position >= head { outstanding -= 1 }
    if positions.isEmpty { self = RequestList() }
  }

  /// The next requests, the oldest first, as many as one packet holds.
  mutating func next(_ limit: Int) -> [LSAKey] {
    while head < headers.count, headers[head] == nil { head += 1 }
    var keys: [LSAKey] = []
    var position = head
    while position < headers.count, keys.count < limit {
      if let header = headers[position] { keys.append(header.key) }
      position += 1
    }
    requestedEnd = position
    outstanding = keys.count
    return keys
  }
}
