import CLinux
import CMnl
import KernelSync
import RouteCore

/// Writes routes to the kernel, many at a time.
///
/// Append changes, then `commit`. The kernel processes the whole batch inside the one system call that sends it, so the answers are there
/// when it returns. 512 changes take one to three milliseconds, or longer while another process holds the kernel's lock: commit on a work
/// queue, and meanwhile append only to another batch of the same socket. Only the last message asks for an acknowledgement; refusals arrive
/// anyway and are returned with the token given.
///
/// What `RouteMode.replace` does, as measured on Linux 6.18 (RouteBatchTests): the new route takes the old one's place, whether single or
/// multipath, gateway or device, unicast or blackhole, in both families; a reader never finds no route at all. It has two limits:
/// - A route with another metric is another route.
/// - An IPv6 multipath route is assembled leg by leg after the first leg has taken the old route's place. If a later leg is
///   refused, the kernel removes what it inserted, and the old route is gone too. Legs are checked beforehand, so this only happens if an
///   interface vanishes at that instant; the failure is reported, and the caller tries again.
/// IPv6 has no multipath route with a leg that lacks a gateway (EINVAL); nexthop objects can have one.
package final class RouteBatch: @unchecked Sendable {
  package struct Failure: Hashable, Sendable {
    /// The caller's token for the change.
    package var token: UInt32
    /// The errno.
    package var code: Int32
    /// The errno as text, and the kernel's own message if there is one.
    package var text: String
  }

  package struct Outcome: Sendable {
    package var failures = [Failure]()
    /// False when answers were lost: the outcome of the batch is unknown, so compare with a dump.
    package var isComplete = true
    /// How many changes were sent.
    package var count = 0
  }

  private struct Change {
    var token: UInt32
    /// Already gone counts as removed: ESRCH for a route, ENOENT for a nexthop object.
    var isRemoval: Bool
  }

  private let socket: NetlinkSocket
  private var writer: NetlinkWriter
  private var changes = [Change]()
  private var firstSequence: UInt32 = 1

  /// The netlink port id its changes carry; see `KernelMonitor.ignoreChanges`.
  package var port: UInt32 { socket.port }

  package init() throws(SystemError) {
    writer = NetlinkWriter(capacity: 65536)
    // Each refusal counts as about a kilobyte in the socket's buffer; those of a whole batch must fit.
    socket = try NetlinkSocket(receiveBuffer: 8 << 20)
    // The answers are there when the request returns; the limit prevents waiting forever if they are lost.
    do throws(SystemError) { try socket.limitWaiting(toSeconds: 2) } catch {
      socket.close()
      throw error
    }
  }

  /// A batch that can be filled while `other` is committed. Both have one socket, so they are committed one after the other.
  package init(besides other: RouteBatch) {
    writer = NetlinkWriter(capacity: 65536)
    socket = other.socket
    // Late answers to the one mean nothing to the other.
    firstSequence = other.firstSequence ^ 1 << 31
  }

  package func close() { socket.close() }

  package var isEmpty: Bool { changes.isEmpty }

  // MARK: Changes

  /// Installs a route with all its next hops in one message.
  package func install(
    _ request: RouteRequest, via nextHops: Span<NextHop>, mode: RouteMode = .replace, token: UInt32
  ) {
    let sequence = next(Change(token: token, isRemoval: false))
    RouteEncoder.encode(request, via: nextHops, mode: mode, sequence: sequence, into: &writer)
  }

  /// Installs a route that refers to a nexthop object.
  package func install(_ request: RouteRequest, nextHopObject: UInt32, mode: RouteMode = .replace, token: UInt32) {
    var request = request
    request.nextHopObject = nextHopObject
    install(request, via: Span(), mode: mode, token: token)
  }

  /// Removes a route; it is not an error if there is none.
  package func remove(_ request: RouteRequest, token: UInt32) {
    let sequence = next(Change(token: token, isRemoval: true))
    RouteEncoder.encodeRemoval(request, sequence: sequence, into: &writer)
  }

  /// Appends the machine's changes, which refer to sets of next hops and details by the machine's handles.
  package func append(_ changes: [KernelChange], of machine: borrowing KernelSync) {
    for (index, change) in changes.enumerated() {
      let token = UInt32(truncatingIfNeeded: index)
      switch change {
      case .makeNextHop(let id, let hop, let family): make(nextHopObject: id, hop, family: family, token: token)
      case .makeGroup(let id, let members): make(nextHopGroup: id, members, token: token)
      case .removeObject(let id): remove(nextHopObject: id, token: token)
      case .write(let route, let mode):
        install(RouteRequest(route, machine), via: machine.hops(route.hops).span, mode: mode, token: token)
      case .remove(let route): remove(RouteRequest(route, machine), token: token)
      }
    }
  }

  /// Creates a nexthop object.
  package func make(nextHopObject id: UInt32, _ hop: NextHop, family: AddressFamily, token: UInt32) {
    let sequence = next(Change(token: token, isRemoval: false))
    NextHopObjectEncoder.encode(id: id, hop, family: family, sequence: sequence, into: &writer)
  }

  /// Creates a group of objects.
  package func make(nextHopGroup id: UInt32, _ members: [NextHopMember], token: UInt32) {
    let sequence = next(Change(token: token, isRemoval: false))
    NextHopObjectEncoder.encodeGroup(id: id, members.span, sequence: sequence, into: &writer)
  }

  /// Removes an object or a group, also from all groups it is in, and with it the routes that have nothing else. It is not an error if it
  /// is already gone.
  package func remove(nextHopObject id: UInt32, token: UInt32) {
    let sequence = next(Change(token: token, isRemoval: true))
    NextHopObjectEncoder.encodeRemoval(id: id, sequence: sequence, into: &writer)
  }

  private func next(_ change: Change) -> UInt32 {
    changes.append(change)
    return firstSequence &+ UInt32(changes.count - 1)
  }

  // MARK: Sending

  /// Sends the appended changes and returns what the kernel refused.
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
    guard reply.code != 0, index < changes.count else { return }  // an answer to an earlier batch is no longer of use
    let change = changes[index]
    if change.isRemoval, reply.code == ESRCH || reply.code == ENOENT { return }
    var text = SystemError.text(of: reply.code)
    if let words = reply.text { text += " (\(words))" }
    outcome.failures.append(Failure(token: change.token, code: reply.code, text: text))
  }
}
