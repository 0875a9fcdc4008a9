/// Runs a machine: an event, then what the machine wants done, then what that makes happen.
///
/// The rule of re-entrance: **what happens while something is carried out waits until all of it has been.** Then it is handled, in the
/// order in which it happened and as of the time at which it did. So the actions of two events never mix, nothing recurses, and who
/// carries out an action may tell of what came of it at once: that a connection failed, or how many bytes still wait to be sent.
///
/// An owner (the shell of a protocol in the daemon, a simulated host, a test) gives the same `carryOut` with each call; the driver keeps
/// nothing of its owner's. In the steady state nothing is allocated.
public final class MachineDriver<Driven: Machine & ~Copyable> {
  /// May be looked at and set at any time but within `tell`.
  public var machine: Driven
  /// What the machine has wanted last. What an owner sets in it, such as what is to be traced, stays.
  public var output = Driven.Output()

  /// What has happened while something was carried out.
  private var waiting = Queue<(event: Driven.Event, time: Instant)>()
  private var isBusy = false

  /// Takes the machine over.
  public init(_ machine: consuming Driven) { self.machine = machine }

  /// When `deadlineReached` is to be called; nil if never.
  public var nextDeadline: Instant? { machine.nextDeadline }

  /// Tells the machine what happened at `now` and has done what it wants: before the call returns, or, within `carryOut`, after that.
  public func handle(_ event: Driven.Event, at now: Instant, carryOut: (Driven.Output) -> Void) {
    guard !isBusy else { return waiting.append((event, now)) }
    isBusy = true
    machine.handle(event, at: now, into: &output)
    finish(carryOut)
  }

  /// The same for what is no value that could wait: bytes that are there only during the call. Nobody reads a socket within `carryOut`.
  public func tell(_ body: (inout Driven, inout Driven.Output) -> Void, carryOut: (Driven.Output) -> Void) {
    precondition(!isBusy, "bytes are read while something is carried out")
    isBusy = true
    body(&machine, &output)
    finish(carryOut)
  }

  /// `nextDeadline` may have come. Nobody is declared dead before what has arrived from him is read: the process may have been stopped, the
  /// virtual machine suspended, or a turn have been long, with his words waiting in the socket. So where a `silenceDeadline` is due, `read`
  /// comes first and tells the machine what there is. It reads all that had arrived, or at least so much that whoever it is from is heard.
  public func deadlineReached(_ clock: () -> Instant, read: () -> Void, carryOut: (Driven.Output) -> Void) {
    let now = clock()
    guard let due = nextDeadline, due <= now else { return }
    if !isBusy, let silence = machine.silenceDeadline, silence <= now { read() }
    handle(.deadline, at: clock(), carryOut: carryOut)
  }

  private func finish(_ carryOut: (Driven.Output) -> Void) {
    present(to: carryOut)
    while let (event, time) = waiting.popFirst() {
      machine.handle(event, at: time, into: &output)
      present(to: carryOut)
    }
    isBusy = false
  }

  /// Who carries the output out has it for himself, as the owner may set something in `output` meanwhile.
  private func present(to carryOut: (Driven.Output) -> Void) {
    do {
      let present = output
      carryOut(present)
    }
    output.removeAll()
  }
}
