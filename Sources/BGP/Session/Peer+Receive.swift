import RouteCore

/// A whole message.
private struct ReceivedMessage: ~Escapable {
  let type: MessageType
  let body: RawSpan

  @_lifetime(copy body)
  init(_ type: MessageType, _ body: RawSpan) {
    self.type = type
    self.body = body
  }
}

// Received bytes: messages are found and handled in place; only the beginning of an incomplete one is kept.
extension Peer {
  /// Takes what the system has read from a connection, in chunks of any size. Answers how many bytes were used: all, unless a message
  /// among them has established the session. The driver then carries out `.established`, so that there is a place for the routes
  /// that follow at once, and comes again with the rest.
  @discardableResult
  public mutating func receive<Sink: RouteSink & ~Copyable>(
    _ bytes: RawSpan, on id: ConnectionID, at now: Instant, sink: inout Sink, into output: inout Output
  ) -> Int {
    var rest = WireReader(bytes)
    var used = bytes.byteCount
    let wasEstablished = isEstablished(id)
    if completePartial(&rest, id, at: now, sink: &sink, into: &output) {
      var offset = bytes.byteCount - rest.remaining
      while let (state, limit) = stateAndLimit(id), state >= .openSent {
        if !wasEstablished, state == .established {
          used = offset
          break
        }
        switch MessageHeader.find(in: bytes, at: offset, limit: limit) {
        case .message(let type, let range):
          offset = range.upperBound
          handle(ReceivedMessage(type, bytes.extracting(range)), id, at: now, sink: &sink, into: &output)
          reportState(into: &output)
          continue
        case .malformed(let notification):
          fail(id.direction, notification, at: now, into: &output)
        case .incomplete:
          if offset < bytes.byteCount {
            bytes.extracting(droppingFirst: offset).withUnsafeBytes { self[id.direction]?.partial.append(contentsOf: $0) }
          }
        }
        break
      }
    }
    reportState(into: &output)
    return used
  }

  private func isEstablished(_ id: ConnectionID) -> Bool { stateAndLimit(id)?.state == .established }

  private func isLive(_ id: ConnectionID) -> Bool {
    guard let (state, _) = stateAndLimit(id) else { return false }
    return state >= .openSent
  }

  /// Adds to the message begun by an earlier chunk. Answers whether nothing is left of it, so that the rest can be read in place.
  private mutating func completePartial<Sink: RouteSink & ~Copyable>(
    _ rest: inout WireReader, _ id: ConnectionID, at now: Instant, sink: inout Sink, into output: inout Output
  ) -> Bool {
    guard isLive(id), var partial = self[id.direction]?.partial, !partial.isEmpty else { return isLive(id) }
    self[id.direction]?.partial = []
    let limit = stateAndLimit(id)?.limit ?? MessageHeader.maximumLength
    Self.fill(&partial, to: MessageHeader.size, from: &rest)
    var length = MessageHeader.size
    var type = MessageType.keepalive
    if partial.count >= MessageHeader.size {
      switch MessageHeader.check(partial.span.bytes, at: 0, limit: limit) {
      case .failure(let notification):
        fail(id.direction, notification, at: now, into: &output)
        return false
      case .success(let header): (type, length) = header
      }
      Self.fill(&partial, to: length, from: &rest)
    }
    guard partial.count >= MessageHeader.size, partial.count >= length else {
      self[id.direction]?.partial = partial
      return false
    }
    handle(ReceivedMessage(type, partial.span.bytes.extracting(MessageHeader.size..<length)), id, at: now, sink: &sink, into: &output)
    reportState(into: &output)
    if isLive(id) {
      partial.removeAll(keepingCapacity: true)
      self[id.direction]?.partial = partial
    }
    return isLive(id)
  }

  private static func fill(_ partial: inout [UInt8], to count: Int, from rest: inout WireReader) {
    guard let missing = try? rest.take(min(count - partial.count, rest.remaining)) else { return }
    missing.withUnsafeBytes { partial.append(contentsOf: $0) }
  }

