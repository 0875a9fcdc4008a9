import RouteCore

/// Four-octet AS numbers (RFC 6793 §3): the AS number in four octets.
extension CapabilityRow {
  static let as4 = CapabilityRow(
    code: 65,
    announce: { capabilities, configuration, _ in capabilities.as4 = configuration.enableAS4 ? configuration.publicAS : nil },
    decode: { capabilities, value throws(Truncated) in capabilities.as4 = try value.u32() },
    write: { capabilities, announce in if let number = capabilities.as4 { announce { $0.u32(number) } } },
    describe: { capabilities, description in
      description.add("as4", word: "AS4", line: "4-octet AS numbers", if: capabilities.as4 != nil)
    })
}

extension SessionParameters {
  /// AS numbers have four octets on this session (RFC 6793).
  public var fourOctetAS: Bool { localCapabilities.as4 != nil && remoteCapabilities.as4 != nil }
}
