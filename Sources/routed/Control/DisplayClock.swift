import Configuration
import Control
import Linux
import RouteCore

/// Formats times for display, relative to one current time.
struct DisplayClock {
  let now: WallClock
  /// The last converted second: most routes of a listing share a few seconds.
  private var known: (second: Int64, local: Control.LocalTime)?

  init(_ now: WallClock) { self.now = now }

  /// A time as views show it.
  mutating func timestamp(_ time: WallClock) -> Timestamp {
    var local: Control.LocalTime
    if let known, known.second == time.seconds {
      local = known.local
    } else {
      local = Control.LocalTime(time.local)
      known = (time.seconds, local)
    }
    local.microsecond = time.nanoseconds / 1000
    return Timestamp(local, age: max(DisplayClock.duration(from: time, to: now), .zero))
  }

  /// The same for a clock that is used once.
  func stamp(_ time: WallClock) -> Timestamp {
    var copy = self
    return copy.timestamp(time)
  }

  static func duration(from: WallClock, to: WallClock) -> Duration {
    .seconds(to.seconds &- from.seconds) + .nanoseconds(Int64(to.nanoseconds) - Int64(from.nanoseconds))
  }
}

extension Control.LocalTime {
  init(_ time: Linux.LocalTime) {
    self.init(
      year: Int32(clamping: time.year), month: UInt8(clamping: time.month), day: UInt8(clamping: time.day),
      hour: UInt8(clamping: time.hour), minute: UInt8(clamping: time.minute), second: UInt8(clamping: time.second),
      microsecond: time.nanosecond / 1000, weekday: UInt8(clamping: time.weekday), dayOfYear: UInt16(clamping: time.dayOfYear),
      utcOffset: Int32(clamping: time.offset))
  }
}

extension Control.TimeFormat {
  /// The format that the configuration asks for.
  init(_ configured: ConfiguredTimeFormat) {
    switch configured {
    case .isoShort(.none): self = .isoShort
    case .isoShort(.milliseconds): self = .isoShortMilliseconds
    case .isoShort(.microseconds): self = .isoShortMicroseconds
    case .isoLong(.none): self = .isoLong
    case .isoLong(.milliseconds): self = .isoLongMilliseconds
    case .isoLong(.microseconds): self = .isoLongMicroseconds
    case .oldShort: self = .oldShort
    case .oldLong: self = .oldLong
    case .custom(let recent, let limit, let older):
      self.init(recent, limit: older == nil ? nil : .seconds(Int64(limit)), older: older ?? "")
    }
  }
}

extension Control.TimeFormats {
  init(shown configured: ConfiguredTimeFormats) {
    self.init(.bird1)
    base = Control.TimeFormat(configured.base)
    `protocol` = Control.TimeFormat(configured.protocol)
    route = Control.TimeFormat(configured.route)
  }
}
