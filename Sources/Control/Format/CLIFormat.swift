/// Whose looks the answers have.
package enum CLIFormat: String, Sendable, Hashable, CaseIterable {
  /// BIRD 1.6.8, as `birdc6` and `birdc` of that version show it.
  case bird1
  /// BIRD 2.0.12.
  case bird2

  /// The version clients are told: they key on it to know which format to expect.
  package var version: String { self == .bird1 ? "1.6.8" : "2.0.12" }
}

/// Everything but the data that decides how an answer looks.
package struct ReplyStyle: Sendable {
  package enum Output: Sendable { case text, json }
  package var format: CLIFormat
  package var output: Output
  package var times: TimeFormats

  package init(format: CLIFormat, output: Output = .text, times: TimeFormats? = nil) {
    self.format = format
    self.output = output
    self.times = times ?? TimeFormats(format)
  }
}

/// How much of each thing is shown.
package enum Detail: Hashable, Sendable {
  case brief
  case all
}
