import RouteCore

// How a configuration is read: the lexer cuts the main file and all its includes into tokens (Grammar/Lexer), the dialect is detected from
// them (Grammar/DialectDetection), the parser (Grammar/Parser, Global/, Protocols/, Filter/) turns them into one typed `Configuration`
// (Model/), and checks that need more than one option are made at the end of each protocol (Protocols/Parser+Finish). A running daemon
// then compares two of them (Difference/).

/// Reads configuration files.
package enum ConfigurationReader {
  package struct Options: Sendable {
    /// Read the file as this dialect, whatever it looks like.
    package var dialect: Dialect?
    /// `-4` or `-6`: the family of a file of the 1.6 dialect.
    package var family: AddressFamily?

    /// Whether a file may have no protocol at all: not for a daemon, which an empty file would leave with nothing to do.
    package var mayLackProtocols = false
    /// Read the file for its tests (`FilterTest`): tables and channels of unsupported kinds are skipped.
    package var readsTests = false

    package init(dialect: Dialect? = nil, family: AddressFamily? = nil, mayLackProtocols: Bool = false) {
      self.dialect = dialect
      self.family = family
      self.mayLackProtocols = mayLackProtocols
    }
  }

  /// The result of reading.
  package struct Result: Sendable {
    /// Nil if there are errors.
    package var configuration: Configuration?
    /// Errors and warnings, in the order of the files.
    package var diagnostics: [Diagnostic]

    package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
  }

  /// Reads a file and all it includes.
  package static func read(file path: String, provider: any SourceProvider, options: Options = Options()) -> Result {
    var lexer = Lexer(provider: provider)
    lexer.tokenize(path)
    let detected = DialectDetection(tokens: lexer.tokens, sources: lexer.sources, family: options.family)
    let dialect = options.dialect ?? detected.dialect
    lexer.fit(dialect)
    let parser = Parser(
      tokens: lexer.tokens, sources: lexer.sources, dialect: dialect,
      dialectReason: options.dialect == nil ? detected.reason : "as the command line says", diagnostics: lexer.diagnostics)
    parser.needsProtocols = !options.mayLackProtocols && !options.readsTests
    parser.readsTests = options.readsTests
    parser.defineSystemConstants(provider)
    parser.parseConfiguration()
    let diagnostics = parser.diagnostics.enumerated().sorted { ($0.element.location, $0.offset) < ($1.element.location, $1.offset) }
    // Errors in a file that is included twice are reported once.
    var said: Set<String> = []
    let distinct = diagnostics.map { $0.element }.filter { said.insert($0.headline).inserted }
    return Result(configuration: parser.hasErrors ? nil : parser.configuration, diagnostics: distinct)
  }

  /// Reads any bytes as a configuration, for fuzzing.
  package static func fuzz(_ bytes: [UInt8]) -> Result {
    read(file: "fuzz.conf", provider: MemorySources(files: ["fuzz.conf": bytes]), options: Options(mayLackProtocols: true))
  }
}

extension Parser {
  /// The names iproute2 gives to numbers: `ipp_bird`, `ipr_…`, `ips_…`, `ipt_main`.
  func defineSystemConstants(_ provider: any SourceProvider) {
    for (file, prefix) in [("rt_protos", "ipp_"), ("rt_realms", "ipr_"), ("rt_scopes", "ips_"), ("rt_tables", "ipt_")] {
      // Systems without iproute2 have none; newer ones keep them in /usr.
      guard let bytes = (try? provider.read("/etc/iproute2/\(file)")) ?? (try? provider.read("/usr/share/iproute2/\(file)")) else {
        continue
      }
      for line in bytes.split(separator: UInt8(ascii: "\n")) {
        let words = line.prefix { $0 != UInt8(ascii: "#") }.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard words.count >= 2 else { continue }
        let digits = String(decoding: words[0], as: UTF8.self)
        let value = digits.hasPrefix("0x") ? UInt32(digits.dropFirst(2), radix: 16) : UInt32(digits)
        guard let value else { continue }
        let name = prefix + String(decoding: words[1].map { $0.isSymbolPart ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        symbols.set(name, .constant(.int(value)), at: nil)
      }
    }
  }
}
