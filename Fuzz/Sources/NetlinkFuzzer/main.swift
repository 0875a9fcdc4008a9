import Driver
import Linux

// What one `recv` of a netlink socket may bring: any number of messages.
fuzz { start, count in
  NetlinkDecoder.decodeAll(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: count)))
  return 0
}
