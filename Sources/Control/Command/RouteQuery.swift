import RouteCore

/// `show route` and all its options.
package struct RouteQuery: Hashable, Sendable {
  package enum Target: Hashable, Sendable {
    case everything
    /// One network.
    case exact(Prefix)
    /// `for`: the longest match of an address (as a host prefix) or network.
    case matching(Prefix)
    /// `in` (2.x): a network and everything inside it.
    case within(Prefix)

    /// Whether the answer is one network at most, so that finding none is an error.
    package var isSingle: Bool {
      switch self {
      case .exact, .matching: true
      case .everything, .within: false
      }
    }
  }
  package enum Table: Hashable, Sendable {
    case named(String)
    /// `table all` (2.x)
    case all
    /// `import table P.CH`, `export table P.CH` (2.x)
    case imported(ChannelName)
    case exported(ChannelName)
  }
  /// `P` or `P.CH`.
  package struct ChannelName: Hashable, Sendable {
    package var `protocol`: String
    package var channel: String?
  }
  /// A filter for the configuration's parser.
  package enum Condition: Hashable, Sendable {
    case filter(named: String)
    /// The body in its braces.
    case inlineFilter(String)
    /// The term after `where`.
    case term(String)
  }
  /// Which side of a channel's export filter is asked for.
  package enum ExportMode: Hashable, Sendable {
    /// What passes the filter.
    case export
    /// What arrives at the filter.
    case preexport
    /// What the filter rejects.
    case noexport
    /// What has been exported (2.x).
    case exported
  }
  package struct Export: Hashable, Sendable {
    package var mode: ExportMode
    package var channel: ChannelName
  }
  package enum Counting: Hashable, Sendable {
    case none
    /// The routes, and how many there are.
    case stats
    /// Only how many there are.
    case count
  }

  package var target = Target.everything
  /// Empty: the default tables.
  package var tables: [Table] = []
  package var condition: Condition?
  package var detail = Detail.brief
  /// Only the best route of each network.
  package var isPrimaryOnly = false
  /// Only what import filters rejected and `import keep filtered` kept.
  package var isFilteredOnly = false
  package var export: Export?
  /// Only routes of this protocol.
  package var `protocol`: String?
  package var counting = Counting.none
}
