import RouteCore
import Testing

@testable import KernelSync

@Suite struct ChangeTests {
  @Test func `another metric is added first, and what was there goes when it is there`() {
    let lab = Lab(interfaces: 1)
    let table = lab.addTable()
    lab.want(prefix(0), table, via: hop(1, on: 1), metric: 32)
    #expect(lab.rest() == [])
    lab.batches = []
    lab.want(prefix(0), table, via: hop(1, on: 1), metric: 50)
    #expect(lab.rest() == [])
    #expect(lab.routes(prefix(0), table).map { $0.metric } == [50])
    #expect(lab.batches.count == 2, "the old one goes only when the answer is there")
  }

  @Test func `a metric that the kernel refuses leaves the old route`() {
    let lab = Lab(interfaces: 1)
    let table = lab.addTable()
    lab.want(prefix(0), table, via: hop(1, on: 1), metric: 32)
    #expect(lab.rest() == [])
    lab.injection = { if case .write(let key, _, _) = $0, key.metric == 50 { 12 } else { 0 } }
    lab.want(prefix(0), table, via: hop(1, on: 1), metric: 50)
    lab.run(.seconds(200))
    #expect(lab.routes(prefix(0), table).map { $0.metric } == [32])
    #expect(lab.sync.failureText(prefix(0), table) == "errno 12")
    lab.injection = nil
    #expect(lab.rest() == [])
  }

  @Test func `a refused prefix is tried again after pauses that grow to a minute`() {
    let lab = Lab(interfaces: 1)
    let table = lab.addTable()
    lab.run(.seconds(1))
    var tries: [Int64] = []
    lab.injection = { [lab] in
      guard case .write = $0 else { return 0 }
      tries.append((lab.now - .zero).milliseconds)
      return 12
    }
    lab.want(prefix(0), table, via: hop(1, on: 1))
    lab.run(.seconds(250))
    let pauses = zip(tries, tries.dropFirst()).map { ($1 - $0 + 500) / 1000 }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60])
    #expect(lab.refusals.count == 1)
    lab.injection = nil
    #expect(lab.rest() == [])
  }

  @Test func `two hundred thousand prefixes by a refused next hop cost few attempts, and all come when it is possible`() {
    let lab = Lab(interfaces: 1) { $0.isWatching = false }
    let table = lab.addTable()
    lab.kernel.unreachable = [hop(1, on: 1).gateway]
    let count = 200_000
    lab.want(0..<count, table, via: [hop(1, on: 1)])
    lab.run(.seconds(300))
    #expect(lab.routeCount == 0)
    #expect(lab.changeCount < 5000)
    #expect(lab.refusals.count < 10)
    #expect(lab.refusals.last?.others == UInt32(count - 1))
    #expect(lab.logs.count < 10)
    lab.kernel.unreachable = []
    lab.run(.seconds(70))
    #expect(lab.routeCount == count)
    #expect(lab.sync.refusals.isEmpty)
  }

  @Test func `somebody else's route in the way stays, and ours comes when it goes`() {
    let lab = Lab(interfaces: 1)
    let table = lab.addTable()
    let key = SimulatedKernel.Key(254, prefix(0), 32)
    lab.kernel.othersWrite(key, SimulatedKernel.Route(protocolNumber: 4, hops: [hop(2, on: 1)]))
    lab.want(prefix(0), table, via: hop(1, on: 1), metric: 32)
    lab.run(.seconds(300))
    #expect(lab.kernel.routes[key]?.protocolNumber == 4)
    #expect(lab.sync.failureText(prefix(0), table) == "errno 17")
    lab.kernel.othersRemove(key)
    lab.run(.milliseconds(50))
    #expect(lab.way(prefix(0), table) == [hop(1, on: 1)])
    #expect(lab.rest() == [])
  }

  @Test func `a route that somebody put in the place of ours is not written over when another one is wanted`() {
    let lab = Lab(interfaces: 1)
    let table = lab.addTable()
    let key = SimulatedKernel.Key(254, prefix(0), 32)
    lab.want(prefix(0), table, via: hop(1, on: 1), metric: 32)
    #expect(lab.rest() == [])
    lab.kernel.othersWrite(key, SimulatedKernel.Route(protocolNumber: 4, hops: [hop(2, on: 1)]), replacing: true)
    lab.run(.milliseconds(50))
    lab.want(prefix(0), table, via: hop(3, on: 1), metric: 32)
    lab.run(.seconds(200))
    #expect(lab.kernel.routes[key]?.protocolNumber == 4)
    lab.kernel.othersRemove(key)
    #expect(lab.rest() == [])
    #expect(lab.way(prefix(0), table) == [hop(3, on: 1)])
  }

  @Test func `a route that somebody removed comes again at once`() {
    let lab = Lab(interfaces: 1)
    let table = lab.addTable()
    lab.want(0..<5, table, via: [hop(1, on: 1)])
    #expect(lab.rest() == [])
    lab.kernel.othersRemove(SimulatedKernel.Key(254, prefix(2), 0))
    lab.run(.milliseconds(50))
    #expect(lab.routeCount == 5)
    #expect(lab.rest() == [])
  }

  @Test func `after lost answers an audit tells what is there, whatever became of the batch`() {
    for seed in 0..<30 {
      let lab = Lab(seed: UInt64(seed), interfaces: 2)
      let table = lab.addTable()
      lab.want(0..<50, table, via: [hop(1, on: 1)], metric: 32)
      #expect(lab.rest() == [])
      lab.answerLoss = 100
      lab.want(0..<20, table, via: [hop(1, on: 2)], metric: 50)
      lab.want(20..<30, table, via: [hop(2, on: 1), hop(1, on: 2)], metric: 32)
      for number in 30..<40 { lab.want(prefix(number), table, nil) }
      lab.want(50..<60, table, via: [hop(1, on: 2)])
      lab.run(.milliseconds(4))
      lab.answerLoss = 0
      #expect(lab.rest() == [], "seed \(seed)")
    }
  }
}
