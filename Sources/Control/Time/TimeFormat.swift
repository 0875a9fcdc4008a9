import RouteCore

/// `timeformat`: a strftime-like pattern, and another for what happened longer ago than a limit.
package struct TimeFormat: Hashable, Sendable {
  package var pattern: String
  /// Older than this is shown by `olderPattern`; nil: everything is shown by `pattern`.
  package var limit: Duration?
  package var olderPattern: String

  package init(_ pattern: String, limit: Duration? = nil, older: String = "") {
    self.pattern = pattern
    self.limit = limit
    olderPattern = older
  }

  private static let day = Duration.seconds(20 * 3600)
  package static let isoShort = TimeFormat("%T", limit: day, older: "%F")
  package static let isoShortMilliseconds = TimeFormat("%T.%3f", limit: day, older: "%F")
  package static let isoShortMicroseconds = TimeFormat("%T.%6f", limit: day, older: "%F")
  package static let isoLong = TimeFormat("%F %T")
  package static let isoLongMilliseconds = TimeFormat("%F %T.%3f")
  package static let isoLongMicroseconds = TimeFormat("%F %T.%6f")
  /// `old short` of 1.6: the time, beyond 20 hours the day. (Its year beyond 360 days is not told apart.)
  package static let oldShort = TimeFormat("%H:%M", limit: day, older: "%b%d")
  package static let oldLong = TimeFormat("%d-%m-%Y %H:%M:%S")

  package func write(_ when: Timestamp, to out: inout TextBuffer) {
    if let limit, when.age >= limit {
      TimeFormat.write(olderPattern, when.time, to: &out)
    } else {
      TimeFormat.write(pattern, when.time, to: &out)
    }
  }

  package func text(_ when: Timestamp) -> String {
    var out = TextBuffer()
    write(when, to: &out)
    return String(decoding: out.bytes, as: UTF8.self)
  }
}

/// The formats of the configuration's `timeformat` options.
package struct TimeFormats: Hashable, Sendable {
  package var base: TimeFormat
  package var `protocol`: TimeFormat
  package var route: TimeFormat

  /// The defaults of a dialect.
  package init(_ format: CLIFormat) {
    base = format == .bird1 ? .isoLong : .isoLongMilliseconds
    `protocol` = format == .bird1 ? .isoShort : .isoShortMilliseconds
    route = `protocol`
  }
}

extension TimeFormat {
  private static let months: [StaticString] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let fullMonths: [StaticString] = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ]
  private static let weekdays: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let fullWeekdays: [StaticString] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

  /// The conversions of strftime(3) in the C locale, and `%f`, `%3f`, `%6f` for the fraction of a second. An unknown conversion is
  /// shown as it stands.
  static func write(_ pattern: String, _ time: LocalTime, to out: inout TextBuffer) {
    var bytes = pattern.utf8.makeIterator()
    while let byte = bytes.next() {
      guard byte == UInt8(ascii: "%") else {
        out.append(byte: byte)
        continue
      }
      guard let conversion = bytes.next() else { return out.append(byte: byte) }
      if conversion == UInt8(ascii: "3") || conversion == UInt8(ascii: "6") {
        guard let letter = bytes.next() else {
          out.append(byte: byte)
          return out.append(byte: conversion)
        }
        if letter == UInt8(ascii: "f") {
          let milliseconds = conversion == UInt8(ascii: "3")
          out.append(zeroPadded: UInt64(milliseconds ? time.microsecond / 1000 : time.microsecond), width: milliseconds ? 3 : 6)
        } else {
          for byte in [byte, conversion, letter] { out.append(byte: byte) }
        }
        continue
      }
      convert(conversion, time, to: &out)
    }
  }

  private static func convert(_ conversion: UInt8, _ time: LocalTime, to out: inout TextBuffer) {
    func two(_ value: some BinaryInteger) { out.append(zeroPadded: UInt64(clamping: value), width: 2) }
    let hour12 = (UInt32(time.hour) + 11) % 12 + 1
    switch UnicodeScalar(conversion) {
    case "T": write("%H:%M:%S", time, to: &out)
    case "F": write("%Y-%m-%d", time, to: &out)
    case "D": write("%m/%d/%y", time, to: &out)
    case "R": write("%H:%M", time, to: &out)
    case "r": write("%I:%M:%S %p", time, to: &out)
    case "c": write("%a %b %e %H:%M:%S %Y", time, to: &out)
    case "x": write("%m/%d/%y", time, to: &out)
    case "X": write("%H:%M:%S", time, to: &out)
    case "Y": out.append(Int(time.year))
    case "C": two(max(time.year, 0) / 100)
    case "y": two(max(time.year, 0) % 100)
    case "m": two(time.month)
    case "d": two(time.day)
    case "e": out.append(time.day, width: 2)
    case "H": two(time.hour)
    case "k": out.append(time.hour, width: 2)
    case "I": two(hour12)
    case "l": out.append(hour12, width: 2)
    case "M": two(time.minute)
    case "S": two(time.second)
    case "f": out.append(zeroPadded: UInt64(time.microsecond), width: 6)
    case "j": out.append(zeroPadded: UInt64(time.dayOfYear), width: 3)
    case "p": out.append(time.hour < 12 ? "AM" : "PM" as StaticString)
    case "u": out.append(time.weekday == 0 ? 7 : time.weekday)
    case "w": out.append(time.weekday)
    case "a": name(of: Int(time.weekday), in: weekdays, to: &out)
    case "A": name(of: Int(time.weekday), in: fullWeekdays, to: &out)
    case "b", "h": name(of: Int(time.month) - 1, in: months, to: &out)
    case "B": name(of: Int(time.month) - 1, in: fullMonths, to: &out)
    case "z": offset(time.utcOffset, separator: "", to: &out)
    case "s": out.append(Int(secondsSinceEpoch(time)))
    case "n", "t": out.append(byte: 0x20)
    case "%": out.append(byte: conversion)
    default:
      out.append(byte: UInt8(ascii: "%"))
      out.append(byte: conversion)
    }
  }

  private static func name(of index: Int, in names: [StaticString], to out: inout TextBuffer) {
    out.append(names.indices.contains(index) ? names[index] : "?")
  }

  static func offset(_ seconds: Int32, separator: StaticString, to out: inout TextBuffer) {
    let minutes = UInt64(seconds.magnitude / 60)
    out.append(byte: UInt8(ascii: seconds < 0 ? "-" : "+"))
    out.append(zeroPadded: minutes / 60, width: 2)
    out.append(separator)
    out.append(zeroPadded: minutes % 60, width: 2)
  }

  /// Days of the proleptic Gregorian calendar since 1970, and the time of day.
  static func secondsSinceEpoch(_ time: LocalTime) -> Int64 {
    let year = Int64(time.year) - (time.month <= 2 ? 1 : 0)
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let shifted = (Int64(time.month) + 9) % 12
    let dayOfYear = (153 * shifted + 2) / 5 + Int64(time.day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return days * 86_400 + Int64(time.hour) * 3600 + Int64(time.minute) * 60 + Int64(time.second) - Int64(time.utcOffset)
  }

  /// ISO 8601 with the zone's offset: the form of times in JSON.
  package static func writeISO(_ time: LocalTime, to out: inout TextBuffer) {
    write("%FT%T.%3f", time, to: &out)
    offset(time.utcOffset, separator: ":", to: &out)
  }
}
