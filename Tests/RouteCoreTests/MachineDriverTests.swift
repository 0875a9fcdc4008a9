import RouteCore
import Testing

/// A machine that answers each word with its letters, each an action, and gives a silent neighbour up.
private struct Speller: Machine {
  enum Event: MachineEvent {
    case word(String)
    case heard
    case deadline
  }

  struct Output: MachineOutput {
    var actions: [String] = []
    var prefix = ""
    mutating func removeAll() { actions.removeAll(keepingCapacity: true) }
  }

  /// When a neighbour who says nothing is dead.
  var deadInterval = Duration.seconds(6)
  var silenceDeadline: Instant?
  var helloDeadline: Instant?
  var times: [Instant] = []

  var nextDeadline: Instant? { [silenceDeadline, helloDeadline].compactMap { $0 }.min() }

  mutating func handle(_ event: Event, at now: Instant, into output: inout Output) {
    times.append(now)
    switch event {
    case .word(let word): for letter in word { output.actions.append(output.prefix + String(letter)) }
    case .heard: silenceDeadline = now + deadInterval
    case .deadline:
      if let due = silenceDeadline, due <= now {
        silenceDeadline = nil
        output.actions.append("dead")
      }
      if let due = helloDeadline, due <= now {
        helloDeadline = due + .seconds(2)
        output.actions.append("hello")
      }
    }
  }
}

/// Carries out by noting; some actions make something happen at once.
private final class Owner {
  let driver = MachineDriver(Speller())
  var now = Instant.zero
  var done: [String] = []
  /// What an action makes happen.
  var consequences: [String: [Speller.Event]] = [:]
  /// What waits in the socket.
  var waiting: [Speller.Event] = []
  var reads = 0

  func handle(_ event: Speller.Event) { driver.handle(event, at: now, carryOut: carryOut) }

  func carryOut(_ output: Speller.Output) {
    for action in output.actions {
      done.append(action)
      for event in consequences[action] ?? [] {
        now += .seconds(1)
        handle(event)
      }
    }
  }

  func deadlineReached() {
    driver.deadlineReached(
      { now },
      read: {
        reads += 1
        for event in waiting { handle(event) }
        waiting = []
      }, carryOut: carryOut)
  }

  /// Seconds from the beginning.
  var times: [Int64] { driver.machine.times.map { ($0 - .zero).wholeSeconds } }
}

@Suite struct MachineDriverTests {
  @Test func `Carries out what the machine wants before the call returns`() {
    let owner = Owner()
    owner.handle(.word("ab"))
    #expect(owner.done == ["a", "b"])
    owner.handle(.word("c"))
    #expect(owner.done == ["a", "b", "c"])
  }

  @Test func `What happens meanwhile waits until all is carried out`() {
    let owner = Owner()
    owner.consequences = ["a": [.word("xy"), .word("z")], "x": [.word("1")]]
    owner.handle(.word("abc"))
    #expect(owner.done == ["a", "b", "c", "x", "y", "z", "1"])
  }

  @Test func `Each event is handled as of the time it happened at`() {
    let owner = Owner()
    owner.consequences = ["a": [.word("x"), .word("y")], "x": [.word("1")]]
    owner.handle(.word("ab"))
    // `x` happened at 1, `y` at 2, and `1` while `x` was carried out.
    #expect(owner.times == [0, 1, 2, 3])
  }

  @Test func `A long chain of consequences does not recurse`() {
    let driver = MachineDriver(Speller())
    var count = 0
    func carryOut(_ output: Speller.Output) {
      count += output.actions.count
      if count < 200_000 { driver.handle(.word("a"), at: .zero, carryOut: carryOut) }
    }
    driver.handle(.word("a"), at: .zero, carryOut: carryOut)
    #expect(count == 200_000)
  }

  @Test func `The output is empty afterwards but for what its owner has set`() {
    let owner = Owner()
    owner.driver.output.prefix = "-"
    owner.handle(.word("ab"))
    owner.handle(.word("c"))
    #expect(owner.done == ["-a", "-b", "-c"])
    #expect(owner.driver.output.actions.isEmpty)
    #expect(owner.driver.output.prefix == "-")
  }

  @Test func `What an owner sets while something is carried out holds for the next event`() {
    let driver = MachineDriver(Speller())
    var done: [String] = []
    func carryOut(_ output: Speller.Output) {
      driver.output.prefix = "+"
      done += output.actions
      if done.count == 1 { driver.handle(.word("b"), at: .zero, carryOut: carryOut) }
    }
    driver.handle(.word("a"), at: .zero, carryOut: carryOut)
    #expect(done == ["a", "+b"])
  }

  @Test func `The storage of the output is used again`() {
    let owner = Owner()
    func storage() -> UnsafePointer<String>? { owner.driver.output.actions.withUnsafeBufferPointer { $0.baseAddress } }
    owner.handle(.word("abcdefgh"))
    let first = storage()
    for _ in 0..<10 { owner.handle(.word("abcdefgh")) }
    #expect(storage() == first)
  }

  @Test func `What is told as bytes is carried out in the same way`() {
    let owner = Owner()
    owner.consequences = ["a": [.word("x")]]
    owner.driver.tell { machine, output in
      machine.handle(.word("a"), at: .zero, into: &output)
      machine.handle(.word("b"), at: .zero, into: &output)
    } carryOut: {
      owner.carryOut($0)
    }
    #expect(owner.done == ["a", "b", "x"])
  }

  // MARK: Deadlines

  @Test func `A deadline that has not come is no event`() {
    let owner = Owner()
    owner.driver.machine.helloDeadline = .zero + .seconds(2)
    owner.now = .zero + .seconds(1)
    owner.deadlineReached()
    #expect(owner.driver.machine.times.isEmpty && owner.done.isEmpty)
    owner.now = .zero + .seconds(2)
    owner.deadlineReached()
    #expect(owner.done == ["hello"])
  }

  @Test func `Who has spoken is not declared dead`() {
    let owner = Owner()
    owner.handle(.heard)
    owner.now = .zero + .seconds(7)
    owner.waiting = [.heard]
    owner.deadlineReached()
    #expect(owner.done.isEmpty)
    #expect(owner.driver.machine.silenceDeadline == .zero + .seconds(13))
  }

  @Test func `Who has not is dead at once`() {
    let owner = Owner()
    owner.handle(.heard)
    owner.now = .zero + .seconds(6)
    owner.deadlineReached()
    #expect(owner.done == ["dead"])
    #expect(owner.reads == 1)
  }

  @Test func `Nothing is read for a deadline of our own`() {
    let owner = Owner()
    owner.handle(.heard)
    owner.driver.machine.helloDeadline = .zero + .seconds(2)
    owner.now = .zero + .seconds(2)
    owner.waiting = [.heard]
    owner.deadlineReached()
    #expect(owner.done == ["hello"])
    #expect(owner.reads == 0)
  }

  @Test func `Our own deadline is kept though the other was disproved`() {
    let owner = Owner()
    owner.handle(.heard)
    owner.driver.machine.helloDeadline = .zero + .seconds(2)
    owner.now = .zero + .seconds(7)
    owner.waiting = [.word("a"), .heard]
    owner.deadlineReached()
    #expect(owner.done == ["a", "hello"])
  }
}
