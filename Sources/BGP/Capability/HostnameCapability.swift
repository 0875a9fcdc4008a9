import RouteCore

extension Capabilities {
  /// What fits beside the two lengths.
  public static let longestHostname = 253
}

/// The host name (draft-walton-bgp-hostname-capability), and a domain, which we leave empty.
///
///     | Length (1) | Name | Length (1) | Domain |
extension CapabilityRow {
  static let hostname = CapabilityRow(
    code: 73,
    announce: { capabilities, configuration, _ in
      if configuration.advertiseHostname, !configuration.hostname.isEmpty { capabilities.hostname = configuration.hostname }
    },
    decode: { capabilities, value throws(Truncated) in
      let size = try value.u8()
      let text = try value.take(Int(size)).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
      capabilities.hostname = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
    },
    write: { capabilities, announce in
      guard let hostname = capabilities.hostname, hostname.utf8.count <= Capabilities.longestHostname else { return }
      announce {
        $0.u8(UInt8(truncatingIfNeeded: hostname.utf8.count))
        for byte in hostname.utf8 { $0.u8(byte) }
        $0.u8(0)
      }
    },
    describe: { capabilities, description in
      guard let hostname = capabilities.hostname else { return }
      description.members.append(.init("hostname", .text(hostname)))
      description.lines.append("Hostname: \(hostname)")
    })
}
