import ControlLanguage
import RouteCore

/// The answers for names that do not exist, in BIRD's words.
extension ControlError {
  /// `restart X`, `show protocols X`.
  package static func notAProtocol(_ name: String, _ format: CLIFormat) -> ControlError {
    format == .bird1
      ? ControlError(.invalidSymbol, "\(name) is not a protocol") : ControlError(.parseError, "\(name) is not a protocol")
  }
  /// `show route protocol X`, `show route export X`.
  package static func notAProtocolForRoutes(_ name: String) -> ControlError {
    ControlError(.parseError, "\(name) is not a protocol")
  }
  package static func notATable(_ name: String) -> ControlError { ControlError(.parseError, "\(name) is not a table") }
  package static func noSuchFilter(_ name: String, _ format: CLIFormat) -> ControlError {
    ControlError(.parseError, format == .bird1 ? "No such filter." : "\(name) is not a filter")
  }
  /// A pattern that no protocol matches, or no protocol at all.
  package static let noProtocolsMatch = ControlError(.noProtocolsMatch, "No protocols match")
  package static let accessDenied = ControlError(.accessDenied, "Access denied")

  /// `show static`, `show ospf …` without a name, and none is running. `kind` as in `show protocols`.
  package static func noInstance(of kind: String) -> ControlError {
    ControlError(.parseError, "There is no \(kind) protocol running")
  }
  package static func severalInstances(of kind: String) -> ControlError {
    ControlError(.parseError, "There are multiple \(kind) protocols running")
  }
  /// `show ospf X` where X is nothing, or a protocol of another kind.
  package static func notAProtocolInstance(_ name: String, exists: Bool, kind: String) -> ControlError {
    ControlError(.parseError, exists ? "\(name): Not a \(kind) protocol" : "\(name): Not a protocol")
  }
  /// `show route PREFIX` and nothing is there.
  package static func networkNotFound(_ format: CLIFormat) -> ControlError {
    ControlError(.routeNotFound, format == .bird1 ? "Network not in table" : "Network not found")
  }
}

extension ProtocolSelection {
  /// Whether the command is about the protocol of this name.
  package func includes(_ name: String) -> Bool {
    switch self {
    case .all: true
    case .named(let wanted): wanted == name
    case .matching(let pattern): Glob.matches(pattern, name)
    }
  }

  /// What to answer when nothing is included.
  package func nothingFound(_ format: CLIFormat) -> ControlError {
    if case .named(let name) = self { return .notAProtocol(name, format) }
    return .noProtocolsMatch
  }
}
