import CLinux

/// Appends pieces of text or bytes to a file, a device or a pipe, in order, on a thread of its own. The caller never waits, not even for a
/// full disk or for the reader of the pipe. The queue is bounded; pieces that find no room, or cannot be written, are counted, and reported
/// in a line before the next piece that is written.
///
/// Its members may be used from any thread, except those marked as the queue's.
package final class Appender: @unchecked Sendable {
  /// What to do when the file has reached its limit.
  package struct Limit: Hashable, Sendable {
    /// In bytes.
    package var size: Int
    package var path: String
    package var backup: String
  }

  private enum Entry {
    /// `lostBefore` pieces were dropped before this one.
    case piece([UInt8], Limit?, lostBefore: Int)
    /// From here on, write to this descriptor.
    case descriptor(Int32, isOwned: Bool)
  }

  /// How many bytes may be waiting.
  private let capacity: Int
  /// The line that reports this many lost pieces; nil if nothing may stand between pieces.
  private let note: (@Sendable (Int) -> [UInt8])?
  /// Called on the queue with what went wrong; once until something could be written again.
  private let onFailure: @Sendable (Int32) -> Void
  private let lock: UnsafeMutablePointer<pthread_mutex_t>

  // Under the lock.
  /// Created when something is first appended: Dispatch starts a thread, which has the rights that the process has at that time.
  private var queue: cl_queue?
  private var waiting = [Entry]()
  private var waitingBytes = 0
  private var dropped = 0
  private var failed = 0
  private var isScheduled = false

  // The queue's.
  private var descriptor: Int32 = -1
  private var isOwned = false
  private var lost = 0
  private var isFailing = false

  package init(
    capacity: Int = 1 << 20, note: (@Sendable (Int) -> [UInt8])? = nil, onFailure: @escaping @Sendable (Int32) -> Void = { _ in }
  ) {
    self.capacity = capacity
    self.note = note
    self.onFailure = onFailure
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
  }

  deinit {
    if isOwned, descriptor >= 0 { CLinux.close(descriptor) }
    pthread_mutex_destroy(lock)
    lock.deallocate()
    if let queue { cl_queue_release(queue) }
  }

  /// Opens for appending, without blocking; -errno on failure. A pipe must have a reader. `regularOnly` accepts devices, but nothing that
  /// another process has to read.
  package static func open(_ path: String, regularOnly: Bool = false) -> Int32 {
    let descriptor = cl_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0o640)
    if descriptor < 0 { return descriptor }
    var information = stat()
    let status = fstat(descriptor, &information) < 0 ? -errno : 0
    let kind = Int32(bitPattern: information.st_mode) & Int32(S_IFMT)
    let isTaken = !regularOnly || kind == Int32(S_IFREG) || kind == Int32(S_IFCHR)
    // This thread may block.
    let result = status < 0 ? status : isTaken ? cl_set_blocking(descriptor) : -SystemError.notRegular
    if result >= 0 { return descriptor }
    CLinux.close(descriptor)
    return result
  }

  // MARK: What comes in

  /// Later pieces go to this descriptor, which is closed after the last one if it is `owned`. -1: nowhere.
  package func begin(_ descriptor: Int32, owned: Bool) {
    pthread_mutex_lock(lock)
    // Room for the next piece.
    waiting.append(.descriptor(descriptor, isOwned: owned))
    pthread_mutex_unlock(lock)
  }

  /// Appends a whole piece or nothing; returns false if there is no room for it.
  @discardableResult
  package func append(_ bytes: [UInt8], limit: Limit? = nil) -> Bool {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    // An empty queue accepts a piece of any size.
    guard waitingBytes == 0 || waitingBytes + bytes.count <= capacity else {
      dropped += 1
      return false
    }
    waiting.append(.piece(bytes, limit, lostBefore: dropped))
    waitingBytes += bytes.count
    dropped = 0
    schedule()
    return true
  }

  /// Pieces lost and not yet reported.
  package var untold: Int {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return failed + dropped
  }

  /// Waits until everything appended is written; returns false if that takes longer than the limit.
  @discardableResult
  package func flush(withinNanoseconds limit: Int64) -> Bool {
    pthread_mutex_lock(lock)
    let queue = queue
    pthread_mutex_unlock(lock)
    return queue == nil || cl_queue_wait(queue, limit)
  }

  private func schedule() {
    if isScheduled { return }
    isScheduled = true
    if queue == nil { queue = cl_work_queue("append") }
    cl_queue_add(queue, Unmanaged.passRetained(self).toOpaque()) { context in
      guard let context else { return }
      Unmanaged<Appender>.fromOpaque(context).takeRetainedValue().work()
    }
  }

  // MARK: On the queue

  private func work() {
    while true {
      pthread_mutex_lock(lock)
      let entries = waiting
      waiting = []
      if entries.isEmpty {
        // Report what found no room, now that there is some.
        lost += dropped
        dropped = 0
      }
      failed = lost
      isScheduled = !entries.isEmpty
      pthread_mutex_unlock(lock)
      if entries.isEmpty { return tellLost() }
      for entry in entries {
        switch entry {
        case .piece(let bytes, let limit, let lostBefore):
          lost += lostBefore
          write(bytes, limit)
          pthread_mutex_lock(lock)
          waitingBytes -= bytes.count
          failed = lost
          pthread_mutex_unlock(lock)
        case .descriptor(let next, let isOwned):
          close()
          descriptor = next
          self.isOwned = isOwned
          isFailing = false
        }
      }
    }
  }

  private func tellLost() {
    guard lost > 0, !isFailing, let note, put(note(lost)) else { return }
    lost = 0
    pthread_mutex_lock(lock)
    failed = 0
    pthread_mutex_unlock(lock)
  }

  private func write(_ bytes: [UInt8], _ limit: Limit?) {
    if let limit { makeRoom(for: bytes.count, limit) }
    if lost > 0, let note { if put(note(lost)) { lost = 0 } }
    if put(bytes) { isFailing = false } else { lost += 1 }
  }

  private func put(_ bytes: [UInt8]) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { CLinux.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        failed(count < 0 ? errno : ENOSPC, afterWriting: written)
        return false
      }
      written += count
    }
    return true
  }

  private func failed(_ code: Int32, afterWriting written: Int) {
    var code = code
    var information = stat()
    // Half a piece would make the following ones unreadable.
    if written > 0, fstat(descriptor, &information) == 0, Appender.isRegular(information),
      ftruncate(descriptor, information.st_size - written) != 0
    {
      code = errno
    }
    if !isFailing { onFailure(code) }
    isFailing = true
  }

  /// Renames a file that would grow beyond its limit, and begins a new one.
  private func makeRoom(for count: Int, _ limit: Limit) {
    var information = stat()
    // A pipe, or a device such as /dev/null, has no size.
    guard fstat(descriptor, &information) == 0, Appender.isRegular(information), Int(information.st_size) + count > limit.size
    else { return }
    let isOut = rename(limit.path, limit.backup) == 0 || unlink(limit.path) == 0
    close()
    // A file that can be neither renamed nor removed must not grow.
    descriptor = isOut ? max(Appender.open(limit.path), -1) : -1
    isOwned = true
  }

  private func close() {
    if isOwned, descriptor >= 0 { CLinux.close(descriptor) }
    descriptor = -1
  }

  private static func isRegular(_ information: stat) -> Bool { information.st_mode & UInt32(S_IFMT) == UInt32(S_IFREG) }
}
