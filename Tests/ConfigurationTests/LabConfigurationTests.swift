import Foundation
import RouteCore
import Testing

@testable import Configuration

/// The reference material lies beside the checkout where it is developed; elsewhere these tests have nothing to read.
private let shared: String = {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let candidates = [root.deletingLastPathComponent().appendingPathComponent("shared").path, "/work/shared"]
  return candidates.first { FileManager.default.fileExists(atPath: $0 + "/lab/configs") } ?? ""
}()

private func files(_ folder: String, _ suffix: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(shared)/\(folder)")) ?? []
  return names.filter { $0.hasSuffix(suffix) && $0.hasPrefix("bird") || $0 == "a.conf" || $0 == "b.conf" }.sorted()
    .map { "\(shared)/\(folder)/\($0)" }
}

private final class Disk: SourceProvider {
  func read(_ path: String) throws(SourceError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else { throw SourceError(reason: "No such file or directory") }
    return [UInt8](data)
  }
  func glob(_ pattern: String) throws(SourceError) -> [String] { [] }
}

@Suite(.enabled(if: !shared.isEmpty)) struct LabConfigurationTests {
  private func read(_ path: String) throws -> Configuration {
    let result = ConfigurationReader.read(file: path, provider: Disk())
    #expect(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.description).joined(separator: "\n"))")
    return try #require(result.configuration)
  }

  @Test(arguments: files("lab/configs", ".conf")) func `the lab's IPv6 files are read unchanged`(path: String) throws {
    let configuration = try read(path)
    #expect(configuration.dialect == .bird1(.ipv6))
    #expect(configuration.protocols.allSatisfy { $0.channels.allSatisfy { $0.family == .ipv6 && $0.table == "master" } })
    let ospf = try #require(configuration.protocols.first { $0.kind == .ospf })
    guard case .ospf(let instance) = ospf.specification else { return }
    #expect(instance.version == .v3)
    #expect(instance.instance.ecmp && instance.instance.mergeExternal && instance.instance.isASBoundaryRouter)
    #expect(instance.instance.areas.map(\.id.rawValue) == [0])
    #expect(instance.instance.areas.first?.interfaces.last?.options.stub == true)
    #expect(instance.instance.routerID == configuration.routerID.explicitID)
    if path.contains("private") {
      let sessions = configuration.protocols.filter { $0.kind == .bgp }
      #expect(sessions.count == 4)
      for session in sessions {
        guard case .bgp(let peer) = session.specification else { continue }
        #expect(peer.holdTime == 6 && peer.ipv6 != nil && peer.ipv4 == nil && !peer.isInternal)
        #expect(session.channels.first?.preference == 160)
        guard case .filter(_, nil) = try #require(session.channels.first?.exportPolicy) else {
          Issue.record("the export filter is missing")
          continue
        }
      }
    }
  }

  @Test(arguments: files("lab/configs/ipv4", ".conf")) func `the IPv4 twin is read unchanged, its OSPF as version 2`(path: String) throws {
    let configuration = try read(path)
    #expect(configuration.dialect == .bird1(.ipv4))
    for item in configuration.protocols {
      #expect(item.channels.allSatisfy { $0.family == .ipv4 })
      if case .ospf(let ospf) = item.specification { #expect(ospf.version == .v2) }
    }
  }

  @Test(arguments: files("bird/transcripts/1.6.8", ".conf")) func `the 1.6.8 transcripts' files are read unchanged`(path: String) throws {
    let configuration = try read(path)
    #expect(configuration.dialect == .bird1(.ipv6))
    #expect(configuration.protocols.map(\.name) == ["device1", "kernel1", "ST", "PRIVATE", "IBGP_X"])
    guard case .static(let routes) = configuration.protocols[2].specification else { return }
    #expect(routes.routes.map(\.prefix.length) == [48, 48])
    #expect(routes.routes[0].destination == .unreachable)
    guard case .nextHops(let hops) = routes.routes[1].destination else { return }
    #expect(hops.count == 2)
  }

  @Test(arguments: files("bird/transcripts/2.0.12", ".conf") + files("bird/transcripts/3.3.2", ".conf"))
  func `the 2 and 3 transcripts' files are read unchanged`(path: String) throws {
    let configuration = try read(path)
    #expect(configuration.dialect == .bird2)
    #expect(configuration.protocols.dropFirst().allSatisfy { $0.channels.map(\.table) == ["master6"] })
    guard case .kernel(let kernel) = configuration.protocols[1].specification else { return }
    #expect(kernel.metric == 32 && kernel.mergePathsLimit == 16 && kernel.persist && kernel.learn)
  }

  @Test func `there is something to read`() {
    #expect(files("lab/configs", ".conf").count == 15)
    #expect(files("lab/configs/ipv4", ".conf").count == 6)
  }
}
