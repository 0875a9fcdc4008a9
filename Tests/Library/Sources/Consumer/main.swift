import BFD
import BGP
import OSPFv3
import RouteCore

// What somebody else does with the libraries: two BGP speakers without a network, until they have a session, on a clock that is moved by
// hand. The machines of OSPFv3 and BFD are started too. Exit status 0 if all of it went as it should.

/// Takes no routes: the session is what matters.
struct Discard: RouteSink {
  mutating func begin(_ attributes: borrowing RouteAttributes, _ family: AddressFamily) {}
  mutating func announce(_ prefix: Prefix, path: UInt32) {}
  mutating func withdraw(_ prefix: Prefix, path: UInt32) {}
  mutating func endOfRIB(_ family: AddressFamily) {}
  mutating func refreshBegan(_ family: AddressFamily) {}
  mutating func refreshEnded(_ family: AddressFamily) {}
}

struct Speaker {
  var peer: Peer
  var connection: ConnectionID?
  var sent: [UInt8] = []

  init(address: IPAddress, as localAS: UInt32, neighbor: IPAddress, as remoteAS: UInt32, id: UInt32) {
    var configuration = PeerConfiguration(
      localAS: localAS, routerID: RouterID(rawValue: id), neighborAddress: neighbor, neighborAS: .number(remoteAS))
    configuration.localAddress = address
    configuration.ipv6 = ChannelOptions()
    peer = Peer(configuration: configuration, seed: UInt64(id))
  }

  /// Tells the machine what happened and keeps what it wants sent; whether it wants a connection opened.
  mutating func handle(_ event: Peer.Event, at now: Instant) -> ConnectionID? {
    var output = Peer.Output()
    peer.handle(event, at: now, into: &output)
    return carryOut(output)
  }

  mutating func receive(_ bytes: [UInt8], at now: Instant) {
    guard let connection else { return }
    var rest = bytes[...]
    while !rest.isEmpty {
      var output = Peer.Output()
      var sink = Discard()
      let used = peer.receive(Array(rest).span.bytes, on: connection, at: now, sink: &sink, into: &output)
      rest = rest.dropFirst(used)
      _ = carryOut(output)
    }
  }

  private mutating func carryOut(_ output: Peer.Output) -> ConnectionID? {
    var wanted: ConnectionID?
    for action in output.actions {
      if case .connect(let id) = action { wanted = id }
      if case .send(_, let bytes) = action { sent += bytes }
    }
    return wanted
  }
}

guard let left = IPAddress("2001:db8::1"), let right = IPAddress("2001:db8::2") else { fatalError("two addresses") }
var now = Instant.zero
var active = Speaker(address: left, as: 64500, neighbor: right, as: 64501, id: 1)
var passive = Speaker(address: right, as: 64501, neighbor: left, as: 64500, id: 2)
passive.peer = {
  var configuration = passive.peer.configuration
  configuration.passive = true
  return Peer(configuration: configuration, seed: 2)
}()

_ = passive.handle(.start, at: now)
var wanted = active.handle(.start, at: now)
while wanted == nil, let deadline = active.peer.nextDeadline {
  now = deadline
  wanted = active.handle(.deadline, at: now)
}
active.connection = wanted
let accepted = ConnectionID(.incoming, 1)
passive.connection = accepted
if let wanted { _ = active.handle(.connectionOpened(wanted, Endpoints(local: left, remote: right)), at: now) }
_ = passive.handle(.accepted(accepted, Endpoints(local: right, remote: left)), at: now)
for _ in 0..<10 {
  let (a, b) = (active.sent, passive.sent)
  (active.sent, passive.sent) = ([], [])
  passive.receive(a, at: now)
  active.receive(b, at: now)
}

var adjacency = OSPFv3.Output()
var configuration = InstanceConfiguration(routerID: RouterID(rawValue: 1))
configuration.areas = [AreaConfiguration(id: RouterID(rawValue: 0))]
var instance = OSPFv3.Instance(configuration: configuration, seed: 1, now: now)
instance.handle(.deadline, at: now, into: &adjacency)
let sessions = Sessions(configuration: BFDConfiguration(), seed: 1)

print("active: \(active.peer.state), passive: \(passive.peer.state), BFD idle: \(sessions.nextDeadline == nil)")
if active.peer.state != .established || passive.peer.state != .established { fatalError("no session") }
