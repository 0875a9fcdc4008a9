import ControlLanguage
import RouteCore
import Testing

@testable import Control

/// A strict reader of RFC 8259, to prove that what is written is JSON.
private struct JSONReader {
  indirect enum Value: Equatable {
    case object([String: Value]), array([Value]), string(String), number(Double), bool(Bool)
    subscript(key: String) -> Value? {
      if case .object(let members) = self { return members[key] }
      return nil
    }
    subscript(index: Int) -> Value? {
      if case .array(let values) = self, index < values.count { return values[index] }
      return nil
    }
    var count: Int {
      if case .array(let values) = self { return values.count }
      return -1
    }
  }
  struct Malformed: Error { var at: Int }

  private let bytes: [UInt8]
  private var position = 0

  static func read(_ text: String) throws -> Value {
    var reader = JSONReader(bytes: Array(text.utf8))
    let value = try reader.value()
    reader.space()
    guard reader.position == reader.bytes.count else { throw Malformed(at: reader.position) }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func space() { while position < bytes.count, [0x20, 0x0a, 0x09].contains(bytes[position]) { position += 1 } }

  private mutating func take(_ text: String) -> Bool {
    guard bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  private mutating func value() throws -> Value {
    space()
    if take("{") { return .object(try members()) }
    if take("[") {
      var values: [Value] = []
      space()
      if take("]") { return .array([]) }
      repeat {
        values.append(try value())
        space()
      } while take(",")
      guard take("]") else { throw Malformed(at: position) }
      return .array(values)
    }
    if take("true") { return .bool(true) }
    if take("false") { return .bool(false) }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return .string(try string()) }
    let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
    guard let number = Double(String(decoding: digits, as: UTF8.self)) else { throw Malformed(at: position) }
    position += digits.count
    return .number(number)
  }

  private mutating func members() throws -> [String: Value] {
    var members: [String: Value] = [:]
    space()
    if take("}") { return [:] }
    repeat {
      space()
      let key = try string()
      space()
      guard take(":"), members[key] == nil else { throw Malformed(at: position) }
      members[key] = try value()
      space()
    } while take(",")
    guard take("}") else { throw Malformed(at: position) }
    return members
  }

  private mutating func string() throws -> String {
    guard take("\"") else { throw Malformed(at: position) }
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      guard bytes[position] >= 0x20 else { throw Malformed(at: position) }
      if take("\\u") {
        guard let code = UInt8(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16) else {
          throw Malformed(at: position)
        }
        text.append(code)
        position += 4
      } else {
        if take("\\"), position == bytes.count { throw Malformed(at: position) }
        text.append(bytes[position])
        position += 1
      }
    }
    guard take("\"") else { throw Malformed(at: position) }
    return String(decoding: text, as: UTF8.self)
  }
}

@Suite struct JSONTests {
  /// The document in a reply: the texts of its lines, each on its own line as routectl prints it.
  private func document(_ write: (inout ReplyWriter) -> Void) throws -> JSONReader.Value {
    let wire = written(write)
    var parser = ReplyParser()
    parser.receive(Array(wire.utf8))
    var text = ""
    var lines = 0
    while let line = try parser.next() {
      if line.position == .last {
        #expect(line.code == .ok)
        break
      }
      #expect(line.code == .json)
      #expect(line.text.utf8.count < 600)
      text += line.text + "\n"
      lines += 1
    }
    return try JSONReader.read(text)
  }

  private let style = AnswerForm.json.presentation(.bird2, TimeFormats(.bird2))

  @Test func `protocols`() throws {
    let brief = try document { style.write(Lab2.protocols, .brief, to: &$0) }
    #expect(brief.count == 5)
    #expect(brief[4]?["name"] == .string("IBGP_X"))
    #expect(brief[4]?["bgp"]?["state"] == .string("Established"))
    #expect(brief[3]?["running"] == .bool(true))
    #expect(brief[0]?["table"] == nil)
    #expect(brief[0]?["since"] == .string("2026-11-22T16:10:25.413+00:00"))
    let all = try document { style.write(Lab2.protocols, .all, to: &$0) }
    #expect(all[4]?["channels"]?[0]?["export_updates"]?["rejected"] == .number(1))
    #expect(all[4]?["bgp"]?["hold_timer"]?["remaining_ms"] == .number(4442))
    #expect(all[4]?["bgp"]?["neighbor_capabilities"]?["multiprotocol"]?[0] == .string("ipv6"))
  }

