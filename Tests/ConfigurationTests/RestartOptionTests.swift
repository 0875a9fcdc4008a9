import BGP
import OSPFv3
import RouteCore
import Testing

@testable import Configuration

/// `graceful restart` and its relatives, in both dialects.
@Suite struct RestartOptionTests {
  private func peer(_ options: String, _ dialect: Dialect) throws -> PeerConfiguration {
    let channel = dialect == .bird2 ? "ipv6 { import all; export all; };" : ""
    let text = "router id 1.1.1.1; protocol bgp B { local as 1; neighbor 2001:db8::2 as 2; \(channel) \(options) }"
    guard case .bgp(let peer) = try configuration(text, [:], .init(dialect: dialect)).protocols.first?.specification else {
      throw Unreadable(diagnostics: [])
    }
    return peer
  }

  @Test func `an unchanged file is one of a router that helps others`() throws {
    let one = try peer("", .bird1(.ipv6))
    let two = try peer("", .bird2)
    for peer in [one, two] {
      #expect(peer.gracefulRestart == .aware && peer.effectiveLongLivedGracefulRestart == .aware)
      #expect(peer.longLivedStaleTime == 3600 && !peer.keepsStateOver(.gracefulRestart, .ipv6) && !peer.mayRestart)
    }
    // What each BIRD says where nobody looks.
    #expect(one.gracefulRestartTime == 0 && two.gracefulRestartTime == 120)
    #expect(try configuration("router id 1.1.1.1; protocol device {}").gracefulRestartWait == 240)
  }

  @Test(arguments: [Dialect.bird1(.ipv6), .bird2])
  func `all of it can be said`(dialect: Dialect) throws {
    let able = try peer(
      "graceful restart; graceful restart time 30; long lived graceful restart on; long lived stale time 100000;", dialect)
    #expect(able.gracefulRestart == .yes && able.gracefulRestartTime == 30)
    #expect(able.longLivedGracefulRestart == .yes && able.staleTime(.ipv6) == 100_000 && able.mayRestart)
    #expect(able.keepsStateOver(.gracefulRestart, .ipv6) && able.keepsStateOver(.longLived, .ipv6))
    #expect(!able.keepsStateOver(.gracefulRestart, .ipv4), "there is no such channel")
    let off = try peer("graceful restart off;", dialect)
    #expect(off.gracefulRestart == .no && off.effectiveLongLivedGracefulRestart == .no)
    let half = try peer("graceful restart yes; long lived graceful restart no;", dialect)
    #expect(half.effectiveLongLivedGracefulRestart == .no && half.mayRestart)
  }

  @Test func `channels may differ from their protocol`() throws {
    let options =
      "graceful restart yes; long lived graceful restart yes; "
      + "ipv4 { import all; export all; graceful restart off; long lived graceful restart off; };"
    let one = try peer(options, .bird2)
    #expect(one.keepsStateOver(.gracefulRestart, .ipv6) && !one.keepsStateOver(.gracefulRestart, .ipv4))
    #expect(one.keepsStateOver(.longLived, .ipv6) && !one.keepsStateOver(.longLived, .ipv4))
    let two = try peer(
      "ipv4 { import all; export all; graceful restart; long lived graceful restart; long lived stale time 5; };", .bird2)
    #expect(two.keepsStateOver(.gracefulRestart, .ipv4) && !two.keepsStateOver(.gracefulRestart, .ipv6))
    #expect(two.keepsStateOver(.longLived, .ipv4) && two.staleTime(.ipv4) == 5 && two.staleTime(.ipv6) == 3600)
  }

  @Test(
    arguments: [
      ("", .aware, 120), ("graceful restart;", .able, 120), ("graceful restart yes; graceful restart time 1;", .able, 1),
      ("graceful restart no;", .off, 120), ("graceful restart aware; graceful restart time 1800;", .aware, 1800),
    ] as [(String, InstanceConfiguration.GracefulRestart, UInt32)])
  func `OSPF helps unless it is told otherwise`(options: String, mode: InstanceConfiguration.GracefulRestart, time: UInt32) throws {
    let result = try configuration("router id 1.1.1.1; protocol ospf v3 { ipv6; \(options) area 0 { }; }")
    guard case .ospf(let ospf) = result.protocols.first?.specification else { return #expect(Bool(false)) }
    #expect(ospf.instance.gracefulRestart == mode && ospf.instance.gracefulRestartTime == time)
  }

  @Test func `the kernel and the wait have their options`() throws {
    let result = try configuration("router id 1.1.1.1; graceful restart wait 7; protocol kernel { graceful restart yes; }")
    #expect(result.gracefulRestartWait == 7)
    guard case .kernel(let kernel) = result.protocols.first?.specification else { return #expect(Bool(false)) }
    #expect(kernel.gracefulRestart)
  }
}
