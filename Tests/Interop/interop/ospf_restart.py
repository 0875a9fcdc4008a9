"""Graceful restart of OSPFv3 (RFC 3623, RFC 5187): BIRD restarts beside routed, and routed beside BIRD."""
import time

from .bgp_restart import again
from .daemons import Daemon, kernel, ospf, static, two
from .kernel import Monitor, hops
from .network import pair
from .ospf_basic import database, full, neighbors
from .ospf_network import IDS, designated
from .suite import TIMED, cases
from .system import expect, until

KINDS = [("routed2", "bird2"), ("bird2", "routed2")]
ABLE = "graceful restart yes; graceful restart time {};"


def externals(letter):
    return [f"2001:db8:{letter}{n}::/48" for n in (1, 2, 3)]


def body(kind, letter, link_type, options, extra=""):
    return (static(kind, [f"{n} blackhole" for n in externals(letter)]) + kernel(kind, "graceful restart yes; scan time 2;")
            + ospf(kind, {"eth0": f"type {link_type}; {extra}", "lan0": "stub yes; cost 7;"}, options, exports="where source = RTS_STATIC"))


def stub(letter):
    return f"2001:db8:1{letter}::/64"


def has(daemon, networks, seconds=15):
    def problem():
        wrong = [n for n in networks if not isinstance(hops(daemon.host, n), list)]
        return f"the kernel is without {' '.join(wrong)}" if wrong else ""
    return until(f"{daemon.name} ({daemon.kind}) has them", seconds, problem)


def lacks(daemon, networks, seconds):
    def problem():
        left = [n for n in networks if isinstance(hops(daemon.host, n), list)]
        return f"the kernel still has {' '.join(left)}" if left else ""
    return until(f"{daemon.name} ({daemon.kind}) has lost them", seconds, problem)


def start(network, kinds, link_type="ptp", options=("", ABLE.format(60))):
    """The second is the one to restart."""
    hosts = pair(network)
    for host, letter in zip(hosts, "ab"):
        host.stub("lan0", f"2001:db8:1{letter}::1/64")
    a, b = two(network, hosts, kinds, [body(k, l, link_type, o) for k, l, o in zip(kinds, "ab", options)])
    for daemon, letter in ((a, "b"), (b, "a")):
        full(daemon)
        has(daemon, externals(letter) + [stub(letter)])
    quiet(a, b)
    return a, b


def quiet(*daemons):
    """Nothing has changed for some seconds: whoever is without an acknowledgment does not help (RFC 3623 §3.1 (2))."""
    until("nothing changes", 30, lambda: str(youngest) if (youngest := min(
        age for d in daemons for key, (_, age, _) in database(d).items())) < 4 else "")


def leave(daemon):
    """The command `graceful restart`; the daemon ends by itself."""
    daemon.ask("graceful restart")
    daemon.process.wait(10)


def deleted(monitor, networks):
    return [line for n in networks for line in monitor.lines(n.split("/")[0]) if "Deleted" in line]


def grace(daemon):
    return [key for key in database(daemon) if key[1] == "000b" and database(daemon)[key][1] < 3600]


@cases("ospf.restart.{2}.{0}-{1}", *[(*k, t) for k in KINDS for t in ("ptp", "broadcast")], phase=TIMED)
def restart(network, first, second, link_type):
    """The second is away for longer than the dead interval: nothing leaves either kernel, and afterwards all is as before.

    BIRD's own restart ends with its router-LSA flushed for a second if its neighbour answers at once: then only until it is back."""
    a, b = start(network, (first, second), link_type)
    monitors = [Monitor(d.host) for d in (a, b)]
    try:
        leave(b)
        time.sleep(7)
        expect(a.route(stub("b"), "O") is not None, f"{a.kind} has lost the route")
        has(a, externals("b") + [stub("b")], 0.1)
        away = deleted(monitors[0], externals("b") + [stub("b")])
        expect(not away, f"removed meanwhile: {away}")
        again(b)
        for daemon in (a, b):
            full(daemon, seconds=30)
        until("no grace-LSA is left", 75, lambda: str(grace(a) + grace(b)) if grace(a) + grace(b) else "")
        until("the recovery is over", 10, lambda: "in progress" if "recovery in progress" in b.text("show status") else "")
        time.sleep(3)
        has(a, externals("b") + [stub("b")], 5)
        has(b, externals("a") + [stub("a")], 5)
        for monitor, letter in zip(monitors if b.is_routed else monitors[1:], "ba" if b.is_routed else "a"):
            expect(not deleted(monitor, externals(letter) + [stub(letter)]), f"removed: {deleted(monitor, externals(letter) + [stub(letter)])}")
    finally:
        for monitor in monitors:
            monitor.close()


