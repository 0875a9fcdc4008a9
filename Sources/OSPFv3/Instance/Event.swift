import RouteCore

/// What can happen to an instance.
public enum Event: MachineEvent, Sendable {
  /// A link has appeared or changed in any way, its addresses included.
  case interfaceChanged(InterfaceStatus)
  /// A link has gone.
  case interfaceRemoved(UInt32)
  /// An OSPF packet; the kernel has verified its checksum. The hop limit is only needed where `ttl security` is on.
  case received(interface: UInt32, source: IPAddress, destination: IPAddress, hopLimit: UInt8? = nil, bytes: [UInt8])
  /// The path to a neighbour of `watchedNeighbors` has failed (RFC 5882 §4.1).
  case pathFailed(interface: UInt32, address: IPAddress)
  /// `nextDeadline` has come.
  case deadline
  /// A route of another protocol is to be announced as AS-external (RFC 2328 §12.4.4); nil withdraws it.
  case external(Prefix, ExternalRoute?)
  /// A new configuration.
  case reconfigure(InstanceConfiguration)
  /// After a graceful restart: all routes that are to be announced have been told.
  case exportsCompleted
  /// The end before a graceful restart: the neighbours are asked to wait (RFC 3623 §2.1). Nothing is done afterwards.
  case stopForRestart
  /// Orderly end: all LSAs of this router are flushed, a last Hello names no neighbour. Nothing is done afterwards.
  case stop
}

/// A route exported into OSPF.
public struct ExternalRoute: Hashable, Sendable {
  /// Type 2: the metric counts for more than any path within the AS. The usual export is type 2 with metric 10000.
  public var isType2: Bool
  /// 0...0xfffffe.
  public var metric: UInt32
  /// 0 is sent as no tag.
  public var tag: UInt32
  /// Where the route points. Announced as forwarding address if it is a global address on a broadcast or nonbroadcast link OSPF runs on.
  public var nextHop: NextHop?

  /// `metric` is 0...0xfffffe; a `tag` of 0 is none.
  public init(isType2: Bool = true, metric: UInt32 = 10000, tag: UInt32 = 0, nextHop: NextHop? = nil) {
    self.isType2 = isType2
    self.metric = metric
    self.tag = tag
    self.nextHop = nextHop
  }
}
