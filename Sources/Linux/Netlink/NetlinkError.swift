import CLinux
import CMnl

/// The answer to a request: NLMSG_ERROR, which with code 0 is the acknowledgement.
package struct NetlinkReply: Hashable, Sendable {
  package var sequence: UInt32
  /// The errno, 0 for success.
  package var code: Int32
  /// The kernel's own message (extended ack), if there is one.
  package var text: String?

  //  struct nlmsgerr: 0 i32 error, 4 the request's nlmsghdr (16 bytes), its body unless NLM_F_CAPPED, then attributes if
  //  NLM_F_ACK_TLVS.
  package init?(_ header: NetlinkHeader, _ body: RawSpan) {
    guard Int32(header.type) == NLMSG_ERROR, body.byteCount >= 20 else { return nil }
    sequence = header.sequence
    code = 0 &- Int32(bitPattern: body.hostU32(0))
    guard Int32(header.flags) & NLM_F_ACK_TLVS != 0 else { return }
    var start = 20
    if Int32(header.flags) & NLM_F_CAPPED == 0 {
      let length = Int(body.hostU32(4))
      guard length >= 16, length <= body.byteCount else { return }
      start = 4 + (length + 3) & ~3
    }
    var found: String?
    NetlinkMessages.forEachAttribute(in: body, from: start) { type, value in
      if Int(type) == Int(NLMSGERR_ATTR_MSG.rawValue) { found = value.text }
    }
    text = found
  }
}
