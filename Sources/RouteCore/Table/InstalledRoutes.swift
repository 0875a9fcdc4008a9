/// A route as the kernel has it, or shall have it.
package struct InstalledRoute: Hashable, BitwiseCopyable {
  package var destination: RouteDestination
  /// A number of a `HopSets`, 0 for none.
  package var hops: UInt32
  package var metric: UInt32
  /// A number of a `KernelDetailSets`, 0 for none.
  package var details: UInt16

  package init(destination: RouteDestination, hops: UInt32, metric: UInt32, details: UInt16 = 0) {
    self.destination = destination
    self.hops = hops
    self.metric = metric
    self.details = details
  }
}

/// What the kernel has of ours, by prefix: 32 bytes a route and an index, as there may be as many as in the table itself.
package struct InstalledRoutes: ~Copyable {
  package struct Record: BitwiseCopyable {
    package var address: IPAddress
    package var hops: UInt32
    package var metric: UInt32
    package var details: UInt16
    /// When it was last looked at, in the owner's count.
    package var seen: UInt16
    package var length: UInt8
    package var destination: RouteDestination
    /// Left by an earlier run, and not known to be wanted yet.
    package var isLeftOver: Bool
  }

  private var records = Slab<Record>()
  private var index = HashIndex()
  private static var freed: UInt8 { 0xff }

  package init() {}

  package var count: Int { records.count }
  /// All numbers are below this.
  package var limit: UInt32 { records.limit }

  @inline(__always) private static func hash(_ address: IPAddress, _ length: UInt8) -> UInt32 {
    mix(address.high &* 0x9e37_79b9_7f4a_7c15 ^ (address.low &+ UInt64(length)))
  }

  /// The number of a prefix's record.
  package func find(_ prefix: Prefix) -> UInt32? {
    let hash = InstalledRoutes.hash(prefix.address, prefix.length)
    var slot = index.first(hash)
    while let id = index.candidate(slot, hash) {
      if id != 0, records[id].length == prefix.length, records[id].address == prefix.address { return id }
      slot = index.next(slot)
    }
    return nil
  }

  package subscript(record id: UInt32) -> Record {
    get { records[id] }
    set { records[id] = newValue }
  }

  package func isLive(_ id: UInt32) -> Bool { id != 0 && id < records.limit && records[id].length != InstalledRoutes.freed }

  package func route(_ id: UInt32) -> InstalledRoute {
    let record = records[id]
    return InstalledRoute(destination: record.destination, hops: record.hops, metric: record.metric, details: record.details)
  }

  package func prefix(_ id: UInt32, _ family: AddressFamily) -> Prefix {
    Prefix(unchecked: records[id].address, records[id].length, family)
  }

  package subscript(prefix: Prefix) -> InstalledRoute? {
    guard let id = find(prefix) else { return nil }
    return route(id)
  }

  /// Notes what the kernel has; false if there are more than can be counted (16.7 million).
  @discardableResult package mutating func set(_ prefix: Prefix, _ route: InstalledRoute, seen: UInt16, isLeftOver: Bool = false) -> Bool {
    let record = Record(
      address: prefix.address, hops: route.hops, metric: route.metric, details: route.details, seen: seen, length: prefix.length,
      destination: route.destination, isLeftOver: isLeftOver)
    if let id = find(prefix) {
      records[id] = record
      return true
    }
    guard records.count + 1 < Int(HashIndex.capacityLimit) else { return false }
    if index.isFull {
      let chunks = records.chunks
      index.grow { id in InstalledRoutes.hash(of: id, chunks) }
    }
    index.insert(records.insert(record), InstalledRoutes.hash(prefix.address, prefix.length))
    return true
  }

  private static func hash(of id: UInt32, _ chunks: UnsafeMutablePointer<UnsafeMutablePointer<Record>>) -> UInt32 {
    let record = chunks[Int(id >> Slab<Record>.chunkBits)] + (Int(id) & (Slab<Record>.chunkSize - 1))
    return hash(record.pointee.address, record.pointee.length)
  }

  /// Forgets a prefix; what there was.
  @discardableResult package mutating func remove(_ prefix: Prefix) -> InstalledRoute? {
    guard let id = find(prefix) else { return nil }
    let route = route(id)
    let hash = InstalledRoutes.hash(prefix.address, prefix.length)
    var slot = index.first(hash)
    while let candidate = index.candidate(slot, hash), candidate != id { slot = index.next(slot) }
    let chunks = records.chunks
    index.remove(slot: slot) { id in InstalledRoutes.hash(of: id, chunks) }
    records[id].length = InstalledRoutes.freed
    records.remove(id)
    return route
  }
}
