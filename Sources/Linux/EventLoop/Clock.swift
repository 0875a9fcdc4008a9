import CLinux
import RouteCore

/// The clocks of the machine, and its randomness.
package enum Clock {
  /// The monotonic clock that all deadlines refer to.
  package static func now() -> Instant { Instant(nanoseconds: cl_monotonic()) }

  /// The time of day.
  package static func wallClock() -> WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallClock(seconds: Int64(time.tv_sec), nanoseconds: UInt32(clamping: time.tv_nsec))
  }

  /// 64 bits from the kernel's random source, to seed a `SeededGenerator`.
  package static func entropySeed() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}

/// A time of day: seconds since 1970 (UTC) and nanoseconds.
package struct WallClock: Hashable, Comparable, Sendable {
  package var seconds: Int64
  package var nanoseconds: UInt32

  package init(seconds: Int64, nanoseconds: UInt32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static func < (a: WallClock, b: WallClock) -> Bool {
    a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds
  }

  /// The time of day `duration` ago; with the age of a monotonic instant it gives that instant's time of day.
  package func before(_ duration: Duration) -> WallClock {
    let total = seconds.addingClamped(0).multipliedReportingOverflow(by: 1_000_000_000)
    guard !total.overflow else { return self }
    let nanos = total.partialValue.addingClamped(Int64(nanoseconds)).addingClamped(-duration.nanoseconds)
    let remainder = ((nanos % 1_000_000_000) + 1_000_000_000) % 1_000_000_000
    return WallClock(seconds: (nanos - remainder) / 1_000_000_000, nanoseconds: UInt32(remainder))
  }

  /// Broken down in the machine's time zone.
  package var local: LocalTime {
    var fields = tm()
    var time = time_t(seconds)
    localtime_r(&time, &fields)
    return LocalTime(
      year: Int(fields.tm_year) + 1900, month: Int(fields.tm_mon) + 1, day: Int(fields.tm_mday), hour: Int(fields.tm_hour),
      minute: Int(fields.tm_min), second: Int(fields.tm_sec), nanosecond: nanoseconds, weekday: Int(fields.tm_wday),
      dayOfYear: Int(fields.tm_yday) + 1, offset: Int(fields.tm_gmtoff))
  }

  /// The time in a `strftime` format, in the machine's time zone; `%f` is the microseconds, `%3f` and `%6f` that many digits of
  /// the fraction (the conversions of BIRD's `timeformat`).
  package func formatted(_ format: String) -> String {
    var fields = tm()
    var time = time_t(seconds)
    localtime_r(&time, &fields)
    let expanded = expandingFraction(format)
    if expanded.isEmpty { return "" }
    var capacity = 128
    while capacity <= 4096 {
      let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer -> String? in
        guard let start = buffer.baseAddress, strftime(start, capacity, expanded, &fields) > 0 else { return nil }
        return String(cString: start)
      }
      if let text { return text }
      capacity *= 4
    }
    return ""
  }

  private func expandingFraction(_ format: String) -> String {
    var out = ""
    var rest = Substring(format)
    while let percent = rest.firstIndex(of: "%") {
      out += rest[..<percent]
      rest = rest[rest.index(after: percent)...]
      guard let next = rest.first else { return out + "%" }
      var digits = 6
      if let count = next.wholeNumberValue, rest.dropFirst().first == "f" {
        digits = count
        rest = rest.dropFirst(2)
      } else if next == "f" {
        rest = rest.dropFirst()
      } else {
        out += "%"
        out.append(next)
        rest = rest.dropFirst()
        continue
      }
      let text = String(nanoseconds)
      out += (String(repeating: "0", count: max(9 - text.utf8.count, 0)) + text).prefix(min(digits, 9))
    }
    return out + rest
  }
}

/// A time of day broken down in the machine's time zone.
package struct LocalTime: Hashable, Sendable {
  package var year, month, day, hour, minute, second: Int
  package var nanosecond: UInt32
  /// 0 is Sunday.
  package var weekday: Int
  /// 1...366
  package var dayOfYear: Int
  /// Seconds east of UTC.
  package var offset: Int
}
