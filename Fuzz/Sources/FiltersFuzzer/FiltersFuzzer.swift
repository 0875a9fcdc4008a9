import Configuration
import RouteCore

// The first byte chooses the dialect and whether the rest is a filter's body or a file of definitions with a filter `f`. What compiles
// is run on a BGP route with all kinds of attributes and on a static one.

private let frames: [(before: String, after: String)] = [
  ("filter f {\n", "\n}\nprotocol static { import filter f; }\n"),
  ("filter f {\n", "\n}\nprotocol static { ipv6 { import filter f; }; }\n"),
  ("", "\nprotocol static { import filter f; }\n"),
  ("", "\nprotocol static { ipv6 { import filter f; }; }\n"),
]

private func words(_ values: UInt32...) -> [UInt8] {
  var writer = WireWriter()
  for value in values { writer.u32(value) }
  return writer.bytes
}

private let bgpRoute: PolicyRoute = {
  var header = AttributeHeader(source: .bgp, preference: 100)
  header.from = IPAddress("2001:db8::1") ?? .unspecified
  header.origin = .igp
  header.med = 10
  header.flags = [.hasOrigin, .hasMED, .external]
  header.pathLength = 3
  header.neighborAS = 65001
  var attributes = RouteAttributes(header)
  attributes.set(.asPath, flags: 0x40, [2, 2] + words(65001, 65002) + [1, 2] + words(65003, 65004))
  attributes.set(.nextHop, flags: 0x40, IPAddress("2001:db8::1")?.bytes ?? [])
  attributes.set(.communities, flags: 0xc0, words(65001 << 16 | 100, 65001 << 16 | 200))
  attributes.set(.extendedCommunities, flags: 0xc0, words(0x0002_000a, 20))
  attributes.set(.largeCommunities, flags: 0xc0, words(65001, 1, 2))
  var route = PolicyRoute(prefix: Prefix("2001:db8:1::/48") ?? Prefix(.unspecified, 0), attributes: attributes, protocolName: "up")
  route.gateway = IPAddress("fe80::1") ?? .unspecified
  route.interfaceName = "eth1"
  route.interfaceIndex = 3
  route.nextHopCount = 1
  return route
}()

private let staticRoute = PolicyRoute(
  prefix: Prefix(.unspecified, 0), attributes: RouteAttributes(AttributeHeader(source: .static, preference: 200)), protocolName: "static1")

func test(_ bytes: [UInt8]) {
  guard let first = bytes.first else { return }
  let frame = frames[Int(first) % frames.count]
  let result = ConfigurationReader.fuzz(Array(frame.before.utf8) + bytes.dropFirst() + Array(frame.after.utf8))
  for diagnostic in result.diagnostics { _ = "\(diagnostic)" }
  for channel in result.configuration?.protocols.flatMap(\.channels) ?? [] {
    guard case .filter(let program, let name) = channel.importPolicy else { continue }
    for example in [bgpRoute, staticRoute] {
      var route = example
      var interpreter = PolicyInterpreter()
      if case .failed(let fault) = interpreter.run(program, on: &route) { _ = program.describe(fault, filter: name) }
      _ = interpreter.takeOutput()
    }
  }
}
