/// The message digests of RFC 5880 §4.3 and §4.4: MD5 (RFC 1321) and SHA-1 (RFC 3174). They are what neighbours ask for, not what one
/// would choose.
enum Digest: Hashable, Sendable {
  case md5, sha1

  /// Bytes of a digest.
  var size: Int { self == .md5 ? 16 : 20 }

  func digest(of message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]
    if self == .sha1 { state.append(0xc3d2_e1f0) }
    var padded = message + [0x80]
    padded += repeatElement(0, count: (120 - padded.count % 64) % 64)
    let bits = UInt64(message.count) &* 8
    for byte in 0..<UInt64(8) { padded.append(UInt8(truncatingIfNeeded: bits >> (8 * (self == .md5 ? byte : 7 - byte)))) }
    var block = [UInt32](repeating: 0, count: 16)
    for start in stride(from: 0, to: padded.count, by: 64) {
      for word in 0..<16 {
        var value: UInt32 = 0
        for byte in 0..<4 { value = value << 8 | UInt32(padded[start + 4 * word + byte]) }
        block[word] = self == .md5 ? value.byteSwapped : value
      }
      let sum = self == .md5 ? Digest.md5Block(state, block) : Digest.sha1Block(state, block)
      for word in state.indices { state[word] &+= sum[word] }
    }
    return state.flatMap { word in
      let word = self == .md5 ? word.byteSwapped : word
      return (0..<UInt32(4)).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
    }
  }

  private static func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }

  /// RFC 3174 §6.1
  private static func sha1Block(_ state: [UInt32], _ block: [UInt32]) -> [UInt32] {
    var words = block
    for t in 16..<80 { words.append(rotated(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1)) }
    var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
    for t in 0..<80 {
      let f: UInt32
      let k: UInt32
      switch t / 20 {
      case 0: (f, k) = ((b & c) | (~b & d), 0x5a82_7999)
      case 1: (f, k) = (b ^ c ^ d, 0x6ed9_eba1)
      case 2: (f, k) = ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc)
      default: (f, k) = (b ^ c ^ d, 0xca62_c1d6)
      }
      let next = rotated(a, 5) &+ f &+ e &+ k &+ words[t]
      (a, b, c, d, e) = (next, a, rotated(b, 30), c, d)
    }
    return [a, b, c, d, e]
  }

  /// RFC 1321 §3.4
  private static func md5Block(_ state: [UInt32], _ block: [UInt32]) -> [UInt32] {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    for i in 0..<64 {
      let f: UInt32
      let word: Int
      switch i / 16 {
      case 0: (f, word) = ((b & c) | (~b & d), i)
      case 1: (f, word) = ((d & b) | (~d & c), (5 * i + 1) % 16)
      case 2: (f, word) = (b ^ c ^ d, (3 * i + 5) % 16)
      default: (f, word) = (c ^ (b | ~d), 7 * i % 16)
      }
      let sum = a &+ f &+ sines[i] &+ block[word]
      (a, d, c, b) = (d, c, b, b &+ rotated(sum, shifts[i / 16 * 4 + i % 4]))
    }
    return [a, b, c, d]
  }

  private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
  /// 2^32 × |sin(i + 1)|
  private static let sines: [UInt32] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
  ]
}
