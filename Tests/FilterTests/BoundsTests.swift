import Testing

@testable import Configuration
@testable import RouteCore

@Suite struct BoundsTests {
  private func reason(_ filter: Filter) -> PolicyFault.Reason? {
    if case .failed(let fault) = filter.run() { fault.reason } else { nil }
  }

  @Test func `endless recursion ends`() throws {
    let filter = try Filter(file: "function f(int a) -> int { return f(a + 1); } filter x { if f(1) = 1 then accept; reject; }")
    #expect(reason(filter) == .stackOverflow)
  }

  @Test func `recursion that doubles ends`() throws {
    let text = "function f(int a) -> int { if a = 0 then return 0; return f(a - 1) + f(a - 1); } filter x { if f(60) = 1 then accept; }"
    #expect(reason(try Filter(file: text)) == .tooLong)
  }

  @Test func `data that grows ends`() throws {
    let text = """
      function grow(bgppath p; int n) -> bgppath { if n = 0 then return p; return grow(prepend(p, n), n - 1); }
      function often(int n) { bgppath p; p = grow(+empty+, 300); if n > 0 then often(n - 1); }
      filter x { often(100); accept; }
      """
    #expect(reason(try Filter(file: text)) == .tooMuchMemory)
  }

  @Test func `terms and blocks nested too deeply are refused`() {
    #expect(
      refusal(String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000))?.hasSuffix("Nested too deeply") == true)
    #expect(refusal(String(repeating: "!", count: 5000) + "true")?.hasSuffix("Nested too deeply") == true)
    #expect(throws: Filter.Refused.self) { try Filter(String(repeating: "if true then ", count: 5000) + "accept;") }
    #expect(throws: Filter.Refused.self) { try Filter(String(repeating: "{", count: 5000)) }
  }

  @Test func `a path mask cannot make matching slow`() throws {
    var route = PolicyRoute.example
    route.attributes.set(.asPath, path((2, Array(repeating: 1, count: 255)), (2, Array(repeating: 1, count: 255))))
    let mask = String(repeating: "* 1 ", count: 31)
    #expect(try holds("bgp_path ~ [= \(mask) 2 =]", .bird2, route) == false)
    #expect(try holds("bgp_path ~ [= \(mask) =]", .bird2, route) == true)
    #expect(refusal("bgp_path ~ [= \(mask)\(mask)\(mask) =]")?.contains("at most 63") == true)
  }

  static let corpus = [
    "filter f { if net ~ [ 10.0.0.0/8{8,24}, 2001:db8::/32+ ] && bgp_path ~ [= 1 2..5 * ? =] then { bgp_med = 5; accept; } reject; }",
    "function g(int a; prefix p) -> bool { case a { 1, 3..5: return p.len > 5; else: return false; } } filter f { if g(3, net) then accept; }",
    "attribute lc x; filter f { for pair p in bgp_community do { if p ~ [(1..3,5), (7,*)] then bgp_community.delete(p); } x = (1,2,3); print x; accept; }",
    "define A = [ (rt, 1, *), (ro, 1.2.3.4, 5) ]; filter f { bgp_ext_community.filter(A); unset(bgp_local_pref); bgp_path.prepend(5); accept \"x\", net; }",
    "function h(int n) -> int { if n = 0 then return 1; return n * h(n - 1); } filter f int z; { z = h(5); if defined(z) then accept; error; }",
  ]

  /// Programs made of the pieces of good ones: whatever comes of them, the compiler and the interpreter survive it.
  @Test func `mutated programs never crash`() {
    var random = SeededGenerator(seed: 7)
    let pieces =
      BoundsTests.corpus.flatMap { $0.split(separator: " ").map(String.init) } + ["(", ")", "[", "]", "{", "}", ";", "~", "=", ".", ","]
    var compiled = 0
    for round in 0..<4000 {
      var words = BoundsTests.corpus[round % BoundsTests.corpus.count].split(separator: " ").map(String.init)
      for _ in 0...Int.random(in: 0..<3, using: &random) {
        let index = Int.random(in: 0..<words.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: words.remove(at: index)
        case 1: words.insert(pieces.randomElement(using: &random) ?? "", at: index)
        case 2: words[index] = pieces.randomElement(using: &random) ?? ""
        default: words.swapAt(index, Int.random(in: 0..<words.count, using: &random))
        }
        if words.isEmpty { break }
      }
      guard let filter = try? Filter(file: words.joined(separator: " "), round % 2 == 0 ? .bird2 : .bird1(.ipv6)) else { continue }
      compiled += 1
      for _ in 0..<3 { _ = filter.run(BoundsTests.randomRoute(&random)) }
    }
    #expect(compiled > 50)
  }

  /// Records of any bytes and lengths.
  static func randomRoute(_ random: inout SeededGenerator) -> PolicyRoute {
    var route = PolicyRoute.example
    for key: AttributeKey in [
      .asPath, .nextHop, .communities, .extendedCommunities, .largeCommunities, .clusterList, .originatorID, AttributeKey(.custom, 0),
    ] {
      let count = Int.random(in: 0..<40, using: &random)
      route.attributes.set(key, (0..<count).map { _ in UInt8.random(in: 0...5, using: &random) })
    }
    route.prefix = Prefix(
      IPAddress(high: random.next(), low: random.next()), UInt8.random(in: 0...128, using: &random),
      Bool.random(using: &random) ? .ipv4 : .ipv6)
    return route
  }

  @Test func `random routes never crash a filter`() throws {
    var random = SeededGenerator(seed: 11)
    let filters =
      try BoundsTests.corpus.map { try Filter(file: $0) } + [
        Filter(
          "print bgp_path, bgp_community, bgp_ext_community, bgp_large_community, bgp_next_hop, bgp_originator_id; bgp_path.delete(1); bgp_community.add((1,2)); bgp_community.delete(bgp_cluster_list); accept;"
        )
      ]
    for _ in 0..<2000 { for filter in filters { _ = filter.run(BoundsTests.randomRoute(&random)) } }
  }

  /// The trie against the definition of a pattern.
  @Test func `prefix sets hold exactly what their patterns say`() throws {
    var random = SeededGenerator(seed: 3)
    func prefix() -> Prefix {
      let family: AddressFamily = Bool.random(using: &random) ? .ipv4 : .ipv6
      let bits = UInt64.random(in: 0..<16, using: &random)
      let address = family == .ipv4 ? IPAddress(ipv4: UInt32(bits) << 28) : IPAddress(high: bits << 60, low: 0)
      return Prefix(address, UInt8.random(in: 0...6, using: &random), family)
    }
    for _ in 0..<300 {
      let patterns = (0..<Int.random(in: 1..<6, using: &random)).map { _ in
        let low = UInt8.random(in: 0...8, using: &random)
        return PrefixPattern(prefix(), low, UInt8.random(in: low...9, using: &random))
      }
      let trie = PolicyPrefixTrie(patterns)
      for _ in 0..<60 {
        let candidate = prefix()
        let expected = patterns.contains { pattern in
          let common = min(pattern.prefix.length, candidate.length)
          return pattern.prefix.family == candidate.family && (pattern.low...pattern.high).contains(candidate.length)
            && Prefix(pattern.prefix.address, common, pattern.prefix.family) == Prefix(candidate.address, common, candidate.family)
        }
        #expect(trie.nodes.withUnsafeBufferPointer { PolicyPrefixTrie.contains(candidate, in: $0) } == expected, "\(patterns) \(candidate)")
      }
    }
  }
}
