import RouteCore

extension Snapshot {
  /// One line of `show symbols`.
  package struct Symbol: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
      case constant
      case `protocol`
      case template = "protocol template"
      case function
      case filter
      case table = "routing table"
      case roaTable = "ROA table"
      case attribute = "custom attribute"
      case undefined
    }
    package var name: String
    package var kind: Kind
    package init(name: String, kind: Kind) {
      self.name = name
      self.kind = kind
    }
  }
}
