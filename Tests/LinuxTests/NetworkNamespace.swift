import CLinux
import Glibc
import Linux
import RouteCore
import Testing

/// A fresh network namespace for one test, made and removed with `ip netns`.
final class NetworkNamespace {
  let name: String
  private static var count = 0

  /// Whether namespaces can be made here: we are root and `ip` is installed. Tests that need them are skipped otherwise.
  nonisolated static let isAvailable: Bool = {
    guard geteuid() == 0 else { return false }
    let name = "routed-t\(getpid())-probe"
    guard shell("ip netns add \(name)") else { return false }
    return shell("ip netns del \(name)")
  }()

  init() throws {
    NetworkNamespace.count += 1
    name = "routed-t\(getpid())-\(NetworkNamespace.count)"
    try #require(shell("ip netns add \(name)"))
    try run("ip link set lo up")
  }

  func close() { _ = shell("ip netns del \(name)") }

  /// Runs a command inside.
  func run(_ command: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try #require(shell("ip netns exec \(name) \(command)"), "\(command)", sourceLocation: sourceLocation)
  }

  /// What a command prints inside.
  func output(_ command: String) throws -> String {
    let path = "/tmp/routed-\(name)-\(NetworkNamespace.count).out"
    defer { unlink(path) }
    try #require(shell("ip netns exec \(name) \(command) > \(path)"), "\(command)")
    return String(decoding: try Files.read(path), as: UTF8.self)
  }

  /// Calls `body` with this thread in the namespace: sockets opened there stay there.
  func inside<Result>(_ body: () throws -> Result) throws -> Result {
    let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
    let other = open("/run/netns/\(name)", O_RDONLY | O_CLOEXEC)
    defer {
      Glibc.close(home)
      Glibc.close(other)
    }
    try #require(home >= 0 && other >= 0)
    try #require(cl_enter_network_namespace(other) == 0)
    defer { cl_enter_network_namespace(home) }
    return try body()
  }

  nonisolated static func shell(_ command: String) -> Bool { system("(\(command)) 2>/dev/null") == 0 }
  private func shell(_ command: String) -> Bool { NetworkNamespace.shell(command) }
}

/// An address written in a test.
nonisolated func ip(_ text: String) -> IPAddress {
  guard let address = IPAddress(text) else {
    Issue.record("no address: \(text)")
    return .unspecified
  }
  return address
}

/// A prefix written in a test.
nonisolated func net(_ text: String) -> Prefix {
  guard let prefix = Prefix(text) else {
    Issue.record("no prefix: \(text)")
    return Prefix(.unspecified, 0)
  }
  return prefix
}
