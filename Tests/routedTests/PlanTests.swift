import RouteCore
import Testing

@testable import routed

/// `plan`, on a daemon with a session.
@Suite struct PlanTests {
  private static let networks = [["10.1.0.0/16", "10.3.0.0/16", "10.5.0.0/16"], ["10.2.0.0/16"]]

  @Test func `The plan of a changed export filter lists what the peer loses and sees changed`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair(PlanTests.networks)
    let channel = "import all; export filter { if net = 10.3.0.0/16 then reject; if net = 10.5.0.0/16 then bgp_med = 7; accept; };"
    let plan = try a.plan(network.configuration(1, PlanTests.networks[0], channel: channel))
    #expect(
      plan == [
        "Protocol B: reloaded (export filter of ipv4)",
        "Name       Channel     Gained      Lost   Changed Unchanged  State",
        "B          ipv4             0         1         1         1  kept",
        "B.ipv4:",
        "\t- 10.3.0.0/16",
        "\t~ 10.5.0.0/16",
        "\t\t+ BGP.med: 7",
        "Configuration OK, nothing was changed",
      ])
    // Nothing has been done.
    #expect(b.networks(of: "B") == PlanTests.networks[0])
  }

  @Test func `A changed import filter is followed to where its routes go`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, _) = try network.pair(PlanTests.networks)
    let plan = try a.plan(network.configuration(1, PlanTests.networks[0], channel: "import none; export all;"))
    #expect(plan.first == "Protocol B: reloaded (import filter of ipv4)")
    #expect(plan.contains("B          ipv4             0         0         0         3  kept"))
  }

  @Test func `The same configuration changes nothing`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, _) = try network.pair(PlanTests.networks)
    let plan = try a.plan(network.configuration(1, PlanTests.networks[0]))
    #expect(plan.contains("B          ipv4             0         0         0         3  kept"))
    #expect(plan.last == "Configuration OK, nothing was changed")
  }
}
