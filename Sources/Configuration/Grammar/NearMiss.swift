/// "Did you mean": the candidate that a mistyped word is closest to.
enum NearMiss {
  /// The closest candidate, the first of equally close ones, or nil if none is close enough.
  static func find(_ word: String, among candidates: some Sequence<String>) -> String? {
    let word = letters(of: word)
    return closest(word, among: candidates) ?? part(word, among: candidates)
  }

  private static func closest(_ word: [UInt8], among candidates: some Sequence<String>) -> String? {
    var best: (distance: Int, candidate: String)?
    for candidate in candidates.prefix(maximumCandidates) {
      // Most can be excluded by their length alone.
      guard abs(candidate.utf8.count - word.count) <= max(1, word.count / 3) else { continue }
      let distance = distance(word, letters(of: candidate))
      if distance < word.count, distance <= max(1, min(word.count, candidate.utf8.count) / 3), distance < best?.distance ?? .max {
        best = (distance, candidate)
      }
    }
    return best?.candidate
  }

  /// The only candidate of which the word is a part: `local_pref` of `bgp_local_pref`, `lenght` of `len`.
  private static func part(_ word: [UInt8], among candidates: some Sequence<String>) -> String? {
    guard word.count >= 3 else { return nil }
    var found: String?
    for candidate in candidates.prefix(maximumCandidates) where candidate != found {
      let whole = letters(of: candidate)
      let tail = whole.firstIndex(of: UInt8(ascii: "_")).map { Array(whole[($0 + 1)...]) } ?? []
      let isBeginning = whole.count >= 3 && word.count <= 2 * whole.count && word.starts(with: whole)
      guard isBeginning || tail.count >= 3 && distance(word, tail) <= tail.count / 4 else { continue }
      if found != nil { return nil }
      found = candidate
    }
    return found
  }

  /// With more names than that, a search would take longer than reading the file.
  static let maximumCandidates = 5000
  /// Longer words are truncated: typos are rarely at the very end only, and the work is quadratic.
  private static let maximumLength = 64

  /// A word's bytes in lower case: `BGP` is meant as `bgp`.
  private static func letters(of word: String) -> [UInt8] {
    word.utf8.prefix(maximumLength).map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
  }

  /// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1], row[j]) + 1
        cost = min(cost, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
