import BFD
import RouteCore

// RFC 5882: which neighbours protocols want watched, and which `protocol bfd` does it.
//
// A protocol says whom it wants watched (`ProtocolInstance.watch`) and is told of changes (`watchedChanged`). Each of these is a request.
// It goes to the first `protocol bfd` that accepts it, where it shares a session with other requests for the same neighbour; if there is
// none, it waits until there is.

/// One protocol's request to have a neighbour watched.
final class BFDRequest {
  /// What is asked for.
  struct Wish: Hashable {
    var key: SessionKey
    /// Our address towards the neighbour.
    var source: IPAddress
    var overrides = SessionOverrides()
  }

  let owner: ProtocolInstance
  fileprivate(set) var wish: Wish
  /// The protocol that watches; nil while the request waits.
  fileprivate(set) var server: BFDProtocol?
  /// The session's state; AdminDown while there is no session.
  fileprivate(set) var state = Session.State.adminDown

  fileprivate init(_ owner: ProtocolInstance, _ wish: Wish) {
    self.owner = owner
    self.wish = wish
  }
}

/// The requests of all protocols, in the order in which they were made.
final class BFDRequests {
  private var requests: [BFDRequest] = []
  /// The protocols `bfd` that are up.
  private var servers: [BFDProtocol] = []

  /// Whether the neighbour is being watched and the path is known to work.
  func isUp(_ key: SessionKey) -> Bool { requests.contains { $0.wish.key == key && $0.state == .up } }

  // MARK: Protocols that ask

  func add(_ wish: BFDRequest.Wish, of owner: ProtocolInstance) -> BFDRequest {
    let request = BFDRequest(owner, wish)
    requests.append(request)
    submit(request)
    return request
  }

  func remove(_ request: BFDRequest) {
    requests.removeAll { $0 === request }
    guard let server = request.server else { return }
    request.server = nil
    // The oldest request decides on a session's options.
    if let heir = first(of: server, request.wish.key) {
      server.handle(.change(request.wish.key, heir.wish.overrides))
    } else {
      server.handle(.close(request.wish.key))
    }
  }

  func change(_ request: BFDRequest, _ overrides: SessionOverrides) {
    guard request.wish.overrides != overrides else { return }
    request.wish.overrides = overrides
    guard let server = request.server, first(of: server, request.wish.key) === request else { return }
    server.handle(.change(request.wish.key, overrides))
  }

  private func first(of server: BFDProtocol, _ key: SessionKey) -> BFDRequest? {
    requests.first { $0.server === server && $0.wish.key == key }
  }

  /// Gives a request to the first protocol that accepts it.
  private func submit(_ request: BFDRequest) {
    if let server = servers.filter({ $0.takes(request) }).min(by: { $0.order < $1.order }) {
      let isNew = first(of: server, request.wish.key) == nil
      request.server = server
      if isNew { server.open(request.wish) }
      request.state = server.sessions[request.wish.key]?.state ?? .down
      return
    }
    request.state = .adminDown
  }

  // MARK: Protocols that watch

  /// A `protocol bfd` has started: it gets the waiting requests.
  func started(_ server: BFDProtocol) {
    servers.append(server)
    for request in requests where request.server == nil { submit(request) }
  }

  /// It has ended: others may take its requests, otherwise these wait. The path may be as good as before.
  func stopped(_ server: BFDProtocol) {
    servers.removeAll { $0 === server }
    for request in requests where request.server === server {
      request.server = nil
      submit(request)
      request.owner.watchedChanged(request, hasFailed: false)
    }
  }

  /// A session's state has changed.
  func changed(_ change: Sessions.Change, of server: BFDProtocol) {
    // The protocols told may add and withdraw requests.
    for request in requests where request.server === server && request.wish.key == change.key {
      request.state = change.state
      request.owner.watchedChanged(request, hasFailed: change.hasFailed)
    }
  }
}

extension ProtocolInstance {
  /// Has exactly these neighbours watched, and no others.
  func watch(_ wishes: [BFDRequest.Wish]) {
    var kept: [BFDRequest] = []
    for request in watched {
      if let wish = wishes.first(where: { $0.key == request.wish.key && $0.source == request.wish.source }) {
        daemon.bfd.change(request, wish.overrides)
        kept.append(request)
      } else {
        daemon.bfd.remove(request)
      }
    }
    watched = kept
    for wish in wishes where !watched.contains(where: { $0.wish.key == wish.key }) { watched.append(daemon.bfd.add(wish, of: self)) }
  }
}
