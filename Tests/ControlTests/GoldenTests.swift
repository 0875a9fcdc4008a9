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

  private func routes(_ style: ReplyStyle, _ change: (inout RouteQuery) -> Void) -> String {
    var query = RouteQuery()
    change(&query)
    return written { reply in
      var listing = RouteListing(query, style, customAttributes: Rich.custom)
      listing.table("master6", Rich.routes, to: &reply)
      listing.table("other", [Rich.routes[3]], to: &reply)
      listing.finish(to: &reply)
    }
  }

  private func listings(_ style: ReplyStyle) -> [String] {
    [
      written { Rich.status.write(style, to: &$0) },
      written { InterfaceView.write(Rich.interfaces, style, to: &$0) },
      written { InterfaceView.writeSummary(Rich.interfaces, style, to: &$0) },
      written { ProtocolView.write(Rich.protocols, .brief, style, nothing: .noProtocolsMatch, to: &$0) },
      written { ProtocolView.write(Rich.protocols, .all, style, nothing: .noProtocolsMatch, to: &$0) },
      written { OSPFNeighborView.write([("O", Rich.neighbors), ("P", [])], style, to: &$0) },
      written { BFDSessionView.write([("B", [FormatTests.session]), ("C", nil)], style, to: &$0) },
      routes(style) { _ in }, routes(style) { $0.detail = .all }, routes(style) { $0.counting = .stats },
      routes(style) { $0.counting = .count },
    ]
  }

  private func shown(_ answers: [String]) -> String {
    visible(answers.joined(separator: "===\n").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init))
  }

  private func json(_ format: CLIFormat) -> String { shown(listings(ReplyStyle(format: format, output: .json))) }

  private func text(_ format: CLIFormat) -> String {
    let style = ReplyStyle(format: format)
    let more = [
      written { Rich.memory.write(style, to: &$0) }, written { OSPFView.write(Rich.instances, style, to: &$0) },
      written { OSPFInterfaceView.write([("O", Rich.ospfInterfaces)], to: &$0) },
      written { Rich.topology.write(.topology, .brief, to: &$0) }, written { Rich.topology.write(.state, .all, to: &$0) },
      written { Lab1.lsadb.write(to: &$0) }, written { StaticRouteView.write([Rich.statics, []], style, to: &$0) },
      written { SymbolView.write(Rich.symbols, to: &$0) }, written { Rich.symbols[0].writeOnly(to: &$0) },
    ]
    return shown(listings(style) + more)
  }
}
