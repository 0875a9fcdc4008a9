"""What the kernel's tables hold, and a watch over every change of them."""
import errno
import os
import selectors
import socket
import threading
import time
from dataclasses import dataclass, replace

from . import netlink
from .system import entered, namespace


def kernel_routes(node, network):
    """The main table's routes to a network: a list of (protocol, sorted [(interface, gateway)])."""
    with netlink.connect(node) as end:
        netlink.request_routes(end)
        found = [r for kind, payload in netlink.answers(end) if kind == netlink.RTM_NEWROUTE and (r := netlink.route(payload))]
        found = [route for route in found if route.network == network]
        objects = {}
        if any(route.held for route in found):
            netlink.request_objects(end)
            objects = {netlink.object_id(p): netlink.object_hop(p) for kind, p in netlink.answers(end) if kind == netlink.RTM_NEWNEXTHOP}
    with entered(namespace(node)):
        return [(route.protocol, sorted((_interface(hop.index), hop.gateway or "") for hop in _hops(route, objects))) for route in found]


def _hops(route, objects):
    """A route's next hops; a route with an object has none of its own where the kernel's compatibility mode is off."""
    if not route.held:
        return route.hops
    held = objects.get(route.held, [])
    return [objects[member] for member in held if member in objects] if isinstance(held, list) else [held]


def _interface(index):
    try:
        return socket.if_indextoname(index)
    except OSError:
        return f"interface {index}, gone"


@dataclass
class Window:
    """A time in which a namespace had no route to a network."""
    node: str
    network: str
    begin: float
    end: float | None = None

    def __str__(self):
        length = "still" if self.end is None else f"{(self.end - self.begin) * 1000:.1f} ms"
        return f"{self.node} {self.network} {length}"


class RouteWatch:
    """Follows route notifications in some namespaces and notes every time in which a watched network has no route.

    The kernel reports a route that was added, replaced or appended to with all of its next hops, and a removed one with those
    removed. With next hop objects whose compatibility mode is off, a route can also go in silence with its object.
    """

    def __init__(self, watched):
        """`watched`: (node, networks) pairs; every network must have a route when the watch begins."""
        self.windows, self.changes, self.trouble = [], 0, []
        self._routes = {}    # (node name, network) → {metric: KernelRoute}
        self._open = {}      # (node name, network) → Window
        self._selector, self._lock = selectors.DefaultSelector(), threading.Lock()
        for node, networks in watched:
            reader = netlink.connect(node, (netlink.RTNLGRP_IPV6_ROUTE, netlink.RTNLGRP_NEXTHOP))
            reader.setblocking(False)
            self._selector.register(reader, selectors.EVENT_READ, node)
            for network in networks:
                self._routes[node.name, network] = {}
        for node, networks in watched:
            self._dump(node, networks)
        self._wake, waker = os.pipe()
        self._stop_with = waker
        self._selector.register(self._wake, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._thread.is_alive():
            os.write(self._stop_with, b"x")
            self._thread.join()
            for key in list(self._selector.get_map().values()):
                self._selector.unregister(key.fileobj)
                os.close(key.fileobj) if isinstance(key.fileobj, int) else key.fileobj.close()
            os.close(self._stop_with)

    def _dump(self, node, networks):
        """Asks the kernel for all routes through the same socket, so that no notification is lost or overtaken."""
        reader = next(key.fileobj for key in self._selector.get_map().values() if key.data == node)
        netlink.request_routes(reader)
        deadline, done = time.monotonic() + 10, False
        while not done:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{node.name}: the kernel's table")
            done = self._read(reader, node)
        for network in networks:
            if not self._present((node.name, network)):
                self.trouble.append(f"{node.name} has no route to {network} when the watch begins")

    def _loop(self):
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                self._read(key.fileobj, key.data)

    def _read(self, reader, node):
        """Takes in what one socket has; whether a dump ended."""
        ended = False
        try:
            while True:
                data = reader.recv(1 << 18)
                with self._lock:
                    for kind, payload in netlink.messages(data):
                        ended |= kind == netlink.NLMSG_DONE
                        self._take(node, kind, payload)
        except BlockingIOError:
            pass
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            self.trouble.append(f"{node.name}: notifications were lost")
        return ended

    def _take(self, node, kind, payload):
        if kind == netlink.RTM_DELNEXTHOP:
            gone = netlink.object_id(payload)
            for (name, network), metrics in self._routes.items():
                for metric in [m for m, route in metrics.items() if route.held == gone and name == node.name]:
                    del metrics[metric]
                    self._note((name, network))
        elif kind in (netlink.RTM_NEWROUTE, netlink.RTM_DELROUTE):
            route = netlink.route(payload)
            if route and (node.name, route.network) in self._routes:
                self._change((node.name, route.network), kind, route)

    def _change(self, key, kind, route):
        self.changes += 1
        metrics = self._routes[key]
        if kind == netlink.RTM_NEWROUTE:
            metrics[route.metric] = route
        elif route.metric in metrics:
            known = metrics[route.metric]
            if (left := known.hops - route.hops) and not known.held:
                metrics[route.metric] = replace(known, hops=left)
            else:
                del metrics[route.metric]
        self._note(key)

    def _present(self, key):
        return bool(self._routes[key])

    def _note(self, key):
        now, window = time.monotonic(), self._open.get(key)
        if self._present(key):
            if window:
                window.end = now
                del self._open[key]
        elif not window:
            self._open[key] = Window(*key, now)
            self.windows.append(self._open[key])
