import Glibc
import RouteCore
import Testing

@testable import KernelSync

@Suite struct RandomTests {
  /// `KERNELSYNC_SEED` runs a single one, `KERNELSYNC_SEEDS` so many; `KERNELSYNC_TRACE` prints all that happens.
  private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

  @Test func `whatever happens, no route goes too early, and in the end the kernel has what is wanted`() {
    let first = RandomTests.number("KERNELSYNC_SEED")
    let seeds = first.map { $0...$0 } ?? 1...(RandomTests.number("KERNELSYNC_SEEDS") ?? 60)
    for seed in seeds {
      let chaos = Chaos(seed: seed)
      chaos.lab.trace = getenv("KERNELSYNC_TRACE") != nil
      for _ in 0..<200 where chaos.lab.faults.isEmpty { chaos.step() }
      let problems = chaos.finish()
      #expect(problems == [], "seed \(seed), \(chaos.troubles)")
    }
  }
}
