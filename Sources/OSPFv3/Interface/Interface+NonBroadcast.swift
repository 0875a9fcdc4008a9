import RouteCore

// Networks without multicast: to whom Hellos go (RFC 2328 §9.5.1), and who is taken for a neighbour.

extension Interface {
  /// The two timers that send Hellos.
  enum HelloTimer {
    case hello
    case poll
  }

  /// Where the Hellos of a timer go.
  func helloDestinations(_ timer: HelloTimer, at now: Instant) -> [IPAddress] {
    if type.usesMulticast { return timer == .hello ? [allRouters] : [] }
    // One list of neighbours can serve all routers of a network: we are in it ourselves.
    let silent = configuredNeighbors.filter { configured in
      configured.address != status.linkLocal && !neighbors.contains { $0.address == configured.address }
    }
    guard type == .nonBroadcast else {
      let all = neighbors.map { $0.address } + silent.map { $0.address }
      // With nobody else to try, the other end of the address.
      if all.isEmpty, !options.strictNonBroadcast, let peer = status.linkLocalPeer { return [peer] }
      return all
    }
    // The designated router and its backup speak to all, others that are eligible to those that are, too.
    let isEligible = options.priority > 0
    let wanted = silent.filter { isDesignated || (isEligible && $0.isEligible) }
    switch timer {
    case .poll: return wanted.filter { !$0.isAttempted(at: now) }.map { $0.address }
    case .hello:
      let heard = neighbors.filter {
        isDesignated || (isEligible && $0.priority > 0) || $0.routerID == designatedRouter || $0.routerID == backupDesignatedRouter
      }
      return heard.map { $0.address } + wanted.filter { $0.isAttempted(at: now) }.map { $0.address }
    }
  }

  /// §9.5.1: a router that is not eligible answers those that are, unless they get its Hellos anyway.
  func mustAnswer(_ hello: HelloPacket, _ id: RouterID) -> Bool {
    type == .nonBroadcast && options.priority == 0 && hello.priority > 0 && id != designatedRouter && id != backupDesignatedRouter
  }

  /// Why a router that is no neighbour yet must not become one.
  func problem(newcomer hello: HelloPacket, _ id: RouterID, _ source: IPAddress) -> String? {
    guard !type.usesMulticast, neighbors.find(id) == nil else { return nil }
    guard let configured = configuredNeighbors.first(where: { $0.address == source }) else {
      return options.strictNonBroadcast ? "new neighbor denied" : nil
    }
    let isMismatch = type == .nonBroadcast && configured.isEligible != (hello.priority > 0)
    return isMismatch ? "eligibility mismatch (\(hello.priority))" : nil
  }

  /// Start (§10.3) for the neighbours that a condition chooses: Down → Attempt.
  mutating func startNeighbors(at now: Instant, where condition: (ConfiguredNeighbor) -> Bool) {
    for c in configuredNeighbors.indices where condition(configuredNeighbors[c]) {
      configuredNeighbors[c].attemptDeadline = now + deadInterval
    }
  }

  /// Takes `neighbors` over from the options. Whoever is a neighbour already stays one.
  mutating func adoptConfiguredNeighbors(in context: inout InterfaceContext) {
    let before = configuredNeighbors
    var adopted: [ConfiguredNeighbor] = []
    for wanted in options.neighbors where !adopted.contains(where: { $0.address == wanted.address }) {
      var configured = ConfiguredNeighbor(address: wanted.address, isEligible: wanted.isEligible)
      if let known = before.first(where: { $0.address == wanted.address }) {
        configured.attemptDeadline = known.attemptDeadline
        if known.isEligible != wanted.isEligible {
          context.output.trace(.events, "Changing eligibility of NBMA neighbor \(wanted.address) on \(status.name)")
        }
      } else {
        context.output.trace(.events, "Adding NBMA neighbor \(wanted.address) on \(status.name)")
        if !wanted.address.isLinkLocal {
          context.output.log(.warning, "Configured neighbor address (\(wanted.address)) should be link-local")
        }
        // Packets of OSPFv3 are IPv6's.
        if wanted.address.isIPv4 { continue }
        if isActive {
          configured.attemptDeadline = context.now + deadInterval
          helloDeadline = context.now
        }
      }
      adopted.append(configured)
    }
    for gone in before where !adopted.contains(where: { $0.address == gone.address }) {
      context.output.trace(.events, "Removing NBMA neighbor \(gone.address) on \(status.name)")
    }
    configuredNeighbors = adopted
  }

  /// Logs that the link is not capable of the type wanted.
  func warnOfType(in context: inout InterfaceContext) {
    if type == wantedType { return }
    context.output.log(.warning, "Cannot use interface \(status.name) as \(wantedType.name), forcing \(type.name)")
  }
}
