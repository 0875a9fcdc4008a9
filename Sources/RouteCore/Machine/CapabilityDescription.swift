/// What `show protocols all` says of one capability (RFC 5492) of one side of a BGP session: in BIRD 1.6's words, in 2.x's, and in JSON.
/// The BGP module fills it and Control writes it, so that a new capability concerns nobody else.
public struct CapabilityDescription: Hashable, Sendable {
  /// A member of the JSON object.
  public struct Member: Hashable, Sendable {
    /// Its key in the object.
    public var name: String
    /// What it holds.
    public var value: Value

    /// A member by its key.
    public init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// A JSON value, as far as capabilities need them.
  public indirect enum Value: Hashable, Sendable {
    /// A Boolean.
    case flag(Bool)
    /// A number, written without a fraction.
    case number(UInt64)
    /// A string, written with escapes where JSON wants them.
    case text(String)
    /// An array of strings.
    case list([String])
    /// An object; its members are written in this order.
    case object([Member])
  }

  /// Its code, by which presentations order what they know.
  public let code: UInt8
  /// The words of 1.6's one line; none for what 1.6 does not know.
  public var words: [String] = []
  /// The lines of 2.x's tree; those below the first are indented by two blanks.
  public var lines: [String] = []
  /// Its members in JSON, some of which are there without the capability too.
  public var members: [Member] = []

  /// A description to be filled: no words, lines or members yet.
  public init(code: UInt8) { self.code = code }
}
