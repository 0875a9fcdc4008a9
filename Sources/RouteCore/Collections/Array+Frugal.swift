extension Array {
  /// Appends, growing by an eighth where `append` doubles: for slabs that stay, where unused room is a cost per element.
  package mutating func appendFrugally(_ element: Element) {
    if count == capacity, count >= 64 { reserveCapacity(count + count / 8) }
    append(element)
  }
}
