import CLinux
import ControlLanguage
import Linux

/// Lines of standard input. A terminal is in raw mode while a line is edited, and in its original mode while a command runs.
struct Terminal {
  private let prompt: String
  private var editor = LineEditor()
  private var pending: [UInt8] = []

  init(prompt: String) { self.prompt = prompt }

  /// The next line, or nil at the end of input.
  mutating func readLine() -> String? {
    var saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return plainLine() }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    raw.c_iflag &= ~tcflag_t(IXON)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &saved) }
    show(prompt)
    while true {
      while !pending.isEmpty {
        switch editor.handle(pending.removeFirst()) {
        case .none: break
        case .redraw: redraw()
        case .show(let lines):
          show("\n" + lines.map { $0 + "\n" }.joined())
          redraw()
        case .line(let line):
          show("\n")
          return line
        case .end:
          show("\n")
          return nil
        }
      }
      guard readMore() else { return nil }
    }
  }

  /// The next line if the input is not a terminal; text after the last newline counts as a line too.
  private mutating func plainLine() -> String? {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        defer { pending.removeSubrange(...end) }
        return String(decoding: pending[..<end], as: UTF8.self)
      }
      guard readMore() else {
        defer { pending = [] }
        return pending.isEmpty ? nil : String(decoding: pending, as: UTF8.self)
      }
    }
  }

  /// Reads the available input; returns false at its end.
  private mutating func readMore() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    var count = 0
    repeat { count = read(STDIN_FILENO, &chunk, chunk.count) } while count < 0 && errno == EINTR
    guard count > 0 else { return false }
    pending += chunk[..<count]
    return true
  }

  private func redraw() {
    let back = editor.textAfterCursor > 0 ? "\u{1b}[\(editor.textAfterCursor)D" : ""
    show("\r\(prompt)\(editor.line)\u{1b}[K\(back)")
  }

  private func show(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
