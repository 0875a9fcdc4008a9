"""Graceful restart (RFC 4724) and its long-lived form (RFC 9494): BIRD restarts beside routed, and routed beside BIRD."""
import re
import signal
import struct
import time

from .bgp_routes import ADDRESSES, family_of
from .daemons import Daemon, bgp, dialect, kernel, static, two
from .kernel import Monitor, routes
from .network import pair
from .speaker import ORIGIN_IGP, Speaker, attribute, path, reach
from .suite import TIMED, cases
from .system import expect, until
from .wire import NOTIFICATION, OPEN, Sniffer

ALL = [("routed6", "bird6"), ("routed2", "bird2"), ("routed4", "bird4")]
CROSSED = ALL + [("routed6", "bird2"), ("routed2", "bird6")]
QUICK = "connect delay time 1; connect retry time 5; error wait time 1,2;"
ABLE = "graceful restart yes; graceful restart time 30;"
# Whoever does not restart comes second, as a collision may cost BIRD the session that it already has (RFC 4271 §6.8 leaves that open).
LATER = "connect delay time 4;"


END_OF_RIB = attribute(0x80, 15, struct.pack("!HB", 2, 1))


def names(family, host):
    """Three networks of a host."""
    return [f"2001:db8:{host}{i}::/48" if family == 6 else f"10.{host}{i}.0.0/16" for i in (1, 2, 3)]


def side(kinds, index, networks, options="", kernels="", peers=(), autonomous_systems=(65001, 65002)):
    """A body: the kernel, static routes, and a session with the other host, or with each of `peers` (name, address, AS)."""
    kind, family = kinds[index], family_of(kinds)
    peers = peers or [("B", ADDRESSES[family][1 - index], autonomous_systems[1 - index])]
    return (kernel(kind, f"scan time 2; {kernels}", family=family) + static(kind, [f"{n} blackhole" for n in networks], family=family)
            + "".join(bgp(kind, ADDRESSES[family][index], autonomous_systems[index], address, number, f"{QUICK} {options}", name=name,
                          exports="where source = RTS_STATIC", families=(family,)) for name, address, number in peers))


def again(daemon, *, recovers=True):
    """Starts a daemon that has ended."""
    daemon._arguments = ("-R",) if recovers else ()
    daemon.start()


def learnt(host, networks, family):
    """Which of these networks the kernel has by way of a gateway."""
    return {name for name, _, _, hops in routes(host, family=family) if name in networks and hops}


def keeps(host, networks, family, seconds=10):
    """Waits until the kernel has exactly these networks (of `names`) by way of a gateway."""
    everything = {n for i in range(1, 4) for n in names(family, i)}
    until(f"the kernel of {host.name}", seconds, lambda: "" if (found := learnt(host, everything, family)) == set(networks) else f"has {sorted(found)}")


def touched(monitor, networks):
    """Notifications about a network but for those that say what it is again."""
    return [line for network in networks for line in monitor.lines(network.split("/")[0]) if "Deleted" in line]


def told(sniffer):
    """NOTIFICATIONs other than those that settle a collision."""
    found = [body[:2].hex() for outgoing in (False, True) for _, body in sniffer.messages(NOTIFICATION, outgoing=outgoing)]
    return [text for text in found if text != "0607"]


@cases("bgp.restart-open.{}-{}.{}", *[(*p, o) for p in ALL for o in ("default", "able", "off", "aware-only")])
def same_open(network, routed, bird, options):
    """What OPEN says of restarts is the same octet for octet, as are all other capabilities."""
    chosen = {"default": "", "able": f"{ABLE} long lived graceful restart yes; long lived stale time 70000;", "off": "graceful restart no;",
              "aware-only": "graceful restart aware; graceful restart time 7; long lived graceful restart no;"}[options]
    kinds = (routed, bird)
    hosts = pair(network)
    sniffer = Sniffer(hosts[0], "eth0")
    try:
        a, b = two(network, hosts, kinds, [side(kinds, i, [], f"direct; {chosen}", autonomous_systems=(65001, 65001)) for i in (0, 1)])
        for daemon in (a, b):
            daemon.established()
        opens = [{body[9:].hex() for _, body in sniffer.messages(OPEN, outgoing=outgoing)} for outgoing in (True, False)]
        expect(opens[0] and opens[0] == opens[1], f"routed's OPEN has {opens[0]}, BIRD's {opens[1]}")
    finally:
        sniffer.close()


