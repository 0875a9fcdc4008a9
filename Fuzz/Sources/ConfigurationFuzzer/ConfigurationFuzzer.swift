import Configuration
import RouteCore

/// The file before this one, for the comparison that a reconfiguration makes.
nonisolated(unsafe) private var previous: Configuration?

/// A configuration file of either dialect. One that is accepted is compared with the one before it, both ways.
func test(_ bytes: [UInt8]) {
  let result = ConfigurationReader.fuzz(bytes)
  for diagnostic in result.diagnostics { _ = "\(diagnostic)" }
  guard let configuration = result.configuration else {
    precondition(!result.errors.isEmpty, "refused without a reason")
    return
  }
  if let previous {
    _ = ConfigurationDifference(from: previous, to: configuration)
    _ = ConfigurationDifference(from: configuration, to: previous)
  }
  previous = configuration
}
