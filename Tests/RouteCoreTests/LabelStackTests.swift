import Testing

@testable import RouteCore

struct LabelStackTests {
  @Test func `eight labels of twenty bits stay as they are, a ninth and a larger one are refused`() {
    var stack = LabelStack()
    let labels: [UInt32] = [0, 0xf_ffff, 1, 16, 0x8_0000, 3, 0xf_fffe, 100]
    let taken = ([LabelStack.labelLimit] + labels + [5]).map { stack.append($0) }
    #expect(taken == [false] + labels.map { _ in true } + [false])
    #expect((0..<stack.count).map { stack[$0] } == labels)
    #expect("\(stack)" == "0/1048575/1/16/524288/3/1048574/100")
  }

  @Test func `longer stacks stand first, then larger labels`() {
    func stack(_ labels: UInt32...) -> LabelStack {
      var stack = LabelStack()
      for label in labels { stack.append(label) }
      return stack
    }
    #expect(stack(2) < stack(1) && stack(1, 0) < stack(2) && stack(1, 9) < stack(1, 8) && !(stack(7) < stack(7)) && !(stack(1) < stack(2)))
    #expect(stack(1, 0) != stack(1) && stack(1, 2) == stack(1, 2))
  }

  @Test func `a labelled recursive next hop puts its labels below those of the way`() {
    var outer = NextHop(interface: 3)
    outer.labels.append(100)
    var inner = LabelStack()
    inner.append(200)
    let address = IPAddress(high: UInt64(0xfe80) << 48, low: 1)
    let ways = RecursiveNextHop(address, table: 0, labels: inner).ways(by: [outer])
    #expect(ways.count == 1 && ways[0].gateway == address && "\(ways[0].labels)" == "100/200")
    for _ in 0..<7 { inner.append(7) }
    #expect(RecursiveNextHop(address, table: 0, labels: inner).ways(by: [outer, NextHop(interface: 4)]).map(\.interface) == [4])
  }
}
