import ControlLanguage
import RouteCore
import Testing

@testable import Control

/// All subjects in all presentations, byte for byte, from views that have everything in them.
@Suite struct GoldenTests {
  @Test func `all that 1_6 shows`() { #expect(text(.bird1) == Golden.bird1) }
  @Test func `all that 2_x shows`() { #expect(text(.bird2) == Golden.bird2) }
  @Test func `all of it as JSON, of a daemon that looks like 1_6`() { #expect(json(.bird1) == Golden.json1) }
  @Test func `all of it as JSON, of a daemon that looks like 2_x`() { #expect(json(.bird2) == Golden.json2) }

  private func routes(_ style: any Presentation, _ change: (inout RouteQuery) -> Void) -> String {
    var query = RouteQuery()
    change(&query)
    return written { reply in
      var listing = RouteListing(query, style, customAttributes: Rich.custom)
      listing.table("master6", Rich.routes, to: &reply)
      listing.table("other", [Rich.routes[3]], to: &reply)
      listing.finish(to: &reply)
    }
  }

  private func listings(_ style: any Presentation) -> [String] {
    [
      written { style.write(Rich.status, to: &$0) },
      written { style.write(Rich.interfaces, .all, to: &$0) },
      written { style.write(Rich.interfaces, .brief, to: &$0) },
      written { style.write(Rich.protocols, .brief, to: &$0) },
      written { style.write(Rich.protocols, .all, to: &$0) },
      written { style.write(Rich.neighbors, to: &$0) },
      written { style.write([(name: "B", sessions: [FormatTests.session]), (name: "C", sessions: nil)], to: &$0) },
      routes(style) { _ in }, routes(style) { $0.detail = .all }, routes(style) { $0.counting = .stats },
      routes(style) { $0.counting = .count },
    ]
  }

  private func shown(_ answers: [String]) -> String {
    visible(answers.joined(separator: "===\n").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init))
  }

  private func json(_ format: CLIFormat) -> String { shown(listings(AnswerForm.json.presentation(format, TimeFormats(format)))) }

  private func text(_ format: CLIFormat) -> String {
    let style = look(format)
    let more = [
      written { style.write(Rich.memory, to: &$0) }, written { style.write(Rich.instances, to: &$0) },
      written { style.write([Rich.ospfInterfaces], to: &$0) },
      written { style.write(Rich.topology, .topology, .brief, to: &$0) }, written { style.write(Rich.topology, .state, .all, to: &$0) },
      written { style.write([Lab1.lsas], to: &$0) }, written { style.write([Rich.statics, []], to: &$0) },
      written { style.write(Rich.symbols, to: &$0) }, written { style.write(only: Rich.symbols[0], to: &$0) },
    ]
    return shown(listings(style) + more)
  }
}
