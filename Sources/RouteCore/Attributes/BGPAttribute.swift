/// A path attribute that the daemon knows, by its type code (IANA "BGP Path Attributes"). What there is to know of one is its row: decoding
/// and its verdict, encoding, the words of filters, and how `show route all` and JSON write it derive from there.
///
/// One whose value has a form that is there already takes a case and a row. One that changes on its way, or needs others to be understood,
/// has its own file in BGP/Attribute. Unknown ones are carried on by their code (RFC 4271 §5).
public enum BGPAttribute: UInt8, CaseIterable, Sendable {
  /// ORIGIN (RFC 4271 §5.1.1): in the header.
  case origin = 1
  /// AS_PATH (RFC 4271 §5.1.2), see `ASPath`.
  case asPath = 2
  /// NEXT_HOP (RFC 4271 §5.1.3): 4, 16 or 32 bytes.
  case nextHop = 3
  /// MULTI_EXIT_DISC (RFC 4271 §5.1.4): in the header.
  case multiExitDiscriminator = 4
  /// LOCAL_PREF (RFC 4271 §5.1.5): in the header.
  case localPref = 5
  /// ATOMIC_AGGREGATE (RFC 4271 §5.1.6): no value.
  case atomicAggregate = 6
  /// AGGREGATOR (RFC 4271 §5.1.7): AS number and BGP Identifier.
  case aggregator = 7
  /// COMMUNITIES (RFC 1997): 4 bytes each.
  case communities = 8
  /// ORIGINATOR_ID (RFC 4456 §8): 4 bytes.
  case originatorID = 9
  /// CLUSTER_LIST (RFC 4456 §8): 4 bytes for each reflector.
  case clusterList = 10
  /// MP_REACH_NLRI (RFC 4760 §3): part of a message, not of a route.
  case reach = 14
  /// MP_UNREACH_NLRI (RFC 4760 §4): part of a message, not of a route.
  case unreach = 15
  /// Extended communities (RFC 4360): 8 bytes each.
  case extendedCommunities = 16
  /// AS4_PATH (RFC 6793 §3): merged into AS_PATH on receipt.
  case as4Path = 17
  /// AS4_AGGREGATOR (RFC 6793 §3): merged into AGGREGATOR on receipt.
  case as4Aggregator = 18
  /// The accumulated IGP metric (RFC 7311).
  case aigp = 26
  /// Large communities (RFC 8092): 12 bytes each.
  case largeCommunities = 32
  /// ONLY_TO_CUSTOMER (RFC 9234 §5): an AS number.
  case onlyToCustomer = 35

  @inline(__always) package var row: Row {
    switch self {
    case .origin: Row("ORIGIN", .wellKnown, .origin, ("bgp_origin", "BGP.origin"))
    case .asPath: Row("AS_PATH", .wellKnown, .asPath, ("bgp_path", "BGP.as_path"))
    case .nextHop: Row("NEXT_HOP", .wellKnown, .nextHop, ("bgp_next_hop", "BGP.next_hop"))
    case .multiExitDiscriminator: Row("MULTI_EXIT_DISC", .optionalNonTransitive, .med, ("bgp_med", "BGP.med"))
    case .localPref: Row("LOCAL_PREF", .wellKnown, .localPref, ("bgp_local_pref", "BGP.local_pref"))
    case .atomicAggregate:
      Row("ATOMIC_AGGREGATE", .wellKnown, .empty, ("bgp_atomic_aggr", "BGP.atomic_aggr"), .discardedIfMalformed)
    case .aggregator:
      Row("AGGREGATOR", .optionalTransitive, .aggregator, ("bgp_aggregator", "BGP.aggregator"), .discardedIfMalformed)
    case .communities: Row("COMMUNITIES", .optionalTransitive, .communities, ("bgp_community", "BGP.community"))
    case .originatorID:
      Row("ORIGINATOR_ID", .optionalNonTransitive, .identifier, ("bgp_originator_id", "BGP.originator_id"), .internalOnly)
    case .clusterList: Row("CLUSTER_LIST", .optionalNonTransitive, .identifiers, ("bgp_cluster_list", "BGP.cluster_list"), .internalOnly)
    case .reach: Row("MP_REACH_NLRI", .optionalNonTransitive, .message)
    case .unreach: Row("MP_UNREACH_NLRI", .optionalNonTransitive, .message)
    case .extendedCommunities:
      Row("EXTENDED COMMUNITIES", .optionalTransitive, .extendedCommunities, ("bgp_ext_community", "BGP.ext_community"))
    case .as4Path: Row("AS4_PATH", .optionalTransitive, .message)
    case .as4Aggregator: Row("AS4_AGGREGATOR", .optionalTransitive, .message)
    case .aigp:
      Row(
        "AIGP", .optionalNonTransitive, .accumulatedMetric, ("bgp_aigp", "BGP.aigp"),
        [.discardedIfMalformed, .discardedIfMiscategorized, .unknownToBIRD1])
    case .largeCommunities: Row("LARGE_COMMUNITY", .optionalTransitive, .largeCommunities, ("bgp_large_community", "BGP.large_community"))
    case .onlyToCustomer: Row("ONLY_TO_CUSTOMER", .optionalTransitive, .number, ("bgp_otc", "BGP.otc"), .unknownToBIRD1)
    }
  }

