import CLinux
import RouteCore

/// An address, a port and, for link-local addresses, the interface.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  package var address: IPAddress
  package var port: UInt16
  /// The interface's index; only meaningful for link-local addresses.
  package var interface: UInt32

  package init(_ address: IPAddress, port: UInt16 = 0, interface: UInt32 = 0) {
    self.address = address
    self.port = port
    self.interface = interface
  }

  package var description: String {
    let host = address.isIPv4 ? "\(address)" : "[\(address)\(interface == 0 ? "" : "%\(interface)")]"
    return "\(host):\(port)"
  }

  init(_ raw: cl_endpoint) {
    self.init(IPAddress(high: raw.high, low: raw.low), port: raw.port, interface: raw.scope)
  }

  var raw: cl_endpoint {
    cl_endpoint(high: address.high, low: address.low, scope: address.isLinkLocal ? interface : 0, port: port, reserved: 0)
  }
}
