import Configuration
import Testing

@testable import routed

@Suite struct ShellTests {
  @Test func `The daemon can run every kind of protocol`() {
    for kind in ProtocolKind.allCases { #expect(ProtocolShell.all.count { $0.kind == kind } == 1, "\(kind)") }
  }
}
