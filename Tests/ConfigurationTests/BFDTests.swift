import BFD
import OSPFv3
import RouteCore
import Testing

@testable import Configuration

@Suite("BFD in configurations")
struct BFDTests {
  private func bfd(_ text: String) throws -> BFDConfiguration {
    guard case .bfd(let bfd)? = try configuration(text).protocols.last?.specification else { throw Unreadable(diagnostics: []) }
    return bfd
  }

  private func request(_ options: String) throws -> BFDRequestOptions? {
    try configuration("router id 1.1.1.1; ipv6 table t; protocol bgp { local as 1; neighbor ::1 as 1; direct; ipv6; \(options) }")
      .protocols.last?.bfd
  }

  @Test func `a protocol with everything`() throws {
    let read = try bfd(
      """
      router id 1.1.1.1; ipv6 table t;
      protocol bfd B {
        interface "eth*" { interval 50 ms; multiplier 3; };
        interface "wg0" { min rx interval 20 ms; min tx interval 300 us; idle tx interval 2 s; passive; };
        multihop { interval 1 s; };
        neighbor 10.0.0.1; neighbor fe80::1%eth0 local fe80::2; neighbor 10.0.0.2 dev "eth1";
        neighbor 10.0.0.3 local 10.0.0.4 multihop;
        accept ipv4 direct; strict bind;
      }
      """)
    var eth = SessionOptions()
    eth.minRxInterval = 50_000
    eth.minTxInterval = 50_000
    eth.multiplier = 3
    #expect(read.options(on: "eth7") == eth)
    var wg = SessionOptions()
    wg.minRxInterval = 20_000
    wg.minTxInterval = 300
    wg.idleTxInterval = 2_000_000
    wg.passive = true
    #expect(read.options(on: "wg0") == wg)
    #expect(read.options(on: "lo") == SessionOptions())
    #expect(read.options(on: nil).minTxInterval == 1_000_000)
    #expect(read.neighbors.map(\.interface) == [nil, "eth0", "eth1", nil])
    #expect(read.neighbors.map(\.isMultihop) == [false, false, false, true])
    #expect(read.neighbors[1].local == IPAddress("fe80::2"))
    #expect(read.accepted == [.ipv4, .direct])
    #expect(read.strictBind)
    #expect(read.accepts(SessionKey(IPAddress(ipv4: 1), interface: 1)))
    #expect(!read.accepts(SessionKey(IPAddress(ipv4: 1))))
  }

  @Test func `passwords`() throws {
    let read = try bfd(
      """
      router id 1.1.1.1; ipv6 table t;
      protocol bfd B {
        interface "a" { authentication meticulous keyed sha1; password "x"; password "y" { id 9; }; key "z"; };
        interface "b" { authentication simple; passwords { password "p"; password "q"; }; };
        interface "c" { authentication none; };
      }
      """)
    let a = try #require(read.options(on: "a").authentication)
    #expect(a.method == .meticulousKeyedSHA1)
    #expect(a.keys == [.init(id: 1, secret: [0x78]), .init(id: 9, secret: [0x79]), .init(id: 3, secret: [0x7a])])
    #expect(read.options(on: "b").authentication?.method == .simplePassword)
    #expect(read.options(on: "b").authentication?.keys.count == 2)
    #expect(read.options(on: "c").authentication == nil)
  }

  @Test func `templates hand on how, not whom`() throws {
    let read = try bfd(
      """
      router id 1.1.1.1; ipv6 table t;
      template bfd T { interface "a" { passive; }; multihop { passive; }; neighbor ::1; }
      protocol bfd B from T { }
      """)
    #expect(read.interfaces.isEmpty && read.neighbors.isEmpty)
    #expect(read.multihop.passive)
  }

  @Test func `what BGP wants of its session`() throws {
    #expect(try request("") == nil)
    #expect(try request("bfd;") == BFDRequestOptions())
    #expect(try request("bfd; bfd no;") == nil)
    #expect(try request("bfd graceful;")?.isGraceful == true)
    let options = try #require(try request("bfd { interval 200 ms; passive no; }; bfd { multiplier 4; graceful; };"))
    #expect(options.isGraceful)
    #expect(options.overrides.minRxInterval == 200_000 && options.overrides.minTxInterval == 200_000)
    #expect(options.overrides.multiplier == 4)
    #expect(options.overrides.passive == false)
    #expect(options.overrides.idleTxInterval == nil)
  }

  @Test(arguments: [
    ("route ::/0 via ::1;", [nil]), ("route ::/0 via ::1 { bfd; };", [true]),
    ("route ::/0 multipath via ::1 via ::2 { bfd; };", [true, true]),
    ("route ::/0 multipath via ::1 bfd no via ::2 weight 2 via \"eth0\" { bfd yes; preference = 5; };", [false, true, false]),
    ("route ::/0 multipath via ::1 bfd yes via ::2;", [true, nil]),
  ])
  func `static next hops of 1_6`(route: String, expected: [Bool?]) throws {
    #expect(try hops("router id 1.1.1.1; table t; protocol static { \(route) }") == expected)
  }

