import RouteCore

/// What makes an interface the end of a virtual link (RFC 2328 §15): a point-to-point link of the backbone whose packets find their way
/// through another area like anybody's.
struct VirtualLink: Sendable {
  /// Other routers may be in between.
  static let hopLimit: UInt8 = 64
  /// What every path takes (RFC 8200 §5).
  static let mtu: UInt32 = 1280
  /// Interface IDs begin where those of the system's links end.
  static let firstInterfaceID: UInt32 = 0x8000_0000

  /// The path from end to end.
  struct Path: Hashable, Sendable {
    var cost: UInt16
    var source: IPAddress
    var destination: IPAddress
  }

  let transitArea: RouterID
  /// The router at the other end.
  let peer: RouterID
  /// One that it announces in the transit area (RFC 5340 §4.7); `::` while the link is down.
  var peerAddress = IPAddress.unspecified
}
