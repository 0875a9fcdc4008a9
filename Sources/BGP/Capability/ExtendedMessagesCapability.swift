import RouteCore

/// Extended messages (RFC 8654 §3): without a value.
extension CapabilityRow {
  static let extendedMessages = CapabilityRow(
    code: 6,
    announce: { capabilities, configuration, _ in capabilities.extendedMessages = configuration.enableExtendedMessages },
    decode: { capabilities, _ in capabilities.extendedMessages = true },
    write: { capabilities, announce in if capabilities.extendedMessages { announce { _ in } } },
    describe: { capabilities, description in
      description.add("extended_message", word: "ext-messages", line: "Extended message", if: capabilities.extendedMessages)
    })
}

extension SessionParameters {
  /// Whether both sides announced extended messages (RFC 8654).
  public var extendedMessages: Bool { localCapabilities.extendedMessages && remoteCapabilities.extendedMessages }
  /// Octets with the header, in either direction: 4096 or 65,535. OPEN and KEEPALIVE stay within 4096.
  public var maximumMessageLength: Int { extendedMessages ? MessageHeader.extendedLength : MessageHeader.maximumLength }
}
