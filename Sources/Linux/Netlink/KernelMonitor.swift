import CLinux
import CMnl
import RouteCore

/// Reports changes of links, addresses and routes as they happen.
///
/// Changes that the process itself makes through a `RouteBatch` are not reported (the kernel filters them by the batch's port id). When the
/// kernel had to drop notifications, `resyncNeeded` is called: everything known may be stale, so dump again.
package final class KernelMonitor {
  private let socket: NetlinkSocket
  private var source: IOSource?
  private let onEvent: (NetlinkEvent) -> Void
  private let onResync: EventLoop.Work

  /// How many datagrams are read in one round of the loop, so that a storm of route changes does not starve other sources.
  private static let datagramsPerRound = 64

  package init(
    _ loop: EventLoop, receiveBuffer: Int32 = 8 << 20, onEvent: @escaping (NetlinkEvent) -> Void,
    resyncNeeded: @escaping EventLoop.Work
  ) throws(SystemError) {
    self.onEvent = onEvent
    onResync = resyncNeeded
    socket = try NetlinkSocket(
      receiveBuffer: receiveBuffer,
      groups: [
        RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_NEXTHOP,
      ])
    let source = IOSource(loop, descriptor: socket.descriptor, onReadable: { self.drain() })
    do {
      try source.watch(for: .read)
    } catch {
      source.cancel()
      socket.close()
      throw error
    }
    self.source = source
  }

  /// Changes made through this socket are not reported.
  package func ignoreChanges(of port: UInt32) throws(SystemError) {
    try check(cl_netlink_ignore_port(socket.descriptor, port), "attach a netlink filter")
  }

  package func close() {
    source?.cancel()
    source = nil
    socket.close()
  }

  private func drain() {
    for _ in 0..<KernelMonitor.datagramsPerRound {
      do throws(SystemError) {
        let received = try socket.receive { header, body in
          if let event = NetlinkDecoder.event(header, body) { onEvent(event) }
        }
        switch received {
        case .messages: continue
        case .nothing: return
        case .overrun: onResync()
        }
      } catch {
        // Whatever went wrong, something may have been missed.
        onResync()
        return
      }
    }
  }
}
