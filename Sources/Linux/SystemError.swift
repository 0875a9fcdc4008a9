import CLinux

/// A system call that failed.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The errno.
  package var code: Int32
  /// What was attempted, such as `bind 127.0.0.1:179`.
  package var operation: String

  package init(_ code: Int32, _ operation: String) {
    self.code = code
    self.operation = operation
  }

  /// The errno as text.
  package var reason: String { SystemError.text(of: code) }
  package var description: String { "\(operation): \(reason)" }

  /// A code for what the system would do but we do not: read or write a file that may block.
  package static let notRegular: Int32 = 4096

  /// The text of an errno, as from `strerror`.
  package static func text(of code: Int32) -> String {
    if code == notRegular { return "Not a regular file" }
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }
}

/// The result of a CLinux function, which is minus the errno when it failed.
@discardableResult
func check(_ result: Int32, _ operation: @autoclosure () -> String) throws(SystemError) -> Int32 {
  if result < 0 { throw SystemError(-result, operation()) }
  return result
}

func check(_ result: Int, _ operation: @autoclosure () -> String) throws(SystemError) -> Int {
  if result < 0 { throw SystemError(Int32(truncatingIfNeeded: -result), operation()) }
  return result
}

/// The error of the last system call that failed.
package var errno: Int32 { cl_errno() }
