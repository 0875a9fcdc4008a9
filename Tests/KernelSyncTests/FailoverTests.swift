import RouteCore
import Testing

@testable import KernelSync

@Suite struct FailoverTests {
  let pair = [hop(1, on: 1), hop(1, on: 2)]

  /// A lab where `count` prefixes have two ways out and ten have only the first.
  private func lab(_ count: Int) -> (Lab, KernelTableID) {
    let lab = Lab(interfaces: 3)
    let table = lab.addTable()
    lab.want(0..<count, table, via: pair)
    lab.want(count..<count + 10, table, via: [pair[0]])
    #expect(lab.rest() == [])
    lab.batches = []
    return (lab, table)
  }

  @Test func `a lost way out leaves all routes by one change, however many they are`() {
    for count in [10, 5000] {
      let (lab, table) = lab(count)
      let member = lab.sync.objects.place(.member(pair[0], .ipv6)).flatMap { lab.sync.objects[$0]?.id } ?? 0
      lab.lose([pair[0]])
      lab.run(.seconds(20))
      #expect(lab.batches == [[.removeObject(id: member)]])
      #expect((0..<count).allSatisfy { lab.kernel.content(of: lab.routes(prefix($0), table)[0].route.object) == [pair[1]] } || count > 10)
      #expect(lab.way(prefix(count - 1), table) == [pair[1]])
      #expect(lab.way(prefix(count), table) == [pair[0]], "who has no other way keeps his own")
      #expect(lab.routeCount == count + 10)
      lab.regain([pair[0]])
      #expect(lab.rest() == [])
      #expect(lab.way(prefix(0), table) == pair.sorted())
    }
  }

  @Test func `what is lost goes before all that waits`() {
    let (lab, table) = lab(10)
    lab.want(20..<1500, table, via: [hop(2, on: 3)])
    lab.run(.microseconds(10))
    lab.lose([pair[0]])
    lab.run(.milliseconds(20))
    let place = lab.batches.firstIndex { $0.contains { if case .removeObject = $0 { true } else { false } } } ?? -1
    #expect(place == KernelSync.batchesInFlight, "the batches that were with the kernel, then this one")
    if case .removeObject? = lab.batches[place].first {} else { Issue.record("it is not the first change") }
    lab.regain([pair[0]])
    #expect(lab.rest() == [])
  }

  @Test func `a group that would have nothing left stays as it is`() {
    let (lab, table) = lab(10)
    lab.lose(pair)
    lab.run(.seconds(20))
    #expect(lab.routeCount == 20)
    #expect(lab.way(prefix(0), table) == pair.sorted())
    #expect(lab.batches.isEmpty)
    lab.regain(pair)
    #expect(lab.rest() == [])
  }

  @Test func `the tables follow while a way out is lost, and no route is missing`() {
    let (lab, table) = lab(300)
    lab.lose([pair[0]])
    for number in 0..<300 {
      lab.want(prefix(number), table, via: pair[1])
      lab.run(.microseconds(30))
    }
    for number in 300..<310 { lab.want(prefix(number), table, nil) }
    lab.run(.milliseconds(20))
    lab.regain([pair[0]])
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 300)
  }
}
