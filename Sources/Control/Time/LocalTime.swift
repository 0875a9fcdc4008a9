/// A point in time as a clock on the wall shows it. The daemon fills it in (`localtime_r`): pure code has no clock and no time zone.
package struct LocalTime: Hashable, Sendable {
  package var year: Int32
  /// 1...12
  package var month: UInt8
  /// 1...31
  package var day: UInt8
  package var hour: UInt8
  package var minute: UInt8
  package var second: UInt8
  package var microsecond: UInt32
  /// 0 is Sunday.
  package var weekday: UInt8
  /// 1...366
  package var dayOfYear: UInt16
  /// Seconds east of Greenwich.
  package var utcOffset: Int32

  package init(
    year: Int32, month: UInt8, day: UInt8, hour: UInt8 = 0, minute: UInt8 = 0, second: UInt8 = 0, microsecond: UInt32 = 0,
    weekday: UInt8 = 0, dayOfYear: UInt16 = 1, utcOffset: Int32 = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.microsecond = microsecond
    self.weekday = weekday
    self.dayOfYear = dayOfYear
    self.utcOffset = utcOffset
  }
}

/// When something happened: the time, and how long ago, since formats show old times differently.
package struct Timestamp: Hashable, Sendable {
  package var time: LocalTime
  package var age: Duration

  package init(_ time: LocalTime, age: Duration = .zero) {
    self.time = time
    self.age = age
  }
}
