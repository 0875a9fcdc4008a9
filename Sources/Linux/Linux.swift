//  The operating system, as the daemon sees it.
//
//  Nothing in this module decides anything: it turns descriptors into callbacks and structures of the kernel into values of
//  RouteCore, and back. Everything runs on one thread, the main one, in one `EventLoop`, but for what may block: that is done by a
//  `WorkQueue` or an `Appender` on a thread of its own, and comes back as an event.
//
//  EventLoop/  descriptors, deadlines and signals as sources of libdispatch, deferred work, work on other threads, clocks
//  Netlink/    links, addresses and routes: decoding and encoding as pure functions, sockets, dumps, notifications, route batches
//  Sockets/    the raw OSPF socket, TCP for BGP (RFC 2385, RFC 5082), Unix sockets for control; `StreamConnection` serves both
//  Process/    files, background start, users and capabilities
//  Log/        standard error, files, syslog (RFC 3164)
//
//  libdispatch is called by its C functions (CLinux/dispatch.c), as Embedded Swift has no module for it. Three things of it have to be
//  known. An event passes from its manager's thread to ours, which costs four times what it costs to look ourselves; so what is busy we
//  look at ourselves (`EventLoop`). A source whose peer has hung up is told once and then given up; so that, too, is ours then. And a
//  source lets go of its descriptor some time after it was cancelled; until then a number that is used again stays with us.
//
//  Failures of system calls are `SystemError` values with the call's name; they are thrown or handed to a callback, never dropped.
