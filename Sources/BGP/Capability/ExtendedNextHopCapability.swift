import RouteCore

/// Extended next hop encoding (RFC 8950 §4).
///
///     | NLRI AFI (2) | NLRI SAFI (2) | Next hop AFI (2) | …
extension CapabilityRow {
  static let extendedNextHop = CapabilityRow(
    code: 5,
    announce: { capabilities, configuration, _ in
      if configuration.ipv4?.extendedNextHop == true { capabilities.extendedNextHop.append(FamilyCode(.ipv4)) }
    },
    decode: { capabilities, value throws(Truncated) in
      while value.remaining >= 6 {
        let afi = try value.u16()
        let safi = try value.u16()
        let nextHop = try value.u16()
        // For others it is not specified.
        guard afi == 1, nextHop == 2, let safi = UInt8(exactly: safi) else { continue }
        let family = FamilyCode(afi: afi, safi: safi)
        if !capabilities.extendedNextHop.contains(family) { capabilities.extendedNextHop.append(family) }
      }
    },
    write: { capabilities, announce in
      guard !capabilities.extendedNextHop.isEmpty else { return }
      announce {
        for family in capabilities.extendedNextHop {
          $0.u16(family.afi)
          $0.u16(UInt16(family.safi))
          $0.u16(2)
        }
      }
    },
    describe: { capabilities, description in
      description.add(member: "extended_next_hop", capabilities.extendedNextHop)
      guard !capabilities.extendedNextHop.isEmpty else { return }
      description.lines.append("Extended next hop")
      description.add("IPv6 nexthop", capabilities.extendedNextHop)
    })
}

extension SessionParameters {
  /// Whether next hops of a family's routes may be of the other one: those of IPv4 routes if both sides say so, those of IPv6 routes, in
  /// their mapped form (RFC 4798 §2), if we do.
  static func agreesOnNextHops(
    _ family: AddressFamily, _ configuration: PeerConfiguration, _ local: Capabilities, _ remote: Capabilities
  ) -> Bool {
    guard configuration.channel(family)?.extendedNextHop == true else { return false }
    let code = FamilyCode(family)
    return family == .ipv6 || local.extendedNextHop.contains(code) && remote.extendedNextHop.contains(code)
  }
}
