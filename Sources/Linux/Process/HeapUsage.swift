import CLinux

/// What the process has allocated.
package struct HeapUsage: Hashable, Sendable {
  /// Bytes in use.
  package var used: UInt64
  /// Bytes that the allocator holds in reserve.
  package var free: UInt64

  package static var now: HeapUsage {
    var usage = HeapUsage(used: 0, free: 0)
    cl_heap_usage(&usage.used, &usage.free)
    return usage
  }
}
