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

  /// The errno in words.
  package var reason: String { SystemError.text(of: code) }
  package var description: String { "\(operation): \(reason)" }

  /// The code of what the system would do, but we do not: read or write what may keep us waiting.
  package static let notRegular: Int32 = 4096

  /// The words for an errno, as `strerror` has them.
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
