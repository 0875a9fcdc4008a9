import BGP
import Driver

// `Fuzzing.run` says what the first byte chooses.
fuzz { start, count in
  Fuzzing.run(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: count)))
  return 0
}