  @Test(
    arguments: [
      ("route ::/0 via ::1 bfd;", [true]), ("route ::/0 via ::1 bfd via ::2 weight 3 bfd no;", [true, false]),
      ("route ::/0 via ::1 bfd onlink dev \"e\";", nil), ("route ::/0 via ::1%e bfd { preference = 5; };", [true]),
    ] as [(String, [Bool?]?)])
  func `static next hops of 2_x`(route: String, expected: [Bool?]?) throws {
    let text = "router id 1.1.1.1; ipv6 table t; protocol static { ipv6; \(route) }"
    #expect((try? hops(text)) == expected)
  }

  private func hops(_ text: String) throws -> [Bool?] {
    guard case .static(let routes)? = try configuration(text).protocols.last?.specification,
      case .nextHops(let hops)? = routes.routes.first?.destination
    else { throw Unreadable(diagnostics: []) }
    return hops.map(\.bfd)
  }

  @Test(arguments: [
    ("neighbor ::1%eth0 local ::2 multihop;", "Neighbor cannot set both interface and multihop"),
    ("neighbor ::1 multihop;", "Multihop neighbor requires specified local address"),
    ("interface \"x\" { interval 5; };", "syntax error: unexpected ';', expected a unit of time"),
    ("interface \"x\" { interval 0 s; };", "'interval' must be in range 1 us to 4294 s"),
    ("interface \"x\" { min tx interval 4295 s; };", "'min tx interval' must be in range 1 us to 4294 s"),
    ("interface \"x\" { multiplier 0; };", "'multiplier' must be in range 1-255"),
    ("interface \"x\" { authentication keyed md5; };", "Authentication and password options should be used together"),
    ("interface \"x\" { password \"a\"; };", "Authentication and password options should be used together"),
    ("interface \"x\" { authentication keyed; };", "syntax error: unexpected ';', expected 'md5' or 'sha1'"),
    ("interface \"x\" { authentication md5; };", "syntax error: unexpected 'md5', expected a method"),
    ("interface \"x\" { authentication simple; password \"a\" { from \"x\"; }; };", "passwords with times are not supported yet"),
    ("interface \"x\" { authentication simple; password \"a\" { id 256; }; };", "'id' must be in range 0-255"),
    ("interface ::/0;", "Interface name/mask expected, not IP prefix"), ("ipv6;", "protocol bfd has no channels"),
    ("interval 5 ms;", "'interval' is no option of protocol bfd"),
  ])
  func `mistakes`(option: String, message: String) {
    let found = read("ipv6 table t; protocol bfd { \(option) }").diagnostics.map(\.headline)
    #expect(found.first?.hasSuffix(message) == true, "\(found)")
  }

  @Test(arguments: [
    "protocol bgp B { local as 1; neighbor ::1 as 1; direct; ipv6; bfd; }", "protocol ospf v3 B { area 0 { interface \"a\" { bfd; }; }; }",
    "protocol static B { ipv6; route ::/0 via ::1 bfd; }",
  ])
  func `to ask for BFD where there is none is worth a warning`(protocols: String) {
    let head = "router id 1.1.1.1; ipv6 table t;\n"
    #expect(read(head + protocols).diagnostics.map(\.message) == ["'bfd' without a protocol bfd: nobody watches the neighbors"])
    #expect(read(head + protocols + " protocol bfd { }").diagnostics.isEmpty)
    #expect(read(head + protocols.replacing("bfd;", with: "bfd no;")).diagnostics.isEmpty)
  }

  @Test(arguments: [
    ("interface \"a\";", "interface \"a\" { passive; };", "adjust", "interfaces"), ("", "multihop { passive; };", "adjust", "multihop"),
    ("", "neighbor ::1;", "adjust", "neighbors"), ("", "accept ipv4;", "restart", "accept"), ("", "strict bind;", "restart", "strict bind"),
    ("interface \"a\";", "interface \"a\";", "none", ""),
  ])
  func `what a change costs`(old: String, new: String, effect: String, reason: String) throws {
    let texts = [old, new].map { "router id 1.1.1.1; ipv6 table t; protocol bfd B { \($0) }" }
    let change = try #require(ConfigurationDifference(from: try configuration(texts[0]), to: try configuration(texts[1])).changes.first)
    #expect("\(change.effect)" == effect)
    #expect(change.reasons.joined() == reason)
  }

  @Test func `bfd of another protocol is adjusted`() throws {
    func change(_ protocols: (String) -> String) throws -> [String] {
      let both = try ["", "bfd;"].map { try configuration("router id 1.1.1.1; ipv6 table t; \(protocols($0))") }
      return ConfigurationDifference(from: both[0], to: both[1]).changes.map { "\($0.effect) \($0.reasons.joined())" }
    }
    #expect(try change { "protocol bgp { local as 1; neighbor ::1 as 1; direct; ipv6; \($0) }" } == ["adjust bfd"])
    #expect(try change { "protocol ospf v3 { area 0 { interface \"a\" { \($0) }; }; }" } == ["adjust interfaces"])
  }
}
