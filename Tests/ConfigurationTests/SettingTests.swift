import BFD
import BGP
import OSPFv3
import RouteCore
import Testing

@testable import Configuration

@Suite("Settings and what their change asks for")
struct SettingTests {
  @Test("every member of a protocol's configuration is a setting")
  func nothingForgotten() throws {
    check(DeviceConfiguration(), DeviceConfiguration.settings)
    check(DirectConfiguration(), DirectConfiguration.settings)
    check(KernelConfiguration(), KernelConfiguration.settings)
    check(StaticConfiguration(), StaticConfiguration.settings)
    check(PipeConfiguration(peerTable: "t"), PipeConfiguration.settings)
    check(BFDConfiguration(), BFDConfiguration.settings)
    check(ChannelOptions(), ChannelOptions.settings)
    check(BGP.DecisionOptions(), BGP.DecisionOptions.settings)
    let id = RouterID(rawValue: 1)
    let peer = PeerConfiguration(localAS: 1, routerID: id, neighborAddress: .unspecified, neighborAS: .external)
    // The decision and the two channels have settings of their own.
    check(peer, PeerConfiguration.settings, besides: 3)
    check(InstanceConfiguration(routerID: id), InstanceConfiguration.settings)
    // Its family is what tells it from others.
    let channel = ChannelConfiguration(family: .ipv4, table: "t", preference: 0)
    check(channel, ChannelConfiguration.settings + ChannelConfiguration.tableSettings, besides: 1)
  }

  private func check<Value>(_ value: Value, _ settings: [Setting<Value>], besides: Int = 0) {
    #expect(settings.count + besides == Mirror(reflecting: value).children.count, "\(Value.self)")
    #expect(settings.allSatisfy { $0.change(value, value) == nil })
  }
}
