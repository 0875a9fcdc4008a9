import RouteCore

/// RFC 5187 §2.2, of the TLVs of RFC 3623 appendix A: a router announces its restart. In OSPFv3 the neighbour is known by its Router ID,
/// so there is no address among them.
///
///     |  Type         |  Length       |  Value, padded to four octets …
package struct GraceLSA: LSABody, Hashable, Sendable {
  /// Why it restarts, an open registry.
  package enum Reason {
    package static let unknown: UInt8 = 0
  }

  private enum TLV {
    static let gracePeriod: UInt16 = 1
    static let reason: UInt16 = 2
  }

  /// For how many seconds, from the origination of the LSA, the neighbours are to wait; 0 if the LSA does not say.
  package var gracePeriod: UInt32
  package var reason: UInt8

  package init(gracePeriod: UInt32, reason: UInt8 = Reason.unknown) {
    self.gracePeriod = gracePeriod
    self.reason = reason
  }

  package static func decode(_ body: RawSpan) throws(Truncated) -> GraceLSA {
    var reader = WireReader(body)
    var lsa = GraceLSA(gracePeriod: 0)
    while reader.remaining > 0 {
      let type = try reader.u16()
      let length = Int(try reader.u16())
      var value = WireReader(try reader.take((length + 3) & ~3))
      switch (type, length) {
      case (TLV.gracePeriod, 4): lsa.gracePeriod = try value.u32()
      case (TLV.reason, 1): lsa.reason = try value.u8()
      case (TLV.gracePeriod, _), (TLV.reason, _): throw Truncated()
      default: break
      }
    }
    return lsa
  }

  package func encode(into writer: inout WireWriter) {
    writer.u16(TLV.gracePeriod)
    writer.u16(4)
    writer.u32(gracePeriod)
    writer.u16(TLV.reason)
    writer.u16(1)
    writer.u8(reason)
    writer.u24(0)
  }
}
