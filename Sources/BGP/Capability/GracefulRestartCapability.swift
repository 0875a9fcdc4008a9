import RouteCore

extension Capabilities {
  /// RFC 4724 §3. Without a family: no state is kept over a restart, but others are helped over theirs.
  public struct GracefulRestart: Hashable, Sendable {
    /// In seconds.
    public var restartTime: UInt16
    /// The R bit: the session is one after a restart.
    public var restarted: Bool
    /// Those whose routes the peer is asked to keep.
    public var families: [FamilyCode] = []
    /// Those of them with the F bit: forwarding went on during the restart.
    public var preserved: [FamilyCode] = []
    /// Twelve bits.
    public static let longestTime: UInt16 = 0xfff
  }
}

/// Graceful restart (RFC 4724 §3).
///
///     | Flags (4 bits) | Restart time (12 bits) | AFI (2) | SAFI (1) | Flags (1) | …
extension CapabilityRow {
  static let gracefulRestart = CapabilityRow(
    code: 64,
    announce: { capabilities, configuration, isRecovering in
      guard configuration.gracefulRestart != .no else { return }
      var restart = Capabilities.GracefulRestart(restartTime: configuration.gracefulRestartTime, restarted: isRecovering)
      restart.families = configuration.families.filter { configuration.keepsStateOver(.gracefulRestart, $0) }.map { FamilyCode($0) }
      // Forwarding goes on while we are away, as the kernel keeps its routes.
      if isRecovering { restart.preserved = restart.families }
      capabilities.gracefulRestart = restart
    },
    decode: { capabilities, value throws(Truncated) in
      let word = try value.u16()
      var restart = Capabilities.GracefulRestart(
        restartTime: word & Capabilities.GracefulRestart.longestTime, restarted: word & 0x8000 != 0)
      while value.remaining >= 4 {
        let family = try value.family()
        restart.families.append(family)
        if try value.u8() & 0x80 != 0 { restart.preserved.append(family) }
      }
      capabilities.gracefulRestart = restart
    },
    write: { capabilities, announce in
      guard let restart = capabilities.gracefulRestart else { return }
      announce {
        $0.u16(restart.restartTime & Capabilities.GracefulRestart.longestTime | (restart.restarted ? 0x8000 : 0))
        for family in restart.families {
          $0.family(family)
          $0.u8(restart.preserved.contains(family) ? 0x80 : 0)
        }
      }
    },
    describe: { capabilities, description in
      guard let restart = capabilities.gracefulRestart else { return }
      let isAware = restart.families.isEmpty
      description.words.append(isAware ? "restart-aware" : "restart-able")
      description.lines.append("Graceful restart")
      if !isAware {
        description.lines.append("  Restart time: \(restart.restartTime)")
        if restart.restarted { description.lines.append("  Restart recovery") }
        description.add("AF supported", restart.families)
        description.add("AF preserved", restart.preserved)
      }
      description.addRestart(
        "graceful_restart",
        isAware ? [] : [.init("restart_time", .number(UInt64(restart.restartTime)))] + [.init("restarting", .flag(restart.restarted))],
        restart.families, restart.preserved)
    })
}

extension CapabilityDescription {
  /// An object of the times and flags of a restart, and its families.
  mutating func addRestart(_ name: String, _ head: [Member], _ families: [FamilyCode], _ preserved: [FamilyCode]) {
    var parts = CapabilityDescription(code: code)
    parts.members = head
    parts.add(member: "families", families)
    parts.add(member: "preserved", preserved)
    members.append(Member(name, .object(parts.members)))
  }
}

extension SessionParameters {
  /// The peer keeps our routes while we restart: it is aware, and does not restart itself (RFC 4724 §4.1).
  public var peerAwaitsRestart: Bool { remoteCapabilities.gracefulRestart.map { !$0.restarted } ?? false }

  /// We have asked the peer to keep our routes of a family over a restart.
  public func keepsStateOverRestart(_ family: AddressFamily) -> Bool {
    localCapabilities.gracefulRestart?.families.contains(FamilyCode(family)) == true
  }
}
