import CLinux

/// The command line.
package enum Arguments {
  /// All arguments after the program's name.
  package static var all: [String] {
    var out = [String]()
    while let argument = cl_argument(Int32(out.count + 1)) { out.append(String(cString: argument)) }
    return out
  }
}
