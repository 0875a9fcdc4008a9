/// What the kernel keeps for a route beside its next hops and its metric, as filters set it (`krt_prefsrc` and others).
package struct KernelDetails: Hashable, Sendable {
  package var preferredSource: IPAddress?
  /// For IPv4 only.
  package var realm: UInt32?
  /// RT_SCOPE_, for IPv4 only; nil is what fits the next hop: the link for a route without a gateway, else the universe.
  package var scope: UInt8?
  package var metrics = KernelMetrics()

  package init() {}

  /// What a route's attributes say.
  package init(_ records: RawSpan, _ family: AddressFamily) {
    var offset = AttributeRecords.insertionPoint(AttributeKey(.kernel, 0), in: records)
    while let record = AttributeRecords.record(at: offset, in: records), record.key.namespace == .kernel {
      offset = record.record.upperBound
      var reader = WireReader(records.extracting(record.value))
      if record.key == .kernelPreferredSource {
        preferredSource = record.value.count == 4 ? try? reader.ipv4() : try? reader.ipv6()
        continue
      }
      guard record.value.count == 4, let number = try? reader.u32() else { continue }
      switch record.key {
      case .kernelRealm: if family == .ipv4 { realm = number }
      case .kernelScope: if family == .ipv4 { scope = UInt8(truncatingIfNeeded: number) }
      default: if let metric = KernelMetric(record.key) { metrics[metric] = number }
      }
    }
  }
}

/// Names details in `KernelDetailSets`.
package struct KernelDetailsID: Handle {
  package var rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }
  package static var none: KernelDetailsID { KernelDetailsID(rawValue: 0) }
}

/// The details of installed routes: very few different ones, and never forgotten.
package struct KernelDetailSets {
  private var sets = HandleArray<KernelDetailsID, KernelDetails>([KernelDetails()])

  package init() {}

  package subscript(id: KernelDetailsID) -> KernelDetails { sets[sets.contains(id) ? id : .none] }

  /// The name of these details. Of more than 65,535 the others are none.
  package mutating func id(of details: KernelDetails) -> KernelDetailsID {
    if let known = sets.firstID(where: { $0 == details }) { return known }
    return sets.count <= Int(UInt16.max) ? sets.append(details) : .none
  }
}
