import CLinux
import Glibc
import Linux
import RouteCore
import Testing

@Suite struct WorkQueueTests {
  @Test func `Work runs on another thread in order, and its results come as events of the loop`() throws {
    let loop = EventLoop()
    let queue = try WorkQueue(loop, label: "test")
    let here = pthread_self()
    var results = [Int]()
    var threads = Set<pthread_t>()
    for number in 0..<100 {
      queue.perform(
        { (number, pthread_self()) },
        then: { result in
          #expect(pthread_self() == here)
          results.append(result.0)
          threads.insert(result.1)
        })
    }
    #expect(results.isEmpty, "nothing is told before the loop runs")
    #expect(try loop.run(atMost: .seconds(60)) { results.count == 100 })
    #expect(results == Array(0..<100))
    #expect(!threads.contains(here))
  }

  @Test func `The loop goes on while work waits`() throws {
    let loop = EventLoop()
    let queue = try WorkQueue(loop, label: "test")
    var ends: [Int32] = [-1, -1]
    try #require(cl_pipe(&ends, 1) == 0)
    let (reader, writer) = (ends[0], ends[1])
    var isDone = false
    queue.perform(
      {
        var byte: UInt8 = 0
        return read(reader, &byte, 1)
      },
      then: { count in
        #expect(count == 1)
        isDone = true
      })
    var rounds = 0
    func round() {
      rounds += 1
      if rounds < 1000 { loop.perform { round() } }
    }
    round()
    #expect(try loop.run(atMost: .seconds(60)) { rounds == 1000 })
    #expect(!isDone)
    _ = write(writer, "x", 1)
    #expect(try loop.run(atMost: .seconds(60)) { isDone })
    close(reader)
    close(writer)
  }
}
