import RouteCore

extension [CapabilityDescription] {
  /// In the order of these codes, which each presentation has its own of; what it does not know comes last.
  func ordered(by codes: [UInt8]) -> [CapabilityDescription] {
    codes.flatMap { code in filter { $0.code == code } } + filter { !codes.contains($0.code) }
  }
}
