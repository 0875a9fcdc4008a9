// Bidirectional Forwarding Detection: RFC 5880, with RFC 5881 (one hop), RFC 5883 (several hops) and RFC 5882 (its use), without any I/O.
//
// `Sessions` is the whole protocol: one value, one entry for events (`handle`) and one for packets (`receive`), one deadline.
//
//   Packet/     the control packet (RFC 5880 §4), with the checks that need no session (§6.8.6)
//   Authentication/  passwords and digests (§6.7)
//   Session/    one session: the state machine (§6.2), poll sequences and changes of intervals (§6.5, §6.8.3), the timers (§6.8.4, §6.8.7)
//   Sessions/   all sessions of one `protocol bfd`: who is meant by a packet (§6.3), which options a session has
//
// Who wants to know about a neighbour, and what it does about it, is none of this module's business: `Sessions` opens and closes sessions
// as it is told, and reports changes of their states. Asynchronous mode only; a neighbour may use demand mode. No echo function, which
// is announced by a Required Min Echo RX Interval of zero. Intervals are in microseconds, as on the wire.