@cases("bgp.restart-of-peer.{}-{}", *CROSSED, phase=TIMED)
def restart_of_peer(network, *kinds):
    """BIRD is killed and comes back with one route less: routed keeps all of them meanwhile, and that one until End-of-RIB."""
    family = family_of(kinds)
    mine, theirs = names(family, 1), names(family, 2)
    a, b = two(network, pair(network), kinds, [side(kinds, 0, mine), side(kinds, 1, theirs, ABLE)])
    a.established()
    keeps(a.host, theirs, family)
    monitor = Monitor(a.host, family=family)
    try:
        b.kill()
        until("routed notices", 3, lambda: "" if a.protocol("B")[0] == "start" else str(a.protocol("B")))
        details = a.details("B")
        for words in ("Neighbor graceful restart active", "Restart timer:", "3 imported"):
            expect(words in details, f"no '{words}' in {details}")
        time.sleep(1.5)
        keeps(a.host, theirs, family, 0.1)
        # BIRD 1.6 that meets a collision on its return forgets that it is restarting: only we connect.
        b.write(side(kinds, 1, theirs[:2], ABLE + " passive;"))
        again(b)
        a.established()
        keeps(a.host, theirs[:2], family)
        until("the restart is over", 3, lambda: "still active" if "graceful restart active" in a.details("B") else "")
        b.has(set(mine) | set(), "B")
        expect(not touched(monitor, theirs[:2]), f"removed in between: {touched(monitor, theirs[:2])}")
        expect(len(touched(monitor, theirs[2:])) == 1, f"the third: {touched(monitor, theirs[2:])}")
    finally:
        monitor.close()


@cases("bgp.restart-cold.{}-{}", *ALL, phase=TIMED)
def cold(network, *kinds):
    """BIRD comes back without its forwarding state: its routes go with the new session, and come anew."""
    family = family_of(kinds)
    theirs = names(family, 2)
    a, b = two(network, pair(network), kinds, [side(kinds, 0, []), side(kinds, 1, theirs, ABLE)])
    a.established()
    keeps(a.host, theirs, family)
    monitor = Monitor(a.host, family=family)
    try:
        b.kill()
        until("routed notices", 3, lambda: "" if a.protocol("B")[0] == "start" else str(a.protocol("B")))
        again(b, recovers=False)
        a.established()
        expect("graceful restart active" not in a.details("B"), "the restart is still going on")
        a.has(theirs, "B")
        keeps(a.host, theirs, family)
    finally:
        monitor.close()


@cases("bgp.restart-timeout.{}-{}", *ALL, phase=TIMED)
def timeout(network, *kinds):
    """BIRD does not come back: its routes go when its restart time is over, neither before nor much later."""
    family = family_of(kinds)
    theirs = names(family, 2)
    a, b = two(network, pair(network), kinds, [side(kinds, 0, []), side(kinds, 1, theirs, "graceful restart yes; graceful restart time 3;")])
    a.established()
    keeps(a.host, theirs, family)
    b.kill()
    begun = time.monotonic()
    time.sleep(2.5)
    keeps(a.host, theirs, family, 0.1)
    keeps(a.host, [], family, 2)
    expect(2.8 <= time.monotonic() - begun <= 4, f"gone after {time.monotonic() - begun:.1f} s")
    expect(a.protocol("B")[0] == "start", f"is {a.protocol('B')}")
    again(b, recovers=False)
    a.established()
    keeps(a.host, theirs, family)


