extension Notification {
  /// What the code and subcode mean, in the words users know from BIRD.
  public var text: String {
    Self.texts[UInt16(code.rawValue) << 8 | UInt16(subcode)] ?? Self.general[code.rawValue] ?? "Unknown error \(code.rawValue).\(subcode)"
  }

  /// The text and, in quotes, the operator's words if there are any.
  public var detailedText: String {
    guard let message = shutdownCommunication else { return text }
    return "\(text): \"\(message)\""
  }

  /// Codes that have no subcodes worth naming.
  private static let general: [UInt8: String] = [4: "Hold timer expired", 8: "Send hold timer expired"]

  private static let texts: [UInt16: String] = [
    0x0100: "Invalid message header",
    0x0101: "Connection not synchronized",
    0x0102: "Bad message length",
    0x0103: "Bad message type",
    0x0200: "Invalid OPEN message",
    0x0201: "Unsupported version number",
    0x0202: "Bad peer AS",
    0x0203: "Bad BGP identifier",
    0x0204: "Unsupported optional parameter",
    0x0205: "Authentication failure",
    0x0206: "Unacceptable hold time",
    0x0207: "Required capability missing",
    0x0208: "No supported AFI/SAFI",
    0x020b: "Role mismatch",
    0x0300: "Invalid UPDATE message",
    0x0301: "Malformed attribute list",
    0x0302: "Unrecognized well-known attribute",
    0x0303: "Missing mandatory attribute",
    0x0304: "Invalid attribute flags",
    0x0305: "Invalid attribute length",
    0x0306: "Invalid ORIGIN attribute",
    0x0307: "AS routing loop",
    0x0308: "Invalid NEXT_HOP attribute",
    0x0309: "Optional attribute error",
    0x030a: "Invalid network field",
    0x030b: "Malformed AS_PATH",
    0x0500: "Finite state machine error",
    0x0501: "Unexpected message in OpenSent state",
    0x0502: "Unexpected message in OpenConfirm state",
    0x0503: "Unexpected message in Established state",
    0x0600: "Cease",
    0x0601: "Maximum number of prefixes reached",
    0x0602: "Administrative shutdown",
    0x0603: "Peer de-configured",
    0x0604: "Administrative reset",
    0x0605: "Connection rejected",
    0x0606: "Other configuration change",
    0x0607: "Connection collision resolution",
    0x0608: "Out of Resources",
    0x0609: "Hard reset",
    0x060a: "BFD session down",
    0x0700: "Invalid ROUTE-REFRESH message",
    0x0701: "Invalid ROUTE-REFRESH message length",
  ]
}
