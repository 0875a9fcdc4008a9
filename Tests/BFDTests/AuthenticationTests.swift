import RouteCore
import Testing

@testable import BFD

@Suite("Authentication")
struct AuthenticationTests {
  private static let methods: [Authentication.Method] = [.simplePassword, .keyedMD5, .meticulousKeyedMD5, .keyedSHA1, .meticulousKeyedSHA1]

  private static func secret(_ text: String, id: UInt8 = 7) -> Authentication.Key { .init(id: id, secret: Array(text.utf8)) }

  @Test("RFC 1321 §A.5, RFC 3174 §7.3: digests of known texts")
  func known() {
    #expect(Digest.md5.digest(of: []) == hex("d41d8cd98f00b204e9800998ecf8427e"))
    #expect(Digest.md5.digest(of: Array("abc".utf8)) == hex("900150983cd24fb0d6963f7d28e17f72"))
    #expect(Digest.sha1.digest(of: Array("abc".utf8)) == hex("a9993e364706816aba3e25717850c26c9cd0d89d"))
    #expect(
      Digest.sha1.digest(of: Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == hex("84983e441c3bd26ebaae4aa1f95129e5e54670f1"))
  }

  @Test("digests of texts of all lengths up to 199, digested again: as other programs compute them")
  func lengths() {
    for (digest, expected) in [(Digest.md5, "0e31983fb09e7f80b96e5ec823d6bb1a"), (.sha1, "c2add6cb3908952ddaf192d7f14c30588649e3b5")] {
      var all: [UInt8] = []
      for length in 0..<200 { all += digest.digest(of: (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + length) }) }
      #expect(digest.digest(of: all) == hex(expected))
    }
  }

  /// Up, 5 × 100 ms / 10 ms, key 7 "secret", sequence number 0x01020304.
  @Test(
    "RFC 5880 §4.2 to §4.4: the sections are written as drawn there, and read",
    arguments: [
      (Authentication.Method.simplePassword, "20c405211122334455667788000186a00000271000000000010907736563726574"),
      (.keyedMD5, "20c405301122334455667788000186a00000271000000000021807000102030437f167fd5fc012cd150e94fda94f0ba3"),
      (.meticulousKeyedSHA1, "20c405341122334455667788000186a00000271000000000051c0700010203049216d19c40eea12bda5669d4d3e199a6bc84d4e5"),
    ])
  func wire(method: Authentication.Method, expected: String) throws {
    var packet = ControlPacket()
    packet.state = .up
    packet.detectMultiplier = 5
    packet.myDiscriminator = 0x1122_3344
    packet.yourDiscriminator = 0x5566_7788
    packet.desiredMinTxInterval = 100_000
    packet.requiredMinRxInterval = 10_000
    let authentication = Authentication(method: method, keys: [AuthenticationTests.secret("secret")])
    var writer = WireWriter()
    writer.u32(0xffff_ffff)
    packet.encode(into: &writer)
    var state = AuthenticationState(sentSequence: 0x0102_0303)
    authentication.sign(&writer, from: 4, &state, at: ms(5000))
    let bytes = Array(writer.bytes.dropFirst(4))
    #expect(bytes == hex(expected))
    var known = AuthenticationState(sentSequence: 0)
    try authentication.verify(bytes.span.bytes, window: 9, &known)
    #expect(known.receivedSequence == (method == .simplePassword ? nil : 0x0102_0304))
    // Every bit counts.
    for place in bytes.indices where method != .simplePassword || place >= ControlPacket.size {
      var damaged = bytes
      damaged[place] ^= 0x10
      known = AuthenticationState(sentSequence: 0)
      let isRefused = (try? authentication.verify(damaged.span.bytes, window: 9, &known)) == nil
      // The reserved octet is part of what is digested.
      #expect(isRefused, "byte \(place)")
    }
    for count in 0..<bytes.count {
      let shorter = Array(bytes.prefix(count))
      #expect((try? authentication.verify(shorter.span.bytes, window: 9, &known)) == nil, "\(count) bytes")
    }
  }

  private func pair(_ a: Authentication?, _ b: Authentication?) -> Pair {
    var pair = Pair(
      [a, b].map { authentication in
        var options = SessionOptions()
        options.authentication = authentication
        return options
      })
    pair.open(0)
    pair.open(1)
    pair.run(until: ms(5000))
    return pair
  }

  @Test("sessions come up and stay with each method", arguments: methods)
  func sessions(method: Authentication.Method) {
    let authentication = Authentication(method: method, keys: [AuthenticationTests.secret("secret")])
    var pair = pair(authentication, authentication)
    pair.run(until: ms(60_000))
    #expect(pair[0]?.state == .up && pair[1]?.state == .up)
    #expect(pair.failures == [0, 0])
  }

  @Test("no session with another password, key, method or none", arguments: methods)
  func strangers(method: Authentication.Method) {
    let own = Authentication(method: method, keys: [AuthenticationTests.secret("secret")])
    var others = AuthenticationTests.methods.filter { $0 != method }.map { Authentication(method: $0, keys: own.keys) }
    others.append(Authentication(method: method, keys: [AuthenticationTests.secret("other")]))
    others.append(Authentication(method: method, keys: [AuthenticationTests.secret("secret", id: 8)]))
    for other in others.map(Optional.some) + [nil] {
      let pair = pair(own, other)
      #expect(pair[0]?.state == .down && pair[1]?.state == .down)
    }
  }

  @Test("a second key lets the neighbour change its own")
  func keys() {
    let old = AuthenticationTests.secret("old", id: 1)
    let new = AuthenticationTests.secret("new", id: 2)
    let pair = pair(.init(method: .keyedSHA1, keys: [old, new]), .init(method: .keyedSHA1, keys: [new, old]))
    #expect(pair[0]?.state == .up && pair[1]?.state == .up)
  }

  @Test("RFC 5880 §6.7.3: sequence numbers may not go back or far ahead, nor stay where they are meticulous")
  func replay() throws {
    for (method, same) in [(Authentication.Method.keyedMD5, true), (.meticulousKeyedMD5, false)] {
      let authentication = Authentication(method: method, keys: [AuthenticationTests.secret("secret")])
      func packet(_ sequence: UInt32) -> [UInt8] {
        var writer = WireWriter()
        ControlPacket().encode(into: &writer)
        var state = AuthenticationState(sentSequence: sequence &- 1)
        authentication.sign(&writer, from: 0, &state, at: ms(0))
        return writer.bytes
      }
      func isTaken(_ sequence: UInt32, after last: UInt32) -> Bool {
        var state = AuthenticationState(sentSequence: 0, receivedSequence: last)
        return (try? authentication.verify(packet(sequence).span.bytes, window: 15, &state)) != nil
      }
      #expect(isTaken(101, after: 100) && isTaken(115, after: 100) && isTaken(3, after: .max))
      #expect(!isTaken(99, after: 100) && !isTaken(116, after: 100))
      #expect(isTaken(100, after: 100) == same)
    }
  }

  @Test("what does not authenticate is told of")
  func complaints() {
    var configuration = BFDConfiguration()
    var options = SessionOptions()
    options.authentication = Authentication(method: .simplePassword, keys: [AuthenticationTests.secret("secret")])
    configuration.interfaces = [.init(pattern: InterfacePattern(name: "*"), options: options)]
    var sessions = Sessions(configuration: configuration, seed: 1)
    var output = Sessions.Output()
    sessions.handle(
      .open(SessionKey(address("::5"), interface: 1), from: address("::6"), interfaceName: "l0", SessionOverrides()), at: ms(0),
      into: &output)
    var packet = ControlPacket()
    packet.detectMultiplier = 3
    packet.myDiscriminator = 5
    var writer = WireWriter()
    packet.encode(into: &writer)
    sessions.receive(
      writer.bytes.span.bytes, .init(from: address("::5"), on: 1, hopLimit: 255, isMultihop: false), at: ms(0), into: &output)
    #expect(output.lines == [.init(level: .auth, text: "Authentication failed for ::5 - authentication method mismatch (0)")])
  }
}
