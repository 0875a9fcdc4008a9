"""A BGP speaker that says exactly what a case wants said, where no BIRD can be made to."""
import socket
import struct
import threading
import time

from .system import Failure, entered

_MARKER = b"\xff" * 16


def message(kind, body=b""):
    return _MARKER + struct.pack("!HB", 19 + len(body), kind) + body


def attribute(flags, kind, value):
    if len(value) > 255:
        return struct.pack("!BBH", flags | 0x10, kind, len(value)) + value
    return struct.pack("!BBB", flags, kind, len(value)) + value


def prefix(text):
    address, length = text.split("/")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return bytes([int(length)]) + socket.inet_pton(family, address)[:(int(length) + 7) // 8]


def reach(next_hop, networks):
    """MP_REACH_NLRI of IPv6 unicast (RFC 4760 §3, RFC 2545)."""
    hop = socket.inet_pton(socket.AF_INET6, next_hop)
    return attribute(0x80, 14, struct.pack("!HBB", 2, 1, len(hop)) + hop + b"\0" + b"".join(map(prefix, networks)))


def path(*numbers):
    return attribute(0x40, 2, bytes([2, len(numbers)]) + b"".join(struct.pack("!I", n) for n in numbers))


ORIGIN_IGP = attribute(0x40, 1, b"\0")


def attributes_of(body):
    """The attributes of an UPDATE, {type: (flags, value)}, and what stands behind them."""
    withdrawn = struct.unpack("!H", body[:2])[0]
    start = 4 + withdrawn
    end = start + struct.unpack("!H", body[start - 2:start])[0]
    found = {}
    while start < end:
        flags, kind, length = struct.unpack("!BBB", body[start:start + 3])
        start += 3
        if flags & 0x10:
            length = length << 8 | body[start]
            start += 1
        found[kind] = (flags & 0xE0, body[start:start + length])
        start += length
    return found, body[end:]


def prefixes(data, family):
    """The networks of an NLRI field."""
    size, found = (16 if family == socket.AF_INET6 else 4), []
    while data:
        count = (data[0] + 7) // 8
        found.append(f"{socket.inet_ntop(family, data[1:1 + count] + bytes(size - count))}/{data[0]}")
        data = data[1 + count:]
    return found


class Speaker:
    """One connection to a daemon, opened from a host, kept alive until `close`. It carries the family that its addresses have."""

    def __init__(self, host, source, target, autonomous_system, router_id, hold_time=9, capabilities=b""):
        self._family = socket.AF_INET6 if ":" in source else socket.AF_INET
        with entered(host.namespace):
            self._socket = socket.socket(self._family)
        self._socket.bind((source, 0))
        deadline = time.monotonic() + 10
        while True:
            try:
                self._socket.settimeout(10)
                self._socket.connect((target, 179))
                self._open(autonomous_system, router_id, hold_time, capabilities)
                break
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Failure(f"the speaker of AS {autonomous_system} finds no peer: {error}") from None
                time.sleep(0.2)
                self._socket.close()
                with entered(host.namespace):
                    self._socket = socket.socket(self._family)
                self._socket.bind((source, 0))
        self.updates, self._running = [], True
        for target in (self._keep_alive, self._collect):
            threading.Thread(target=target, daemon=True).start()

    def _open(self, number, router_id, hold_time, more):
        family = struct.pack("!BBHBB", 1, 4, 2 if self._family == socket.AF_INET6 else 1, 0, 1)
        capabilities = b"".join((family, struct.pack("!BB", 2, 0), struct.pack("!BBI", 65, 4, number), more))
        body = struct.pack("!BHH4sB", 4, number if number < 65536 else 23456, hold_time, socket.inet_aton(router_id), len(capabilities) + 2)
        self._socket.sendall(message(1, body + bytes([2, len(capabilities)]) + capabilities))
        while (kind := self._receive()[0]) != 4:
            if kind == 1:
                self._socket.sendall(message(4))
            if kind == 3:
                raise Failure("the speaker's OPEN was refused")

    def _receive(self):
        header = self._exactly(19)
        length, kind = struct.unpack("!HB", header[16:])
        return kind, self._exactly(length - 19)

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            more = self._socket.recv(count - len(data))
            if not more:
                raise ConnectionError("closed by the peer")
            data += more
        return data

    def _keep_alive(self):
        while self._running:
            try:
                self._socket.sendall(message(4))
            except OSError:
                return
            time.sleep(1)

    def _collect(self):
        self._socket.settimeout(None)
        while self._running:
            try:
                kind, body = self._receive()
            except OSError:
                return
            if kind == 2:
                self.updates.append(body)

    def announce(self, *attributes, networks=()):
        """`networks` are those of IPv4, which stand behind the attributes."""
        body = b"".join(attributes)
        self._socket.sendall(message(2, struct.pack("!HH", 0, len(body)) + body + b"".join(map(prefix, networks))))

    def close(self):
        self._running = False
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
