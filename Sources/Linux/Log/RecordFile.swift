import CLinux

/// A file to which whole records are appended: what does not fit is left out, and the file stays readable.
package final class RecordFile {
  package let path: String
  private var descriptor: Int32
  private var isFailing = false

  package init(_ path: String) throws(SystemError) {
    self.path = path
    descriptor = try check(cl_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640), "open \(path)")
  }

  /// Appends a record. Answers what went wrong, but only the first time: the daemon does not say the same of each message.
  package func append(_ record: [UInt8]) -> SystemError? {
    var written = 0
    while written < record.count {
      let count = record[written...].withUnsafeBytes { CLinux.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return failed(count < 0 ? errno : ENOSPC, afterWriting: written) }
      written += count
    }
    isFailing = false
    return nil
  }

  private func failed(_ code: Int32, afterWriting written: Int) -> SystemError? {
    var error: SystemError? = isFailing ? nil : SystemError(code, "write \(path)")
    isFailing = true
    // Half a record would make what follows unreadable.
    var information = stat()
    if written > 0, fstat(descriptor, &information) == 0, information.st_mode & UInt32(S_IFMT) == UInt32(S_IFREG),
      ftruncate(descriptor, information.st_size - written) != 0
    {
      error = SystemError(errno, "truncate \(path)")
    }
    return error
  }

  package func close() {
    if descriptor >= 0 { CLinux.close(descriptor) }
    descriptor = -1
  }
}
