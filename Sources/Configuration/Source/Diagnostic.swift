/// One thing to say about a configuration: where, what, and what would be right.
package struct Diagnostic: Hashable, Sendable, Error {
  package enum Severity: String, Sendable {
    case error, warning
  }
  package var severity: Severity
  package var path: String
  package var location: SourceLocation
  /// How many bytes of the line are meant; at least 1.
  package var length: Int
  package var message: String
  /// What would be right, or what to look at.
  package var hint: String?
  /// The line that `location` points into.
  package var sourceLine: String?

  /// `file:line:column: message`, alone.
  package var headline: String { "\(path):\(location.line):\(location.column): \(severity == .warning ? "warning: " : "")\(message)" }

  /// The error as BIRD's clients expect it in a reply: `FILE:LINE:COL message`.
  package var replyLine: String { "\(path):\(location.line):\(location.column) \(message)" }
}

extension Diagnostic: CustomStringConvertible {
  /// The headline, the line with a caret under the culprit, and the hint.
  package var description: String {
    var out = headline
    // A file that is empty, or could not be read, has nothing to point at.
    if let sourceLine, !sourceLine.isEmpty { out += "\n  \(sourceLine)\n  \(caretLine(under: sourceLine))" }
    if let hint { out += "\n  hint: \(hint)" }
    return out
  }

  private func caretLine(under line: String) -> String {
    let before = Array(line.utf8.prefix(max(0, Int(location.column) - 1)))
    // Tabs are kept, so that the caret stands right whatever their width.
    var out = ""
    for character in String(decoding: before, as: UTF8.self) { out.append(character == "\t" ? "\t" : " ") }
    let rest = line.utf8.count - before.count
    out += "^"
    out += String(repeating: "~", count: max(0, min(length, rest) - 1))
    return out
  }
}
