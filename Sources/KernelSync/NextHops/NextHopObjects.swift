import RouteCore

/// The kernel's nexthop objects as we have made them, or found them from an earlier run.
///
/// An object is made once and never changed by us; only the kernel makes groups smaller, when one of their members goes. Its `content` is
/// the set it leads to now, `none` once it has gone. Objects that nobody uses are removed a little later, as they may be wanted again.
struct NextHopObjects: ~Copyable {
  enum Kind: Hashable {
    /// One way out, for routes that have no other. The family is that of the object.
    case single(NextHop, AddressFamily)
    /// One way out, as part of groups.
    case member(NextHop, AddressFamily)
    case group(HopSetID, AddressFamily)
  }

  enum State {
    /// A change that makes it is with the kernel or waits.
    case writing
    case present
    /// A change that removes it is with the kernel or waits.
    case removing
    /// The kernel has none, and whoever refers to it will look again.
    case gone
  }

  struct Object {
    /// The kernel's number.
    var id: UInt32
    var kind: Kind
    var state = State.writing
    /// The set it was made for.
    let original: HopSetID
    var content: HopSetID
    /// Of a group: the places of its members.
    var members: [UInt32]
    /// Shapes, groups and changes under way that need it.
    var references: UInt32 = 0
    var unusedSince: Instant?

    init(id: UInt32, _ kind: Kind, _ state: State, content: HopSetID, members: [UInt32]) {
      self.id = id
      self.kind = kind
      self.state = state
      original = content
      self.content = content
      self.members = members
    }
  }

  /// The first of the numbers that are ours.
  let base: UInt32
  /// How many are ours, from the first on.
  static var range: UInt32 { 1 << 24 }
  /// How long an object stays that nobody uses.
  static var rest: Duration { .seconds(1) }

  /// False where the kernel has none (before Linux 5.3).
  var isSupported = true
  private(set) var objects: [Object?] = [nil]
  private var free: [UInt32] = []
  private var byKind: [Kind: UInt32] = [:]
  private var byID: [UInt32: UInt32] = [:]
  private var nextID: UInt32 = 1

  init(base: UInt32) { self.base = base }

  // MARK: Finding

  subscript(place: UInt32) -> Object? { Int(place) < objects.count ? objects[Int(place)] : nil }

  func place(id: UInt32) -> UInt32? { byID[id] }
  func place(_ kind: Kind) -> UInt32? { byKind[kind] }

  /// What an object leads to; `none` if it has gone.
  func content(_ place: UInt32) -> HopSetID { self[place]?.content ?? .none }

  func isOurs(_ id: UInt32) -> Bool { id >= base && id - base < NextHopObjects.range }

  /// The family of an object for a way out: that of its gateway, which serves routes of both where it is of IPv6.
  static func family(_ hop: NextHop, _ family: AddressFamily) -> AddressFamily {
    hop.gateway.isUnspecified ? family : hop.gateway.family
  }

  static func family(_ hops: [NextHop], _ family: AddressFamily) -> AddressFamily {
    hops.allSatisfy { !$0.gateway.isUnspecified && !$0.gateway.isIPv4 } ? .ipv6 : family
  }

  /// The places of all objects, in order.
  var places: [UInt32] { (1..<UInt32(max(objects.count, 1))).filter { objects[Int($0)] != nil } }

  // MARK: Making

  /// A new object that has to be made.
  mutating func add(_ kind: Kind, content: HopSetID, members: [UInt32] = []) -> UInt32 {
    for _ in 0..<NextHopObjects.range {
      if byID[base + nextID] == nil { break }
      nextID = nextID % (NextHopObjects.range - 1) + 1
    }
    let object = Object(id: base + nextID, kind, .writing, content: content, members: members)
    nextID = nextID % (NextHopObjects.range - 1) + 1
    return insert(object)
  }

  /// One that an earlier run has left.
  mutating func adopt(
    id: UInt32, _ kind: Kind, content: HopSetID, members: [UInt32] = [], at now: Instant
  ) -> UInt32 {
    nextID = max(nextID, (id - base) % (NextHopObjects.range - 1) + 1)
    let place = insert(Object(id: id, kind, .present, content: content, members: members))
    objects[Int(place)]?.unusedSince = now
    return place
  }

  private mutating func insert(_ object: Object) -> UInt32 {
    let place = free.popLast() ?? UInt32(objects.count)
    if Int(place) == objects.count { objects.append(object) } else { objects[Int(place)] = object }
    byID[object.id] = place
    if byKind[object.kind] == nil { byKind[object.kind] = place }
    for member in object.members { retain(member) }
    return place
  }

  mutating func setState(_ place: UInt32, _ state: State) {
    objects[Int(place)]?.state = state
    if state == .removing || state == .gone { disown(place) }
    if state == .gone { objects[Int(place)]?.content = .none }
  }

  /// No new route leads to it.
  private mutating func disown(_ place: UInt32) {
    if let kind = objects[Int(place)]?.kind, byKind[kind] == place { byKind[kind] = nil }
  }

  /// A group is what is left of it. It stands for that from now on, and for nothing else.
  mutating func shrink(_ place: UInt32, to members: [UInt32], _ content: HopSetID) {
    guard let object = objects[Int(place)], case .group(_, let family) = object.kind else { return }
    disown(place)
    for member in object.members where !members.contains(member) { release(member, at: nil) }
    objects[Int(place)]?.members = members
    objects[Int(place)]?.content = content
    objects[Int(place)]?.kind = .group(content, family)
    if members.count > 1, byKind[.group(content, family)] == nil { byKind[.group(content, family)] = place }
  }

  /// The groups that an object is a member of.
  func groups(of place: UInt32) -> [UInt32] {
    places.filter { objects[Int($0)]?.members.contains(place) ?? false }
  }

  // MARK: Use

  mutating func retain(_ place: UInt32) {
    objects[Int(place)]?.references += 1
    objects[Int(place)]?.unusedSince = nil
  }

  /// `now` is nil where it is certain that others will be asked later.
  mutating func release(_ place: UInt32, at now: Instant?) {
    guard let references = objects[Int(place)]?.references, references > 0 else { return }
    objects[Int(place)]?.references = references - 1
    if references == 1 { objects[Int(place)]?.unusedSince = now ?? .zero }
  }

  /// Forgets an object the kernel has no more.
  mutating func remove(_ place: UInt32, at now: Instant) {
    guard let object = objects[Int(place)] else { return }
    disown(place)
    byID[object.id] = nil
    objects[Int(place)] = nil
    free.append(place)
    for member in object.members { release(member, at: now) }
  }

  /// Those that nobody uses.
  var unused: [UInt32] {
    places.filter { place in objects[Int(place)].map { $0.references == 0 && ($0.state == .present || $0.state == .gone) } ?? false }
  }

  /// When the first of those that nobody uses is to be removed.
  var nextRemoval: Instant? {
    var next: Instant?
    for case let object? in objects where object.references == 0 && (object.state == .present || object.state == .gone) {
      if let since = object.unusedSince { next = earliest(next, since + NextHopObjects.rest) }
    }
    return next
  }

  func removable(at now: Instant) -> [UInt32] {
    unused.filter { place in objects[Int(place)]?.unusedSince.map { $0 + NextHopObjects.rest <= now } ?? false }
  }
}