@cases("bgp.restart-told.{}-{}", *ALL)
def told_to_end(network, *kinds):
    """An orderly end of BIRD is none of a restart: its routes go at once. Nor is a peer that is only aware."""
    family = family_of(kinds)
    theirs = names(family, 2)
    a, b = two(network, pair(network), kinds, [side(kinds, 0, []), side(kinds, 1, theirs, ABLE)])
    a.established()
    keeps(a.host, theirs, family)
    b.stop()
    keeps(a.host, [], family, 3)
    b.write(side(kinds, 1, theirs))
    again(b, recovers=False)
    a.established()
    keeps(a.host, theirs, family)
    b.kill()
    keeps(a.host, [], family, 3)


@cases("bgp.restart-self.{}-{}.{}", *[(*p, how) for p in CROSSED for how in ("killed", "asked")], phase=TIMED)
def restart(network, routed, bird, how):
    """routed is killed, or asked to make way, and comes back with -R and one route less: no route is missing in between on either side."""
    kinds, family = (routed, bird), family_of((routed, bird))
    mine, theirs = names(family, 1), names(family, 2)
    able = (ABLE, "graceful restart;")
    a, b = two(network, pair(network), kinds, [side(kinds, 0, mine, *able), side(kinds, 1, theirs, LATER)])
    for daemon in (a, b):
        daemon.established()
    keeps(a.host, theirs, family)
    keeps(b.host, mine, family)
    monitors = [Monitor(d.host, family=family) for d in (a, b)]
    sniffer = Sniffer(b.host, "eth0")
    try:
        if how == "asked":
            expect(a.ask("graceful restart")[-1][0] == 25, "the answer is another one")
            expect(a.process.wait(5) == 0, "the exit status is not 0")
        else:
            a.kill()
        until("BIRD waits", 3, lambda: "" if "Neighbor graceful restart active" in b.details("B") else b.details("B"))
        time.sleep(1)
        keeps(a.host, theirs, family, 0.1)
        keeps(b.host, mine, family, 0.1)
        a.write(side(kinds, 0, mine[:2], *able))
        again(a)
        for daemon in (a, b):
            daemon.established()
        keeps(b.host, mine[:2], family)
        until("recovered", 5, lambda: "" if a.logged("Graceful restart done") else "the log does not say so")
        time.sleep(3)                                  # the first audits
        keeps(a.host, theirs, family, 0.1)
        for monitor, kept in zip(monitors, (theirs, mine[:2])):
            expect(not touched(monitor, kept), f"removed in between: {touched(monitor, kept)}")
        until("the restart is over at BIRD", 3, lambda: "still active" if "graceful restart active" in b.details("B") else "")
        expect(not told(sniffer), f"NOTIFICATION {told(sniffer)}")
        opened = sniffer.messages(OPEN, outgoing=False)[-1][1].hex()
        expect(("4006801e000" + ("2" if family == 6 else "1") + "0180") in opened, f"OPEN {opened}")
    finally:
        sniffer.close()
        for monitor in monitors:
            monitor.close()


