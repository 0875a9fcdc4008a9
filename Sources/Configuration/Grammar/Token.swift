import RouteCore

/// One token of the language, and its place.
package struct Token: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// A name or keyword. Keywords are not told apart here: the grammar asks for them by their text, and, as in BIRD, quoting a name
    /// ('like-this') does not protect it from being a keyword.
    case symbol(String)
    /// `"text"`
    case text(String)
    /// A number of 32 bits, decimal or 0x.
    case number(UInt32)
    /// `a.b.c.d`. Its meaning depends on the dialect: an address, or in the IPv6 build of 1.6 a quad (a router ID).
    case ip4(UInt32)
    case ip6(IPAddress)
    /// Bytes in hexadecimal digits, as they are written (2.x).
    case bytestring(String)
    /// `else:` written as one word (in `case`).
    case elseColon
    case punctuation(Punctuation)
    case endOfFile
  }

  package enum Punctuation: String, Hashable, Sendable, CaseIterable {
    case equal = "=", braceOpen = "{", braceClose = "}", colon = ":", semicolon = ";", comma = ",", dot = ".", parenthesisOpen = "("
    case parenthesisClose = ")", plus = "+", star = "*", slash = "/", percent = "%", less = "<", greater = ">", tilde = "~"
    case bracketOpen = "[", bracketClose = "]", question = "?", not = "!", bar = "|", minus = "-", ampersand = "&"
    case dotDot = "..", notEqual = "!=", notMatch = "!~", lessOrEqual = "<=", greaterOrEqual = ">=", and = "&&", or = "||"
    /// `[=` and `=]` around a path mask.
    case pathOpen = "[=", pathClose = "=]"
    /// Only in the 2.x dialect's languages: `++` and `->` are given as one word wherever they are written without a space between.
    case plusPlus = "++", arrow = "->"
  }

  package var kind: Kind
  package var location: SourceLocation
  /// Bytes from the first to the last; all tokens are on one line.
  package var length: Int32

  package func `is`(_ punctuation: Punctuation) -> Bool { kind == .punctuation(punctuation) }
  package func `is`(_ keyword: String) -> Bool { if case .symbol(keyword) = kind { true } else { false } }
  /// The digits as written, if it is a bytestring.
  var bytestring: String? { if case .bytestring(let text) = kind { text } else { nil } }
  /// The text if it is a name or keyword.
  package var symbol: String? { if case .symbol(let name) = kind { name } else { nil } }

  /// The column right after the token.
  package var end: SourceLocation {
    SourceLocation(file: location.file, line: location.line, column: location.column &+ length)
  }
}

extension Token: CustomStringConvertible {
  /// How a message names the token.
  package var description: String {
    switch kind {
    case .symbol(let name): "'\(name)'"
    case .text(let text): "text \"\(text)\""
    case .number(let value): "number \(value)"
    case .ip4(let value): "address \(RouterID(rawValue: value))"
    case .ip6(let address): "address \(address)"
    case .bytestring(let text): "bytestring \(text)"
    case .elseColon: "'else:'"
    case .punctuation(let punctuation): "'\(punctuation.rawValue)'"
    case .endOfFile: "end of file"
    }
  }
}
