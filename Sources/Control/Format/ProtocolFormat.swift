import ControlLanguage
import RouteCore

extension ProtocolView {
  /// Writes the whole answer of `show protocols [all]`. `nothing` is answered when there is no protocol to show.
  package static func write(
    _ protocols: [ProtocolView], _ detail: Detail, _ style: ReplyStyle, nothing: ControlError, to reply: inout ReplyWriter
  ) {
    if style.output == .json, !protocols.isEmpty { return writeJSON(protocols, detail, style, to: &reply) }
    guard !protocols.isEmpty else { return reply.fail(nothing) }
    writeRow(
      style.format == .bird1
        ? ["name", "proto", "table", "state", "since", "info"] : ["Name", "Proto", "Table", "State", "Since", "Info"],
      .protocolHeading, style.format, to: &reply)
    for view in protocols { view.write(detail, style, to: &reply) }
    reply.final(.ok)
  }

  private static func writeRow(_ cells: [String], _ code: ReplyCode, _ format: CLIFormat, to reply: inout ReplyWriter) {
    let widths = format == .bird1 ? [8, 8, 8, 6, 11] : [10, 10, 10, 6, 13]
    reply.begin(code)
    for (index, cell) in cells.enumerated() {
      let start = reply.text.count
      reply.text.append(cell)
      guard index < widths.count else { break }
      reply.text.pad(from: start, to: widths[index])
      reply.text.append(" ")
    }
    reply.end()
  }

  private func write(_ detail: Detail, _ style: ReplyStyle, to reply: inout ReplyWriter) {
    let format = style.format
    // 2.x, and only there, has protocols without a table.
    let table = table ?? (format == .bird1 ? "master" : "---")
    ProtocolView.writeRow(
      [name, type, table, state.rawValue, style.times.protocol.text(since), info(format)], .protocolRow, format, to: &reply)
    guard detail == .all else { return }
    reply.detail("Description", description, indent: 2)
    reply.detail("Message", message, indent: 2)
    reply.detail("Router ID", routerID?.description, indent: 2)
    reply.detail("VRF", vrf, indent: 2)
    switch format {
    case .bird1:
      for channel in channels { channel.writeBIRD1(details, state, to: &reply) }
      if case .bgp(let bgp) = details { bgp.write(state, format, to: &reply) }
    case .bird2:
      if case .bgp(let bgp) = details { bgp.write(state, format, to: &reply) }
      for channel in channels {
        if case .pipe(let pipe) = details {
          channel.writeBIRD2(pipe, state, to: &reply)
        } else {
          channel.writeBIRD2(state, to: &reply)
        }
      }
    }
    reply.line(.protocolDetails, "")
  }

  /// The last column.
  func info(_ format: CLIFormat) -> String {
    switch details {
    case .none: return ""
    case .ospf(let isRunning): return state.isDown ? "" : isRunning ? "Running" : "Alone"
    case .pipe(let pipe):
      return format == .bird1 ? "=> \(pipe.peerTable)" : "\(pipe.table) <=> \(pipe.peerTable)"
    case .bgp(let bgp):
      let error = bgp.lastError?.description ?? ""
      if state.isDown { return error }
      let state = bgp.state.rawValue
      return state + String(repeating: " ", count: max(14 - state.utf8.count, 0)) + error
    }
  }
}

extension ReplyWriter {
  /// `  Label:          value`, the value in column 18 beyond the indent of two; nothing for nil.
  mutating func detail(_ label: String, _ value: String?, indent: Int) {
    guard let value else { return }
    begin(.protocolDetails)
    text.append(spaces: indent)
    text.append(label)
    text.append(":")
    pad(to: indent + 16)
    text.append(value)
    end()
  }
}