  /// Its key among a route's attributes; ORIGIN, MULTI_EXIT_DISC and LOCAL_PREF are in the header instead.
  @inlinable package var key: AttributeKey { AttributeKey(.bgp, rawValue) }

  /// As the log names the attribute of a type.
  package static func name(ofType code: UInt8) -> String { BGPAttribute(rawValue: code)?.row.name ?? "attribute \(code)" }
}

extension BGPAttribute {
  /// No member is counted by reference: UPDATEs are decoded with rows at hand.
  package struct Row: Sendable {
    private let registered: StaticString
    private let words: (filter: StaticString, shown: StaticString)?
    /// The Optional and Transitive bits that its specification demands.
    package let flags: AttributeFlags
    package let form: Form
    package let traits: Traits

    /// In the registry, as the log writes it.
    package var name: String { registered.description }
    /// What filters of both languages call it; nil for what is no attribute of routes.
    package var filterName: String? { words.map { $0.filter.description } }
    /// What `show route all` and JSON call it: no `String`, which would be allocated for each route that is shown.
    package var shownName: StaticString? { words?.shown }

    @inline(__always) fileprivate init(
      _ name: StaticString, _ flags: AttributeFlags, _ form: Form, _ words: (filter: StaticString, shown: StaticString)? = nil,
      _ traits: Traits = []
    ) {
      registered = name
      self.words = words
      self.flags = flags
      self.form = form
      self.traits = traits
    }
  }

  /// What a value is made of.
  package enum Form: Sendable {
    // In the header.
    case origin, med, localPref
    // As records.
    case asPath, nextHop
    case empty
    /// Four octets.
    case number
    /// An AS number and a router id.
    case aggregator
    /// A router id, and a list of them.
    case identifier, identifiers
    case communities, extendedCommunities, largeCommunities
    case accumulatedMetric
    /// Of the message it is in, not of its routes.
    case message

    /// Whether a value has the length that the form asks for (RFC 7606 §7). AS paths, next hops, AGGREGATOR and what is of a message are
    /// checked where more of the session is known.
    package func admits(_ value: RawSpan) -> Bool {
      let count = value.byteCount
      return switch self {
      case .origin: count == 1
      case .med, .localPref, .number, .identifier: count == 4
      case .empty: count == 0
      case .identifiers, .communities: count > 0 && count % 4 == 0
      case .extendedCommunities: count > 0 && count % 8 == 0
      case .largeCommunities: count > 0 && count % 12 == 0
      case .accumulatedMetric: AccumulatedMetric.isWellFormed(value)
      case .asPath, .nextHop, .aggregator, .message: true
      }
    }
  }

  package struct Traits: OptionSet, Sendable {
    package let rawValue: UInt8
    @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// RFC 7606 §7: a malformed one is left out; else its routes are treated as withdrawn.
    @inlinable package static var discardedIfMalformed: Traits { Traits(rawValue: 1) }
    /// One with other flags is left out, too (RFC 7311 §3.2); else its routes are treated as withdrawn (RFC 7606 §3 c).
    @inlinable package static var discardedIfMiscategorized: Traits { Traits(rawValue: 2) }
    /// From an external peer it is left out without a word, as many send it (RFC 7606 §7.9, §7.10).
    @inlinable package static var internalOnly: Traits { Traits(rawValue: 4) }
    /// In the 1.6 look it is shown by its number.
    @inlinable package static var unknownToBIRD1: Traits { Traits(rawValue: 8) }
  }
}
