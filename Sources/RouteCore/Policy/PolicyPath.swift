// What filters make of AS paths.
extension ASPath {
  /// Writes the path with an AS in front: into the first sequence while it has room (RFC 4271 §5.1.2 b).
  func prepend(_ asn: UInt32, into out: inout PolicyBytes) {
    let count = countToExtend(.sequence)
    out.append(SegmentType.sequence.rawValue)
    out.append(count + 1)
    out.append(asn)
    bytes.extracting(droppingFirst: count > 0 ? 2 : 0).withUnsafeBytes { out.append($0) }
  }

  /// Writes the path with only those AS numbers for which the condition holds; segments left empty go.
  func filter(into out: inout PolicyBytes, _ condition: (UInt32) -> Bool) {
    var segments = segments
    while let segment = segments.next() {
      var kept = 0
      for index in 0..<segment.count where condition(number(index, of: segment)) { kept += 1 }
      if kept == 0 { continue }
      out.append(segment.type.rawValue)
      out.append(UInt8(truncatingIfNeeded: kept))
      for index in 0..<segment.count where condition(number(index, of: segment)) { out.append(number(index, of: segment)) }
    }
  }
}
