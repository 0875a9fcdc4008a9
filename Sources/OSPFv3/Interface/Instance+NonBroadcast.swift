import RouteCore

// Networks without multicast: to whom Hellos go (RFC 2328 §9.5.1), and who is taken for a neighbour.

extension Instance {
  /// The two timers that send Hellos.
  enum HelloTimer {
    case hello
    case poll
  }

  /// Where the Hellos of a timer go.
  func helloDestinations(_ i: Int, _ timer: HelloTimer, at now: Instant) -> [IPAddress] {
    let interface = interfaces[i]
    if interface.type.usesMulticast { return timer == .hello ? [interface.allRouters] : [] }
    // One list of neighbours can serve all routers of a network: we are in it ourselves.
    let silent = interface.configuredNeighbors.filter { configured in
      configured.address != interface.status.linkLocal && !interface.neighbors.contains { $0.address == configured.address }
    }
    guard interface.type == .nonBroadcast else {
      let all = interface.neighbors.map { $0.address } + silent.map { $0.address }
      // With nobody else to try, the other end of the address.
      if all.isEmpty, !interface.options.strictNonBroadcast, let peer = interface.status.linkLocalPeer { return [peer] }
      return all
    }
    // The designated router and its backup speak to all, others that are eligible to those that are, too.
    let isEligible = interface.options.priority > 0
    let isForAll = interface.state == .designatedRouter || interface.state == .backup
    let wanted = silent.filter { isForAll || (isEligible && $0.isEligible) }
    switch timer {
    case .poll: return wanted.filter { !$0.isAttempted(at: now) }.map { $0.address }
    case .hello:
      let heard = interface.neighbors.filter {
        isForAll || (isEligible && $0.priority > 0) || $0.routerID == interface.designatedRouter
          || $0.routerID == interface.backupDesignatedRouter
      }
      return heard.map { $0.address } + wanted.filter { $0.isAttempted(at: now) }.map { $0.address }
    }
  }

  /// §9.5.1: who is not eligible answers those who are, unless they get its Hellos anyway.
  func isToBeAnswered(_ hello: HelloPacket, _ id: RouterID, on i: Int) -> Bool {
    interfaces[i].type == .nonBroadcast && interfaces[i].options.priority == 0 && hello.priority > 0
      && id != interfaces[i].designatedRouter && id != interfaces[i].backupDesignatedRouter
  }

  /// Why a router that is no neighbour yet must not become one.
  func problem(newcomer hello: HelloPacket, _ id: RouterID, _ source: IPAddress, on i: Int) -> String? {
    let interface = interfaces[i]
    guard !interface.type.usesMulticast, interface.neighbor(id) == nil else { return nil }
    guard let configured = interface.configuredNeighbors.first(where: { $0.address == source }) else {
      return interface.options.strictNonBroadcast ? "new neighbor denied" : nil
    }
    let isMismatch = interface.type == .nonBroadcast && configured.isEligible != (hello.priority > 0)
    return isMismatch ? "eligibility mismatch (\(hello.priority))" : nil
  }

  /// Start (§10.3) for those neighbours that a condition chooses: Down → Attempt.
  mutating func startNeighbors(_ i: Int, at now: Instant, where condition: (ConfiguredNeighbor) -> Bool = { _ in true }) {
    let deadline = now + .seconds(Int64(interfaces[i].options.effectiveDeadInterval))
    for c in interfaces[i].configuredNeighbors.indices where condition(interfaces[i].configuredNeighbors[c]) {
      interfaces[i].configuredNeighbors[c].attemptDeadline = deadline
    }
  }

  /// Takes `neighbors` over from the options. Whoever is a neighbour already stays one.
  mutating func adoptConfiguredNeighbors(_ i: Int, at now: Instant, into output: inout Output) {
    let name = interfaces[i].status.name
    let before = interfaces[i].configuredNeighbors
    var adopted: [ConfiguredNeighbor] = []
    for wanted in interfaces[i].options.neighbors where !adopted.contains(where: { $0.address == wanted.address }) {
      var configured = ConfiguredNeighbor(address: wanted.address, isEligible: wanted.isEligible)
      if let known = before.first(where: { $0.address == wanted.address }) {
        configured.attemptDeadline = known.attemptDeadline
        if known.isEligible != wanted.isEligible {
          output.trace(.events, "Changing eligibility of NBMA neighbor \(wanted.address) on \(name)")
        }
      } else {
        output.trace(.events, "Adding NBMA neighbor \(wanted.address) on \(name)")
        if !wanted.address.isLinkLocal {
          output.log(.warning, "Configured neighbor address (\(wanted.address)) should be link-local")
        }
        // Packets of OSPFv3 are IPv6's.
        if wanted.address.isIPv4 { continue }
        if interfaces[i].isActive {
          configured.attemptDeadline = now + .seconds(Int64(interfaces[i].options.effectiveDeadInterval))
          interfaces[i].helloDeadline = now
        }
      }
      adopted.append(configured)
    }
    for gone in before where !adopted.contains(where: { $0.address == gone.address }) {
      output.trace(.events, "Removing NBMA neighbor \(gone.address) on \(name)")
    }
    interfaces[i].configuredNeighbors = adopted
  }

  /// A link that cannot do what was wanted of it.
  func warnOfType(_ i: Int, into output: inout Output) {
    let interface = interfaces[i]
    if interface.type == interface.wantedType { return }
    output.log(
      .warning, "Cannot use interface \(interface.status.name) as \(interface.wantedType.name), forcing \(interface.type.name)")
  }
}
