import ControlLanguage
import RouteCore

/// Writes reply lines as BIRD's clients read them: `CODE-text` for a line that others follow, `CODE text` for the last one. A line
/// whose code equals the previous line's begins with a single space instead of `CODE-`. The memory of the previous code ends with each
/// reply, so that a client never has to know the reply before.
///
/// Either `line(_:_:)` with the whole text, or `begin(_:)`, pieces appended to `text`, and `end()`.
package struct ReplyWriter: Sendable {
  /// What has been written and not yet been taken by `drop(first:)`.
  package var text = TextBuffer()
  private var lastCode: ReplyCode?
  /// Where the text of the open line begins.
  private var lineStart = 0
  private var textStart = 0
  private var openCode = ReplyCode.ok
  /// A JSON value has been written, so that the next one needs a comma before it.
  var jsonNeedsComma = false

  /// The longest line, prefix included, without its newline; a longer one is replaced by `8000-<line overflow>`.
  package static let lineLimit = 510

  package init() {}

  package var count: Int { text.count }
  /// Forgets bytes that have been sent. A line of JSON may be open meanwhile; other lines are always complete between calls.
  package mutating func drop(first count: Int) {
    let dropped = min(max(count, 0), text.count)
    text.drop(first: dropped)
    lineStart -= dropped
    textStart -= dropped
  }

  /// The width of the open line's text so far.
  package var column: Int { text.count - textStart }
  /// Fills the open line's text with spaces up to `column`.
  package mutating func pad(to column: Int) { text.pad(from: textStart, to: column) }

  /// Begins a line that others follow.
  package mutating func begin(_ code: ReplyCode) {
    lineStart = text.count
    openCode = code
    if code == lastCode {
      text.append(byte: 0x20)
    } else {
      text.append(zeroPadded: UInt64(code.rawValue), width: 4)
      text.append(byte: UInt8(ascii: "-"))
    }
    textStart = text.count
    lastCode = code
  }

  /// Ends the line that `begin` began.
  package mutating func end() {
    if text.count - lineStart > ReplyWriter.lineLimit, openCode != .json {
      text.truncate(to: lineStart)
      begin(.replyTooLong)
      text.append("<line overflow>" as StaticString)
    }
    text.neutralize(from: max(textStart, 0))
    text.append(byte: 0x0a)
  }

  /// A whole line that others follow.
  package mutating func line(_ code: ReplyCode, _ string: String) {
    begin(code)
    text.append(string)
    end()
  }

  /// The last line of the reply.
  package mutating func final(_ code: ReplyCode, _ string: String = "") {
    beginFinal(code)
    text.append(string)
    endFinal()
  }

  /// Begins the last line of the reply, for text written in pieces.
  package mutating func beginFinal(_ code: ReplyCode) {
    lineStart = text.count
    openCode = code
    text.append(zeroPadded: UInt64(code.rawValue), width: 4)
    text.append(byte: 0x20)
    textStart = text.count
  }

  package mutating func endFinal() {
    if text.count - lineStart > ReplyWriter.lineLimit {
      text.truncate(to: lineStart)
      beginFinal(.replyTooLong)
      text.append("<line overflow>" as StaticString)
    }
    text.neutralize(from: textStart)
    text.append(byte: 0x0a)
    lastCode = nil
  }

  /// The last line of a failed command.
  package mutating func fail(_ error: ControlError) { final(error.code, error.message) }
}

/// Why a command failed: the code and the words of its last line.
package struct ControlError: Error, Hashable, Sendable {
  package let code: ReplyCode
  package let message: String

  package init(_ code: ReplyCode, _ message: String) {
    self.code = code
    self.message = message
  }
}
