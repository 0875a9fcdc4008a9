import KernelSync

/// Tables are numbered in the order in which they are made.
extension KernelTableID: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt16) { self.init(rawValue: value) }
}
