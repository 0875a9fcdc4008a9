import CLinux

/// Files and directories.
package enum Files {
  /// The whole content of a file; more than `limit` bytes is an error (EFBIG). So is a file that could block, such as a pipe
  /// (`SystemError.notRegular`). `mayWait` permits what a shell passes: `/dev/stdin`, `/dev/fd/63`. A blocked signal to end
  /// (`SignalSource.hold`) ends the wait with EINTR.
  package static func read(_ path: String, limit: Int = 256 << 20, mayWait: Bool = false) throws(SystemError) -> [UInt8] {
    let descriptor = try check(cl_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0), "open \(path)")
    defer { close(descriptor) }
    var information = stat()
    if fstat(descriptor, &information) < 0 { throw SystemError(errno, "stat \(path)") }
    let kind = Int32(bitPattern: information.st_mode) & Int32(S_IFMT)
    let isHandedOver = mayWait && ["/dev/stdin", "/dev/fd/", "/proc/self/fd/"].contains { path.hasPrefix($0) }
    // Devices are not waited for either, but many answer at once. A directory has its own error.
    let isPrompt = kind == Int32(S_IFREG) || kind == Int32(S_IFCHR) || kind == Int32(S_IFDIR)
    guard isPrompt || isHandedOver else { throw SystemError(SystemError.notRegular, "read \(path)") }
    let expected = Int(information.st_size)
    guard expected <= limit else { throw SystemError(EFBIG, "read \(path)") }
    var content = [UInt8]()
    content.reserveCapacity(expected)
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = CLinux.read(descriptor, &chunk, chunk.count)
      if count == 0 { return content }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        guard code == EAGAIN, isHandedOver else { throw SystemError(code == EAGAIN ? SystemError.notRegular : code, "read \(path)") }
        let signals = SignalSource.terminating
        try check(cl_poll_or_signal(descriptor, signals, Int32(signals.count)), "read \(path)")
        continue
      }
      content.append(contentsOf: chunk[..<count])
      if content.count > limit { throw SystemError(EFBIG, "read \(path)") }
    }
  }

  /// Creates or overwrites a file, with these permissions before the umask.
  package static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(SystemError) {
    let descriptor = try check(cl_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode), "open \(path)")
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { CLinux.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError(errno, "write \(path)")
      }
      written += count
    }
  }

  /// The names in a directory, sorted, without `.` and `..`.
  package static func list(_ path: String) throws(SystemError) -> [String] {
    guard let directory = opendir(path) else { throw SystemError(errno, "open \(path)") }
    defer { closedir(directory) }
    var names = [String]()
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The paths that match a shell pattern, sorted. A pattern without special characters yields itself, whether it exists or not,
  /// so that reading it reports the error.
  package static func glob(_ pattern: String) throws(SystemError) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    let status = CLinux.glob(pattern, GLOB_ERR, nil, &found)
    switch status {
    case 0: break
    case GLOB_NOMATCH: return pattern.contains { "*?[".contains($0) } ? [] : [pattern]
    case GLOB_NOSPACE: throw SystemError(ENOMEM, "glob \(pattern)")
    default: throw SystemError(errno == 0 ? EIO : errno, "glob \(pattern)")
    }
    var paths = [String]()
    for index in 0..<Int(found.gl_pathc) {
      if let path = found.gl_pathv?[index] { paths.append(String(cString: path)) }
    }
    return paths
  }

  package static func isDirectory(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR)
  }

  /// The directory part of a path: `/etc/routed` of `/etc/routed/bird.conf`; `.` if there is none.
  package static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// The kernel's settings under /proc/sys.
package enum Sysctl {
  /// The value of a setting such as `net.ipv4.nexthop_compat_mode`; nil if there is none. Use `/` as the separator if a name contains dots.
  package static func read(_ name: String) -> String? {
    guard let bytes = try? Files.read(path(name), limit: 65536) else { return nil }
    var text = Substring(decoding: bytes, as: UTF8.self)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// The value as a number.
  package static func integer(_ name: String) -> Int? { read(name).flatMap { Int($0) } }

  package static func write(_ name: String, _ value: String) throws(SystemError) {
    let path = path(name)
    let descriptor = try check(cl_open(path, O_WRONLY | O_CLOEXEC, 0), "open \(path)")
    defer { close(descriptor) }
    let bytes = Array(value.utf8)
    guard CLinux.write(descriptor, bytes, bytes.count) == bytes.count else { throw SystemError(errno, "write \(path)") }
  }

  private static func path(_ name: String) -> String {
    "/proc/sys/" + (name.contains("/") ? name : String(name.map { $0 == "." ? "/" : $0 }))
  }
}
