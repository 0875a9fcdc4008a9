import Linux
import RouteCore

/// Failures of filters, each logged once a minute with a count.
struct FaultReporter {
  private struct Entry {
    var text: String
    var count: Int
    var limiter = Limiter()
  }
  private var entries: [Entry] = []
  private(set) var deadline: Instant?

  mutating func add(_ fault: PolicyFaultLog.Entry) {
    let text = fault.program.describe(fault.fault, filter: nil)
    if let index = entries.firstIndex(where: { $0.text == text }) {
      entries[index].count += fault.count
    } else {
      entries.append(Entry(text: text, count: fault.count))
    }
  }

  /// The lines to be logged now.
  mutating func due(at now: Instant) -> [String] {
    guard !entries.isEmpty else { return [] }
    var lines: [String] = []
    deadline = nil
    for index in entries.indices where entries[index].count > 0 {
      if entries[index].limiter.admits(at: now) {
        lines.append(entries[index].count == 1 ? entries[index].text : "\(entries[index].text) (\(entries[index].count) times)")
        entries[index].count = 0
      } else {
        deadline = earliest(deadline, entries[index].limiter.nextAdmission)
      }
    }
    return lines
  }
}
