import Driver

fuzz { start, count in
  test(Array(UnsafeRawBufferPointer(start: start, count: count)))
  return 0
}