@cases("ospf.restart-timeout.{}-{}", *KINDS, phase=TIMED)
def timeout(network, *kinds):
    """The second does not come back: what it announced goes with its grace period, not before."""
    a, b = start(network, kinds, options=("", ABLE.format(10)))
    leave(b)
    time.sleep(8)
    has(a, externals("b") + [stub("b")], 0.1)
    lacks(a, externals("b") + [stub("b")], 8)
    expect(not neighbors(a), f"{a.kind} still has {neighbors(a)}")


@cases("ospf.restart-topology.{}-{}", *KINDS, phase=TIMED)
def topology(network, *kinds):
    """A change of the topology ends the help (RFC 3623 §3.2)."""
    a, b = start(network, kinds)
    leave(b)
    time.sleep(6)
    has(a, externals("b") + [stub("b")], 0.1)
    a.configure(body(kinds[0], "a", "ptp", "") + static(kinds[0], ["2001:db8:a9::/48 blackhole"], name="T"))
    lacks(a, externals("b") + [stub("b")], 8)


@cases("ospf.restart-off.{}-{}", *KINDS, phase=TIMED)
def off(network, *kinds):
    """Without help the routes go with the dead interval."""
    a, b = start(network, kinds, options=("graceful restart no;", ABLE.format(60)))
    leave(b)
    lacks(a, externals("b") + [stub("b")], 8)


@cases("ospf.restart-role.{}", ("dr",), ("bdr",), ("other",), phase=TIMED)
def role(network, which):
    """Three on a link, routed restarts as designated router, backup or neither: it is that again, and nobody's routes are touched."""
    priorities = {"dr": (9, 5, 1), "bdr": (5, 9, 1), "other": (1, 9, 5)}[which]
    hosts = network.hosts(*"abc")
    network.switch(*[(h, "eth0", f"2001:db8::{i + 1}/64") for i, h in enumerate(hosts)])
    routers = []
    for host, kind, priority in zip(hosts, ("routed2", "bird2", "bird2"), priorities):
        host.stub("lan0", f"2001:db8:1{host.name}::1/64")
        routers.append(Daemon(network, host, kind, body(kind, host.name, "broadcast", ABLE.format(60), f"priority {priority};"),
                              router_id=IDS[host.name]))
    order = sorted("abc", key=lambda n: -priorities["abc".index(n)])
    wanted = (IDS[order[0]], IDS[order[1]])
    until("all agree", 20, lambda: "; ".join(str(designated(r)) for r in routers if designated(r) != wanted))
    everything = {n: externals(n) + [stub(n)] for n in "abc"}
    for router in routers:
        has(router, [n for name in "abc" if name != router.host.name for n in everything[name]])
    quiet(*routers)
    monitors = [Monitor(r.host) for r in routers]
    try:
        leave(routers[0])
        time.sleep(6)
        again(routers[0])
        full(routers[0], 2, 30)
        until("no grace-LSA is left", 70, lambda: str([grace(r) for r in routers]) if any(grace(r) for r in routers) else "")
        time.sleep(3)
        expect([designated(r) for r in routers] == [wanted] * 3, f"elected: {[designated(r) for r in routers]}")
        for router, monitor in zip(routers, monitors):
            others = [n for name in "abc" if name != router.host.name for n in everything[name]]
            has(router, others, 5)
            expect(not deleted(monitor, others), f"{router.name}: {deleted(monitor, others)}")
    finally:
        for monitor in monitors:
            monitor.close()
