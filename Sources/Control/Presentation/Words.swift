import RouteCore

// Words for values of RouteCore that all presentations share.

extension RouteDestination {
  /// The destination as `show route` writes it.
  var word: String {
    switch self {
    case .unicast: "unicast"
    case .blackhole: "blackhole"
    case .unreachable: "unreachable"
    case .prohibit: "prohibited"
    }
  }
}

extension RouteScope {
  /// The scope as `show` writes it.
  var word: String {
    switch self {
    case .host: "host"
    case .link: "link"
    case .site: "site"
    case .organization: "org"
    case .universe: "univ"
    }
  }
}

extension RouteSource {
  /// The source as the `Type:` line writes it.
  var word: String {
    switch self {
    case .none: "dummy"
    case .static: "static"
    case .inherit: "inherit"
    case .device: "device"
    case .staticDevice: "static-device"
    case .redirect: "redirect"
    case .rip: "RIP"
    case .ospf: "OSPF"
    case .ospfInterArea: "OSPF-IA"
    case .ospfExternal1: "OSPF-E1"
    case .ospfExternal2: "OSPF-E2"
    case .bgp: "BGP"
    case .pipe: "pipe"
    case .babel: "Babel"
    }
  }
}
