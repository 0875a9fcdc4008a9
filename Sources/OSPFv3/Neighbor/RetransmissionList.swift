import RouteCore

/// The Link state retransmission list of a neighbour (RFC 2328 §10): what has been flooded to it and not been acknowledged,
/// in the order it was sent.
struct RetransmissionList: Sendable {
  private struct Item: Sendable {
    var handle: LSAHandle
    /// Acknowledged, or sent again and therefore further back.
    var isGone: Bool
    var sent: Instant
  }

  private var items: [Item] = []
  private var head = 0
  private var positions: [LSAHandle: Int] = [:]

  var isEmpty: Bool { positions.isEmpty }

  func contains(_ handle: LSAHandle) -> Bool { positions[handle] != nil }

  func contains(where matches: (LSAHandle) -> Bool) -> Bool { items[head...].contains { !$0.isGone && matches($0.handle) } }

  /// Notes that the LSA has just been sent. Returns whether it is new to the list.
  mutating func add(_ handle: LSAHandle, sent now: Instant) -> Bool {
    let known = positions[handle]
    if let known { items[known].isGone = true }
    positions[handle] = items.count
    items.append(Item(handle: handle, isGone: false, sent: now))
    return known == nil
  }

  /// Returns whether it was on the list.
  mutating func remove(_ handle: LSAHandle) -> Bool {
    guard let position = positions.removeValue(forKey: handle) else { return false }
    items[position].isGone = true
    trim()
    return true
  }

  /// Empties the list and returns what was in it, in order.
  mutating func removeAll() -> [LSAHandle] {
    let all = items[head...].filter { !$0.isGone }.map { $0.handle }
    self = RetransmissionList()
    return all
  }

  /// When the oldest was sent.
  var oldest: Instant? { isEmpty ? nil : items[head].sent }

  /// The oldest, if it was sent at `limit` or before.
  func first(sentBy limit: Instant) -> LSAHandle? {
    guard !isEmpty, items[head].sent <= limit else { return nil }
    return items[head].handle
  }

  /// Moves the head on to an item that is still there, and keeps the array short.
  private mutating func trim() {
    while head < items.count, items[head].isGone { head += 1 }
    if head == items.count {
      items.removeAll(keepingCapacity: true)
      head = 0
    } else if items.count > 64, items.count - head > 2 * positions.count || head > items.count / 2 {
      items = items[head...].filter { !$0.isGone }
      head = 0
      for position in items.indices { positions[items[position].handle] = position }
    }
  }

  /// Moves the oldest to the end, sent now.
  mutating func resent(_ handle: LSAHandle, at now: Instant) {
    _ = add(handle, sent: now)
    trim()
  }
}
