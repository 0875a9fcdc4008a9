import RouteCore

/// One OSPF interface: a link, and the Instance ID spoken on it.
public struct InterfaceKey: Hashable, Sendable, Comparable {
  /// The kernel's index of the link.
  public var index: UInt32
  /// The Instance ID in packets (RFC 5340 §2.4).
  public var instanceID: UInt8

  /// An interface by its link and Instance ID.
  public init(index: UInt32, instanceID: UInt8) {
    self.index = index
    self.instanceID = instanceID
  }

  public static func < (a: InterfaceKey, b: InterfaceKey) -> Bool {
    a.index != b.index ? a.index < b.index : a.instanceID < b.instanceID
  }
}

/// Where an LSA belongs (RFC 5340 §4.5: the three flooding scopes).
package enum Scope: Hashable, Sendable {
  case link(InterfaceKey)
  case area(RouterID)
  case autonomousSystem
}

/// Where the present instance of an LSA comes from.
enum LSAOrigin: Hashable, Sendable {
  /// This router has originated it.
  case local
  /// It bears our Router ID but came from a neighbour: originated before a restart (RFC 2328 §13.4).
  case earlierLife
  /// Another router has originated it.
  case remote
}

/// Identifies an LSA for as long as it is in the database: a place that is used again has another generation.
struct LSAHandle: Hashable, Sendable {
  var index: UInt32
  var generation: UInt32
}

