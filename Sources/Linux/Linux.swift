//  The operating system, as the daemon sees it.
//
//  Nothing in this module decides anything: it turns descriptors into callbacks and structures of the kernel into values of
//  RouteCore, and back. Everything runs on one thread, the main one, in one `EventLoop`:
//
//  EventLoop/  one epoll set for all descriptors, deadlines, deferred work, signals, clocks
//  Netlink/    links, addresses and routes: decoding and encoding as pure functions, sockets, dumps, notifications, route batches
//  Sockets/    the raw OSPF socket, TCP for BGP (RFC 2385, RFC 5082), Unix sockets for control; `StreamConnection` serves both
//  Process/    files, background start, users and capabilities
//  Log/        standard error, files, syslog (RFC 3164)
//
//  Descriptors are watched by an epoll set of our own and not by one Dispatch source each. An event costs a quarter of the CPU
//  time, the process keeps to one thread, and a source is gone at once when it is cancelled, so that its descriptor can be closed
//  and its number reused safely.
//
//  Failures of system calls are `SystemError` values with the call's name; they are thrown or handed to a callback, never dropped.
