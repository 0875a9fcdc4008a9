import RouteCore

/// Names a nexthop object of `NextHopObjects`; the kernel has another number for it.
struct ObjectPlace: Handle {
  var rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
  static var none: ObjectPlace { ObjectPlace(rawValue: 0) }
}

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
    var members: [ObjectPlace]
    /// Shapes, groups and changes under way that need it.
    var references: UInt32 = 0
    var unusedSince: Instant?

    init(id: UInt32, _ kind: Kind, _ state: State, content: HopSetID, members: [ObjectPlace]) {
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
  private var objects = Pool<ObjectPlace, Object?>(reserved: .some(nil))
  private var byKind: [Kind: ObjectPlace] = [:]
  private var byID: [UInt32: ObjectPlace] = [:]
  private var nextID: UInt32 = 1

  init(base: UInt32) { self.base = base }

  // MARK: Finding

  subscript(place: ObjectPlace) -> Object? { objects.contains(place) ? objects[place] : nil }

  func place(id: UInt32) -> ObjectPlace? { byID[id] }
  func place(_ kind: Kind) -> ObjectPlace? { byKind[kind] }

  /// What an object leads to; `none` if it has gone.
  func content(_ place: ObjectPlace) -> HopSetID { self[place]?.content ?? .none }

  func isOurs(_ id: UInt32) -> Bool { id >= base && id - base < NextHopObjects.range }

  /// The family of an object for a way out: that of its gateway, which serves routes of both where it is of IPv6.
  static func family(_ hop: NextHop, _ family: AddressFamily) -> AddressFamily {
    hop.gateway.isUnspecified ? family : hop.gateway.family
  }

  static func family(_ hops: [NextHop], _ family: AddressFamily) -> AddressFamily {
    hops.allSatisfy { !$0.gateway.isUnspecified && !$0.gateway.isIPv4 } ? .ipv6 : family
  }

  /// The places of all objects, in order.
  var places: [ObjectPlace] { objects.ids.filter { objects[$0] != nil } }

  // MARK: Making

  /// A new object that has to be made.
  mutating func add(_ kind: Kind, content: HopSetID, members: [ObjectPlace] = []) -> ObjectPlace {
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
    id: UInt32, _ kind: Kind, content: HopSetID, members: [ObjectPlace] = [], at now: Instant
  ) -> ObjectPlace {
    nextID = max(nextID, (id - base) % (NextHopObjects.range - 1) + 1)
    let place = insert(Object(id: id, kind, .present, content: content, members: members))
    objects[place]?.unusedSince = now
    return place
  }

  private mutating func insert(_ object: Object) -> ObjectPlace {
    let place = objects.insert(object)
    byID[object.id] = place
    if byKind[object.kind] == nil { byKind[object.kind] = place }
    for member in object.members { retain(member) }
    return place
  }

  mutating func setState(_ place: ObjectPlace, _ state: State) {
    objects[place]?.state = state
    if state == .removing || state == .gone { disown(place) }
    if state == .gone { objects[place]?.content = .none }
  }

  /// No new route leads to it.
  private mutating func disown(_ place: ObjectPlace) {
    if let kind = objects[place]?.kind, byKind[kind] == place { byKind[kind] = nil }
  }

  /// A group is what is left of it. It stands for that from now on, and for nothing else.
  mutating func shrink(_ place: ObjectPlace, to members: [ObjectPlace], _ content: HopSetID) {
    guard let object = objects[place], case .group(_, let family) = object.kind else { return }
    disown(place)
    for member in object.members where !members.contains(member) { release(member, at: nil) }
    objects[place]?.members = members
    objects[place]?.content = content
    objects[place]?.kind = .group(content, family)
    if members.count > 1, byKind[.group(content, family)] == nil { byKind[.group(content, family)] = place }
  }

  /// The groups that an object is a member of.
  func groups(of place: ObjectPlace) -> [ObjectPlace] {
    places.filter { objects[$0]?.members.contains(place) ?? false }
  }

  // MARK: Use

  mutating func retain(_ place: ObjectPlace) {
    objects[place]?.references += 1
    objects[place]?.unusedSince = nil
  }

  /// `now` is nil where it is certain that others will be asked later.
  mutating func release(_ place: ObjectPlace, at now: Instant?) {
    guard let references = objects[place]?.references, references > 0 else { return }
    objects[place]?.references = references - 1
    if references == 1 { objects[place]?.unusedSince = now ?? .zero }
  }

  /// Forgets an object the kernel has no more.
  mutating func remove(_ place: ObjectPlace, at now: Instant) {
    guard let object = objects[place] else { return }
    disown(place)
    byID[object.id] = nil
    objects[place] = nil
    objects.remove(place)
    for member in object.members { release(member, at: now) }
  }

  /// Those that nobody uses.
  var unused: [ObjectPlace] {
    places.filter { place in objects[place].map { $0.references == 0 && ($0.state == .present || $0.state == .gone) } ?? false }
  }

  /// When the first of those that nobody uses is to be removed.
  var nextRemoval: Instant? {
    var next: Instant?
    for place in unused { if let since = objects[place]?.unusedSince { next = earliest(next, since + NextHopObjects.rest) } }
    return next
  }

  func removable(at now: Instant) -> [ObjectPlace] {
    unused.filter { place in objects[place]?.unusedSince.map { $0 + NextHopObjects.rest <= now } ?? false }
  }
}
