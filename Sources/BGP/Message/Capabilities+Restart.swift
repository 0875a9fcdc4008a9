import RouteCore

// Graceful restart (RFC 4724 §3), code 64, and long-lived graceful restart (RFC 9494 §3.1), code 71.
//
//     | Flags (4 bits) | Restart time (12 bits) | AFI (2) | SAFI (1) | Flags (1) | …
//     | AFI (2) | SAFI (1) | Flags (1) | Stale time (3) | …
extension Capabilities {
  static func write(_ restart: GracefulRestart, into writer: inout WireWriter) {
    writer.u8(64)
    writer.u8(UInt8(truncatingIfNeeded: 2 + 4 * restart.families.count))
    writer.u16(restart.restartTime & GracefulRestart.longestTime | (restart.restarted ? 0x8000 : 0))
    for family in restart.families {
      writer.u16(family.afi)
      writer.u8(family.safi)
      writer.u8(restart.preserved.contains(family) ? 0x80 : 0)
    }
  }

  static func write(_ restart: LongLivedGracefulRestart, into writer: inout WireWriter) {
    writer.u8(71)
    writer.u8(UInt8(truncatingIfNeeded: 7 * restart.families.count))
    for family in restart.families {
      writer.u16(family.code.afi)
      writer.u8(family.code.safi)
      writer.u32(family.staleTime & LongLivedGracefulRestart.longestTime | (family.isPreserved ? 0x8000_0000 : 0))
    }
  }

  /// What a configuration says of restarts. Forwarding goes on while we are away, as the kernel keeps its routes, so each family that
  /// is announced at all after a restart has the F bit.
  mutating func announceRestart(_ configuration: PeerConfiguration, _ isRecovering: Bool) {
    if configuration.gracefulRestart != .no {
      var restart = GracefulRestart(restartTime: configuration.gracefulRestartTime, restarted: isRecovering)
      restart.families = configuration.families.filter { configuration.keepsStateOver(.gracefulRestart, $0) }.map { FamilyCode($0) }
      if isRecovering { restart.preserved = restart.families }
      gracefulRestart = restart
    }
    if configuration.effectiveLongLivedGracefulRestart != .no {
      var restart = LongLivedGracefulRestart()
      for family in configuration.families where configuration.keepsStateOver(.longLived, family) {
        restart.families.append(
          .init(code: FamilyCode(family), staleTime: configuration.staleTime(family), isPreserved: isRecovering))
      }
      longLivedGracefulRestart = restart
    }
  }
}
