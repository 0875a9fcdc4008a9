import RouteCore

/// A change that waits for the next batch, or has been sent to the kernel.
struct PendingChange: BitwiseCopyable {
  enum Kind: UInt8, BitwiseCopyable {
    case makeObject
    case removeObject
    /// Puts the route `to` where `from` is.
    case write
    /// Removes the route `from`.
    case remove
    /// Removes the route `from`, which stands beside the right one.
    case removeStray
  }
  var kind: Kind
  var mode = RouteMode.create
  var object: ObjectPlace
  var record: RecordID
  /// Shapes, each with a reference: what is there now, and what is to be there.
  var from: FormID
  var to: FormID
  /// The want it fulfils, with a reference.
  var want = WantID.none
  /// It retries a route that was refused before.
  var refusal = RefusalID.none
  /// For a stray route: its prefix and table, as its record may be gone by then.
  var stray: Stray?

  struct Stray: BitwiseCopyable {
    var prefix: Prefix
    var table: KernelTableID
  }

  init(_ kind: Kind, object: ObjectPlace = .none, record: RecordID = .none, from: FormID = .none, to: FormID = .none) {
    self.kind = kind
    self.object = object
    self.record = record
    self.from = from
    self.to = to
    stray = nil
  }
}

extension KernelSync {
  /// A change as it is sent to the kernel.
  func kernelChange(_ change: PendingChange) -> KernelChange {
    switch change.kind {
    case .makeObject: creation(change.object)
    case .removeObject: .removeObject(id: objects[change.object]?.id ?? 0)
    case .write: .write(route(change, change.to), change.mode)
    case .remove, .removeStray: .remove(route(change, change.from))
    }
  }

  private func creation(_ place: ObjectPlace) -> KernelChange {
    guard let object = objects[place] else { return .removeObject(id: 0) }
    switch object.kind {
    case .single(let hop, let family), .member(let hop, let family): return .makeNextHop(id: object.id, hop, family)
    case .group(let set, _):
      let hops = sets[set]
      return .makeGroup(
        id: object.id,
        object.members.compactMap { place in
          guard let member = objects[place], case .member(let way, _) = member.kind else { return nil }
          return NextHopMember(id: member.id, weight: hops.first { $0.way == way }?.weight ?? 1)
        })
    }
  }

  private func route(_ change: PendingChange, _ form: FormID) -> RouteChange {
    let table = tables[change.stray?.table ?? routes[change.record].table]
    let prefix = change.stray?.prefix ?? self.prefix(change.record)
    let shape = forms[form]
    return RouteChange(
      prefix: prefix, table: table.number, metric: shape.metric, destination: shape.destination, details: shape.details,
      hops: shape.object == .none ? shape.hops : objects[shape.object]?.original ?? .none,
      object: shape.object == .none ? 0 : objects[shape.object]?.id ?? 0)
  }

  func prefix(_ record: RecordID) -> Prefix {
    let record = routes[record]
    return Prefix(unchecked: record.address, record.length, tables[record.table].family)
  }
}