@cases("bgp.restart-waits.{}-{}", *ALL, phase=TIMED)
def waits(network, *kinds):
    """After the restart one of two peers is missing: nothing is changed in the kernel, nor told, until it is there or the wait is over."""
    family = family_of(kinds)
    mine, theirs, others = (names(family, i) for i in (1, 2, 3))
    third = "2001:db8::3" if family == 6 else "10.0.0.3"
    hosts = network.hosts("a", "b", "c")
    network.switch(*[(h, "eth0", f"2001:db8::{i}/64", f"10.0.0.{i}/24") for i, h in enumerate(hosts, 1)])

    def first(seconds, networks):
        return f"graceful restart wait {seconds};\n" + side(
            kinds, 0, networks, ABLE, "graceful restart;", peers=[("B", ADDRESSES[family][1], 65002), ("C", third, 65003)])
    a, b = two(network, hosts[:2], kinds, [first(60, mine), side(kinds, 1, theirs, LATER)])
    c = Daemon(network, hosts[2], kinds[1], static(kinds[1], [f"{n} blackhole" for n in others], family=family)
               + bgp(kinds[1], third, 65003, ADDRESSES[family][0], 65001, QUICK, name="B", families=(family,)), router_id="10.255.0.3")
    for name in ("B", "C"):
        a.established(name)
    keeps(a.host, theirs + others, family)
    keeps(b.host, mine, family)
    for seconds, comes_back in ((60, True), (9, False)):
        a.kill()
        c.kill()
        b.write(side(kinds, 1, theirs[:2] if comes_back else theirs[:1], LATER))
        b.ask("configure")
        a.write(first(seconds, mine[:2] if comes_back else mine[:1]))
        again(a)
        a.established("B")
        time.sleep(3.2)
        status = a.text("show status")
        what = "protocols" if dialect(kinds[0]) == 1 else "channels"
        expect(f"Waiting for 1 {what} to recover" in status and re.search(rf"Wait timer is [\d.]+/{seconds}$", status, re.M), status)
        for name, words in (("B", " waiting"), ("C", " pending")):
            expect(f"GR recovery:   {words}\n" in a.details(name), a.details(name))
        # What was there before is there still, though two of the routes are gone.
        keeps(a.host, (theirs if comes_back else theirs[:2]) + others, family, 0.1)
        keeps(b.host, mine if comes_back else mine[:2], family, 0.1)
        if comes_back:
            again(c, recovers=False)
            a.established("C")
        left = (theirs[:2] + others) if comes_back else theirs[:1]
        keeps(a.host, left, family, 10)
        keeps(b.host, mine[:2] if comes_back else mine[:1], family, 3)
        expect("recovery" not in a.text("show status"), a.text("show status"))


def kept(details):
    """What `show protocols all` says of a peer that is away, without what depends on the moment."""
    found = []
    for line in details.splitlines():
        line = re.sub(r"\d\d:\d\d:\d\d\S*|[\d.]+/(-|\d+)", "N", line)
        if re.search(r"graceful restart active|timer:|State:|Neighbor GR|Routes:|BGP state|imported|Last error", line) and "BGP Next hop" not in line:
            found.append(re.sub(r"BGP state: .*", "BGP state:", line))
    return found


@cases("bgp.restart-long.{}-{}", *ALL, phase=TIMED)
def long_lived(network, *kinds):
    """The peer of routed and of a BIRD is killed and stays away: both show and do the same, step by step, until its stale time is over."""
    family = family_of(kinds)
    theirs = names(family, 2)
    addresses = "2001:db8::%d" if family == 6 else "10.0.0.%d"
    hosts = network.hosts("a", "b", "c")
    network.switch(*[(h, "eth0", f"2001:db8::{i}/64", f"10.0.0.{i}/24") for i, h in enumerate(hosts, 1)])

    def helper(kind, number):
        return kernel(kind, "scan time 2;", family=family) + bgp(
            kind, addresses % number, 65000 + number, addresses % 2, 65002, QUICK, name="B", exports="none", families=(family,))
    far = kinds[1]
    hop = f"via {addresses % 9}"
    b = Daemon(network, hosts[1], far, static(far, [f"{n} {hop}" for n in theirs], family=family) + "".join(
        bgp(far, addresses % 2, 65002, addresses % n, 65000 + n,
            f"{QUICK} graceful restart yes; graceful restart time 4; long lived graceful restart yes; long lived stale time 8;", name=name,
            exports=f"filter {{ if net = {theirs[2]} then bgp_community.add((65535,7)); accept; }}", families=(family,))
        for n, name in ((1, "A"), (3, "C"))), router_id="10.255.0.2")
    both = [Daemon(network, hosts[n - 1], kind, helper(kind, n), router_id=f"10.255.0.{n}") for n, kind in ((1, kinds[0]), (3, kinds[1]))]
    for daemon in both:
        daemon.established()
        daemon.has(theirs, "B")
    b.kill()
    begun = time.monotonic()
    for moment, networks, stale in ((2, theirs, False), (7, theirs[:2], True), (14.5, [], False)):
        time.sleep(max(begun + moment - time.monotonic(), 0))
        for daemon in both:
            found = {r.network: r for r in daemon.routes("protocol B")}
            expect(set(found) == set(networks), f"after {moment} s {daemon.name} ({daemon.kind}) has {sorted(found)}")
            for route in found.values():
                communities = route.attributes.get("BGP.community", "")
                expect(("(65535,6)" in communities) == stale, f"after {moment} s {daemon.name} ({daemon.kind}): {route}")
        if moment < 14:
            shown = [kept(d.details("B")) for d in both]
            expect(shown[0] == shown[1], f"after {moment} s routed shows {shown[0]}, BIRD {shown[1]}")
            lines = [[line for line in d.text("show route protocol B").splitlines() if "[B " in line] for d in both]
            flags = [sorted(re.sub(r".*\] |\[AS.*", "", line).strip() for line in found) for found in lines]
            expect(flags[0] == flags[1], f"after {moment} s routed shows {flags[0]}, BIRD {flags[1]}")
    again(b)
    for daemon in both:
        daemon.established(seconds=15)
        daemon.has(theirs, "B")


