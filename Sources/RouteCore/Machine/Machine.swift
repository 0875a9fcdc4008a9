/// A protocol at work, as a value without sockets, clock or log: what happens goes in as an event, what is to be done comes out.
///
/// Its timers are deadlines that it keeps itself, and `nextDeadline` is the first of them. There are no callbacks, so what was stopped
/// cannot fire. A `MachineDriver` runs it.
public protocol Machine: ~Copyable {
  /// What can happen to it.
  associatedtype Event: MachineEvent
  /// What it can want done.
  associatedtype Output: MachineOutput

  /// Takes what has happened at `now`, which is never before the `now` of an earlier call, and adds what is to be done to `output`.
  mutating func handle(_ event: Event, at now: Instant, into output: inout Output)

  /// When `.deadline` is wanted; nil if nothing is going on.
  var nextDeadline: Instant? { get }

  /// When somebody is declared dead because nothing was heard of him, or a wait for him is given up; nil if nobody is waited for. What has
  /// arrived by then may disprove it, so that only `.deadline` acts upon it: see `MachineDriver.deadlineReached`.
  var silenceDeadline: Instant? { get }
}

extension Machine where Self: ~Copyable {
  /// For machines that wait for nobody.
  public var silenceDeadline: Instant? { nil }
}

/// What can happen to a machine; the passing of time is one of the events.
public protocol MachineEvent {
  /// `nextDeadline` has come.
  static var deadline: Self { get }
}

/// What a machine wants done. The driver passes the same one again and again, so that its storage is reused.
public protocol MachineOutput {
  /// Nothing to be done.
  init()
  /// Forgets everything that was to be done, but neither the storage nor what was set by the owner.
  mutating func removeAll()
}
