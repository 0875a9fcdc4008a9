/// A checked, typed filter, compiled to compact bytecode. Immutable and shared by all channels that use it.
public final class PolicyProgram: Sendable {
  public init() {}
}
