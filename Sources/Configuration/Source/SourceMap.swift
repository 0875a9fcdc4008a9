/// The files a configuration was read from, for messages.
package struct SourceMap: Sendable {
  package struct File: Sendable {
    package var path: String
    package var bytes: [UInt8]
    /// The `include` that brought the file in; nil for the main file.
    package var includedAt: SourceLocation?
    /// The offset of each line's first byte.
    var lineStarts: [Int]

    init(path: String, bytes: [UInt8], includedAt: SourceLocation?) {
      self.path = path
      self.bytes = bytes
      self.includedAt = includedAt
      lineStarts = [0]
      for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { lineStarts.append(offset + 1) }
    }

    /// The text of a line counted from 1, without its end.
    func line(_ number: Int32) -> String? {
      let index = Int(number) - 1
      guard lineStarts.indices.contains(index) else { return nil }
      let start = lineStarts[index]
      var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
      if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }
  }

  package private(set) var files: [File] = []

  package init() {}

  mutating func add(_ file: File) -> Int32 {
    files.append(file)
    return Int32(clamping: files.count - 1)
  }

  package func path(of location: SourceLocation) -> String {
    let index = Int(location.file)
    return files.indices.contains(index) ? files[index].path : "(configuration)"
  }

  /// The column of the first byte that is no space in a place's line.
  func indentation(of location: SourceLocation) -> Int32 {
    let line = line(of: location) ?? ""
    return Int32(clamping: line.utf8.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.count + 1)
  }

  /// The bytes of a token.
  func text(of token: Token) -> String {
    guard let line = line(of: token.location) else { return "" }
    return String(decoding: line.utf8.dropFirst(Int(token.location.column) - 1).prefix(Int(token.length)), as: UTF8.self)
  }

  package func line(of location: SourceLocation) -> String? {
    let index = Int(location.file)
    return files.indices.contains(index) ? files[index].line(location.line) : nil
  }
}
