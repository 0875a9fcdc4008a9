/// `local role`: what we are to an external peer (RFC 9234 §4), by the values of its capability.
public enum Role: UInt8, Sendable, Hashable, CaseIterable {
  /// The peer is our customer.
  case provider = 0
  /// We are a route server, the peer is its client.
  case routeServer = 1
  /// The peer is a route server, we are its client.
  case routeServerClient = 2
  /// The peer is our provider.
  case customer = 3
  /// Neither side pays the other: only the routes of customers are exchanged.
  case peer = 4

  /// As the configuration and `show protocols all` write it.
  public var name: String {
    switch self {
    case .provider: "provider"
    case .routeServer: "rs_server"
    case .routeServerClient: "rs_client"
    case .customer: "customer"
    case .peer: "peer"
    }
  }

  /// RFC 9234 §4.2: what the other side has to be.
  var counterpart: Role {
    switch self {
    case .provider: .customer
    case .routeServer: .routeServerClient
    case .routeServerClient: .routeServer
    case .customer: .provider
    case .peer: .peer
    }
  }

  /// The peer is a provider, a peer or a route server: what it sends may go on to customers only, and so may what goes to it not have
  /// come from such (RFC 9234 §5).
  var facesUpOrAcross: Bool { self == .customer || self == .peer || self == .routeServerClient }

  /// The peer is a customer, a peer or a route server's client.
  var facesDownOrAcross: Bool { self == .provider || self == .peer || self == .routeServer }
}
