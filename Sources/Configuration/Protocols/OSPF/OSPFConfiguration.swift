import OSPFv3

/// `protocol ospf`.
package struct OSPFConfiguration: Hashable, Sendable {
  package enum Version: UInt8, Hashable, Sendable {
    /// RFC 2328. Read, but not implemented: such a protocol cannot run.
    case v2 = 2
    /// RFC 5340.
    case v3 = 3
  }
  package var version: Version
  package var instance: InstanceConfiguration
}
