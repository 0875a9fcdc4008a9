import Dispatch
import Glibc
import Linux
import RouteCore
import Synchronization
import Testing

/// Looks a destination up, over and over, on another thread, by connecting a UDP socket to it.
nonisolated final class RouteReader: Sendable {
  private let stopping = Atomic(false)
  private let lookups = Atomic(0)
  private let missing = Atomic(0)
  private let done = DispatchSemaphore(value: 0)
  private let descriptor: Int32

  /// Opens the socket in the present namespace.
  init(_ destination: String) throws {
    let address = ip(destination)
    descriptor = socket(address.isIPv4 ? AF_INET : AF_INET6, Int32(SOCK_DGRAM.rawValue), 0)
    try #require(descriptor >= 0)
    DispatchQueue.global().async { [self] in
      while !stopping.load(ordering: .relaxed) {
        if connect(to: address) == ENETUNREACH { missing.add(1, ordering: .relaxed) }
        lookups.add(1, ordering: .relaxed)
      }
      done.signal()
    }
  }

  /// How many lookups there were. On a busy machine it may begin late.
  var count: Int { lookups.load(ordering: .relaxed) }

  func finish() -> (lookups: Int, missing: Int) {
    stopping.store(true, ordering: .relaxed)
    done.wait()
    close(descriptor)
    return (lookups.load(ordering: .relaxed), missing.load(ordering: .relaxed))
  }

  private func connect(to address: IPAddress) -> Int32 {
    if let v4 = address.ipv4 {
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = 9
      name.sin_addr.s_addr = v4.bigEndian
      return connect(&name, MemoryLayout<sockaddr_in>.size)
    }
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    name.sin6_port = 9
    withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: address.bytes) }
    return connect(&name, MemoryLayout<sockaddr_in6>.size)
  }

  private func connect(_ name: UnsafeRawPointer, _ size: Int) -> Int32 {
    Glibc.connect(descriptor, name.assumingMemoryBound(to: sockaddr.self), socklen_t(size)) == 0 ? 0 : Glibc.errno
  }
}