@cases("bgp.restart-silent.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"), phase=TIMED)
def silent(network, *kinds):
    """A peer with a long-lived stale time hangs: its routes stay though the hold timer expires, and are good again when it goes on."""
    family = family_of(kinds)
    theirs = names(family, 2)
    a, b = two(network, pair(network), kinds, [side(kinds, 0, [], "hold time 6;"),
                                              side(kinds, 1, theirs, f"hold time 6; {ABLE} long lived graceful restart yes;")])
    a.established()
    keeps(a.host, theirs, family)
    sniffer = Sniffer(a.host, "eth0")
    b.signal(signal.SIGSTOP)
    try:
        until("the hold timer expires", 8, lambda: "" if a.protocol("B")[0] == "start" else "up")
        expect("Neighbor graceful restart active" in a.details("B"), a.details("B"))
        keeps(a.host, theirs, family, 0.1)
        expect(not told(sniffer), f"NOTIFICATION {told(sniffer)}")
    finally:
        b.signal(signal.SIGCONT)
        sniffer.close()
    a.established(seconds=15)
    keeps(a.host, theirs, family)


def able_speaker(host, *, restarted):
    """A peer that asks for its IPv6 routes to be kept for 30 s."""
    value = struct.pack("!HHBB", 30 | (0x8000 if restarted else 0), 2, 1, 0x80 if restarted else 0)
    return Speaker(host, ADDRESSES[6][1], ADDRESSES[6][0], 65002, "10.255.0.2", capabilities=bytes([64, len(value)]) + value)


@cases("bgp.restart-new-connection.{}", "6", "2")
def new_connection(network, version):
    """The peer connects again although routed knows of no end of the session: that is its restart, and the old connection is given up."""
    kind = f"routed{version}"
    hosts = pair(network)
    a = Daemon(network, hosts[0], kind, side((kind, kind), 0, []), router_id="10.255.0.1")
    one, two_, three = names(6, 2)
    first = able_speaker(hosts[1], restarted=False)
    first.announce(ORIGIN_IGP, path(65002), reach(ADDRESSES[6][1], [one, two_]))
    first.announce(END_OF_RIB)
    keeps(a.host, [one, two_], 6)
    monitor = Monitor(a.host)
    time.sleep(5)                                      # before that it would be taken for a collision
    second = able_speaker(hosts[1], restarted=True)
    try:
        a.established()
        expect("Neighbor graceful restart active" in a.details("B"), a.details("B"))
        expect(a.logged("Neighbor graceful restart detected"), "the log does not say so")
        keeps(a.host, [one, two_], 6, 0.1)
        second.announce(ORIGIN_IGP, path(65002), reach(ADDRESSES[6][1], [two_, three]))
        keeps(a.host, [one, two_, three], 6)
        second.announce(END_OF_RIB)
        keeps(a.host, [two_, three], 6)
        expect(not touched(monitor, [two_]), f"removed in between: {touched(monitor, [two_])}")
    finally:
        monitor.close()
        first.close()
        second.close()
