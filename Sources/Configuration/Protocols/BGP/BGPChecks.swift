import BGP
import RouteCore

// Checks that are only possible at the end of a BGP protocol: combinations of options that cannot work.
extension Parser {
  /// Which options a problem found by `PeerConfiguration.problems` is about, and what to do.
  private static let bgpProblems: [(text: String, options: [String], hint: String?)] = [
    ("Local AS number must be set", ["local"], "local as 65001;"),
    ("Neighbor must be configured", ["neighbor"], "neighbor 2001:db8::1 as 65002;"),
    ("Remote AS number must be set", ["neighbor"], "neighbor … as 65002;"),
    ("Link-local neighbor address requires specified interface", ["neighbor"], "neighbor fe80::1%eth0 as …, or interface \"eth0\";"),
    ("Only internal neighbor can be RR client", ["rr client"], "the neighbor's AS differs from the local one"),
    ("Only external neighbor can be RS client", ["rs client"], "the neighbor's AS is the local one"),
    ("Confederation ID must be set", ["confederation member"], "confederation N; is the AS number that others see"),
    ("Local role cannot be set", ["local role"], nil),
    ("Local role must be set", ["require roles"], "local role peer; or provider, customer, rs_server, rs_client"),
    ("Long-lived graceful restart requires", ["long lived graceful restart", "graceful restart"], nil),
    ("Hold time must be", ["hold time"], nil), ("Minimal error wait time", ["error wait time"], nil),
    (
      "Multihop BGP cannot use direct gateway mode", ["gateway", "multihop"],
      "write gateway recursive; or direct; (internal sessions are multihop by default)"
    ),
    ("Multihop BGP cannot be used with link-local addresses", ["neighbor"], "write direct;"),
    ("Multihop BGP cannot be bound to interface", ["interface", "neighbor"], "write direct;"),
    ("Multihop BGP cannot depend on link state", ["check link", "multihop"], "write direct;"),
  ]

  func checkBGP(_ peer: PeerConfiguration, _ channels: [ChannelDraft], _ draft: Draft<BGPDraft>) {
    for problem in peer.problems() where problem != "BGP needs at least one channel" {
      // If there is no neighbour at all, do not also report its AS as missing.
      if problem.hasPrefix("Remote AS"), draft.marks["neighbor"] == nil { continue }
      let entry = Parser.bgpProblems.first { problem.hasPrefix($0.text) }
      let place = (entry?.options ?? []).lazy.compactMap { name in draft.marks[name] ?? channels.lazy.compactMap { $0.marks[name] }.first }
      report(problem, at: place.first ?? draft.token, hint: entry?.hint)
    }
    checkNumbers(peer, draft)
    checkAddresses(peer, draft)
    if draft.bfd != nil, !peer.isDirect, peer.localAddress == nil {
      report(
        "Multihop BGP with BFD requires specified \(dialect.isBird1 ? "source" : "local") address", at: draft.marks["bfd"] ?? draft.token,
        hint: dialect.isBird1 ? "source address ADDRESS;" : "local ADDRESS as …;")
    }
    if dialect == .bird2 { checkTimes(peer, draft) }
    for channel in channels { checkBGPChannel(channel, peer, draft) }
  }

  /// AS numbers that contradict each other, or that the session cannot carry.
  private func checkNumbers(_ peer: PeerConfiguration, _ draft: Draft<BGPDraft>) {
    let place = draft.marks["neighbor"] ?? draft.token
    if let number = draft.body.neighborAS {
      let isOwn = number == peer.localAS
      if draft.body.isInternal == true, !isOwn {
        report("IBGP cannot have different ASNs", at: place, hint: "'internal' is AS \(peer.localAS), but 'as \(number)' is given too")
      }
      if draft.body.isInternal == false, isOwn {
        report("EBGP cannot have the same ASNs", at: place, hint: "'external' is not AS \(number)")
      }
      if number > UInt32(UInt16.max), !peer.enableAS4 || peer.capabilities == .no {
        report(
          "Neighbor AS number out of range (AS4 not available)", at: draft.marks["enable as4"] ?? draft.marks["capabilities"] ?? place,
          hint: "AS \(number) needs 4 octets (RFC 6793)")
      }
    }
    if peer.localRole != nil, peer.confederationMember {
      warn("BGP roles are not recommended to be used within AS confederations", at: draft.marks["local role"] ?? place)
    }
    if peer.enforceFirstAS, peer.isInternal {
      report("Enforce first AS check requires EBGP sessions", at: draft.marks["enforce first as"] ?? place)
    }
  }

