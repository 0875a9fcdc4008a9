import RouteCore

/// What is known about one prefix of a table.
enum RouteState: UInt8, BitwiseCopyable {
  /// The kernel has what `present` says, as far as is known.
  case settled
  /// A change has been sent to the kernel or waits for the next batch.
  case writing
  /// The kernel refuses what is wanted; `refusal` says why. What was there before, if anything, is still there.
  case refused
  /// The route may have gone or changed silently: it is written again.
  case uncertain
  /// Left by an earlier run, and not known to be wanted yet.
  case leftOver
}

/// The handle of a prefix's record.
struct RecordID: Handle {
  var rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
  static var none: RecordID { RecordID(rawValue: 0) }
}

/// One prefix of a kernel table: 32 bytes, as there may be as many as routes in our own tables.
struct RouteRecord: HashedRecord {
  var address: IPAddress
  /// What the table is to have; a shape of `wants`.
  var wanted = WantID.none
  /// What we last wrote and the kernel accepted, or what was found there; a shape of `forms`.
  var present = FormID.none
  var table: KernelTableID
  /// The audit that saw it last, or during which it was written.
  var seen: UInt16 = 0
  var refusal = RefusalID.none
  var length: UInt8
  var state = RouteState.settled

  var slabHash: UInt32 { RouteRecord.hash(address, length, table) }
  static func hash(_ address: IPAddress, _ length: UInt8, _ table: KernelTableID) -> UInt32 {
    mix((address.high &* 0x9e37_79b9_7f4a_7c15) ^ (address.low &+ UInt64(length) &+ UInt64(table.rawValue) << 32))
  }

  var isFree: Bool { length == 0xff }
  mutating func markFree() { length = 0xff }
}

/// The records, by table and prefix.
struct RouteRecords: ~Copyable {
  private var records = HashSlab<RecordID, RouteRecord>()

  var count: Int { records.count }
  /// All handles are below this number.
  var limit: UInt32 { records.limit }

  subscript(id: RecordID) -> RouteRecord {
    @inline(__always) get { records[id] }
    @inline(__always) _modify { yield &records[id] }
  }

  func isLive(_ id: RecordID) -> Bool { records.isLive(id) }
  /// The next record of a walk; nil at the end.
  func next(_ cursor: inout SlabCursor<RecordID>) -> RecordID? { records.next(&cursor) }

  /// All records of a table.
  func of(table: KernelTableID) -> [RecordID] {
    var out: [RecordID] = []
    var cursor = SlabCursor<RecordID>()
    while let id = next(&cursor) { if records[id].table == table { out.append(id) } }
    return out
  }

  func find(_ prefix: Prefix, _ table: KernelTableID) -> RecordID? {
    records.find(RouteRecord.hash(prefix.address, prefix.length, table)) {
      records[$0].length == prefix.length && records[$0].address == prefix.address && records[$0].table == table
    }
  }

  /// The record of a prefix, created if necessary; nil if there are more than can be numbered (16.7 million).
  mutating func findOrInsert(_ prefix: Prefix, _ table: KernelTableID) -> RecordID? {
    find(prefix, table) ?? records.insert(RouteRecord(address: prefix.address, table: table, length: prefix.length))
  }

  /// Frees a record.
  mutating func remove(_ id: RecordID) { records.remove(id) }
}
