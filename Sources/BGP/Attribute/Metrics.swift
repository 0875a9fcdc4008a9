import RouteCore

/// MULTI_EXIT_DISC (RFC 4271 §5.1.4): optional non-transitive, four octets.
enum MultiExitDiscriminator {
  /// RFC 7606 §7.4.
  static func decode(_ value: RawSpan, into attributes: inout RouteAttributes) -> Verdict {
    guard value.byteCount == 4 else { return .treatAsWithdraw }
    attributes.header.med = value.loadU32(0)
    attributes.header.flags.insert(.hasMED)
    return .accept
  }

  static func encode(_ header: AttributeHeader, into writer: inout WireWriter) {
    guard header.flags.contains(.hasMED) else { return }
    writer.attribute(.multiExitDiscriminator, length: 4)
    writer.u32(header.med)
  }
}

/// LOCAL_PREF (RFC 4271 §5.1.5): well-known, between internal peers only, four octets.
enum LocalPref {
  /// RFC 7606 §7.5: from an external peer it is discarded, whatever it holds, and without a word: many send it.
  static func decode(_ value: RawSpan, _ context: DecodeContext, into attributes: inout RouteAttributes) -> Verdict {
    guard context.takesLocalPref else { return .accept }
    guard value.byteCount == 4 else { return .treatAsWithdraw }
    attributes.header.localPref = value.loadU32(0)
    attributes.header.flags.insert(.hasLocalPref)
    return .accept
  }

  static func encode(_ header: AttributeHeader, into writer: inout WireWriter) {
    guard header.flags.contains(.hasLocalPref) else { return }
    writer.attribute(.localPref, length: 4)
    writer.u32(header.localPref)
  }
}
