/// A line being typed, with history and completion: takes bytes from the keyboard, and returns what the terminal has to do.
package struct LineEditor: Sendable {
  package enum Effect: Hashable, Sendable {
    case none
    case redraw
    /// Lines to be shown above the line being typed: help, or possible completions.
    case show([String])
    case line(String)
    /// The end of input.
    case end
  }

  private var text: [Character] = []
  private var cursor = 0
  private var history: [String] = []
  /// The position in the history; its end is the new line.
  private var place = 0
  /// An incomplete escape sequence.
  private var escape: [UInt8] = []
  /// The bytes of an incomplete character.
  private var partial: [UInt8] = []

  package init() {}

  package var line: String { String(text) }
  package var textAfterCursor: Int { text.count - cursor }

  package mutating func handle(_ byte: UInt8) -> Effect {
    if !escape.isEmpty || byte == 0x1b { return handleEscape(byte) }
    switch byte {
    case 0x0a, 0x0d: return finish()
    case 0x04 where text.isEmpty: return .end  // ^D
    case 0x03: return set("")  // ^C
    case 0x01: return move(to: 0)  // ^A
    case 0x05: return move(to: text.count)  // ^E
    case 0x02: return move(to: cursor - 1)  // ^B
    case 0x06: return move(to: cursor + 1)  // ^F
    case 0x0b: return remove(cursor..<text.count)  // ^K
    case 0x15: return remove(0..<cursor)  // ^U
    case 0x17: return remove(wordBeforeCursor..<cursor)  // ^W
    case 0x04: return remove(cursor..<min(cursor + 1, text.count))
    case 0x08, 0x7f: return remove(max(cursor - 1, 0)..<cursor)
    case 0x10: return recall(place - 1)  // ^P
    case 0x0e: return recall(place + 1)  // ^N
    case 0x09: return complete()
    case 0x00..<0x20: return .none
    case UInt8(ascii: "?") where !isQuoted: return help()
    default: return insert(byte)
    }
  }

  /// The cursor stands inside a quoted text, where `?` is a character of a pattern.
  private var isQuoted: Bool { text[..<cursor].count { $0 == "\"" } % 2 == 1 }

  private var wordBeforeCursor: Int {
    var index = cursor
    while index > 0, text[index - 1] == " " { index -= 1 }
    while index > 0, text[index - 1] != " " { index -= 1 }
    return index
  }

  private mutating func insert(_ byte: UInt8) -> Effect {
    partial.append(byte)
    guard let string = String(validating: partial, as: UTF8.self) else {
      // No character has more than four bytes.
      if partial.count >= 4 { partial.removeAll() }
      return .none
    }
    partial.removeAll()
    text.insert(contentsOf: string, at: cursor)
    cursor = min(cursor + string.count, text.count)
    return .redraw
  }

  private mutating func move(to place: Int) -> Effect {
    cursor = min(max(place, 0), text.count)
    return .redraw
  }

  private mutating func remove(_ range: Range<Int>) -> Effect {
    text.removeSubrange(range)
    cursor = range.lowerBound
    return .redraw
  }

  private mutating func set(_ line: String) -> Effect {
    text = Array(line)
    cursor = text.count
    return .redraw
  }

  private mutating func finish() -> Effect {
    let line = line
    if !line.isEmpty, history.last != line { history.append(line) }
    place = history.count
    _ = set("")
    return .line(line)
  }

  private mutating func recall(_ wanted: Int) -> Effect {
    guard wanted >= 0, wanted <= history.count else { return .none }
    place = wanted
    return set(wanted == history.count ? "" : history[wanted])
  }

  /// Arrows, Home, End, Delete: `ESC [ … letter` or `ESC O letter`.
  private mutating func handleEscape(_ byte: UInt8) -> Effect {
    escape.append(byte)
    if escape.count < 3 {
      if escape.count == 2, byte != UInt8(ascii: "["), byte != UInt8(ascii: "O") { escape.removeAll() }
      return .none
    }
    let isFinal = (0x40...0x7e).contains(byte)
    guard isFinal || escape.count > 8 else { return .none }
    let parameter = escape.dropFirst(2).first
    escape.removeAll()
    switch byte {
    case UInt8(ascii: "A"): return recall(place - 1)
    case UInt8(ascii: "B"): return recall(place + 1)
    case UInt8(ascii: "C"): return move(to: cursor + 1)
    case UInt8(ascii: "D"): return move(to: cursor - 1)
    case UInt8(ascii: "H"): return move(to: 0)
    case UInt8(ascii: "F"): return move(to: text.count)
    case UInt8(ascii: "~") where parameter == UInt8(ascii: "3"): return remove(cursor..<min(cursor + 1, text.count))
    default: return .none
    }
  }

  private mutating func complete() -> Effect {
    let head = String(text[..<cursor])
    let tail = Array(text[cursor...])
    let (line, candidates) = CommandTree.complete(head)
    if line != head {
      text = Array(line) + tail
      cursor = line.count
      return .redraw
    }
    return candidates.count > 1 ? .show([candidates.joined(separator: "  ")]) : .none
  }

  private func help() -> Effect {
    let words = String(text[..<cursor]).split { $0 == " " || $0 == "\t" }.map(String.init)
    guard let commands = CommandTree.commands(under: words), !commands.isEmpty else { return .show([ClientCommand.unknownText]) }
    return .show(CommandTree.help(commands))
  }
}
