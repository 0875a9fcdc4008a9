import RouteCore

// The timers that end a wait for somebody else. What has arrived, and is not read yet, may disprove them: a Hello, a Grace-LSA that is
// flushed. So only `.deadline` looks at them, before which all of it is read; and no packet of one neighbour ends the wait for another
// whose own is right behind it.
extension Instance {
  public var silenceDeadline: Instant? {
    if isStopped { return nil }
    var deadline: Instant?
    for interface in interfaces {
      deadline = earliest(deadline, interface.waitDeadline)
      for neighbor in interface.neighbors { deadline = earliest(deadline, neighbor.silenceDeadline) }
    }
    return deadline
  }

  mutating func endWaiting(at now: Instant, into output: inout Output) {
    for i in interfaces.indices {
      if let wait = interfaces[i].waitDeadline, wait <= now { waitTimerFired(i, at: now, into: &output) }
      for n in interfaces[i].neighbors.indices {
        guard let deadline = interfaces[i].neighbors[n].silenceDeadline, deadline <= now else { continue }
        if let grace = interfaces[i].neighbors[n].graceDeadline, grace <= now {
          stopHelping(i, n, "graceful restart timer expired", at: now, into: &output)
        }
        let neighbor = interfaces[i].neighbors[n]
        if neighbor.state != .down, neighbor.inactivityDeadline <= now { self.neighbor(i, n, .inactivityTimer, at: now, into: &output) }
      }
    }
  }
}

extension Neighbor {
  /// When it is given up.
  fileprivate var silenceDeadline: Instant? { state == .down ? graceDeadline : earliest(inactivityDeadline, graceDeadline) }
}
