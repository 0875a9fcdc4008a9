import ControlLanguage
import RouteCore

/// Entry points that take arbitrary bytes, for fuzz targets and randomised tests. Whatever comes, they return.
package enum Fuzzing {
  /// The first byte says what gets the rest: a server session of either look, the client's reply parser, the client's command line
  /// and editor, a time format, or the formats of a route with arbitrary attributes.
  package static func run(_ bytes: RawSpan) {
    guard bytes.byteCount > 1 else { return }
    let rest = bytes.extracting(droppingFirst: 1)
    switch bytes.unsafeLoad(as: UInt8.self) % 6 {
    case 0: session(.bird1, rest)
    case 1: session(.bird2, rest)
    case 2: replies(rest)
    case 3: client(rest)
    case 4:
      var out = TextBuffer()
      let time = LocalTime(year: .min, month: .max, day: .max, hour: .max, weekday: .max, utcOffset: .min)
      TimeFormat(text(rest), limit: .seconds(1), older: text(rest)).write(Timestamp(time, age: .seconds(bytes.byteCount % 2)), to: &out)
    default: route(rest)
    }
  }

  private static func text(_ bytes: RawSpan) -> String { bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

  /// The bytes come in two pieces; a request is answered with its own words.
  private static func session(_ format: CLIFormat, _ bytes: RawSpan) {
    var session = ControlSession(format)
    let half = bytes.byteCount / 2
    for piece in 0..<2 {
      session.receive(piece == 0 ? bytes.extracting(first: half) : bytes.extracting(droppingFirst: half))
      while let request = session.next() { session.reply.final(.ok, "\(request)") }
    }
    session.reply.drop(first: session.reply.count)
  }

  private static func replies(_ bytes: RawSpan) {
    var parser = ReplyParser()
    bytes.withUnsafeBytes { parser.receive($0) }
    while let line = try? parser.next() { _ = line.text }
  }

  private static func client(_ bytes: RawSpan) {
    let line = text(bytes)
    _ = ClientCommand(line)
    _ = CommandTree.complete(line)
    var editor = LineEditor()
    bytes.withUnsafeBytes { for byte in $0 { _ = editor.handle(byte) } }
    _ = editor.line + String(editor.textAfterCursor)
  }

  /// Both looks and JSON, all attributes.
  private static func route(_ records: RawSpan) {
    var header = AttributeHeader(source: .bgp, preference: 100)
    header.flags = [.hasOrigin, .hasMED, .hasLocalPref, .stale]
    let prefix = Prefix(.unspecified, 0, .ipv6)
    let time = LocalTime(year: 2000, month: 1, day: 1)
    let view = Snapshot.Route(prefix: prefix, header: header, protocolName: "p", since: Timestamp(time))
    let custom = [CustomAttribute.Kind.integer, .quad, .address, .bytes, .string].map { CustomAttribute(name: "c", kind: $0) }
    var query = RouteQuery()
    query.detail = .all
    for format in CLIFormat.allCases {
      for form in AnswerForm.allCases {
        var reply = ReplyWriter()
        var listing = RouteListing(query, form.presentation(format, TimeFormats(format)), customAttributes: custom)
        listing.beginTable("t")
        listing.write(view, records, to: &reply)
        listing.endTable(to: &reply)
        listing.finish(to: &reply)
      }
    }
  }
}
