import RouteCore

/// BGP role (RFC 9234 §4.1): one octet.
extension CapabilityRow {
  static let role = CapabilityRow(
    code: 9,
    announce: { capabilities, configuration, _ in capabilities.role = configuration.localRole?.rawValue },
    check: { capabilities, value in
      guard value.byteCount == 1 else { return nil }
      // §4.2: several roles must be the same one. §8: 255 is reserved.
      let role = value.loadU8(0)
      return role == 255 || capabilities.role.map { $0 != role } == true ? .roleMismatch : nil
    },
    decode: { capabilities, value throws(Truncated) in if value.remaining == 1 { capabilities.role = try value.u8() } },
    write: { capabilities, announce in if let role = capabilities.role { announce { $0.u8(role) } } },
    describe: { capabilities, description in
      guard let role = capabilities.role.map({ Role(rawValue: $0)?.name ?? "?" }) else { return }
      description.members.append(.init("role", .text(role)))
      description.lines.append("Role: \(role)")
    })
}

extension Capabilities {
  /// RFC 9234 §4.2: whether the peer's role is the one that ours asks for.
  func agreesOnRole(_ configuration: PeerConfiguration) -> Bool {
    guard let role else { return !configuration.requireRoles }
    return configuration.localRole.map { role == $0.counterpart.rawValue } ?? true
  }
}
