import RouteCore

extension SessionParameters {
  /// A session that may be expected of a configuration before it is there, as if the peer could do all that we can: enough to tell which
  /// routes it would be sent. Of a peer that is `known` already it is known whether it takes several paths.
  public init(expecting configuration: PeerConfiguration, endpoints: Endpoints, known: Capabilities? = nil) {
    let own = Capabilities(configuration)
    var remote = own
    let number: UInt32 =
      switch configuration.neighborAS {
      case .number(let number): number
      case .internal: configuration.localAS
      case .external: 0
      }
    remote.addPathReceive = known?.addPathReceive ?? own.addPathSend
    remote.addPathSend = known?.addPathSend ?? own.addPathReceive
    remote.as4 = own.as4 == nil ? nil : number
    var open = OpenMessage(configuration, capabilities: remote)
    open.myAS = UInt16(exactly: number) ?? OpenMessage.asTrans
    self.init(configuration, endpoints, open: open, sent: own, timers: (configuration.holdTime, configuration.holdTime / 3))
  }
}
