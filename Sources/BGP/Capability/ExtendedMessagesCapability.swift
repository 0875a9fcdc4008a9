import RouteCore

/// Extended messages (RFC 8654 §3): without a value.
extension CapabilityRow {
  static let extendedMessages = CapabilityRow(
    code: 6,
    announce: { capabilities, configuration, _ in capabilities.extendedMessages = configuration.enableExtendedMessages },
    decode: { capabilities, _ in capabilities.extendedMessages = true },
    write: { capabilities, announce in if capabilities.extendedMessages { announce { _ in } } },
    describe: { capabilities, description in
      description.members.append(.init("extended_message", .flag(capabilities.extendedMessages)))
      guard capabilities.extendedMessages else { return }
      description.words.append("ext-messages")
      description.lines.append("Extended message")
    })
}

extension SessionParameters {
  public var extendedMessages: Bool { localCapabilities.extendedMessages && remoteCapabilities.extendedMessages }
  public var maximumMessageLength: Int { extendedMessages ? MessageHeader.extendedLength : MessageHeader.maximumLength }
}
