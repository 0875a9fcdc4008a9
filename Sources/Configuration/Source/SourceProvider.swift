/// Where the reader gets its text from. The daemon reads files; tests hold them in memory.
package protocol SourceProvider {
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
package struct MemorySources: SourceProvider, Sendable {
  package var files: [String: [UInt8]]

  package init(_ files: [String: String]) { self.files = files.mapValues { Array($0.utf8) } }

  package func read(_ path: String) throws(SourceError) -> [UInt8] {
    guard let bytes = files[path] else { throw SourceError(reason: "No such file or directory") }
    return bytes
  }

  package func glob(_ pattern: String) throws(SourceError) -> [String] {
    files.keys.filter { Glob.matches($0, pattern: pattern) }.sorted()
  }
}

/// Shell patterns of `*` and `?`, as far as names in memory need them.
enum Glob {
  static func matches(_ text: String, pattern: String) -> Bool {
    let text = Array(text.utf8)
    let pattern = Array(pattern.utf8)
    var position = 0
    var next = 0
    var retry: (pattern: Int, text: Int)?
    while position < text.count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        retry = (next + 1, position)
        next += 1
      } else if next < pattern.count, pattern[next] == text[position] || pattern[next] == UInt8(ascii: "?") {
        next += 1
        position += 1
      } else if let (after, start) = retry {
        retry = (after, start + 1)
        next = after
        position = start + 1
      } else {
        return false
      }
    }
    return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
