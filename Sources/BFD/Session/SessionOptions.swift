/// How a session is run: the options of the `interface` and `multihop` blocks. The defaults are BIRD's.
public struct SessionOptions: Hashable, Sendable {
  /// `min rx interval`, in microseconds. 0: the neighbour is to send nothing periodic. Default: 10 ms.
  public var minRxInterval: UInt32 = 10_000
  /// `min tx interval` while the session is Up. Default: 100 ms.
  public var minTxInterval: UInt32 = 100_000
  /// `idle tx interval`: the same while it is not (RFC 5880 §6.8.3 asks for a second or more). Default: 1 s.
  public var idleTxInterval: UInt32 = 1_000_000
  /// `multiplier`: so many packets in a row may be lost. Default: 5.
  public var multiplier: UInt8 = 5
  /// `passive`: wait for the neighbour to begin (RFC 5880 §6.1). Default: no.
  public var passive = false
  /// `authentication`, and its passwords. Default: none.
  public var authentication: Authentication?

  /// The defaults.
  public init() {}

  /// These, with what a request wants otherwise.
  public func merged(with other: SessionOverrides) -> SessionOptions {
    var merged = self
    if let value = other.minRxInterval { merged.minRxInterval = value }
    if let value = other.minTxInterval { merged.minTxInterval = value }
    if let value = other.idleTxInterval { merged.idleTxInterval = value }
    if let value = other.multiplier { merged.multiplier = value }
    if let value = other.passive { merged.passive = value }
    return merged
  }
}

/// The options that were given, one by one; nil is left to the interface.
public struct SessionOverrides: Hashable, Sendable {
  /// In microseconds, see `SessionOptions.minRxInterval`.
  public var minRxInterval: UInt32?
  /// In microseconds, see `SessionOptions.minTxInterval`.
  public var minTxInterval: UInt32?
  /// In microseconds, see `SessionOptions.idleTxInterval`.
  public var idleTxInterval: UInt32?
  /// At least 1, see `SessionOptions.multiplier`.
  public var multiplier: UInt8?
  /// See `SessionOptions.passive`.
  public var passive: Bool?

  /// Nothing is overridden.
  public init() {}
}
