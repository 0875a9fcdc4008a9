import CLinux

/// Runs as an ordinary user with only the capabilities that routing needs.
package enum Privileges {
  /// The user and group of `-u` and `-g`, as numbers.
  package struct Identity: Hashable, Sendable {
    package var user: UInt32
    package var group: UInt32
    /// The user's name, for its supplementary groups; nil if only a number or a group was given.
    package var userName: String?
  }

  /// CAP_NET_BIND_SERVICE (port 179), CAP_NET_BROADCAST, CAP_NET_ADMIN (routes, socket marks and buffers), CAP_NET_RAW (OSPF).
  package static let routing: UInt64 = 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13

  /// Looks up the names, which may also be numbers. Without a group it is the user's own; without a user, the user does not change.
  package static func identity(user: String?, group: String?) throws(SystemError) -> Identity {
    var identity = Identity(user: geteuid(), group: getegid(), userName: nil)
    if let user {
      if let number = UInt32(user) {
        identity.user = number
      } else {
        try check(cl_user_id(user, &identity.user, &identity.group), "user \(user)")
        identity.userName = user
      }
    }
    if let group {
      if let number = UInt32(group) {
        identity.group = number
      } else {
        try check(cl_group_id(group, &identity.group), "group \(group)")
      }
    }
    return identity
  }

  /// Switches to the user and group permanently, keeping the capabilities. Call it before any other thread exists, as these are per thread.
  package static func drop(to identity: Identity, keeping capabilities: UInt64 = routing) throws(SystemError) {
    try check(cl_drop_privileges(identity.user, identity.group, identity.userName, capabilities), "drop privileges")
  }
}
