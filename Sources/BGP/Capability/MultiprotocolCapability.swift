import RouteCore

/// Multiprotocol extensions (RFC 4760 §8).
///
///     | AFI (2) | Reserved (1) | SAFI (1) |
extension CapabilityRow {
  static let multiprotocol = CapabilityRow(
    code: 1,
    announce: { capabilities, configuration, _ in
      for family in configuration.families where family == .ipv6 || configuration.advertiseIPv4 || configuration.families.count > 1 {
        capabilities.multiprotocol.append(FamilyCode(family))
      }
    },
    decode: { capabilities, value throws(Truncated) in
      let afi = try value.u16()
      try value.skip(1)
      let family = FamilyCode(afi: afi, safi: try value.u8())
      if !capabilities.multiprotocol.contains(family) { capabilities.multiprotocol.append(family) }
    },
    write: { capabilities, announce in
      for family in capabilities.multiprotocol {
        announce {
          $0.u16(family.afi)
          $0.u8(0)
          $0.u8(family.safi)
        }
      }
    },
    describe: { capabilities, description in
      description.add(member: "multiprotocol", capabilities.multiprotocol)
      guard !capabilities.multiprotocol.isEmpty else { return }
      description.lines.append("Multiprotocol")
      description.add("AF announced", capabilities.multiprotocol)
    })
}

extension SessionParameters {
  /// RFC 4760 §8: a family is carried if both sides announced it. IPv4 needs no announcement from a side that announces no family.
  /// A peer without any capability, or one that we must not announce any to, is taken to carry what is configured, as BIRD 1.6 does.
  static func agrees(_ family: AddressFamily, _ configuration: PeerConfiguration, _ local: Capabilities, _ remote: Capabilities) -> Bool {
    guard configuration.channel(family) != nil else { return false }
    if !remote.isPresent || !local.isPresent {
      if remote.multiprotocol.contains(FamilyCode(family)) { return true }
      return remote.multiprotocol.isEmpty && (family == .ipv4 || configuration.ipv4 == nil)
    }
    if remote.multiprotocol.isEmpty { return family == .ipv4 }
    return remote.multiprotocol.contains(FamilyCode(family))
  }
}
