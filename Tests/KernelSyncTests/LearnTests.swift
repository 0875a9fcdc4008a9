import RouteCore
import Testing

@testable import KernelSync

@Suite struct LearnTests {
  private func route(_ protocolNumber: UInt8, _ hops: NextHop...) -> SimulatedKernel.Route {
    SimulatedKernel.Route(protocolNumber: protocolNumber, hops: hops)
  }

  private func lab() -> (Lab, Lab.Place) {
    let lab = Lab(interfaces: 2)
    let table = lab.addTable { $0.learns = true }
    lab.run(.seconds(1))
    return (lab, Lab.Place(table: table, prefix: prefix(0)))
  }

  @Test func `of two routes the one with the lower metric is told, and the other when it goes`() {
    let (lab, place) = lab()
    let (first, second) = (SimulatedKernel.Key(254, prefix(0), 20), SimulatedKernel.Key(254, prefix(0), 10))
    lab.kernel.othersWrite(first, route(4, hop(1, on: 1)))
    lab.run(.milliseconds(50))
    #expect(lab.learnt[place]?.metric == 20)
    lab.kernel.othersWrite(second, route(3, hop(1, on: 2)))
    lab.run(.milliseconds(50))
    #expect(lab.learnt[place]?.metric == 10)
    lab.kernel.othersRemove(second)
    lab.run(.milliseconds(50))
    #expect(lab.learnt[place]?.metric == 20)
    lab.kernel.othersRemove(first)
    lab.run(.milliseconds(50))
    #expect(lab.learnt[place] == nil)
    #expect(lab.rest() == [])
  }

  @Test func `what is there at the start is told when the table is ready`() {
    let lab = Lab(interfaces: 1)
    lab.kernel.othersWrite(SimulatedKernel.Key(254, prefix(0), 20), route(4, hop(1, on: 1)))
    lab.kernel.othersWrite(SimulatedKernel.Key(254, prefix(1), 20), route(KernelNumbers.kernelProtocol, hop(1, on: 1)))
    let table = lab.addTable { $0.learns = true }
    lab.run(.seconds(1))
    #expect(lab.learnt.keys.sorted() == [Lab.Place(table: table, prefix: prefix(0))], "the kernel's own routes are not learnt")
    #expect(lab.rest() == [])
  }

  @Test func `a route that goes without a word with its link or its object is forgotten`() {
    let (lab, place) = lab()
    let object = Lab.Place(table: place.table, prefix: prefix(1))
    lab.kernel.othersMake(KernelObject(id: 100, protocolNumber: 4, hop: hop(1, on: 2)))
    lab.kernel.othersWrite(SimulatedKernel.Key(254, prefix(0), 20), route(4, hop(1, on: 1)))
    var led = route(4)
    led.object = 100
    lab.kernel.othersWrite(SimulatedKernel.Key(254, prefix(1), 20), led)
    lab.run(.milliseconds(50))
    #expect(lab.learnt.keys.sorted() == [place, object])
    lab.setLink(1) { $0.isUp = false }
    lab.run(.milliseconds(50))
    #expect(lab.learnt.keys.sorted() == [object])
    lab.kernel.removeObject(100, isTold: true)
    lab.run(.milliseconds(50))
    #expect(lab.learnt.isEmpty)
    #expect(lab.rest() == [])
  }

  @Test func `routes whose notices are lost are learnt by the audit that follows`() {
    let (lab, place) = lab()
    lab.noticeLoss = 100
    lab.kernel.othersWrite(SimulatedKernel.Key(254, prefix(0), 20), route(4, hop(1, on: 1)))
    lab.run(.milliseconds(50))
    #expect(lab.learnt[place]?.metric == 20)
    lab.noticeLoss = 0
    #expect(lab.rest() == [])
  }
}
