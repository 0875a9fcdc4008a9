import RouteCore

extension ProtocolDescription {
  package static let device: ProtocolDescription = ProtocolRow<DeviceConfiguration>(
    "device", displayName: "Device", preference: 240, channels: .none)
}

package struct DeviceConfiguration: Hashable, Sendable {
  /// `scan time`, in seconds; 0 is at startup only.
  package var scanTime: UInt32 = 60
  /// `primary` (1.6) and `interface … { preferred … }` (2.x): addresses to prefer, the first match decides.
  package var preferred: [PreferredAddress] = []

  package struct PreferredAddress: Hashable, Sendable {
    /// Nil: all interfaces.
    package var interfaces: InterfacePattern?
    /// A prefix of the address, or all of it.
    package var prefix: Prefix
  }
}

extension Configuration {
  /// The addresses that the device protocol prefers.
  package var preferredAddresses: [DeviceConfiguration.PreferredAddress] {
    for item in protocols { if case .device(let device) = item.specification { return device.preferred } }
    return []
  }
}

extension DeviceConfiguration: ProtocolBody {
  static let options = OptionTable<Draft<DeviceConfiguration>>([
    .number("scan time", 0...UInt32.max) { $0.body.scanTime = $1 },
    Option("primary", .bird1, repeats: true) { (parser, draft) throws(ParseFailure) in
      var interfaces: InterfacePattern?
      if case .text(let name) = parser.peek.kind {
        parser.advance()
        interfaces = InterfacePattern(name: name)
      }
      draft.body.preferred.append(DeviceConfiguration.PreferredAddress(interfaces: interfaces, prefix: try parser.prefixOrAddress()))
    },
    Option("interface", .bird2, repeats: true) { (parser, draft) throws(ParseFailure) in
      let interfaces = try parser.interfacePattern(prefixes: false)
      guard parser.peek.is(.braceOpen) else { return }
      try parser.block { () throws(ParseFailure) in
        try parser.expect("preferred", "interface \"eth0\" { preferred ADDRESS; };")
        let prefix = Prefix(host: try parser.address())
        draft.body.preferred.append(DeviceConfiguration.PreferredAddress(interfaces: interfaces, prefix: prefix))
      }
    },
  ])

  /// Scans and what they choose from change from one to the next.
  static let settings: [Setting<DeviceConfiguration>] = [
    Setting("scan time", .adjust) { $0.scanTime },
    Setting("preferred", .adjust) { $0.preferred },
  ]

  init(_ dialect: Dialect) {}

  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification { .device(draft.body) }

  static func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) {
    guard parser.configuration.protocols.count(where: { $0.kind == .device }) > 1 else { return }
    parser.report("Kernel device protocol already defined", at: draft.token)
  }

  static func compare(_ old: Specification, _ new: Specification, _ change: inout ConfigurationDifference.ProtocolChange) {
    if case .device(let old) = old, case .device(let new) = new { change.compare(old, new, settings) }
  }
}
