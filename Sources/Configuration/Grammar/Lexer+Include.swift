extension Lexer {
  /// Includes inside includes, as in BIRD.
  static let maximumDepth = 8
  /// Files in all: a pattern that includes itself would otherwise multiply with each level.
  static let maximumFiles = 100_000

  /// Handles `include "name";` if it is at the beginning of this line, anywhere in the file.
  ///
  /// - Returns: whether there was one; the cursor is then after it, and the files are on the stack.
  mutating func include() -> Bool {
    guard let top = stack.indices.last else { return false }
    let cursor = stack[top]
    var ahead = 0
    func skipWhite() { while let byte = cursor.peek(ahead), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { ahead += 1 } }
    skipWhite()
    let keywordAt = ahead
    for byte in "include".utf8 {
      guard cursor.peek(ahead) == byte else { return false }
      ahead += 1
    }
    skipWhite()
    guard cursor.peek(ahead) == UInt8(ascii: "\"") else { return false }
    ahead += 1
    let nameAt = ahead
    while let byte = cursor.peek(ahead), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\n") { ahead += 1 }
    guard cursor.peek(ahead) == UInt8(ascii: "\"") else { return false }
    let name = String(decoding: cursor.bytes[(cursor.offset + nameAt)..<(cursor.offset + ahead)], as: UTF8.self)
    ahead += 1
    let quotedEnd = ahead
    skipWhite()
    stack[top].offset += keywordAt
    let location = stack[top].location
    if cursor.peek(ahead) == UInt8(ascii: ";") {
      ahead += 1
    } else {
      ahead = quotedEnd
      stack[top].offset = cursor.offset + ahead
      report(stack[top].location, 1, "syntax error: missing ';'", hint: "a statement ends with ';'")
    }
    stack[top].offset = cursor.offset + ahead
    take(name, location, ahead - keywordAt, from: cursor)
    return true
  }

  private mutating func take(_ name: String, _ location: SourceLocation, _ length: Int, from cursor: Cursor) {
    guard !name.isEmpty else { return report(location, length, "Include with empty argument") }
    guard cursor.depth < Lexer.maximumDepth else { return report(location, length, "Max include depth reached") }
    let target = Lexer.resolve(name, relativeTo: cursor.path)
    var paths = [target]
    if target.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }) {
      do {
        paths = try provider.glob(target)
      } catch {
        return report(location, length, "Unable to read included files \(target): \(error.reason)")
      }
    }
    // The stack is last in, first out.
    for path in paths.reversed() {
      guard !isBeingRead(path, by: cursor.file) else {
        let hint = paths.count > 1 || path != Lexer.resolve(name, relativeTo: cursor.path) ? "the pattern matches it too" : nil
        report(location, length, "\(path) includes itself", hint: hint)
        continue
      }
      guard filesOpened < Lexer.maximumFiles else { return report(location, length, "Too many included files") }
      do {
        open(path, try provider.read(path), includedAt: location, depth: cursor.depth + 1)
      } catch {
        report(location, length, "Unable to open included file \(path): \(error.reason)")
      }
    }
  }

  /// Whether a file is the given one, or one of those that led to it.
  private func isBeingRead(_ path: String, by file: Int32) -> Bool {
    var current: Int32? = file
    while let index = current, sources.files.indices.contains(Int(index)) {
      if sources.files[Int(index)].path == path { return true }
      current = sources.files[Int(index)].includedAt?.file
    }
    return false
  }

  /// A relative path is relative to the directory of the including file.
  static func resolve(_ name: String, relativeTo path: String) -> String {
    guard name.utf8.first != UInt8(ascii: "/"), let slash = path.lastIndex(of: "/") else { return name }
    return String(path[...slash]) + name
  }
}
