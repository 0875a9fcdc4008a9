/// What comes in pairs: one for IPv4 and one for IPv6.
@frozen public struct PerFamily<Element> {
  /// The element for IPv4.
  public var ipv4: Element
  /// The element for IPv6.
  public var ipv6: Element

  /// A pair of two elements.
  @inlinable public init(ipv4: Element, ipv6: Element) {
    self.ipv4 = ipv4
    self.ipv6 = ipv6
  }

  /// The same twice.
  @inlinable public init(repeating element: Element) { self.init(ipv4: element, ipv6: element) }

  /// The element for a family.
  @inlinable public subscript(family: AddressFamily) -> Element {
    @inline(__always) get { family == .ipv4 ? ipv4 : ipv6 }
    @inline(__always) _modify { if family == .ipv4 { yield &ipv4 } else { yield &ipv6 } }
  }
}

extension PerFamily: Sendable where Element: Sendable {}
extension PerFamily: Equatable where Element: Equatable {}
extension PerFamily: Hashable where Element: Hashable {}
