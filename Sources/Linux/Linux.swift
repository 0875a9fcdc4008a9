//  The operating system, as the daemon sees it.
//
//  This module makes no decisions: it turns descriptors into callbacks and kernel structures into values of
//  RouteCore, and back. Everything runs on one thread, the main one, in one `EventLoop`, except for work that may block: a
//  `WorkQueue` or an `Appender` does that on a thread of its own, and the result comes back as an event.
//
//  EventLoop/  descriptors, deadlines and signals as sources of libdispatch, deferred work, work on other threads, clocks
//  Netlink/    links, addresses and routes: decoding and encoding as pure functions, sockets, dumps, notifications, route batches
//  Sockets/    the raw OSPF socket, TCP for BGP (RFC 2385, RFC 5082), Unix sockets for control; `StreamConnection` serves both
//  Process/    files, background start, users and capabilities
//  Log/        standard error, files, syslog (RFC 3164)
//
//  libdispatch is called through its C functions (CLinux/dispatch.c), as Embedded Swift has no module for it. Three of its properties
//  matter. An event passes from its manager's thread to ours, which costs four times as much as polling; so we poll busy descriptors
//  ourselves (`EventLoop`). It reports a source whose peer has hung up once and then abandons it; so we poll those too. And a source
//  releases its descriptor some time after it was cancelled; until then we poll a new descriptor with the same number.
//
//  Failures of system calls are `SystemError` values with the call's name; they are thrown or handed to a callback, never dropped.
