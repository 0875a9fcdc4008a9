import RouteCore

// Hellos, RFC 2328 §9.5 and §10.5 as amended by RFC 5340 §4.2.1.1 and §4.2.2.1.

extension Interface {
  /// Takes a Hello from a router.
  mutating func receive(_ hello: HelloPacket, from id: RouterID, at address: IPAddress, in context: inout InterfaceContext) {
    // RFC 5340 §4.7: the other end of a virtual link is reached by the address it announces, whichever it sends from.
    let source = virtualLink?.peerAddress ?? address
    if let problem = problem(hello, context) ?? problem(newcomer: hello, id, source) {
      return complain(of: source, problem, at: context.now, into: &context.output)
    }
    let known = neighbors.find(id)
    let n = known ?? add(hello, id, source, in: &context)
    let old = neighbors[n]
    if old.address != source || old.interfaceID != hello.interfaceID {
      neighbors[n].address = source
      neighbors[n].interfaceID = hello.interfaceID
      context.output.neighborsChanged = true
      context.due.insert(.area)
    }
    neighbors[n].inactivityDeadline = context.now + deadInterval
    generate(.helloReceived, for: n, in: &context)
    // What it says of itself is taken down before any election looks at it.
    neighbors[n].priority = hello.priority
    neighbors[n].designatedRouter = hello.designatedRouter
    neighbors[n].backupDesignatedRouter = hello.backupDesignatedRouter
    if !type.usesMulticast, known == nil || mustAnswer(hello, id) { sendHello(to: [source], in: &context) }
    guard hello.neighbors.contains(context.routerID) else { return generate(.oneWay, for: n, in: &context) }
    generate(.twoWayReceived, for: n, in: &context)
    guard type.hasDesignatedRouter else { return }
    if state == .waiting {
      if context.isRecovering { recognizeRole(hello, in: &context) }
      // BackupSeen: it is the designated router and knows of no backup, or it is the backup.
      let isAlone = hello.designatedRouter == id && hello.backupDesignatedRouter == .unspecified
      if isAlone || hello.backupDesignatedRouter == id, state == .waiting { endWaiting(in: &context) }
      return
    }
    let changed =
      old.priority != hello.priority || (old.designatedRouter == id) != (hello.designatedRouter == id)
      || (old.backupDesignatedRouter == id) != (hello.backupDesignatedRouter == id)
    if changed { neighborChange(in: &context) }
  }

  private func problem(_ hello: HelloPacket, _ context: InterfaceContext) -> String? {
    if hello.helloInterval != options.helloInterval { return "hello interval mismatch (\(hello.helloInterval))" }
    if UInt32(hello.deadInterval) != options.effectiveDeadInterval { return "dead interval mismatch (\(hello.deadInterval))" }
    let mask: Options = [.e, .n]
    if hello.options.intersection(mask) != context.options.intersection(mask) {
      return "area type mismatch (\(String(hello.options.rawValue, radix: 16)))"
    }
    // RFC 5838 §2.4: neighbours that do not know of families take Instance IDs for plain numbers.
    if context.family != .ipv6, !hello.options.contains(.af) {
      return "AF-bit mismatch (\(String(hello.options.rawValue, radix: 16)))"
    }
    return nil
  }

  private mutating func add(_ hello: HelloPacket, _ id: RouterID, _ source: IPAddress, in context: inout InterfaceContext) -> NeighborID {
    context.output.neighborsChanged = true
    // A Hello at once lets the newcomer see itself listed without waiting for HelloInterval.
    if type.usesMulticast { helloDeadline = context.now }
    return neighbors.insert(
      Neighbor(
        routerID: id, address: source, interfaceID: hello.interfaceID, priority: hello.priority,
        designatedRouter: hello.designatedRouter, backupDesignatedRouter: hello.backupDesignatedRouter, inactivityDeadline: context.now))
  }

  /// RFC 3623 §2.1: that this router was the designated router or its backup before its restart is what a neighbour says while it waits.
  private mutating func recognizeRole(_ hello: HelloPacket, in context: inout InterfaceContext) {
    if hello.designatedRouter == context.routerID {
      designatedRouter = context.routerID
    } else if hello.backupDesignatedRouter == context.routerID {
      backupDesignatedRouter = context.routerID
    } else {
      return
    }
    endWaiting(in: &context)
  }

  /// Sends a Hello to several destinations; nothing if there is none.
  func sendHello(to destinations: [IPAddress], in context: inout InterfaceContext) {
    let hello = HelloPacket(
      interfaceID: key.index, priority: options.priority, options: context.options, helloInterval: options.helloInterval,
      deadInterval: UInt16(clamping: options.effectiveDeadInterval), designatedRouter: designatedRouter,
      backupDesignatedRouter: backupDesignatedRouter, neighbors: neighbors.filter { $0.state >= .`init` }.map { $0.routerID })
    send(to: destinations, in: &context) { destination, context in
      send(.hello, to: destination, in: &context) { hello.encode(into: &$0) }
    }
  }
}
