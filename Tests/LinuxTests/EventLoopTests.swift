import Glibc
import Linux
import RouteCore
import Testing

@Suite struct EventLoopTests {
  @Test func `Deadlines fire in their round, once, and not after cancel`() throws {
    let loop = try EventLoop()
    var fired = [Int]()
    let first = DeadlineTimer(loop) { fired.append(1) }
    let second = DeadlineTimer(loop) { fired.append(2) }
    let never = DeadlineTimer(loop) { fired.append(3) }
    let start = Clock.now()
    first.deadline = start + .milliseconds(20)
    second.deadline = start + .milliseconds(5)
    never.deadline = start + .milliseconds(1)
    never.cancel()
    #expect(try loop.run(atMost: .seconds(2)) { fired.count == 2 })
    #expect(Clock.now() - start >= .milliseconds(20))
    #expect(fired == [2, 1])
    #expect(first.deadline == nil)
    first.cancel()
    second.cancel()
  }
}
