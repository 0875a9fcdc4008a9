import Configuration
import Linux

/// The files a configuration is read from. Reading never blocks, except at startup on what a shell passes.
final class FileSources: SourceProvider {
  private let mayWait: Bool

  init(mayWait: Bool = false) { self.mayWait = mayWait }

  func read(_ path: String) throws(SourceError) -> [UInt8] {
    do throws(SystemError) { return try Files.read(path, mayWait: mayWait) } catch { throw SourceError(reason: error.reason) }
  }

  func glob(_ pattern: String) throws(SourceError) -> [String] {
    do throws(SystemError) { return try Files.glob(pattern).filter { !Files.isDirectory($0) } } catch {
      throw SourceError(reason: error.reason)
    }
  }
}
