import CLinux
import CMnl
import RouteCore

/// Reads whole lists from the kernel, one after the other, a slice per round of the loop.
///
/// Dump routes only while nothing is being installed: an IPv6 dump that meets changes restarts and keeps its lock, which slows
/// installing down many times. Learn from the `KernelMonitor` and dump at start, after an overrun and for the periodic audit.
package final class KernelDumper {
  package enum Request: Hashable, Sendable {
    case links
    case addresses
    /// The routes of one table; of one protocol only, where that is given.
    case routes(AddressFamily, table: UInt32, protocolNumber: UInt8? = nil)
    /// The nexthop objects.
    case nextHops
  }

  package enum Outcome: Hashable, Sendable {
    case complete
    /// The list changed while it was read: entries may be missing or double. Ask again.
    case interrupted
    case failed(SystemError)
  }

  private struct Job {
    var request: Request
    var onEvent: (NetlinkEvent) -> Void
    var completion: (Outcome) -> Void
  }

  private let socket: NetlinkSocket
  private var source: IOSource?
  private var writer = NetlinkWriter(capacity: 256)
  private var jobs = [Job]()
  private var sequence: UInt32 = 0
  private var isInterrupted = false

  /// Each datagram holds up to 32 KiB, some 300 routes.
  private static let datagramsPerRound = 4

  package init(_ loop: EventLoop) throws(SystemError) {
    socket = try NetlinkSocket(receiveBuffer: 1 << 20)
    source = IOSource(loop, descriptor: socket.descriptor, onReadable: { self.drain() })
  }

  package func close() {
    source?.cancel()
    source = nil
    socket.close()
    let abandoned = jobs
    jobs = []
    for job in abandoned { job.completion(.failed(SystemError(ECANCELED, "dump"))) }
  }

  /// Calls `onEvent` with each entry and `completion` once at the end. Requests queue up.
  package func dump(
    _ request: Request, _ onEvent: @escaping (NetlinkEvent) -> Void, completion: @escaping (Outcome) -> Void
  ) {
    jobs.append(Job(request: request, onEvent: onEvent, completion: completion))
    if jobs.count == 1 { start() }
  }

  // MARK: The present request

  private func start() {
    guard let job = jobs.first else { return }
    sequence &+= 1
    isInterrupted = false
    writer.removeAll()
    job.request.encode(into: &writer, sequence: sequence)
    do throws(SystemError) {
      try source?.watch(read: true, write: false)
      let outcome = writer.withBytes { bytes -> Result<Void, SystemError> in
        do throws(SystemError) {
          try socket.send(bytes)
          return .success(())
        } catch {
          return .failure(error)
        }
      }
      try outcome.get()
    } catch {
      finish(.failed(error))
    }
  }

  private func finish(_ outcome: Outcome) {
    guard !jobs.isEmpty else { return }
    let job = jobs.removeFirst()
    // Started before the completion runs, which may ask for the next dump itself.
    start()
    job.completion(outcome)
  }

  private func drain() {
    for _ in 0..<KernelDumper.datagramsPerRound {
      guard let job = jobs.first else { return }
      var outcome: Outcome?
      do throws(SystemError) {
        let received = try socket.receive { header, body in
          if let end = take(header, body, job) { outcome = end }
        }
        switch received {
        case .messages: break
        case .nothing: return
        case .overrun: outcome = .interrupted
        }
      } catch {
        outcome = .failed(error)
      }
      if let outcome { finish(outcome) }
    }
  }

  private func take(_ header: NetlinkHeader, _ body: RawSpan, _ job: Job) -> Outcome? {
    guard header.sequence == sequence else { return nil }  // the rest of a dump that was given up
    if Int32(header.flags) & NLM_F_DUMP_INTR != 0 { isInterrupted = true }
    if Int32(header.type) == NLMSG_DONE {
      // The body is the error that ended the dump, 0 for none.
      let code = 0 &- Int32(bitPattern: body.hostU32(0))
      if code > 0 { return failure(code, nil, job) }
      return isInterrupted ? .interrupted : .complete
    }
    if let reply = NetlinkReply(header, body) { return failure(reply.code, reply.text, job) }
    if let event = NetlinkDecoder.event(header, body), job.request.includes(event) { job.onEvent(event) }
    return nil
  }

  private func failure(_ code: Int32, _ text: String?, _ job: Job) -> Outcome {
    // A table exists from its first route on; until then it is empty.
    if code == ENOENT, case .routes = job.request { return .complete }
    return .failed(SystemError(code, text ?? "dump"))
  }
}

extension KernelDumper.Request {
  package func encode(into writer: inout NetlinkWriter, sequence: UInt32) {
    let flags = UInt16(NLM_F_REQUEST | NLM_F_DUMP)
    switch self {
    case .links:
      writer.beginMessage(type: UInt16(RTM_GETLINK), flags: flags, sequence: sequence)
      for _ in 0..<4 { writer.u32(0) }  // ifinfomsg
      writer.attribute(UInt32(IFLA_EXT_MASK), u32: UInt32(RTEXT_FILTER_SKIP_STATS))
    case .addresses:
      writer.beginMessage(type: UInt16(RTM_GETADDR), flags: flags, sequence: sequence)
      for _ in 0..<2 { writer.u32(0) }  // ifaddrmsg
    case .nextHops:
      writer.beginMessage(type: UInt16(RTM_GETNEXTHOP), flags: flags, sequence: sequence)
      for _ in 0..<2 { writer.u32(0) }  // nhmsg
    case .routes(let family, let table, let protocolNumber):
      writer.beginMessage(type: UInt16(RTM_GETROUTE), flags: flags, sequence: sequence)
      writer.u8(UInt8(family == .ipv4 ? AF_INET : AF_INET6))
      for _ in 0..<4 { writer.u8(0) }
      writer.u8(protocolNumber ?? 0)
      writer.u16(0)
      writer.u32(0)
      writer.attribute(RTA_TABLE.rawValue, u32: table)
    }
    writer.endMessage()
  }

  /// A kernel without strict checking sends more than was asked for.
  package func includes(_ event: NetlinkEvent) -> Bool {
    switch (self, event) {
    case (.links, .link), (.addresses, .address), (.nextHops, .nextHop): true
    case (.routes(let family, let table, let number), .route(let route, _)):
      route.prefix.family == family && route.table == table && (number == nil || number == route.protocolNumber)
    default: false
    }
  }
}
