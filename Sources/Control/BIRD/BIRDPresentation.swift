import RouteCore

/// What the output of BIRD 1.6 and 2 has in common. Subjects that look the same in both are written by extensions of this protocol; where
/// they differ, each version has a file of its own (`BIRD1+…`, `BIRD2+…`) that combines the lines they share (`BIRD+…`).
package protocol BIRDPresentation: Presentation {
  func write(_ route: Snapshot.StaticRoute, to reply: inout ReplyWriter)
}

extension BIRDPresentation {
  package func beginReading(_ file: String, to reply: inout ReplyWriter) { ConfigureOutcome.writeReading(file, to: &reply) }
  package func plan(listsRoutes: Bool) -> any PlanListing { BIRDPlan(listsRoutes: listsRoutes) }
}

/// The resolution in which a running timer is shown.
enum TimerPrecision {
  /// Whole seconds, rounded up.
  case seconds
  case milliseconds
}

extension TextBuffer {
  /// What is left of a timer.
  mutating func append(seconds duration: Duration, _ precision: TimerPrecision, width: Int = 0) {
    let milliseconds = UInt64(max(duration.milliseconds, 0))
    let start = count
    switch precision {
    case .seconds: append((milliseconds + 999) / 1000)
    case .milliseconds:
      append(milliseconds / 1000)
      append(byte: UInt8(ascii: "."))
      append(zeroPadded: milliseconds % 1000, width: 3)
    }
    alignRight(from: start, to: width)
  }
}

extension ReplyWriter {
  /// A cell of a table, filled with spaces to its width.
  mutating func cell(_ width: Int, _ write: (inout TextBuffer) -> Void) {
    let start = text.count
    write(&text)
    text.pad(from: start, to: width)
  }
}
