import BGP
import Configuration
import Linux

// The file of `mrtdump`.
extension Daemon {
  /// Opens the file that a configuration names, anew if it is the same, so that a rotated one can be let go.
  func openMRTFile(_ configuration: Configuration) {
    let path = configuration.mrtdumpFile
    let present = mrtFile
    mrtFile = nil
    if present?.path != path { present?.close() }
    guard let path else { return }
    do throws(SystemError) {
      if let present, present.path == path {
        try present.reopen()
        mrtFile = present
        return
      }
      mrtFile = try RecordFile(path, loop) { self.log.error("Write to MRT file failed: \($0)") }
    } catch {
      log.error("Unable to open MRTDump file '\(path)': \(error.reason)")
    }
  }

  /// Appends a record, with the time it is now.
  func write(_ record: MRTRecord) {
    guard let file = mrtFile else { return }
    let time = UInt32(truncatingIfNeeded: wallClock.seconds)
    file.append(record.encoded(at: time))
  }
}
