import Configuration
import Linux
import RouteCore

extension ProtocolShell {
  static let device = ProtocolShell(kind: .device, make: { DeviceProtocol($0, $1) }, rehearse: { ProtocolRehearsal($0, $1) })
}

/// `protocol device`: the interfaces. The daemon itself listens to the kernel; this protocol only rescans now and then, in case a
/// notification was silently lost.
final class DeviceProtocol: ProtocolInstance {
  private var nextScan: Instant?

  private var scanTime: UInt32 {
    if case .device(let device) = configuration.specification { device.scanTime } else { 0 }
  }

  override var nextDeadline: Instant? { nextScan }

  override func start() {
    opened()
    schedule(daemon.now)
  }

  override func stop(_ reason: StopReason) {
    nextScan = nil
    closed()
  }

  override func deadlineReached(_ now: Instant) {
    guard let due = nextScan, due <= now else { return }
    daemon.scanInterfaces()
    schedule(now)
  }

  override func reconfigure(_ new: ProtocolConfiguration) {
    adopt(new)
    schedule(daemon.now)
  }

  private func schedule(_ now: Instant) { nextScan = scanTime == 0 ? nil : now + .seconds(Int64(scanTime)) }
}