/// The LSAs of all scopes, in one slab with an index for each scope.
///
/// An LSA's age is never counted: it follows from its age and the time when it was installed. Each LSA has one deadline (refresh or MaxAge)
/// in a heap. If a newer instance has come meanwhile, the deadline is moved when it fires.
package struct LinkStateDatabase: Sendable {
  struct Entry: Sendable {
    /// The whole LSA, its age field as received.
    var bytes: [UInt8]
    var installed: Instant
    var scope: Scope
    var key: LSAKey
    var sequenceNumber: Int32
    var ageWhenInstalled: UInt16
    var origin: LSAOrigin
    /// How many instances in a row were originated within MinLSInterval, or arrived within MinLSArrival.
    var haste: UInt8 = 0
    /// How many neighbours have it on their retransmission lists.
    var retransmissions: UInt16 = 0
    var generation: UInt32
    /// The head of the chain of its prefix sources.
    var firstSource: Int32 = -1
    /// When its heap entry fires, in seconds; `.max` if there is none.
    var scheduled: Int64 = .max
    /// False for a place on the free list.
    var isPresent = true

    var isSelfOriginated: Bool { origin != .remote }
  }

  private(set) var entries: [Entry] = []
  private var free: [UInt32] = []
  private var indexes: [Scope: [LSAKey: UInt32]] = [:]
  private var deadlines = Heap<Deadline>()
  /// LSAs of MaxAge that may be removed as soon as nobody needs them (RFC 2328 §14).
  var maxAged: [LSAHandle] = []

  package init() {}

  /// LSAs in all scopes.
  var count: Int { entries.count - free.count }

  func find(_ scope: Scope, _ key: LSAKey) -> UInt32? { indexes[scope]?[key] }

  func handle(_ index: UInt32) -> LSAHandle { LSAHandle(index: index, generation: entries[Int(index)].generation) }

  /// The LSA's place, if it is still there.
  func resolve(_ handle: LSAHandle) -> UInt32? {
    guard Int(handle.index) < entries.count, entries[Int(handle.index)].isPresent,
      entries[Int(handle.index)].generation == handle.generation
    else { return nil }
    return handle.index
  }

  subscript(_ index: UInt32) -> Entry {
    _read { yield entries[Int(index)] }
    _modify { yield &entries[Int(index)] }
  }

  /// The age now, in seconds.
  func age(_ index: UInt32, at now: Instant) -> UInt16 {
    let entry = entries[Int(index)]
    let elapsed = max((now - entry.installed).wholeSeconds, 0)
    return UInt16(min(Int64(entry.ageWhenInstalled) + elapsed, Int64(Constants.maxAge)))
  }

  /// The header with the age of now.
  func header(_ index: UInt32, at now: Instant) -> LSAHeader {
    let bytes = entries[Int(index)].bytes
    var header =
      LSAHeader(bytes.span.bytes)
      ?? LSAHeader(
        age: 0, type: entries[Int(index)].key.type, linkStateID: entries[Int(index)].key.linkStateID,
        advertisingRouter: entries[Int(index)].key.advertisingRouter, sequenceNumber: entries[Int(index)].sequenceNumber)
    header.age = age(index, at: now)
    return header
  }

  /// The places of a scope's LSAs, in the order of their keys.
  func sorted(_ scope: Scope) -> [UInt32] {
    guard let index = indexes[scope] else { return [] }
    return index.sorted { $0.key < $1.key }.map { $0.value }
  }

  /// Replaces the present instance of an LSA, or adds a new LSA. The caller has detached the content of the old instance.
  mutating func install(_ bytes: [UInt8], _ header: LSAHeader, scope: Scope, origin: LSAOrigin, at now: Instant) -> UInt32 {
    let place: UInt32
    if let known = find(scope, header.key) {
      place = known
    } else {
      let entry = Entry(
        bytes: [], installed: now, scope: scope, key: header.key, sequenceNumber: 0, ageWhenInstalled: 0, origin: origin, generation: 0)
      if let reused = free.popLast() {
        place = reused
        let generation = entries[Int(place)].generation
        entries[Int(place)] = entry
        entries[Int(place)].generation = generation &+ 1
      } else {
        place = UInt32(truncatingIfNeeded: entries.count)
        entries.appendFrugally(entry)
      }
      indexes[scope, default: [:]][header.key] = place
    }
    let at = Int(place)
    entries[at].bytes = bytes
    entries[at].installed = now
    entries[at].sequenceNumber = header.sequenceNumber
    entries[at].ageWhenInstalled = header.age
    entries[at].origin = origin
    if header.age >= Constants.maxAge { maxAged.append(handle(place)) } else { schedule(place) }
    return place
  }

  /// Sets an LSA's age to MaxAge; it is then flooded like a new one (RFC 2328 §14.1).
  mutating func age(out index: UInt32, at now: Instant) {
    entries[Int(index)].installed = now
    entries[Int(index)].ageWhenInstalled = Constants.maxAge
    maxAged.append(handle(index))
  }

  mutating func remove(_ index: UInt32) {
    let at = Int(index)
    guard entries[at].isPresent else { return }
    let scope = entries[at].scope
    indexes[scope]?[entries[at].key] = nil
    if indexes[scope]?.isEmpty == true { indexes[scope] = nil }
    entries[at].bytes = []
    entries[at].isPresent = false
    entries[at].scheduled = .max
    free.append(index)
  }

  // MARK: deadlines

  /// Seconds of age at which something happens to the LSA by itself.
  private func limit(_ at: Int) -> Int64 {
    entries[at].isSelfOriginated ? Constants.lsRefreshTime : Int64(Constants.maxAge)
  }

  /// When the LSA's next step is due: on a whole second, so that many coincide.
  private func due(_ at: Int) -> Int64 {
    let start = (entries[at].installed.nanoseconds + 999_999_999) / 1_000_000_000
    return start + max(limit(at) - Int64(entries[at].ageWhenInstalled), 0)
  }

  private mutating func schedule(_ place: UInt32) {
    let at = Int(place)
    let second = due(at)
    if entries[at].scheduled <= second { return }
    entries[at].scheduled = second
    deadlines.insert(Deadline(second: second, handle: handle(place)))
  }

  /// The earliest step of any LSA.
  var nextDeadline: Instant? {
    deadlines.first.map { Instant(nanoseconds: $0.second.multipliedReportingOverflow(by: 1_000_000_000).partialValue) }
  }

  /// The next LSA that has reached LSRefreshTime (its own) or MaxAge.
  mutating func takeDue(at now: Instant) -> UInt32? {
    while let next = deadlines.first, next.second <= now.nanoseconds / 1_000_000_000 {
      _ = deadlines.popFirst()
      guard let place = resolve(next.handle), entries[Int(place)].scheduled == next.second else { continue }
      entries[Int(place)].scheduled = .max
      if entries[Int(place)].ageWhenInstalled >= Constants.maxAge { continue }
      if due(Int(place)) <= next.second { return place }
      schedule(place)
    }
    return nil
  }
}

/// The second in which an LSA's next step is due.
private struct Deadline: Comparable, Sendable {
  var second: Int64
  var handle: LSAHandle

  static func < (a: Deadline, b: Deadline) -> Bool { a.second < b.second }
}
