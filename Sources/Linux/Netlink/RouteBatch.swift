import CLinux
import CMnl
import RouteCore

/// Puts routes into the kernel, many at a time.
///
/// Append changes until `isFull`, then `commit`. The kernel works the whole batch off inside the one system call that sends it, so
/// the answers are there when it returns, and a batch of 32 KiB takes one to three milliseconds: that is the slice to hand the loop
/// back after. Only the last message asks for an acknowledgement; refusals come unasked and are told with the token given.
///
/// What `RouteMode.replace` does, as measured on Linux 6.18 (RouteBatchTests): one route takes the other's place, whether single or
/// multipath, gateway or device, unicast or blackhole, in both families; a reader never finds none. Two things it cannot do:
/// - Another metric is another route. `change(from:to:)` adds the new one first and then removes the old.
/// - An IPv6 multipath route is put together leg by leg after the first leg has taken the old route's place. If a later leg is
///   refused the kernel takes out what it put in, and the old route has gone too. Legs are checked beforehand, so that this needs an
///   interface to vanish at that instant; the failure is told, and the caller tries again.
/// IPv6 has no multipath route with a leg that lacks a gateway (EINVAL); nexthop objects can have one.
package final class RouteBatch {
  package struct Failure: Hashable, Sendable {
    /// What the caller gave with the change.
    package var token: UInt32
    /// The errno.
    package var code: Int32
    /// The errno's words, and the kernel's own where it has any.
    package var text: String
  }

  package struct Outcome: Sendable {
    package var failures = [Failure]()
    /// False when answers were lost: what became of this batch is not known, so compare with a dump.
    package var isComplete = true
    /// How many changes were sent.
    package var count = 0
  }

  private struct Change {
    var token: UInt32
    /// What is gone already is as good as removed: ESRCH for a route, ENOENT for a nexthop object.
    var isRemoval: Bool
  }

  private let socket: NetlinkSocket
  private let limit: Int
  private var writer: NetlinkWriter
  private var changes = [Change]()
  private var firstSequence: UInt32 = 1

  /// The netlink port id its changes carry; see `KernelMonitor.ignoreChanges`.
  package var port: UInt32 { socket.port }

  /// `limit` is the size in bytes at which a batch counts as full.
  package init(limit: Int = 32768) throws(SystemError) {
    self.limit = limit
    writer = NetlinkWriter(capacity: limit + 4096)
    // Each refusal takes about a kilobyte of the kernel's accounting; all of a batch must find room.
    socket = try NetlinkSocket(receiveBuffer: 8 << 20)
    // The answers are there when the request returns; the limit is against waiting for ever should they be lost.
    var timeout = timeval(tv_sec: 2, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    if setsockopt(socket.descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size) < 0 {
      let code = errno
      socket.close()
      throw SystemError(code, "SO_RCVTIMEO")
    }
  }

  package func close() { socket.close() }

  package var isEmpty: Bool { changes.isEmpty }
  package var isFull: Bool { writer.count >= limit }

  // MARK: Changes

  /// Installs a route with all its next hops in one message.
  package func install(
    _ request: RouteRequest, via nextHops: Span<NextHop>, mode: RouteMode = .replace, token: UInt32
  ) {
    let sequence = next(Change(token: token, isRemoval: false))
    RouteEncoder.encode(request, via: nextHops, mode: mode, sequence: sequence, into: &writer)
  }

  /// Installs a route that points at a nexthop object.
  package func install(_ request: RouteRequest, nextHopObject: UInt32, mode: RouteMode = .replace, token: UInt32) {
    let sequence = next(Change(token: token, isRemoval: false))
    RouteEncoder.encode(
      request, via: Span(), nextHopObject: nextHopObject, mode: mode, sequence: sequence, into: &writer)
  }

  /// Removes a route; that there is none is no failure.
  package func remove(_ request: RouteRequest, token: UInt32) {
    let sequence = next(Change(token: token, isRemoval: true))
    RouteEncoder.encodeRemoval(request, sequence: sequence, into: &writer)
  }

  /// Puts `new` where our own `old` is, without a moment of no route.
  package func change(from old: RouteRequest, to new: RouteRequest, via nextHops: Span<NextHop>, token: UInt32) {
    install(new, via: nextHops, mode: .replace, token: token)
    let isSameKey = old.prefix == new.prefix && old.table == new.table && old.effectiveMetric == new.effectiveMetric
    if !isSameKey { remove(old, token: token) }
  }

  /// Appends the message that `encode` writes.
  func append(token: UInt32, isRemoval: Bool = false, _ encode: (UInt32, inout NetlinkWriter) -> Void) {
    encode(next(Change(token: token, isRemoval: isRemoval)), &writer)
  }

  private func next(_ change: Change) -> UInt32 {
    changes.append(change)
    return firstSequence &+ UInt32(changes.count - 1)
  }

  // MARK: Sending

  /// Sends what was appended and tells what the kernel refused.
  package func commit() -> Outcome {
    var outcome = Outcome()
    if changes.isEmpty { return outcome }
    outcome.count = changes.count
    writer.addFlags(UInt16(NLM_F_ACK))
    let last = firstSequence &+ UInt32(changes.count - 1)
    do throws(SystemError) {
      try send()
      var isAnswered = false
      while !isAnswered, outcome.isComplete {
        switch try socket.receive(
          wait: true,
          { header, body in
            guard let reply = NetlinkReply(header, body) else { return }
            note(reply, &outcome)
            if reply.sequence == last { isAnswered = true }
          })
        {
        case .messages: break
        case .nothing, .overrun: outcome.isComplete = false
        }
      }
    } catch {
      outcome.isComplete = false
    }
    firstSequence = last &+ 1
    changes.removeAll(keepingCapacity: true)
    writer.removeAll()
    return outcome
  }

  private func send() throws(SystemError) {
    let result = writer.withBytes { bytes -> Result<Void, SystemError> in
      do throws(SystemError) {
        try socket.send(bytes)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  private func note(_ reply: NetlinkReply, _ outcome: inout Outcome) {
    let index = Int(reply.sequence &- firstSequence)
    guard reply.code != 0, index < changes.count else { return }  // an answer to an earlier batch is of no use any more
    let change = changes[index]
    if change.isRemoval, reply.code == ESRCH || reply.code == ENOENT { return }
    var text = SystemError.text(of: reply.code)
    if let words = reply.text { text += " (\(words))" }
    outcome.failures.append(Failure(token: change.token, code: reply.code, text: text))
  }
}
