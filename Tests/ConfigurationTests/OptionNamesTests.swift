import BFD
import BGP
import OSPFv3
import RouteCore
import Testing

@testable import Configuration

@Suite("Names of the options that differ")
struct OptionNamesTests {
  @Test("every member of a protocol's configuration is compared")
  func nothingForgotten() throws {
    check(DeviceConfiguration())
    check(DirectConfiguration())
    check(KernelConfiguration())
    check(PipeConfiguration(peerTable: "t"))
    check(BFDConfiguration())
    check(ChannelOptions())
    check(BGP.DecisionOptions())
    let id = RouterID(rawValue: 1)
    check(PeerConfiguration(localAS: 1, routerID: id, neighborAddress: .unspecified, neighborAS: .external))
    check(InstanceConfiguration(routerID: id))
  }

  private func check<Value: OptionNames>(_ value: Value) {
    var difference = OptionDifference()
    Value.compare(value, value, &difference)
    #expect(difference.compared == Mirror(reflecting: value).children.count, "\(Value.self)")
    #expect(difference.names.isEmpty)
  }
}