  @Test func `no protocol is an error, not an empty document`() {
    #expect(
      written { style.write([], .brief, nothing: .notAProtocol("x", .bird1), to: &$0) } == "9002 x is not a protocol\n")
  }

  @Test func `routes with their attributes`() throws {
    var routes = Lab2.routes
    routes[2].attributes.set(.communities, [0xfd, 0xe9, 0, 7])
    routes[2].attributes.set(.extendedCommunities, [0, 2, 0, 1, 0, 0, 0, 2])
    routes[2].attributes.set(AttributeKey(.bgp, 99), [0xab, 1])
    let all = try document { listing("json show route all", .bird2, [("master4", []), ("master6", routes)], to: &$0) }
    #expect(all.count == 4)
    #expect(all[0]?["type"] == .string("unreachable"))
    #expect(all[2]?["prefix"] == .string("2001:db8:b2::/48"))
    #expect(all[2]?["best"] == .bool(true))
    #expect(all[2]?["next_hops"]?[0]?["gateway"] == .string("2001:db8:ff::1"))
    let attributes = try #require(all[2]?["attributes"])
    #expect(attributes["BGP.as_path"] == .array([.string("65002")]))
    #expect(attributes["BGP.next_hop"] == .array([.string("2001:db8:ff::1")]))
    #expect(attributes["BGP.local_pref"] == .number(100))
    #expect(attributes["BGP.community"] == .array([.string("65001:7")]))
    #expect(attributes["BGP.ext_community"] == .array([.string("(rt, 1, 2)")]))
    #expect(attributes["BGP.99"] == .string("ab01"))
    #expect(all[3]?["attributes"]?["OSPF.router_id"] == .string("1.0.0.2"))
  }

  @Test func `a long document may be sent while it is written, in short lines`() throws {
    var reply = ReplyWriter()
    var listing = RouteListing(RouteQuery(), style)
    var sent = ""
    listing.beginTable("master6")
    for route in (0..<100).flatMap({ _ in Lab2.routes }) {
      listing.write(route.view, route.attributes.records.span.bytes, to: &reply)
      sent += wire(reply)
      reply.drop(first: reply.count)
    }
    listing.endTable(to: &reply)
    listing.finish(to: &reply)
    sent += wire(reply)
    #expect(sent.split(separator: "\n").allSatisfy { $0.utf8.count < 600 })
    let text = sent.split(separator: "\n").dropLast().map { $0.hasPrefix(" ") ? $0.dropFirst() : $0.dropFirst(5) }.joined()
    #expect(try JSONReader.read(text).count == 400)
  }

  @Test func `no routes, and counts`() throws {
    #expect(try document { listing("json show route", .bird1, [("master", [])], to: &$0) }.count == 0)
    let counts = try document { listing("json show route count", .bird1, [("master", Lab1.routes)], to: &$0) }
    #expect(counts[0]?["routes"] == .number(7))
    #expect(counts[0]?["networks"] == .number(4))
    #expect(written { listing("json show route ::/0", .bird1, [("master", [])], to: &$0) } == "8001 Network not in table\n")
  }

  @Test func `interfaces, neighbors and status`() throws {
    let interfaces = try document { style.write(Lab2.interfaces, .all, to: &$0) }
    #expect(interfaces[1]?["addresses"]?[0]?["opposite"] == .string("2001:db8:ff::1"))
    let neighbors = try document { style.write([Lab2.neighbors], to: &$0) }
    #expect(neighbors[0]?["state"] == .string("Full"))
    #expect(neighbors[0]?["dead_ms"] == .number(3454))
    let sessions = try document { style.write([(name: "B", sessions: [FormatTests.session]), (name: "C", sessions: nil)], to: &$0) }
    #expect(sessions.count == 1)
    #expect(sessions[0]?["state"] == .string("Up"))
    #expect(sessions[0]?["timeout_us"] == .number(1_500_500))
    #expect(try document { style.write(Lab2.status, to: &$0) }["router_id"] == .string("1.0.0.1"))
  }

  @Test func `what a peer or user wrote is escaped`() throws {
    var view = Lab2.kernel
    view.message = "a \"quoted\\\"\nline\u{1} ü"
    let all = try document { style.write([view], .all, to: &$0) }
    #expect(all[0]?["message"] == .string("a \"quoted\\\"\nline\u{1} ü"))
  }
}
