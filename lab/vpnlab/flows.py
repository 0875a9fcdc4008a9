"""Packets between all routers, ten a second per flow, to see how long each event interrupts them."""
import select
import socket
import struct
import threading
import time
from bisect import bisect_left
from dataclasses import dataclass

from .system import namespace, socket_in
from .topology import ROUTERS, router_address, router_pairs

INTERVAL = 0.1
FLOWS_PER_PAIR = 4       # with ports of their own, so that they spread over the next hops
_PORT, _FORMAT = 9000, "!HQ"
_IPV6_RECVHOPLIMIT, _IPV6_HOPLIMIT = 51, 52


@dataclass
class Outage:
    seconds: float
    flow: str
    lost: int            # packets, of all flows
    sent: int

    def __str__(self):
        return f"worst outage {self.seconds:.1f} s ({self.flow}), {self.lost} of {self.sent} packets lost" if self.lost else "nothing lost"


class Flows:
    """The 24 flows; sends and receives from its construction to `close`."""

    def __init__(self):
        self.hop_limits = set()
        self._flows = [(a, b, k) for a, b in router_pairs() for k in range(FLOWS_PER_PAIR)]
        self._sent = [[] for _ in self._flows]        # per flow the time of each packet
        self._received = [set() for _ in self._flows]
        self._senders = [self._bound(a, _PORT + 1 + i) for i, (a, _, _) in enumerate(self._flows)]
        self._receivers = [self._bound(router, _PORT) for router in ROUTERS]
        for receiver in self._receivers:
            receiver.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVHOPLIMIT, 1)
        self._running = True
        self._threads = [threading.Thread(target=t, daemon=True) for t in (self._send, self._receive)]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._running = False
        for thread in self._threads:
            thread.join()
        for end in self._senders + self._receivers:
            end.close()

    @staticmethod
    def _bound(router, port):
        end = socket_in(namespace(router), socket.AF_INET6, socket.SOCK_DGRAM)
        end.bind((router_address(router.site), port))
        end.setblocking(False)
        return end

    def _send(self):
        count, start = len(self._flows), time.monotonic()
        tick = 0
        while self._running:
            time.sleep(max(0, start + tick * INTERVAL / count - time.monotonic()))
            index = tick % count
            number = len(self._sent[index])
            self._sent[index].append(time.monotonic())
            try:
                target = (router_address(self._flows[index][1].site), _PORT)
                self._senders[index].sendto(struct.pack(_FORMAT, index, number), target)
            except OSError:
                pass  # no route now: this packet counts as sent and is never received
            tick += 1

    def _receive(self):
        while self._running:
            for end in select.select(self._receivers, [], [], 0.2)[0]:
                data, ancillary, _, _ = end.recvmsg(64, 64)
                index, number = struct.unpack(_FORMAT, data)
                self._received[index].add(number)
                for _, kind, value in ancillary:
                    if kind == _IPV6_HOPLIMIT:
                        self.hop_limits.add(struct.unpack("=i", value)[0])

    def broken(self, seconds=1.0):
        """The flows that lost packets lately; the last quarter of a second may still be under way."""
        now = time.monotonic()
        return [self._name(index) for index in range(len(self._flows))
                if any(number not in self._received[index] for number in self._numbers(index, now - seconds - 0.25, now - 0.25))]

    def _numbers(self, index, begin, end):
        """The numbers of a flow's packets that were sent in a time."""
        return range(bisect_left(self._sent[index], begin), bisect_left(self._sent[index], end))

    def _name(self, index):
        a, b, k = self._flows[index]
        return f"{a.name} to {b.name} #{k + 1}"

    def outage(self, begin, end):
        """The longest time without a packet of any one flow, among packets sent from `begin` to `end`."""
        worst = Outage(0.0, "", 0, 0)
        for index, times in enumerate(self._sent):
            first = None
            for number in self._numbers(index, begin, end):
                worst.sent += 1
                if number in self._received[index]:
                    first = None
                    continue
                worst.lost += 1
                first = times[number] if first is None else first
                if times[number] - first + INTERVAL > worst.seconds:
                    worst.seconds, worst.flow = times[number] - first + INTERVAL, self._name(index)
        return worst

    def complete_since(self, begin):
        """When, after `begin`, the last flow began to work for good; None while one does not."""
        latest, now = begin, time.monotonic()
        for index, times in enumerate(self._sent):
            numbers = self._numbers(index, begin, now - 0.25)
            lost = next((n for n in reversed(numbers) if n not in self._received[index]), numbers.start - 1)
            if lost + 1 >= numbers.stop:
                return None
            latest = max(latest, times[lost + 1])
        return latest
