import RouteCore

/// The handle of a nexthop object in `NextHopObjects`; the kernel's number for it is a different one.
struct ObjectPlace: Handle {
  var rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
  static var none: ObjectPlace { ObjectPlace(rawValue: 0) }
}

/// The kernel's nexthop objects that we have created, or that an earlier run has left.
///
/// An object is created once and we never change it; only the kernel shrinks groups, when one of their members goes. Its `content` is
/// the set it leads to now, `none` once it has gone. Unused objects are removed after a while, as they may be needed again.
struct NextHopObjects: ~Copyable {
  enum Kind: Hashable {
    /// One next hop, for routes that have no other. The family is that of the object.
    case single(NextHop, AddressFamily)
    /// One next hop, as a member of groups.
    case member(NextHop, AddressFamily)
    case group(HopSetID, AddressFamily)
  }

  enum State {
    /// A change that creates it is under way.
    case writing
    case present
    /// A change that removes it is under way.
    case removing
    /// The kernel does not have it, and whatever refers to it will be reconciled.
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
    /// For a group: the places of its members.
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

  /// The first of our numbers.
  let base: UInt32
  /// How many numbers are ours, from the first on.
  static var range: UInt32 { 1 << 24 }
  /// How long an unused object stays.
  static var rest: Duration { .seconds(1) }

  /// False if the kernel has no nexthop objects (before Linux 5.3).
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

  /// The family of the object for a next hop: that of its gateway. An IPv6 gateway serves routes of both families.
  static func family(_ hop: NextHop, _ family: AddressFamily) -> AddressFamily {
    hop.gateway.isUnspecified ? family : hop.gateway.family
  }

  static func family(_ hops: [NextHop], _ family: AddressFamily) -> AddressFamily {
    hops.allSatisfy { !$0.gateway.isUnspecified && !$0.gateway.isIPv4 } ? .ipv6 : family
  }

  /// The places of all objects, in order.
  var places: [ObjectPlace] { objects.ids.filter { objects[$0] != nil } }

  // MARK: Making

  /// Adds an object that is to be created in the kernel.
  mutating func add(_ kind: Kind, content: HopSetID, members: [ObjectPlace] = []) -> ObjectPlace {
    for _ in 0..<NextHopObjects.range {
      if byID[base + nextID] == nil { break }
      nextID = nextID % (NextHopObjects.range - 1) + 1
    }
    let object = Object(id: base + nextID, kind, .writing, content: content, members: members)
    nextID = nextID % (NextHopObjects.range - 1) + 1
    return insert(object)
  }

  /// Adds an object that an earlier run has left.
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

  /// A group has shrunk, and from now on stands for what is left of it only.
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

  /// If it is unused then, it stays for a while from `now` on; nil: it may be removed at once.
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
