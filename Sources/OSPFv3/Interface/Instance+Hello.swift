import RouteCore

// Receiving Hellos, RFC 2328 §10.5 as amended by RFC 5340 §4.2.2.1.

extension Instance {
  mutating func receiveHello(
    _ hello: HelloPacket, _ id: RouterID, from source: IPAddress, on i: Int, at now: Instant, into output: inout Output
  ) {
    if let problem = problem(hello, on: i) ?? problem(newcomer: hello, id, source, on: i) {
      return complain(i, source, problem, at: now, into: &output)
    }
    let isNew = interfaces[i].neighbor(id) == nil
    let n = findOrAddNeighbor(hello, id, source, on: i, at: now, into: &output)
    let old = interfaces[i].neighbors[n]
    if old.address != source || old.interfaceID != hello.interfaceID {
      interfaces[i].neighbors[n].address = source
      interfaces[i].neighbors[n].interfaceID = hello.interfaceID
      output.neighborsChanged = true
      touch(area: interfaces[i].area, at: now)
    }
    interfaces[i].neighbors[n].inactivityDeadline = now + .seconds(Int64(interfaces[i].options.effectiveDeadInterval))
    neighbor(i, n, .helloReceived, at: now, into: &output)
    // What it says of itself is taken down before any election looks at it.
    interfaces[i].neighbors[n].priority = hello.priority
    interfaces[i].neighbors[n].designatedRouter = hello.designatedRouter
    interfaces[i].neighbors[n].backupDesignatedRouter = hello.backupDesignatedRouter
    if !interfaces[i].type.usesMulticast, isNew || isToBeAnswered(hello, id, on: i) { sendHello(i, to: [source], into: &output) }
    guard hello.neighbors.contains(routerID) else { return neighbor(i, n, .oneWay, at: now, into: &output) }
    neighbor(i, n, .twoWayReceived, at: now, into: &output)
    guard interfaces[i].type.hasDesignatedRouter else { return }
    if interfaces[i].state == .waiting {
      // It is the designated router and knows of no backup, or it is the backup.
      let isAlone = hello.designatedRouter == id && hello.backupDesignatedRouter.rawValue == 0
      recognizeRole(hello, i, at: now, into: &output)
      if isAlone || hello.backupDesignatedRouter == id { backupSeen(i, at: now, into: &output) }
      return
    }
    let changed =
      old.priority != hello.priority || (old.designatedRouter == id) != (hello.designatedRouter == id)
      || (old.backupDesignatedRouter == id) != (hello.backupDesignatedRouter == id)
    if changed { neighborChange(i, at: now, into: &output) }
  }

  private func problem(_ hello: HelloPacket, on i: Int) -> String? {
    let options = interfaces[i].options
    if hello.helloInterval != options.helloInterval { return "hello interval mismatch (\(hello.helloInterval))" }
    if UInt32(hello.deadInterval) != options.effectiveDeadInterval { return "dead interval mismatch (\(hello.deadInterval))" }
    let mask: Options = [.e, .n]
    if hello.options.intersection(mask) != areas[interfaces[i].area].options.intersection(mask) {
      return "area type mismatch (\(String(hello.options.rawValue, radix: 16)))"
    }
    // RFC 5838 §2.4: neighbours that do not know of families take Instance IDs for plain numbers.
    if family != .ipv6, !hello.options.contains(.af) { return "AF-bit mismatch (\(String(hello.options.rawValue, radix: 16)))" }
    return nil
  }

  private mutating func findOrAddNeighbor(
    _ hello: HelloPacket, _ id: RouterID, _ source: IPAddress, on i: Int, at now: Instant, into output: inout Output
  ) -> Int {
    if let known = interfaces[i].neighbor(id) { return known }
    output.neighborsChanged = true
    let at = interfaces[i].neighbors.firstIndex { id < $0.routerID } ?? interfaces[i].neighbors.count
    interfaces[i].neighbors.insert(
      Neighbor(
        routerID: id, address: source, interfaceID: hello.interfaceID, priority: hello.priority,
        designatedRouter: hello.designatedRouter, backupDesignatedRouter: hello.backupDesignatedRouter, inactivityDeadline: now),
      at: at)
    // A Hello at once lets the newcomer see itself listed without waiting for HelloInterval.
    if interfaces[i].type.usesMulticast { interfaces[i].helloDeadline = now }
    return at
  }
}
