import RouteCore

extension Capabilities {
  /// RFC 9494 §3.1. Without a family: stale routes of others are known, ours are not to be kept.
  public struct LongLivedGracefulRestart: Hashable, Sendable {
    /// What is announced for one family.
    public struct Family: Hashable, Sendable {
      /// Which family it is.
      public var code: FamilyCode
      /// How long the routes are to be kept, in seconds.
      public var staleTime: UInt32
      /// The F bit.
      public var isPreserved: Bool
    }
    /// Those whose stale routes the peer is asked to keep, in the order announced.
    public var families: [Family] = []
    /// Twenty-four bits.
    public static let longestTime: UInt32 = 0xff_ffff

    /// What was announced for the unicast routes of a family; nil if nothing was.
    public func family(_ family: AddressFamily) -> Family? { families.first { $0.code == FamilyCode(family) } }
  }

  /// RFC 9494 §3.1: it stands only beside graceful restart.
  mutating func requireGracefulRestart() {
    if gracefulRestart == nil { longLivedGracefulRestart = nil }
  }
}

/// Long-lived graceful restart (RFC 9494 §3.1).
///
///     | AFI (2) | SAFI (1) | Flags (1) | Stale time (3) | …
extension CapabilityRow {
  static let longLivedGracefulRestart = CapabilityRow(
    code: 71,
    announce: { capabilities, configuration, isRecovering in
      guard configuration.effectiveLongLivedGracefulRestart != .no else { return }
      var restart = Capabilities.LongLivedGracefulRestart()
      for family in configuration.families where configuration.keepsStateOver(.longLived, family) {
        restart.families.append(
          .init(code: FamilyCode(family), staleTime: configuration.staleTime(family), isPreserved: isRecovering))
      }
      capabilities.longLivedGracefulRestart = restart
    },
    decode: { capabilities, value throws(Truncated) in
      var restart = Capabilities.LongLivedGracefulRestart()
      while value.remaining >= 7 {
        let family = try value.family()
        let word = try value.u32()
        restart.families.append(
          .init(
            code: family, staleTime: word & Capabilities.LongLivedGracefulRestart.longestTime, isPreserved: word & 0x8000_0000 != 0))
      }
      capabilities.longLivedGracefulRestart = restart
    },
    write: { capabilities, announce in
      guard let restart = capabilities.longLivedGracefulRestart else { return }
      announce {
        for family in restart.families {
          $0.family(family.code)
          $0.u32(family.staleTime & Capabilities.LongLivedGracefulRestart.longestTime | (family.isPreserved ? 0x8000_0000 : 0))
        }
      }
    },
    describe: { capabilities, description in
      guard let families = capabilities.longLivedGracefulRestart?.families else { return }
      let longest = families.map { $0.staleTime }.max()
      let kept = families.filter { $0.staleTime > 0 }.map { $0.code }
      let preserved = families.filter { $0.isPreserved }.map { $0.code }
      description.words.append(longest == nil ? "llgr-aware" : "llgr-able")
      description.lines.append("Long-lived graceful restart")
      if let longest {
        description.lines.append("  LL stale time: \(longest)")
        description.add("AF supported", kept)
        description.add("AF preserved", preserved)
      }
      description.addRestart(
        "long_lived_graceful_restart", longest.map { [.init("stale_time", .number(UInt64($0)))] } ?? [], kept, preserved)
    })
}
