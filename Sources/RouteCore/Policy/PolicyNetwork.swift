/// Networks of kinds that our tables do not hold, as the 2.x language writes them: ROAs (RFC 6811), VPN networks (RFC 4364), flow
/// specifications (RFC 8955), source-specific networks and MPLS labels. Filters can compare them and take them apart.
///
/// As a value such a network is bytes: the type (`NET_…`), the length and the 16 bytes of the main prefix, and behind them what the
/// type adds.
package enum PolicyNetwork: Hashable, Sendable {
  /// `PREFIX max N as N`
  case roa(Prefix, maximumLength: UInt8, asn: UInt32)
  /// `RD PREFIX`
  case vpn(UInt64, Prefix)
  /// `PREFIX from PREFIX`
  case sourceSpecific(Prefix, from: Prefix)
  /// `mpls N`
  case mpls(UInt32)
  /// `flow4 { … }`, with its text in the order of the components' numbers.
  case flow(AddressFamily, destination: Prefix?, source: Prefix?, text: String)

  /// The number of NET_IP4 and its relatives.
  var type: UInt8 {
    switch self {
    case .vpn(_, let prefix): prefix.family == .ipv4 ? 3 : 4
    case .roa(let prefix, _, _): prefix.family == .ipv4 ? 5 : 6
    case .flow(let family, _, _, _): family == .ipv4 ? 7 : 8
    case .sourceSpecific: 9
    case .mpls: 10
    }
  }

  package var encoded: [UInt8] {
    var writer = WireWriter()
    func put(_ prefix: Prefix) {
      writer.u8(prefix.length)
      writer.u64(prefix.address.high)
      writer.u64(prefix.address.low)
    }
    writer.u8(type)
    switch self {
    case .roa(let prefix, let maximumLength, let asn):
      put(prefix)
      writer.u8(maximumLength)
      writer.u32(asn)
    case .vpn(let distinguisher, let prefix):
      put(prefix)
      writer.u64(distinguisher)
    case .sourceSpecific(let prefix, let source):
      put(prefix)
      put(source)
    case .mpls(let label):
      put(Prefix(.unspecified, 0))
      writer.u32(label)
    case .flow(let family, let destination, let source, let text):
      let any = Prefix(family == .ipv4 ? IPAddress(ipv4: 0) : .unspecified, 0, family)
      put(destination ?? any)
      put(source ?? any)
      for byte in text.utf8 { writer.u8(byte) }
    }
    return writer.bytes
  }
}

/// Reading an encoded network. Whatever the bytes are, nothing is read beyond them.
struct PolicyNetworkBytes {
  let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var type: UInt8 { bytes.first ?? 0 }
  var isROA: Bool { type == 5 || type == 6 }
  var isVPN: Bool { type == 3 || type == 4 }
  var isFlow: Bool { type == 7 || type == 8 }
  /// Flow specifications and source-specific networks have two prefixes.
  var hasSource: Bool { isFlow || type == 9 }
  private var family: AddressFamily { [3, 5, 7].contains(type) ? .ipv4 : .ipv6 }

  private func wide(_ offset: Int) -> UInt64 { UInt64(bytes.word(offset)) << 32 | UInt64(bytes.word(offset + 4)) }
  private func prefix(at offset: Int) -> Prefix {
    guard offset + 17 <= bytes.count else { return Prefix(.unspecified, 0, family) }
    let length = min(bytes[offset], family.bitWidth)
    return Prefix(IPAddress(high: wide(offset + 1), low: wide(offset + 9)), length, family)
  }

  var prefix: Prefix { prefix(at: 1) }
  var source: Prefix { prefix(at: 18) }
  var maximumLength: UInt32 { bytes.count > 18 ? UInt32(bytes[18]) : 0 }
  var asn: UInt32 { bytes.word(19) }
  var distinguisher: UInt64 { wide(18) }

  var text: String {
    switch type {
    case 3, 4: return "\(PolicyText.routeDistinguisher(distinguisher)) \(prefix)"
    case 5, 6: return "\(prefix)-\(maximumLength) AS\(asn)"
    case 7, 8: return bytes.count > 35 ? String(decoding: bytes[35...], as: UTF8.self) : ""
    case 9: return "\(prefix) from \(source)"
    default: return "\(bytes.word(18))"
    }
  }
}
