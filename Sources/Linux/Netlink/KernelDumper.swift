import CLinux
import CMnl
import RouteCore

/// Reads whole lists from the kernel, one after the other. Reading and decoding happen off the loop's thread; the loop gets the entries
/// in slices.
///
/// Dump routes only while nothing is being installed: an IPv6 dump that runs into changes restarts and keeps its lock, which slows
/// installing down many times over. Follow the `KernelMonitor`, and dump at startup, after an overrun and for the periodic audit.
package final class KernelDumper {
  package enum Request: Hashable, Sendable {
    case links
    case addresses
    /// The routes of one table; only those of one protocol if given.
    case routes(AddressFamily, table: UInt32, protocolNumber: UInt8? = nil)
    /// The nexthop objects.
    case nextHops
  }

  package enum Outcome: Hashable, Sendable {
    case complete
    /// The list changed while it was being read: entries may be missing or duplicated. Ask again.
    case interrupted
    case failed(SystemError)
  }

  private struct Job {
    var request: Request
    var onEvent: (NetlinkEvent) -> Void
    var completion: (Outcome) -> Void
  }

  private let queue: WorkQueue
  private let reader: DumpReader
  private var jobs = Queue<Job>()
  private var isClosed = false

  package init(_ loop: EventLoop) throws(SystemError) {
    queue = try WorkQueue(loop, label: "dump")
    reader = try DumpReader()
  }

  /// Pending requests end with ECANCELED.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    // After the slice that is currently being read.
    queue.perform { [reader] in reader.close() }
    var abandoned = jobs
    jobs = Queue()
    while let job = abandoned.popFirst() { job.completion(.failed(SystemError(ECANCELED, "dump"))) }
  }

  /// Calls `onEvent` with each entry and `completion` once at the end. Requests queue up.
  package func dump(
    _ request: Request, _ onEvent: @escaping (NetlinkEvent) -> Void, completion: @escaping (Outcome) -> Void
  ) {
    if isClosed { return completion(.failed(SystemError(ECANCELED, "dump"))) }
    jobs.append(Job(request: request, onEvent: onEvent, completion: completion))
    if jobs.count == 1 { start() }
  }

  // MARK: The present request

  private func start() {
    guard let job = jobs.first else { return }
    queue.perform({ [reader, request = job.request] in reader.start(request) }, then: { self.take($0) })
  }

  private func take(_ slice: DumpReader.Slice) {
    guard !isClosed, let job = jobs.first else { return }
    // The next ones are read while we process these.
    if slice.outcome == nil { queue.perform({ [reader] in reader.next() }, then: { self.take($0) }) }
    for event in slice.events {
      job.onEvent(event)
      if isClosed { return }
    }
    if let outcome = slice.outcome { finish(outcome) }
  }

  private func finish(_ outcome: Outcome) {
    guard let job = jobs.popFirst() else { return }
    // Started before the completion runs, as that may itself ask for another dump.
    start()
    job.completion(outcome)
  }
}

/// The socket of the dumps and what is being read from it: it belongs to the dumper's queue.
private final class DumpReader: @unchecked Sendable {
  /// Some entries, and how the dump ended, if it did.
  struct Slice: Sendable {
    var events = [NetlinkEvent]()
    var outcome: KernelDumper.Outcome?
  }

  private let socket: NetlinkSocket
  private var writer = NetlinkWriter(capacity: 256)
  private var request = KernelDumper.Request.links
  private var sequence: UInt32 = 0
  private var isInterrupted = false

  /// Each datagram holds up to 32 KiB, some 300 routes.
  private static let datagramsPerSlice = 4

  init() throws(SystemError) {
    socket = try NetlinkSocket(receiveBuffer: 1 << 20)
    do throws(SystemError) {
      // The kernel fills the socket as it is read, so this does not block; if it should, `close` need not wait for long.
      try socket.limitWaiting(toSeconds: 1)
    } catch {
      socket.close()
      throw error
    }
  }

  func close() { socket.close() }

  /// Asks for a list and reads the first slice of it.
  func start(_ request: KernelDumper.Request) -> Slice {
    self.request = request
    sequence &+= 1
    isInterrupted = false
    writer.removeAll()
    request.encode(into: &writer, sequence: sequence)
    let result = writer.withBytes { bytes -> Result<Void, SystemError> in
      do throws(SystemError) {
        try socket.send(bytes)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    if case .failure(let error) = result { return Slice(outcome: .failed(error)) }
    return next()
  }

  /// Reads the next slice.
  func next() -> Slice {
    var slice = Slice()
    for _ in 0..<DumpReader.datagramsPerSlice where slice.outcome == nil {
      do throws(SystemError) {
        switch try socket.receive(wait: true, { header, body in take(header, body, &slice) }) {
        case .messages: break
        case .nothing: return slice
        case .overrun: slice.outcome = .interrupted
        }
      } catch {
        slice.outcome = .failed(error)
      }
    }
    return slice
  }

  private func take(_ header: NetlinkHeader, _ body: RawSpan, _ slice: inout Slice) {
    guard header.sequence == sequence else { return }  // the rest of an abandoned dump
    if Int32(header.flags) & NLM_F_DUMP_INTR != 0 { isInterrupted = true }
    if Int32(header.type) == NLMSG_DONE {
      // The body is the error that ended the dump, 0 for none.
      let code = 0 &- Int32(bitPattern: body.hostU32(0))
      slice.outcome = code > 0 ? failure(code, nil) : isInterrupted ? .interrupted : .complete
    } else if let reply = NetlinkReply(header, body) {
      slice.outcome = failure(reply.code, reply.text)
    } else if let event = NetlinkDecoder.event(header, body), request.includes(event) {
      slice.events.append(event)
    }
  }

  private func failure(_ code: Int32, _ text: String?) -> KernelDumper.Outcome {
    // The kernel creates a table with its first route; until then it is empty.
    if code == ENOENT, case .routes = request { return .complete }
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

  /// A kernel without strict checking sends more than requested.
  package func includes(_ event: NetlinkEvent) -> Bool {
    switch (self, event) {
    case (.links, .link), (.addresses, .address), (.nextHops, .nextHop): true
    case (.routes(let family, let table, let number), .route(let route, _)):
      route.prefix.family == family && route.table == table && (number == nil || number == route.protocolNumber)
    default: false
    }
  }
}