  /// RFC 4271 §8.2.2: what each message means in each state.
  private mutating func handle<Sink: RouteSink & ~Copyable>(
    _ message: borrowing ReceivedMessage, _ id: ConnectionID, at now: Instant, sink: inout Sink, into output: inout Output
  ) {
    let body = message.body
    let direction = id.direction
    guard let (state, _) = stateAndLimit(id) else { return }
    if recorded.contains(.messages) { recordMessage(message.type, body, id, into: &output) }
    switch (state, message.type) {
    case (.openSent, .open):
      receivedOpen(body, direction, at: now, into: &output)
    case (.openConfirm, .keepalive):
      self[direction]?.restartHoldTimer(at: now)
      establish(direction, at: now, into: &output)
    case (.established, .keepalive):
      self[direction]?.restartHoldTimer(at: now)
    case (.established, .update):
      self[direction]?.restartHoldTimer(at: now)
      receivedUpdate(body, direction, at: now, sink: &sink, into: &output)
    case (.established, .routeRefresh):
      receivedRefresh(body, direction, at: now, sink: &sink, into: &output)
    case (.openSent, .notification), (.openConfirm, .notification), (.established, .notification):
      receivedNotification(Notification(decoding: body), direction, at: now, into: &output)
    case (.openSent, .update), (.openSent, .keepalive), (.openSent, .routeRefresh), (.openConfirm, .open), (.openConfirm, .update),
      (.openConfirm, .routeRefresh), (.established, .open):
      fail(direction, .unexpected(message.type, in: state), at: now, into: &output)
    case (.idle, _), (.connect, _), (.active, _):
      break  // `isLive` lets none of these through.
    }
  }

  private mutating func receivedUpdate<Sink: RouteSink & ~Copyable>(
    _ body: RawSpan, _ direction: ConnectionID.Direction, at now: Instant, sink: inout Sink, into output: inout Output
  ) {
    do throws(Notification) {
      if let problem = try decoder.decode(body, sink: &sink) { warn(problem, at: now, into: &output) }
      if let family = decoder.endedFamily { receivedEndOfRIB(family, sink: &sink, into: &output) }
    } catch {
      fail(direction, error, at: now, into: &output)
    }
  }

  /// One line a minute: an unhappy peer must not fill the log.
  private mutating func warn(_ problem: UpdateProblem, at now: Instant, into output: inout Output) {
    guard updateWarningLimiter.admits(at: now) else {
      unreportedUpdateErrors += 1
      return
    }
    let more = unreportedUpdateErrors > 0 ? " (and \(unreportedUpdateErrors) more before)" : ""
    unreportedUpdateErrors = 0
    output.actions.append(.log(.warning, "Invalid UPDATE: \(problem.description)\(more)"))
  }

  private mutating func receivedRefresh<Sink: RouteSink & ~Copyable>(
    _ body: RawSpan, _ direction: ConnectionID.Direction, at now: Instant, sink: inout Sink, into output: inout Output
  ) {
    do throws(Notification) {
      // RFC 2918 §4: for a family that is not carried, and without the capability, it is ignored.
      guard let refresh = try RouteRefresh(decoding: body), let session = self[direction]?.session, session.carries(refresh.family) else {
        return
      }
      switch refresh.subtype {
      case .request: if session.localCapabilities.routeRefresh { output.actions.append(.refresh(refresh.family)) }
      case .begin: if session.enhancedRefresh { beginRefresh(refresh.family, sink: &sink, into: &output) }
      case .end: if session.enhancedRefresh { endRefresh(refresh.family, sink: &sink, into: &output) }
      }
    } catch {
      // RFC 7313 §5 speaks of the length only where enhanced refresh was negotiated; before, it was simply ignored.
      if self[direction]?.session?.enhancedRefresh == true { fail(direction, error, at: now, into: &output) }
    }
  }
}
