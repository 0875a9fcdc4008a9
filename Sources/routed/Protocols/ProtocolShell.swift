import Configuration

/// How the daemon runs one kind of protocol: its row. The kind's configuration is described by its
/// `ProtocolDescription`, in `Configuration/Protocols`.
struct ProtocolShell: Sendable {
  let kind: ProtocolDescription
  let make: @Sendable (ProtocolConfiguration, Daemon) -> ProtocolInstance
  /// What a protocol that does not run would do, for `plan`.
  let rehearse: @Sendable (ProtocolConfiguration, Daemon) -> ProtocolRehearsal

  /// A new protocol has a line here.
  static let all: [ProtocolShell] = [.device, .direct, .kernel, .static, .pipe, .ospf, .bgp, .bfd]

  private static func of(_ item: ProtocolConfiguration) -> ProtocolShell? { all.first { $0.kind == item.kind } }

  /// A kind without a row does nothing.
  static func instance(of item: ProtocolConfiguration, _ daemon: Daemon) -> ProtocolInstance {
    of(item)?.make(item, daemon) ?? ProtocolInstance(item, daemon)
  }

  static func rehearsal(of item: ProtocolConfiguration, _ daemon: Daemon) -> ProtocolRehearsal {
    of(item)?.rehearse(item, daemon) ?? ProtocolRehearsal(item, daemon)
  }
}
