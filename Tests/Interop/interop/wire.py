"""Packets as they pass an interface: when, which way, and what of BGP they carry."""
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass

from .system import entered

_ETH_P_ALL, _IPV4, _IPV6, _TCP, _BGP = 3, 0x0800, 0x86DD, 6, 179
_SO_TIMESTAMPNS, _OUTGOING = 35, 4
OPEN, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH = 1, 2, 3, 4, 5


@dataclass
class Segment:
    """A TCP segment of BGP."""
    time: float                # time.time()
    outgoing: bool
    hop_limit: int
    ports: tuple               # source, destination
    flags: int
    payload: bytes

    @property
    def messages(self):
        """(type, body) of the BGP messages that begin and end in this segment."""
        found, data = [], self.payload
        while len(data) >= 19 and data[:16] == b"\xff" * 16:
            length = int.from_bytes(data[16:18], "big")
            if length < 19 or length > len(data):
                break
            found.append((data[18], data[19:length]))
            data = data[length:]
        return found


class Sniffer:
    """Collects BGP's TCP segments on a host's interface until `close`."""

    def __init__(self, host, interface):
        with entered(host.namespace):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            self._socket.bind((interface, _ETH_P_ALL))
        self.segments, self._running = [], True
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def _loop(self):
        while self._running:
            if select.select([self._socket], [], [], 0.1)[0]:
                data, ancillary, _, address = self._socket.recvmsg(1 << 16, 256)
                stamp = time.time()
                for level, kind, value in ancillary:
                    if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
                        seconds, nanoseconds = struct.unpack("=qq", value[:16])
                        stamp = seconds + nanoseconds / 1e9
                if segment := self._segment(stamp, address[2] == _OUTGOING, data):
                    self.segments.append(segment)

    @staticmethod
    def _segment(stamp, outgoing, frame):
        kind = int.from_bytes(frame[12:14], "big")
        if kind == _IPV6 and frame[20] == _TCP:
            hop_limit, packet = frame[21], frame[54:14 + 40 + int.from_bytes(frame[18:20], "big")]
        elif kind == _IPV4 and frame[23] == _TCP:
            header = (frame[14] & 15) * 4
            hop_limit, packet = frame[22], frame[14 + header:14 + int.from_bytes(frame[16:18], "big")]
        else:
            return None
        ports = struct.unpack_from("!HH", packet)
        if _BGP not in ports:
            return None
        return Segment(stamp, outgoing, hop_limit, ports, packet[13], packet[(packet[12] >> 4) * 4:])

    def messages(self, kind, *, outgoing, since=0.0):
        """The times and bodies of messages of a type in one direction."""
        return [(s.time, body) for s in list(self.segments) if s.outgoing == outgoing and s.time >= since
                for found, body in s.messages if found == kind]

    def close(self):
        self._running = False
        self._thread.join()
        self._socket.close()
