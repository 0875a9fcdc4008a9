import Linux
import RouteCore
import Testing

/// The other end of a session, which says what a test wants said. It is host 2 of its network, AS 65002, with a hold time of 0.
final class RawPeer {
  struct Message {
    var type: UInt8
    var body: [UInt8]
  }

  let connection: StreamConnection
  private var bytes: [UInt8] = []
  private(set) var messages: [Message] = []

  /// Connects to host 1, and has a session with it.
  init(_ network: TestNetwork) throws {
    let remote = Endpoint(try #require(IPAddress(network.address(1))), port: TestNetwork.port)
    let local = Endpoint(try #require(IPAddress(network.address(2))))
    connection = try StreamConnection.connect(network.loop, to: remote, from: local)
    connection.onReceive = { chunk in chunk.withUnsafeBytes { self.received(Array($0)) } }
    try network.until("the OPEN is there") { self.messages.contains { $0.type == 1 } }
    // IPv4 unicast, route refresh (RFC 2918), its enhanced form (RFC 7313), four-octet AS numbers.
    let capabilities: [UInt8] = [1, 4, 0, 1, 0, 1, 2, 0, 70, 0, 65, 4, 0, 0, 0xfd, 0xea]
    let length = UInt8(capabilities.count)
    send(1, [4, 0xfd, 0xea, 0, 0, 10, 255, 0, 2, length + 2, 2, length] + capabilities)
    send(4)
    try network.until("the session is there") { self.messages.contains { $0.type == 4 } }
  }

  func send(_ type: UInt8, _ body: [UInt8] = []) {
    let length = 19 + body.count
    connection.send([UInt8](repeating: 0xff, count: 16) + [UInt8(length >> 8), UInt8(length & 0xff), type] + body)
  }

  func forget() { messages = [] }

  private func received(_ chunk: [UInt8]) {
    bytes += chunk
    while bytes.count >= 19 {
      let length = Int(bytes[16]) << 8 | Int(bytes[17])
      guard length >= 19, bytes.count >= length else { return }
      messages.append(Message(type: bytes[18], body: Array(bytes[19..<length])))
      bytes.removeFirst(length)
    }
  }
}
