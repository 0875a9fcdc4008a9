import RouteCore

extension [CapabilityDescription] {
  /// In the order of these codes, which differs between presentations; capabilities that are not listed come last.
  func ordered(by codes: [UInt8]) -> [CapabilityDescription] {
    codes.flatMap { code in filter { $0.code == code } } + filter { !codes.contains($0.code) }
  }
}
