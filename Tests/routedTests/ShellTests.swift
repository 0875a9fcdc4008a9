import Configuration
import Testing

@testable import routed

@Suite struct ShellTests {
  @Test func `The daemon can run every kind of protocol`() {
    for kind in ProtocolDescription.all { #expect(ProtocolShell.all.count { $0.kind == kind } == 1, "\(kind.name)") }
  }
}
