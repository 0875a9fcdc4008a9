/// The failures of filters, counted by place: a filter that fails for each of a million routes must not write a million lines.
package struct PolicyFaultLog {
  package struct Entry {
    package let program: PolicyProgram
    package let fault: PolicyFault
    package var count: Int
  }
  package private(set) var entries: [Entry] = []

  mutating func note(_ program: PolicyProgram, _ fault: PolicyFault) {
    if let index = entries.firstIndex(where: { $0.fault == fault && $0.program === program }) {
      entries[index].count += 1
    } else if entries.count < 64 {
      entries.append(Entry(program: program, fault: fault, count: 1))
    }
  }

  /// Takes what has come together.
  package mutating func drain() -> [Entry] {
    defer { entries = [] }
    return entries
  }
}
