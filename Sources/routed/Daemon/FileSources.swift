import Configuration
import Linux

/// The files a configuration is read from.
final class FileSources: SourceProvider {
  func read(_ path: String) throws(SourceError) -> [UInt8] {
    do throws(SystemError) { return try Files.read(path) } catch { throw SourceError(reason: error.reason) }
  }

  func glob(_ pattern: String) throws(SourceError) -> [String] {
    do throws(SystemError) { return try Files.glob(pattern).filter { !Files.isDirectory($0) } } catch {
      throw SourceError(reason: error.reason)
    }
  }
}
