/// A place in one of the files a configuration is read from.
package struct SourceLocation: Hashable, Sendable, Comparable {
  /// Index into `SourceMap.files`. A file included twice has two indices.
  package var file: Int32
  /// Counted from 1.
  package var line: Int32
  /// Counted from 1, in bytes.
  package var column: Int32

  package init(file: Int32, line: Int32, column: Int32) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// The first byte of the main file: where errors point that have no better place.
  package static let start = SourceLocation(file: 0, line: 1, column: 1)

  package static func < (a: SourceLocation, b: SourceLocation) -> Bool {
    (a.file, a.line, a.column) < (b.file, b.line, b.column)
  }
}
