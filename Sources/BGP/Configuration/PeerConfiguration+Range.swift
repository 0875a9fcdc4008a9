import RouteCore

// `neighbor range`: a protocol that waits for peers it knows by their network only. Each one that connects gets a protocol of its own,
// with this one's options and the peer's address.
extension PeerConfiguration {
  /// Whether this waits for the peers of a range, and has no session itself.
  public var isListener: Bool { neighborRange != nil && neighborAddress.isUnspecified }

  /// The family of the addresses at both ends.
  public var transportFamily: AddressFamily {
    if let neighborRange, isListener { return neighborRange.family }
    return neighborAddress.family
  }

  /// Whom the password is for: one address, or all of the range, whoever of them comes.
  public var passwordScope: Prefix { neighborRange ?? Prefix(host: neighborAddress) }

  /// The same options for one peer of the range.
  public func spawned(for neighbor: IPAddress) -> PeerConfiguration {
    var out = self
    out.neighborAddress = neighbor
    return out
  }

  /// What the protocol of that number is called.
  public func dynamicName(_ number: UInt32) -> String {
    let digits = String(number)
    return dynamicName + String(repeating: "0", count: max(Int(dynamicNameDigits) - digits.utf8.count, 0)) + digits
  }
}
