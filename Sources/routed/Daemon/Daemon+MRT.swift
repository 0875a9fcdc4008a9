import BGP
import Configuration
import Linux

// The file of `mrtdump`.
extension Daemon {
  /// Opens the file that a configuration names, anew if it is the same, so that a rotated one can be let go.
  func openMRTFile(_ configuration: Configuration) {
    mrtFile?.close()
    mrtFile = nil
    guard let path = configuration.mrtdumpFile else { return }
    do throws(SystemError) {
      mrtFile = try RecordFile(path)
    } catch {
      log.error("Unable to open MRTDump file '\(path)': \(error.reason)")
    }
  }

  /// Appends a record, with the time it is now.
  func write(_ record: MRTRecord) {
    guard let file = mrtFile else { return }
    let time = UInt32(truncatingIfNeeded: wallClock.seconds)
    if let error = file.append(record.encoded(at: time)) { log.error("Write to MRT file failed: \(error)") }
  }
}
