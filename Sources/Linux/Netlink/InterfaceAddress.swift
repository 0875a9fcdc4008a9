import RouteCore

/// An address on an interface.
package struct InterfaceAddress: Hashable, Sendable {
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Not the first address of its network.
    package static let secondary = Flags(rawValue: 0x01)
    /// Duplicate address detection found another owner.
    package static let duplicate = Flags(rawValue: 0x08)
    package static let deprecated = Flags(rawValue: 0x20)
    /// Duplicate address detection is still running: it cannot be used as a source.
    package static let tentative = Flags(rawValue: 0x40)
    package static let permanent = Flags(rawValue: 0x80)
  }

  package var interface: UInt32
  package var address: IPAddress
  package var prefixLength: UInt8
  /// The other end of a point-to-point address.
  package var opposite: IPAddress?
  package var scope: RouteScope
  package var flags: Flags

  package init(
    interface: UInt32, address: IPAddress, prefixLength: UInt8, opposite: IPAddress? = nil, scope: RouteScope = .universe
  ) {
    self.interface = interface
    self.address = address
    self.prefixLength = prefixLength
    self.opposite = opposite
    self.scope = scope
    flags = []
  }

  /// The other host, if the address comes with one or its network has room for only two.
  package var otherEnd: IPAddress? {
    if let opposite { return opposite }
    return switch (address.family, prefixLength) {
    case (.ipv6, 127), (.ipv4, 31): IPAddress(high: address.high, low: address.low ^ 1)
    case (.ipv4, 30): IPAddress(high: address.high, low: address.low ^ 3)
    default: nil
    }
  }

  /// The network on the link: that of the other end if there is one.
  package var prefix: Prefix { Prefix(opposite ?? address, prefixLength, address.family) }
}

extension RouteScope {
  /// The scope for an RT_SCOPE_ number; the kernel's private numbers between the named ones count as site.
  package init(kernel value: UInt8) {
    switch value {
    case 0: self = .universe
    case 253: self = .link
    case 254, 255: self = .host
    default: self = .site
    }
  }
}
