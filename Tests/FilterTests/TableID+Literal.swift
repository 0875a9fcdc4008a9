import RouteCore

/// Tables are numbered in the order in which they are made.
extension TableID: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt32) { self.init(rawValue: value) }
}
