"""What the kernel's tables hold, and a watch over every change of them."""
import errno
import json
import os
import selectors
import socket
import struct
import threading
import time
from dataclasses import dataclass

from .system import inside, namespace, socket_in

RTM_NEWROUTE, RTM_DELROUTE, RTM_DELNEXTHOP = 24, 25, 105
RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_PRIORITY, RTA_MULTIPATH, RTA_TABLE, RTA_NH_ID = 1, 4, 5, 6, 9, 15, 30
NHA_ID = 1
_RTNLGRP_IPV6_ROUTE, _RTNLGRP_NEXTHOP = 11, 32
_SOL_NETLINK, _ADD_MEMBERSHIP = 270, 1
_RT_TABLE_MAIN, _RTN_UNICAST = 254, 1


def kernel_routes(node, network):
    """The main table's routes to a network: a list of (protocol, [(gateway, interface)])."""
    found = []
    for route in json.loads(inside(namespace(node), "ip", "-6", "-j", "route", "show", network) or "[]"):
        if route.get("type", "unicast") != "unicast":
            continue
        hops = route.get("nexthops") or [route]
        found.append((str(route.get("protocol")), [(hop.get("gateway"), hop.get("dev")) for hop in hops]))
    return found


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
        self._hops = {}      # (node name, network) → {metric: (set of next hops, next hop object)}
        self._open = {}      # (node name, network) → Window
        self._selector, self._lock = selectors.DefaultSelector(), threading.Lock()
        for node, networks in watched:
            reader = socket_in(namespace(node), socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
            reader.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), 8 << 20)
            reader.bind((0, 0))
            for group in (_RTNLGRP_IPV6_ROUTE, _RTNLGRP_NEXTHOP):
                reader.setsockopt(_SOL_NETLINK, _ADD_MEMBERSHIP, group)
            reader.setblocking(False)
            self._selector.register(reader, selectors.EVENT_READ, node)
            for network in networks:
                self._hops[node.name, network] = {}
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

    def forgive(self, node):
        """Drops the windows of one node and watches it no more."""
        with self._lock:
            self.windows = [w for w in self.windows if w.node != node.name]
            for key in [key for key in self._hops if key[0] == node.name]:
                del self._hops[key]
                self._open.pop(key, None)

    def _dump(self, node, networks):
        """Asks the kernel for all routes through the same socket, so that no notification is lost or overtaken."""
        reader = next(key.fileobj for key in self._selector.get_map().values() if key.data == node)
        request = struct.pack("=LHHLL", 28, 26, 0x301, 1, 0) + struct.pack("=BBBBBBBBL", socket.AF_INET6, 0, 0, 0, 0, 0, 0, 0, 0)
        reader.send(request)  # RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP
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
                    for kind, payload in _messages(data):
                        ended |= kind == 3  # NLMSG_DONE
                        self._take(node, kind, payload)
        except BlockingIOError:
            pass
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            self.trouble.append(f"{node.name}: notifications were lost")
        return ended

    def _take(self, node, kind, payload):
        if kind == RTM_DELNEXTHOP:
            gone = struct.unpack("=L", _attributes(payload[8:])[NHA_ID])[0]
            for (name, network), metrics in self._hops.items():
                for metric in [m for m, (_, held) in metrics.items() if held == gone and name == node.name]:
                    del metrics[metric]
                    self._note((name, network))
        elif kind in (RTM_NEWROUTE, RTM_DELROUTE):
            route = _route(payload)
            if route and (node.name, route[0]) in self._hops:
                self._change((node.name, route[0]), kind, *route[1:])

    def _change(self, key, kind, metric, hops, held):
        self.changes += 1
        metrics = self._hops[key]
        if kind == RTM_NEWROUTE:
            metrics[metric] = (hops, held)
        elif metric in metrics:
            left = metrics[metric][0] - hops
            if left and not held:
                metrics[metric] = (left, held)
            else:
                del metrics[metric]
        self._note(key)

    def _present(self, key):
        return bool(self._hops[key])

    def _note(self, key):
        now, window = time.monotonic(), self._open.get(key)
        if self._present(key):
            if window:
                window.end = now
                del self._open[key]
        elif not window:
            self._open[key] = Window(*key, now)
            self.windows.append(self._open[key])


def _messages(data):
    while len(data) >= 16:
        length, kind = struct.unpack_from("=LH", data)
        if length < 16:
            return
        yield kind, data[16:length]
        data = data[(length + 3) & ~3:]


def _attributes(data):
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


def _route(payload):
    """(network, metric, set of next hops, next hop object) of a unicast route of the main table, else None."""
    family, length, _, _, table, _, _, kind, flags = struct.unpack_from("=BBBBBBBBL", payload)
    found = _attributes(payload[12:])
    if RTA_TABLE in found:
        table = struct.unpack("=L", found[RTA_TABLE])[0]
    if family != socket.AF_INET6 or table != _RT_TABLE_MAIN or kind != _RTN_UNICAST or flags & 0x200:  # RTM_F_CLONED
        return None
    network = f"{socket.inet_ntop(family, found.get(RTA_DST, bytes(16)))}/{length}"
    metric = struct.unpack("=L", found.get(RTA_PRIORITY, bytes(4)))[0]
    held = struct.unpack("=L", found[RTA_NH_ID])[0] if RTA_NH_ID in found else None
    return network, metric, frozenset(_hops(found)), held


def _hops(found):
    if RTA_MULTIPATH not in found:
        yield found.get(RTA_GATEWAY), found.get(RTA_OIF)
        return
    data = found[RTA_MULTIPATH]
    while len(data) >= 8:
        length, _, _, index = struct.unpack_from("=HBBl", data)
        if length < 8:
            return
        yield _attributes(data[8:length]).get(RTA_GATEWAY), struct.pack("=l", index)
        data = data[(length + 3) & ~3:]
