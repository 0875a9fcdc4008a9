"""A routed that was stopped and goes on, with its timers due and with what its neighbours said meanwhile in its sockets."""
import signal
import socket
import threading
import time
from contextlib import contextmanager

from . import bfd, ospf_basic
from .bgp_routes import ADDRESSES
from .daemons import Daemon, bgp, ospf
from .network import pair
from .speaker import ORIGIN_IGP, Speaker, path, reach
from .suite import TIMED, cases
from .system import entered, expect, until


@contextmanager
def stopped(daemon):
    daemon.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        daemon.signal(signal.SIGCONT)


def lasts(daemon, seconds, problem):
    """Nothing is wrong, for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        expect(not (found := problem()), f"{daemon.name} ({daemon.kind}): {found}")
        time.sleep(0.05)


@cases("stopped.bgp.{}", ("routed6",), ("routed2",), phase=TIMED)
def hold_time(network, kind):
    """Longer than its hold time, by a peer with a longer one. Its keepalives and an UPDATE wait; the session lasts, the route is there."""
    a, b = pair(network)
    here, there = ADDRESSES[6]
    us = Daemon(network, a, kind, bgp(kind, here, 65001, there, 65002, "hold time 6; passive yes;"), router_id="10.255.0.1")
    speaker = Speaker(b, there, here, 65002, "10.255.0.2", hold_time=90)
    try:
        us.established()
        since = us.since("B")
        with stopped(us):
            time.sleep(2)
            speaker.announce(ORIGIN_IGP, path(65002), reach(there, ["2001:db8:7::/48"]))
            time.sleep(5)
        us.has(["2001:db8:7::/48"], "B", seconds=2)
        lasts(us, 2, lambda: "" if us.protocol("B")[1].startswith("Established") and us.since("B") == since else str(us.protocol("B")))
        expect(not us.logged("Hold timer expired"), "the log tells of an expired hold timer")
    finally:
        speaker.close()


class Repeater:
    """Says a host's last Hello on an interface again and again, so that the neighbours do not miss a daemon that is stopped."""

    def __init__(self, host, interface):
        with entered(host.namespace):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            self._socket.bind((interface, 3))
        self._socket.settimeout(0.2)
        self._hello, self._repeats, self._running = None, False, True
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def _loop(self):
        while self._running:
            try:
                frame, address = self._socket.recvfrom(1 << 16)
                # OSPF in IPv6, version 3, type Hello, by us.
                if address[2] == socket.PACKET_OUTGOING and frame[12:14] == b"\x86\xdd" and frame[20] == 89 and frame[54:56] == b"\3\1":
                    self._hello = frame
            except TimeoutError:
                if self._repeats and self._hello:
                    self._socket.send(self._hello)

    @contextmanager
    def speaking(self):
        self._repeats = True
        try:
            yield
        finally:
            self._repeats = False

    def close(self):
        self._running = False
        self._thread.join()
        self._socket.close()


@cases("stopped.ospf.{}-{}.{}", ("routed6", "bird6", "broadcast"), ("routed2", "bird2", "ptp"), phase=TIMED)
def dead_interval(network, ours, theirs, link_type):
    """Longer than its dead interval, while somebody says its Hellos, so that BIRD has nothing to notice. BIRD's own wait."""
    a, b = pair(network)
    us, peer = [Daemon(network, host, kind, ospf(kind, {"eth0": f"type {link_type};"}), router_id=f"10.255.0.{index}")
                for index, (host, kind) in enumerate(((a, ours), (b, theirs)), 1)]
    repeater = Repeater(a, "eth0")
    try:
        for daemon in (us, peer):
            ospf_basic.full(daemon)
        time.sleep(3)                                 # databases have settled; Hellos pass
        with repeater.speaking(), stopped(us):
            time.sleep(6)
            expect(ospf_basic.neighbors(peer)["10.255.0.1"][0] == "Full", f"BIRD has noticed: {ospf_basic.neighbors(peer)}")
        lasts(us, 3, lambda: "" if ospf_basic.neighbors(us).get("10.255.0.2", ("none",))[0] == "Full" else str(ospf_basic.neighbors(us)))
        expect(not us.logged("InactivityTimer"), "the log tells of an inactive neighbour")
    finally:
        repeater.close()


@cases("stopped.bfd.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"), phase=TIMED)
def detection_time(network, ours, theirs):
    """Longer than the Detection Time of its own and shorter than BIRD's, three times."""
    a, b, _ = bfd.scene(network)
    here, there = bfd.ENDS[6]
    more = {a: "interval 100 ms; multiplier 30;", b: "interval 100 ms; multiplier 3;"}
    us, peer = [Daemon(network, host, kind, bfd.body(kind, index, 6, more=more[host]), router_id=f"10.255.0.{index + 1}")
                for index, (host, kind) in enumerate(((a, ours), (b, theirs)))]
    us.established(), peer.established()
    bfd.up(us, there), bfd.up(peer, here)
    until("our Detection Time of 0.3 s", 5, lambda: "" if bfd.sessions(us)[there, "eth0"][2] == 0.3 else str(bfd.sessions(us)))
    until("theirs of 3 s", 5, lambda: "" if bfd.sessions(peer)[here, "eth0"][2] == 3.0 else str(bfd.sessions(peer)))
    since = us.since("B")
    for _ in range(3):
        with stopped(us):
            time.sleep(1)
        lasts(us, 1, lambda: "" if bfd.sessions(us)[there, "eth0"][0] == "Up" else str(bfd.sessions(us)))
    expect(us.since("B") == since and not us.logged("expired"), "the session was lost")
