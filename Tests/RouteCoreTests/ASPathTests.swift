import Testing

@testable import RouteCore

@Suite struct ASPathTests {
  private static func bytes(_ segments: [(UInt8, [UInt32])]) -> [UInt8] {
    segments.flatMap { type, numbers -> [UInt8] in
      [type, UInt8(numbers.count)] + numbers.flatMap { [UInt8($0 >> 24), UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
    }
  }

  /// Length, first, neighbour, last, last before a set, and the numbers in order.
  private func facts(_ segments: [(UInt8, [UInt32])]) -> [UInt32] {
    let value = Self.bytes(segments)
    let path = ASPath(value.span.bytes)
    var facts = [UInt32(path.length), path.first, path.neighbor, path.last, path.lastNonaggregated]
    var index = 0
    while let number = path.element(index) {
      facts.append(number)
      index += 1
    }
    return facts
  }

  @Test func `it says what is asked of it`() {
    #expect(facts([(3, [5, 6]), (2, [1, 2, 3]), (1, [7, 8]), (4, [9])]) == [4, 0, 1, 0, 3, 5, 6, 1, 2, 3, 7, 8, 9])
    #expect(facts([(2, [1, 2])]) == [2, 1, 1, 2, 2, 1, 2])
    #expect(facts([(1, [1, 2])]) == [1, 0, 0, 0, 0, 1, 2])
    #expect(facts([]) == [0, 0, 0, 0, 0])
  }

  @Test func `one more number goes into a segment of its type with less than 255`() {
    func count(_ segments: [(UInt8, [UInt32])], _ type: ASPath.SegmentType) -> UInt8 {
      let value = Self.bytes(segments)
      return ASPath(value.span.bytes).countToExtend(type)
    }
    #expect(count([(3, [5, 6])], .confederationSequence) == 2)
    #expect(count([(3, [5, 6])], .sequence) == 0)
    #expect(count([(2, [UInt32](repeating: 1, count: 254))], .sequence) == 254)
    #expect(count([(2, [UInt32](repeating: 1, count: 255))], .sequence) == 0)
    #expect(count([], .sequence) == 0)
  }

  @Test func `a segment that does not fit ends it, wherever it is cut`() {
    let value = Self.bytes([(2, [1, 2]), (1, [3])])
    for length in 0...value.count {
      let path = ASPath(value.span.bytes.extracting(first: length))
      var segments = path.segments
      var numbers = 0
      while let segment = segments.next() { numbers += segment.count }
      let isComplete = segments.isComplete
      #expect(numbers == (length < 10 ? 0 : length < 16 ? 2 : 3))
      #expect(isComplete == [0, 10, 16].contains(length))
    }
  }

  @Test func `numbers of two octets are read as such`() {
    let value: [UInt8] = [2, 2, 0, 1, 0xff, 0xff, 1, 1, 0x12, 0x34]
    let path = ASPath(twoOctets: value.span.bytes)
    let numbers = [path.element(0), path.element(1), path.element(2), path.element(3)]
    #expect(numbers == [1, 0xffff, 0x1234, nil])
  }
}