  private func checkAddresses(_ peer: PeerConfiguration, _ draft: Draft<BGPDraft>) {
    if peer.isListener, peer.interface == nil, let range = peer.neighborRange, range.length >= 10, range.address.isLinkLocal {
      warn(
        "a range of link-local addresses is of one interface", at: draft.marks["neighbor"] ?? draft.token,
        hint: "without interface \"eth0\"; nobody in it can connect")
    }
    guard let local = peer.localAddress else {
      if peer.strictBind {
        report(
          "Local address must be configured for strict bind", at: draft.marks["strict bind"] ?? draft.token, hint: "local ADDRESS as …;")
      }
      return
    }
    let place = draft.marks["source address"] ?? draft.marks["local"] ?? draft.token
    if dialect == .bird2, local.isLinkLocal, peer.interface == nil, !peer.neighborAddress.isLinkLocal {
      report("Link-local addresses require defined interface", at: place, hint: "interface \"eth0\";")
    }
    if !peer.neighborAddress.isUnspecified || peer.isListener, local.family != peer.transportFamily {
      warn(
        "the local address is \(local.family), the neighbor's is \(peer.transportFamily)", at: place,
        hint: "the session cannot come up like that")
    }
  }

  /// BIRD 1.6 lets these pass.
  private func checkTimes(_ peer: PeerConfiguration, _ draft: Draft<BGPDraft>) {
    func place(_ name: String) -> Token { draft.marks[name] ?? draft.token }
    if let keepalive = peer.keepaliveTime {
      if keepalive > peer.holdTime {
        report("Keepalive time must be at most hold time", at: place("keepalive time"), hint: "hold time is \(peer.holdTime)")
      } else if keepalive > peer.holdTime / 2 {
        warn("Keepalive time should be at most 1/2 of hold time", at: place("keepalive time"), hint: "hold time is \(peer.holdTime)")
      }
    }
    if peer.minHoldTime > peer.holdTime {
      report("Min hold time (\(peer.minHoldTime)) exceeds hold time (\(peer.holdTime))", at: place("min hold time"))
    }
    if peer.minKeepaliveTime > peer.effectiveKeepaliveTime {
      report(
        "Min keepalive time (\(peer.minKeepaliveTime)) exceeds keepalive time (\(peer.effectiveKeepaliveTime))",
        at: place("min keepalive time"))
    }
  }

  private func checkBGPChannel(_ channel: ChannelDraft, _ peer: PeerConfiguration, _ draft: Draft<BGPDraft>) {
    let options = channel.configuration
    if configuration.table(named: options.table)?.sorted == true {
      let place = channel.marks["table"] ?? channel.token
      if peer.gatewayMode(options.family) == .recursive {
        report("BGP in recursive mode prohibits sorted table", at: place, hint: "write gateway direct; or use a table without 'sorted'")
      }
      if peer.decision.deterministicMED { report("BGP with deterministic MED prohibits sorted table", at: place) }
    }
    if options.exportsSecondary, configuration.table(named: options.table)?.sorted != true {
      report(
        "BGP with secondary option requires sorted table", at: channel.marks["secondary"] ?? channel.token,
        hint: "write 'sorted' in the definition of the table")
    }
    if let other = channel.bgp.otherIGPTable, !channel.bgp.extendedNextHop {
      let family = options.family.other
      report(
        "'\(other)' is an \(family) table, expected an \(options.family) table", at: channel.marks["igp table"] ?? channel.token,
        hint: "next hops of the other family need extended next hop yes;")
    }
    // RFC 8212; BIRD demands it since 2.0.
    guard dialect == .bird2, !peer.isInterior else { return }
    for direction in ["import", "export"] where channel.marks[direction] == nil {
      report(
        "External BGP requires an explicit \(direction) policy (RFC 8212)", at: channel.token,
        hint: "write \(direction) all; or none, or a filter")
    }
  }
}
