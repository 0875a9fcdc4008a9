/// A list of interface patterns as configurations write it: `"eth*", -"eth1", 2001:db8::/32`.
///
/// The nodes are tried in order and the first that matches decides, for or against; an interface no node matches is not
/// selected.
public struct InterfacePattern: Hashable, Sendable {
  /// One element of the list.
  public struct Node: Hashable, Sendable {
    /// Whether a match speaks against the interface: written with a leading `-`.
    public var negated: Bool
    /// What the interface's name has to look like (`*` any characters, `?` exactly one); nil leaves the name open.
    public var name: String?
    /// Where an address of the interface has to lie; nil leaves the addresses open.
    public var prefix: Prefix?

    /// A name that itself begins with `-` negates once more, as users may write `"-eth0"` for `-"eth0"`.
    public init(negated: Bool = false, name: String? = nil, prefix: Prefix? = nil) {
      if let name, name.utf8.first == UInt8(ascii: "-") {
        self.negated = !negated
        self.name = String(name.dropFirst())
      } else {
        self.negated = negated
        self.name = name
      }
      // A prefix of length zero holds every address and is no condition at all, not even that there be an address.
      self.prefix = prefix?.length == 0 ? nil : prefix
    }
  }

  /// The elements of the list, in the order they are tried.
  public var nodes: [Node]

  /// A pattern of these elements; without any it selects no interface.
  public init(_ nodes: [Node]) { self.nodes = nodes }
  /// The pattern of a single name, such as `"eth*"`.
  public init(name: String) { nodes = [Node(name: name)] }

  /// Whether the list selects an interface of that name, seen with one of its addresses (and the opposite end of a
  /// point-to-point address). Without an address, nodes that name a prefix do not match.
  public func matches(name: String, address: IPAddress? = nil, opposite: IPAddress? = nil) -> Bool {
    for node in nodes {
      if let glob = node.name, !Glob.matches(glob, name) { continue }
      guard let prefix = node.prefix else { return !node.negated }
      let held = [address, opposite].contains { end in end.map { $0.family == prefix.family && prefix.contains($0) } ?? false }
      if held { return !node.negated }
    }
    return false
  }
}

/// Shell-like patterns: `*` stands for any run of characters, `?` for exactly one, everything else for itself.
public enum Glob {
  /// Whether `text` as a whole looks like `pattern`. Time is at most the product of the lengths, whatever the pattern.
  public static func matches(_ pattern: String, _ text: String) -> Bool {
    let pattern = Array(pattern.utf8)
    let text = Array(text.utf8)
    var p = 0
    var t = 0
    // Where the last `*` was met, and how much of the text it stands for so far: on a mismatch it takes one more.
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        p = last.pattern + 1
        t = last.text + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
