import ControlLanguage

/// The BIRD version that answers and errors look like.
package enum CLIFormat: String, Sendable, Hashable, CaseIterable {
  /// BIRD 1.6.8, as `birdc6` and `birdc` of that version show it.
  case bird1
  /// BIRD 2.0.12.
  case bird2

  /// The version in the greeting: clients derive from it which format to expect.
  package var version: String { self == .bird1 ? "1.6.8" : "2.0.12" }
}

/// The form that a request asks its answer to have.
package enum AnswerForm: Hashable, Sendable, CaseIterable {
  case text
  case json

  /// The word before a command that asks for this form.
  var keyword: String? {
    switch self {
    case .text: nil
    case .json: "json"
    }
  }

  /// Whether the command can be answered in this form.
  func presents(_ command: Command) -> Bool {
    switch self {
    case .text: true
    case .json:
      switch command {
      case .showStatus, .showProtocols, .showRoute, .showInterfaces, .showInterfacesSummary, .showOSPFNeighbors, .showBFDSessions, .plan:
        true
      default: false
      }
    }
  }

  /// The presentation of this form: the one place where it is chosen. `look` is that of the daemon.
  package func presentation(_ look: CLIFormat, _ times: TimeFormats) -> any Presentation {
    switch (self, look) {
    case (.text, .bird1): BIRD1(times)
    case (.text, .bird2): BIRD2(times)
    case (.json, _): JSON(look)
    }
  }
}

/// How much of each thing is shown.
package enum Detail: Hashable, Sendable {
  case brief
  case all
}
