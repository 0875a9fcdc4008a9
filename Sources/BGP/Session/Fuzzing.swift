import RouteCore

/// Entry points that take arbitrary bytes, for fuzz targets and randomised tests. Whatever comes, they return.
package enum Fuzzing {
  /// Counts what arrives.
  package struct CountingSink: RouteSink {
    package var announced = 0
    package var withdrawn = 0
    package init() {}
    package mutating func begin(_ attributes: borrowing RouteAttributes, _ family: AddressFamily) {}
    package mutating func announce(_ prefix: Prefix, path: UInt32) { announced += 1 }
    package mutating func withdraw(_ prefix: Prefix, path: UInt32) { withdrawn += 1 }
    package mutating func endOfRIB(_ family: AddressFamily) {}
    package mutating func refreshBegan(_ family: AddressFamily) {}
    package mutating func refreshEnded(_ family: AddressFamily) {}
  }

  /// The first byte says which decoder gets the rest: OPEN, UPDATE on three kinds of session, ROUTE-REFRESH, NOTIFICATION, or a
  /// whole session that reads the bytes as a stream in two chunks.
  package static func run(_ bytes: RawSpan) {
    guard bytes.byteCount > 1 else { return }
    let rest = bytes.extracting(droppingFirst: 1)
    switch bytes.loadU8(0) % 7 {
    case 0: _ = try? OpenMessage(decoding: rest)
    case 1: update(rest, internalPeer: false, fourOctets: true)
    case 2: update(rest, internalPeer: true, fourOctets: true)
    case 3: update(rest, internalPeer: false, fourOctets: false)
    case 4: _ = try? RouteRefresh(decoding: rest)
    case 5: _ = Notification(decoding: rest).detailedText
    default: stream(rest)
    }
  }

  private static func configuration(internalPeer: Bool) -> PeerConfiguration {
    var value = PeerConfiguration(
      localAS: 65001, routerID: RouterID(rawValue: 1), neighborAddress: IPAddress(ipv4: 0xc000_0202),
      neighborAS: .number(internalPeer ? 65001 : 65002))
    value.ipv4 = ChannelOptions()
    value.ipv6 = ChannelOptions()
    value.ipv4?.extendedNextHop = true
    value.ipv6?.extendedNextHop = true
    value.enableEnhancedRefresh = true
    value.reach = .direct
    return value
  }

  private static let endpoints = Endpoints(local: IPAddress(ipv4: 0xc000_0201), remote: IPAddress(ipv4: 0xc000_0202), interface: 2)

  /// Decodes, and if there is a route, sends it on to an old and to a new peer.
  private static func update(_ body: RawSpan, internalPeer: Bool, fourOctets: Bool) {
    var configuration = configuration(internalPeer: internalPeer)
    // The old peer is of our confederation, and has a role.
    if !fourOctets {
      configuration.confederation = 65100
      configuration.confederationMember = true
      configuration.localRole = .peer
    } else if internalPeer {
      configuration.ipv6?.receivesPaths = true
      configuration.ipv6?.sendsPaths = true
    }
    var remote = configuration
    remote.localAS = internalPeer ? 65001 : 65002
    remote.routerID = RouterID(rawValue: 2)
    var capabilities = Capabilities(remote)
    if !fourOctets { capabilities.as4 = nil }
    let session = SessionParameters(
      configuration, endpoints, open: OpenMessage(remote, capabilities: capabilities), sent: Capabilities(configuration), timers: (90, 30))
    _ = session.findsPathIdentifiers(inUpdate: body)
    var decoder = UpdateDecoder()
    decoder.begin(session)
    var sink = CountingSink()
    guard (try? decoder.decode(body, sink: &sink)) != nil || sink.announced > 0 else { return }
    for family in AddressFamily.allCases {
      var route = decoder.attributes
      guard ExportRules.prepare(&route, family: family, via: .none, to: session) else { continue }
      var writer = WireWriter()
      var updates = UpdateWriter()
      _ = updates.writeUpdates(route, [Prefix(.unspecified, 0, family)], family, session, into: &writer)
    }
  }

  /// An established session reads the bytes.
  private static func stream(_ bytes: RawSpan) {
    var peer = Peer(configuration: configuration(internalPeer: false), seed: 1)
    var output = Peer.Output()
    var sink = CountingSink()
    let id = ConnectionID(.incoming, 1)
    var remote = configuration(internalPeer: false)
    remote.localAS = 65002
    remote.routerID = RouterID(rawValue: 2)
    peer.record(.all)
    peer.handle(.start, at: .zero, into: &output)
    peer.handle(.accepted(id, endpoints), at: .zero, into: &output)
    let greeting = OpenMessage(remote, capabilities: Capabilities(remote)).encoded + MessageHeader.keepalive
    peer.receive(greeting.span.bytes, on: id, at: .zero, sink: &sink, into: &output)
    let half = bytes.byteCount / 2
    peer.receive(bytes.extracting(first: half), on: id, at: .zero, sink: &sink, into: &output)
    peer.receive(bytes.extracting(droppingFirst: half), on: id, at: .zero, sink: &sink, into: &output)
  }
}
