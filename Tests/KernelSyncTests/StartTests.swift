import RouteCore
import Testing

@testable import KernelSync

@Suite struct StartTests {
  @Test func `what is wanted comes, and what is not wanted any more goes`() {
    let lab = Lab(interfaces: 2)
    let table = lab.addTable()
    lab.want(0..<2000, table, via: [hop(1, on: 1), hop(1, on: 2)])
    lab.want(2000..<3000, table, via: [hop(1, on: 1)])
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 3000)
    #expect(lab.objectCount == 4, "a way out for single routes, two as members, and their group")
    for number in 0..<2500 { lab.want(prefix(number), table, nil) }
    #expect(lab.rest() == [])
    #expect(lab.routeCount == 500)
    #expect(lab.objectCount == 1)
  }
}
