import RouteCore

extension PeerConfiguration {
  /// Whether a session under this configuration has to end before another one can be used. Timers that only matter between
  /// sessions, what happens after errors, and the options of the decision do not touch it.
  public func needsRestart(for new: PeerConfiguration) -> Bool {
    var adopted = self
    adopted.adoptSoftOptions(of: new)
    return adopted != new
  }

  mutating func adoptSoftOptions(of new: PeerConfiguration) {
    passive = new.passive
    startupHoldTime = new.startupHoldTime
    sendHoldTime = new.sendHoldTime
    connectDelayTime = new.connectDelayTime
    connectRetryTime = new.connectRetryTime
    errorWaitMinimum = new.errorWaitMinimum
    errorWaitMaximum = new.errorWaitMaximum
    errorForgetTime = new.errorForgetTime
    disableAfterError = new.disableAfterError
    disableAfterCease = new.disableAfterCease
    decision = new.decision
    defaultMED = new.defaultMED
    hostname = new.hostname
  }
}

extension Peer {
  /// Takes over a new configuration while running. False if that needs a restart (`stop(.reconfigured)`, then a new `Peer`); then
  /// nothing has changed.
  public mutating func reconfigure(_ new: PeerConfiguration, at now: Instant) -> Bool {
    guard !configuration.needsRestart(for: new) else { return false }
    let wasPassive = configuration.passive
    configuration = new
    if new.passive {
      connectDeadline = nil
    } else if wasPassive {
      reconnectIfAlone(after: new.connectDelayTime, at: now)
    }
    return true
  }
}
