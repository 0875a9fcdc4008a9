"""Many routes: long answers while sessions with a short hold time stay up."""
import subprocess
import time

from . import system
from .bgp_session import QUICK, sides
from .control import ask
from .daemons import Daemon, bgp, kernel, static
from .kernel import routes
from .network import pair
from .speaker import ORIGIN_IGP, Speaker, path, reach
from .suite import ALONE, case, cases
from .system import ROUTECTL, expect, until

COUNT = 100_000
FULL = 1_000_000


def many(number):
    return [f"2001:db8:{n >> 12:x}:{n & 0xfff:x}::/64 blackhole" for n in range(0x1000, 0x1000 + number)]


@cases("scale.list.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"), phase=ALONE)
def list_many(network, kind, bird):
    """100,000 static routes go to a BIRD over a session with hold time 3 and are listed by several clients at once, one of which stalls."""
    hosts = pair(network)
    hold = "hold time 3;"
    bodies = [static(kind, many(COUNT)) + bgp(kind, "2001:db8::1", 65001, "2001:db8::2", 65002, QUICK + hold),
              static(bird, ["2001:db8:2::/48 blackhole"]) + bgp(bird, "2001:db8::2", 65002, "2001:db8::1", 65001, QUICK + hold)]
    a, b = [Daemon(network, host, k, text, router_id=f"10.255.0.{i + 1}") for i, (host, k, text) in enumerate(zip(hosts, (kind, bird), bodies))]
    for daemon in (a, b):
        daemon.established(seconds=15)
    until("BIRD has all", 30, lambda: "" if f"{COUNT} of " in (text := b.text("show route protocol B count")) else text, 0.5)
    since = a.since("B"), b.since("B")
    begun = time.monotonic()
    readers = [system.spawn([ROUTECTL, "-s", a.socket, *options, "show", "route", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
               for options, words in (((), ()), ((), ("all",)), (("--json",), ()))]
    stalled = system.spawn([ROUTECTL, "-s", a.socket, "show", "route", "all"], stdout=subprocess.PIPE)
    try:
        counts, slowest = [], 0.0
        for reader in readers[1:] + readers[:1]:
            output = reader.communicate(timeout=60)[0]
            counts.append(output.count(b"2001:db8:"))
            expect(reader.returncode == 0, f"exit {reader.returncode} after {counts[-1]} networks: {output[-200:]!r}")
            started = time.monotonic()
            ask(a.socket, "show status")
            slowest = max(slowest, time.monotonic() - started)
        expect(all(count >= COUNT for count in counts), f"listed {counts}")
        expect(slowest < 1, f"another client waited {slowest:.1f} s")
        while time.monotonic() < begun + 7:           # two hold times and more
            time.sleep(0.1)
        for daemon, before in ((a, since[0]), (b, since[1])):
            expect(daemon.protocol("B")[1] == "Established" and daemon.since("B") == before, f"{daemon.name}: the session did not stay")
    finally:
        for process in (*readers, stalled):
            system.end(process)
            process.stdout.close()


@cases("scale.feed.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"), phase=ALONE)
def feed(network, kind, bird):
    """100,000 routes from BIRD, withdrawn again at once when its session is disabled."""
    hosts = pair(network)
    bodies = sides((kind, bird), "hold time 3;")
    bodies[1] += static(bird, many(COUNT), name="MANY")
    a, b = [Daemon(network, host, k, text, router_id=f"10.255.0.{i + 1}") for i, (host, k, text) in enumerate(zip(hosts, (kind, bird), bodies))]
    until("all routes", 30, lambda: "" if f"{COUNT + 1} of " in (text := a.text("show route protocol B count")) else text, 0.3)
    since = a.since("B")
    time.sleep(4)
    expect(a.since("B") == since and a.protocol("B")[1] == "Established", "the session did not stay")
    b.ask("disable B")
    until("all gone", 10, lambda: "" if (text := a.text("show route protocol B count")).startswith("0 of ") else text, 0.2)


def networks(number):
    return (f"2001:{n >> 16 & 0xffff:x}:{n & 0xffff:x}::/48" for n in range(0x0db9_0000, 0x0db9_0000 + number))


def announce(speaker, number, size=400):
    """A full feed, as fast as it is taken."""
    batch = []
    for network in networks(number):
        batch.append(network)
        if len(batch) == size:
            speaker.announce(ORIGIN_IGP, path(65010), reach("2001:db8:0:1::2", batch))
            batch = []
    if batch:
        speaker.announce(ORIGIN_IGP, path(65010), reach("2001:db8:0:1::2", batch))


@case("scale.fair", phase=ALONE)
def fair(network):
    """A million routes come in, are listed, written to the kernel, audited there and go again: BFD of 50 ms and a hold time of 3 s stay up."""
    host, other = pair(network, interfaces=("eth0", "eth1"))
    quick = "bfd yes; " + QUICK + "hold time 3;"
    timers = "interval 50 ms; multiplier 6;"
    bfd = f'protocol bfd BFD {{ interface "*" {{ {timers} }}; debug {{ events }}; }}\n'
    some = f"net ~ [ 2001:db9::/32{{48,48}}, 2001:dba::/32{{48,48}}, 2001:dbb::/32{{48,48}} ]"
    ours = (bfd + kernel("routed2", "scan time 1;", exports=f"where source = RTS_BGP && {some}")
            + bgp("routed2", "2001:db8::1", 65001, "2001:db8::2", 65002, quick, exports="none")
            + bgp("routed2", "2001:db8:0:1::1", 65001, "2001:db8:0:1::2", 65010, "passive; hold time 60;", name="FEED", exports="none"))
    theirs = bfd + static("bird2", ["2001:db8:2::/48 blackhole"]) + bgp("bird2", "2001:db8::2", 65002, "2001:db8::1", 65001, quick)
    a = Daemon(network, host, "routed2", ours, router_id="10.255.0.1")
    b = Daemon(network, other, "bird2", theirs, router_id="10.255.0.2")
    for daemon in (a, b):
        daemon.established(seconds=20)
    until("BFD", 10, lambda: "" if " Up " in (text := b.text("show bfd sessions")) and " Up " in a.text("show bfd sessions") else text)
    since = a.since("B"), b.since("B")
    speaker = Speaker(other, "2001:db8:0:1::2", "2001:db8:0:1::1", 65010, "10.255.0.10", 60)
    readers = []
    try:
        announce(speaker, FULL)
        until("all routes", 90, lambda: "" if f"{FULL} of " in (text := a.text("show route protocol FEED count")) else text, 0.5)
        readers = [system.spawn([ROUTECTL, "-s", a.socket, "show", "route", *words], stdout=subprocess.DEVNULL) for words in ((), ("all",))]
        for reader in readers:
            reader.wait(timeout=120)
        # All of what is exported is there, and is read once more.
        until("the kernel", 60, lambda: "" if (n := len(routes(host))) == 3 << 16 else f"{n} routes", 1)
        time.sleep(3)
    finally:
        speaker.close()
        for reader in readers:
            system.end(reader)
    until("all have gone", 60, lambda: "" if "0 of " in (text := a.text("show route protocol FEED count")) else text, 0.5)
    until("the kernel is empty", 60, lambda: "" if not routes(host) else f"{len(routes(host))} routes", 1)
    for daemon, before in ((a, since[0]), (b, since[1])):
        expect(daemon.protocol("B")[1].startswith("Established") and daemon.since("B") == before, f"{daemon.name}: the session did not stay")
    lost = [line for daemon in (a, b) for line in daemon.log.read_text().splitlines() if "Up to Down" in line]
    expect(not lost, f"BFD: {lost[:3]}")
