import RouteCore

/// What is known of one prefix of a table.
enum RouteState: UInt8, BitwiseCopyable {
  /// The kernel has what `present` says, as far as is known.
  case settled
  /// A change is with the kernel or waits for the next batch.
  case writing
  /// The kernel does not take what is wanted; `refusal` says why. What was there before, if anything, still is.
  case refused
  /// The route may have gone or been changed without a word: it is written again.
  case uncertain
  /// Left by an earlier run, and not known to be wanted yet.
  case leftOver
}

/// One prefix of a kernel table: 32 bytes, as there may be as many as routes in our own tables.
struct RouteRecord: BitwiseCopyable {
  var address: IPAddress
  /// What the table shall have, a number of `wants`; 0 is nothing.
  var wanted: UInt32 = 0
  /// What we last wrote and the kernel accepted, or what was found there, a number of `forms`; 0 is nothing.
  var present: UInt32 = 0
  var table: UInt16
  /// The audit that saw it last, or during which it was written.
  var seen: UInt16 = 0
  var refusal: UInt16 = 0
  var length: UInt8
  var state = RouteState.settled
}

/// The records, by table and prefix.
struct RouteRecords: ~Copyable {
  private var records = Slab<RouteRecord>()
  private var index = HashIndex()
  private static var freed: UInt8 { 0xff }

  var count: Int { records.count }
  /// All numbers are below this.
  var limit: UInt32 { records.limit }

  private static func hash(_ address: IPAddress, _ length: UInt8, _ table: UInt16) -> UInt32 {
    mix((address.high &* 0x9e37_79b9_7f4a_7c15) ^ (address.low &+ UInt64(length) &+ UInt64(table) << 32))
  }

  private static func hash(of id: UInt32, _ chunks: UnsafeMutablePointer<UnsafeMutablePointer<RouteRecord>>) -> UInt32 {
    let record = chunks[Int(id >> Slab<RouteRecord>.chunkBits)] + (Int(id) & (Slab<RouteRecord>.chunkSize - 1))
    return hash(record.pointee.address, record.pointee.length, record.pointee.table)
  }

  subscript(id: UInt32) -> RouteRecord {
    @inline(__always) get { records[id] }
    @inline(__always) _modify { yield &records[id] }
  }

  func isLive(_ id: UInt32) -> Bool { id != 0 && id < records.limit && records[id].length != RouteRecords.freed }

  /// The numbers of all records of a table.
  func of(table: UInt16) -> [UInt32] {
    var out: [UInt32] = []
    for id in 1..<max(limit, 1) where isLive(id) && records[id].table == table { out.append(id) }
    return out
  }

  func find(_ prefix: Prefix, _ table: UInt16) -> UInt32? {
    let hash = RouteRecords.hash(prefix.address, prefix.length, table)
    var slot = index.first(hash)
    while let id = index.candidate(slot, hash) {
      if id != 0, records[id].length == prefix.length, records[id].address == prefix.address, records[id].table == table { return id }
      slot = index.next(slot)
    }
    return nil
  }

  /// The record of a prefix, a new one if need be; nil if there are more than can be counted (16.7 million).
  mutating func findOrInsert(_ prefix: Prefix, _ table: UInt16) -> UInt32? {
    if let id = find(prefix, table) { return id }
    guard records.count + 1 < Int(HashIndex.capacityLimit) else { return nil }
    if index.isFull {
      let chunks = records.chunks
      index.grow { id in RouteRecords.hash(of: id, chunks) }
    }
    let id = records.insert(RouteRecord(address: prefix.address, table: table, length: prefix.length))
    index.insert(id, RouteRecords.hash(prefix.address, prefix.length, table))
    return id
  }

  /// Frees a record.
  mutating func remove(_ id: UInt32) {
    let record = records[id]
    let hash = RouteRecords.hash(record.address, record.length, record.table)
    var slot = index.first(hash)
    while let candidate = index.candidate(slot, hash), candidate != id { slot = index.next(slot) }
    let chunks = records.chunks
    index.remove(slot: slot) { id in RouteRecords.hash(of: id, chunks) }
    records[id].length = RouteRecords.freed
    records.remove(id)
  }
}
