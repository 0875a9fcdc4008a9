import BGP
import RouteCore

// For `dump`.
extension BGPProtocol {
  var socketLines: [String] { session.map { ["\(name): \($0.endpoints.local) to \($0.endpoints.remote)"] } ?? [] }

  var neighborLines: [String] {
    let configuration = peer.configuration
    let whom = configuration.isListener ? configuration.passwordScope.description : configuration.neighborAddress.description
    return ["\(name): \(whom) \(peer.statusName)"]
  }

  var info: String {
    let name = peer.statusName
    guard let error = peer.lastError else { return BGPProtocol.padded(name, 14) }
    if state == .down { return error.description }
    return BGPProtocol.padded(name, 14) + (session == nil ? error.description : "")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.utf8.count, 0))
  }
}
