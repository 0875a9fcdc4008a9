import Foundation
import Testing

@testable import Configuration

/// routed.conf(5) tells of every option: what can be used has an entry of its own, with its dialect; what is refused is named as such.
@Suite struct ManualTests {
  /// The entries' headings (`.TP`, `.TQ`) and the text of each section, without markup.
  private struct Manual {
    var headings: [String: [String]] = [:]
    var sections: [String: String] = [:]

    init(_ source: String) {
      var section = ""
      var isHeading = false
      for line in source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
        if line.hasPrefix(".SH ") {
          section = String(line.dropFirst(4))
        } else if line.hasPrefix(".TP") || line.hasPrefix(".TQ") {
          isHeading = true
        } else if isHeading || !line.hasPrefix(".") {
          let plain = Manual.plain(line)
          if isHeading { headings[section, default: []].append(plain) }
          sections[section, default: ""] += plain + " "
          isHeading = false
        }
      }
    }

    private static func plain(_ line: String) -> String {
      var out = ""
      var rest = Substring(line)
      while let character = rest.popFirst() {
        guard character == "\\" else {
          out.append(character)
          continue
        }
        switch rest.popFirst() {
        case "f": rest = rest.dropFirst()
        case "(": rest = rest.dropFirst(2)
        case "-": out.append("-")
        default: break
        }
      }
      return out
    }

    /// The headings of a section that name an option: its words, and then no letter that would make it another one.
    func entries(of name: String, in section: String) -> [String] { (headings[section] ?? []).filter { Manual.names($0, name) } }

    /// Whether the words stand in a text, on their own.
    static func names(_ text: String, _ name: String) -> Bool {
      let separators: Set<Character> = [" ", ",", ";", ".", "|", "[", "]", "{", "}", "(", ")", "\"", ":"]
      let words = text.split { separators.contains($0) }.map(String.init)
      let wanted = name.split(separator: " ").map(String.init)
      guard words.count >= wanted.count else { return false }
      return (0...(words.count - wanted.count)).contains { Array(words[$0..<($0 + wanted.count)]) == wanted }
    }
  }

  private func source() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("Documentation/routed.conf.5"), encoding: .utf8)
  }

  private func manual() throws -> Manual { Manual(try source()) }

  /// Checks options against a section.
  private func check(_ options: OptionIndex, in section: String, _ manual: Manual) {
    for option in options.entries {
      if option.isRefused {
        let isNamed = Manual.names(manual.sections["NOT SUPPORTED"] ?? "", option.name)
        #expect(isNamed, "'\(option.name)' is not among what is not supported")
        continue
      }
      let entries = manual.entries(of: option.name, in: section)
      #expect(!entries.isEmpty, "'\(option.name)' has no entry in \(section)")
      switch option.dialects {
      case .all: #expect(entries.contains { !$0.hasSuffix("[1.6]") && !$0.hasSuffix("[2]") }, "'\(option.name)' is of both")
      case .bird1: #expect(entries.contains { $0.hasSuffix("[1.6]") }, "'\(option.name)' is of BIRD 1.6")
      case .bird2: #expect(entries.contains { $0.contains("[2") || option.name == "table" }, "'\(option.name)' is of BIRD 2")
      }
    }
  }

  @Test func `every option of every protocol has an entry`() throws {
    let manual = try manual()
    for kind in ProtocolDescription.all { check(kind.options, in: kind.name.uppercased(), manual) }
    check(CommonOptions.direct.index, in: "PROTOCOLS", manual)
  }

  @Test func `every option of channels, areas and interfaces has an entry`() throws {
    let manual = try manual()
    let common = CommonOptions.channel.index
    check(common, in: "PROTOCOLS", manual)
    let shared = Set(common.entries.map(\.name))
    for kind in ProtocolDescription.all {
      check(OptionIndex(kind.channelOptions.index.entries.filter { !shared.contains($0.name) }), in: kind.name.uppercased(), manual)
      for block in kind.blocks { check(block.options, in: kind.name.uppercased(), manual) }
    }
    check(Parser.virtualLinkOptions.index, in: "OSPF", manual)
    let own = Set(Parser.bfdInterfaceOptions.options.map(\.name))
    check(OptionIndex(Parser.bfdRequestOptions.index.entries.filter { !own.contains($0.name) }), in: "BGP", manual)
  }

  @Test func `every global option and every type of protocol is told of`() throws {
    let manual = try manual()
    for keyword in Parser.keywords where !["protocol", "template", "include", "define"].contains(keyword) {
      #expect(!manual.entries(of: keyword, in: "GLOBAL OPTIONS").isEmpty, "'\(keyword)' has no entry")
    }
    for keyword in ["include", "define"] { #expect(!manual.entries(of: keyword, in: "SYNTAX").isEmpty, "'\(keyword)' has no entry") }
    for name in Parser.tableOptions {
      #expect(Manual.names(manual.sections["GLOBAL OPTIONS"] ?? "", name), "the table option '\(name)' is not told of")
    }
    for kind in ProtocolDescription.all {
      #expect(Manual.names(manual.sections["PROTOCOLS"] ?? "", kind.name), "'\(kind.name)' is not told of")
    }
  }

  @Test func `the examples can be read`() throws {
    var examples: [String] = []
    var inside = false
    for line in try source().split(separator: "\n", omittingEmptySubsequences: false) {
      if line == ".EX" {
        inside = true
        examples.append("")
      } else if line == ".EE" {
        inside = false
      } else if inside {
        examples[examples.count - 1] += line.split(separator: "\\", omittingEmptySubsequences: true).joined() + "\n"
      }
    }
    let configurations = examples.filter { $0.contains("protocol ") }
    #expect(configurations.count >= 2)
    for text in configurations {
      let result = read(text, [:])
      #expect(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.description).joined(separator: "\n"))")
    }
  }
}
