/// What the kernel's transport protocols take from a route, numbered as RTAX_ in linux/rtnetlink.h (`krt_mtu` and others).
package enum KernelMetric: UInt8, CaseIterable, Sendable {
  /// Bits of other metrics that are not to be changed.
  case lock = 1
  case mtu, window, rtt, rttvar, ssthresh, cwnd, advmss, reordering, hoplimit, initcwnd
  case features
  case rtoMin, initrwnd, quickack
  case fastOpenNoCookie = 17

  /// As in `Kernel.mtu` and `krt_mtu`. BIRD 2.0 wrote the sixth without its second h.
  package var name: String {
    switch self {
    case .lock: "lock"
    case .mtu: "mtu"
    case .window: "window"
    case .rtt: "rtt"
    case .rttvar: "rttvar"
    case .ssthresh: "sstresh"
    case .cwnd: "cwnd"
    case .advmss: "advmss"
    case .reordering: "reordering"
    case .hoplimit: "hoplimit"
    case .initcwnd: "initcwnd"
    case .features: "features"
    case .rtoMin: "rto_min"
    case .initrwnd: "initrwnd"
    case .quickack: "quickack"
    case .fastOpenNoCookie: "fastopen_no_cookie"
    }
  }

  /// What the bits of a value stand for; nil where it is a number.
  package var bitNames: [(bit: UInt8, name: String)]? {
    switch self {
    case .lock: KernelMetric.allCases.filter { $0 != .lock && $0 != .features }.map { ($0.rawValue, $0.name) }
    case .features: [(0, "ecn"), (3, "allfrag")]
    default: nil
    }
  }

  package var key: AttributeKey { AttributeKey(.kernel, KernelMetric.firstCode + rawValue) }

  package init?(_ key: AttributeKey) {
    guard key.namespace == .kernel, key.code > KernelMetric.firstCode else { return nil }
    self.init(rawValue: key.code - KernelMetric.firstCode)
  }

  private static var firstCode: UInt8 { 0x20 }

  /// A value as the kernel keeps it (net/ipv4/metrics.c): it has a largest for some, and 0 is none at all.
  package func kept(_ value: UInt32) -> UInt32 {
    switch self {
    case .mtu: min(value, 65535 - 15)
    case .advmss: min(value, 65535 - 40)
    case .hoplimit: min(value, 255)
    default: value
    }
  }
}

/// The metrics of a route that are not 0, in order.
package struct KernelMetrics: Hashable, Sendable {
  private var numbers: [UInt8] = []
  private var values: [UInt32] = []

  package init() {}

  package var isEmpty: Bool { numbers.isEmpty }

  package subscript(metric: KernelMetric) -> UInt32? {
    get { numbers.firstIndex(of: metric.rawValue).map { values[$0] } }
    set {
      if let place = numbers.firstIndex(of: metric.rawValue) {
        numbers.remove(at: place)
        values.remove(at: place)
      }
      guard let newValue, newValue != 0 else { return }
      let place = numbers.firstIndex { $0 > metric.rawValue } ?? numbers.count
      numbers.insert(metric.rawValue, at: place)
      values.insert(metric.kept(newValue), at: place)
    }
  }

  package func forEach(_ body: (KernelMetric, UInt32) -> Void) {
    for (number, value) in zip(numbers, values) { if let metric = KernelMetric(rawValue: number) { body(metric, value) } }
  }
}
