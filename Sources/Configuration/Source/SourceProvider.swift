import RouteCore

/// Where the reader gets its text from. The daemon reads files; tests hold them in memory.
package protocol SourceProvider: AnyObject {
  /// The contents of a file.
  func read(_ path: String) throws(SourceError) -> [UInt8]
  /// The files (no directories) that match a pattern of `*`, `?` and `[…]`, sorted; none is no error.
  func glob(_ pattern: String) throws(SourceError) -> [String]
}

/// Why a file could not be read, in the system's words (`No such file or directory`).
package struct SourceError: Error, Hashable, Sendable {
  package var reason: String
  package init(reason: String) { self.reason = reason }
}

/// Files held in memory, by path.
package final class MemorySources: SourceProvider, Sendable {
  package let files: [String: [UInt8]]

  package init(files: [String: [UInt8]]) { self.files = files }

  package convenience init(_ files: [String: String]) { self.init(files: files.mapValues { Array($0.utf8) }) }

  package func read(_ path: String) throws(SourceError) -> [UInt8] {
    guard let bytes = files[path] else { throw SourceError(reason: "No such file or directory") }
    return bytes
  }

  package func glob(_ pattern: String) throws(SourceError) -> [String] {
    files.keys.filter { Glob.matches(pattern, $0) }.sorted()
  }
}
