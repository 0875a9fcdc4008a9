"""OSPFv3 in networks: designated routers, several links, links that go down."""
import re
import signal
import time

from .daemons import Daemon, dialect, ospf, static
from .kernel import hops
from .network import pair
from .ospf_basic import database, full, look, neighbors, same_database
from .suite import cases
from .system import expect, until

IDS = {name: f"10.255.0.{i + 1}" for i, name in enumerate("abcd")}


def export(kind, options="export all; import none;"):
    return f"protocol kernel K {{ {options if dialect(kind) == 1 else f'ipv6 {{ {options} }};'} }}\n"


def shared_link(network, kinds, priorities):
    """Daemons on one switch, each with an external network; returns them by host name."""
    hosts = network.hosts(*"abcd"[:len(kinds)])
    network.switch(*[(h, "eth0", f"2001:db8::{i + 1}/64") for i, h in enumerate(hosts)])
    return {h.name: Daemon(network, h, kind, export(kind) + static(kind, [f"2001:db8:{h.name}::/48 blackhole"])
                           + ospf(kind, {"eth0": f"type broadcast; priority {priority};"}, exports="where source = RTS_STATIC"),
                           router_id=IDS[h.name])
            for h, kind, priority in zip(hosts, kinds, priorities)}


def designated(daemon):
    """The ids of designated router and backup, as one daemon sees them."""
    text = daemon.text("show ospf interface O")
    return tuple(re.search(rf"^\s*{word} \(ID\):\s*(\S+)", text, re.M)[1] for word in ("Designated router", "Backup designated router"))


def elected(daemons, primary, backup, seconds=15):
    wanted = (IDS[primary], IDS[backup] if backup else "0.0.0.0")
    until(f"DR {primary}, BDR {backup}", seconds, lambda: "; ".join(
        f"{d.name} ({d.kind}) has {found}" for d in daemons if (found := designated(d)) != wanted))


def reached(daemons):
    for daemon in daemons:
        for other in daemons:
            if other is not daemon:
                until(f"{daemon.name} ({daemon.kind}) to {other.name}", 12, lambda: "" if isinstance(
                    found := hops(daemon.host, f"2001:db8:{other.name}::/48"), list) and [d for _, d in found] == ["eth0"] else str(found))


@cases("ospf.mtu.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"), ("routed2", "routed6"))
def mtu_mismatch(network, *kinds):
    """Ends with different MTUs do not become adjacent (RFC 2328 §10.6), and say so; once the MTUs are equal, they do."""
    hosts = pair(network)
    hosts[1].ip("link set eth0 mtu 1420")
    a, b = daemons = [Daemon(network, host, kind, ospf(kind, {"eth0": "type ptp;"}), router_id=IDS[host.name])
                      for host, kind in zip(hosts, kinds)]
    for one, other, mtus in ((a, b, (1420, 1500)), (b, a, (1500, 1420))):
        text = f"O: MTU mismatch with nbr {IDS[other.name]} on eth0 (remote {mtus[0]}, local {mtus[1]})"
        until(f"{one.kind} refuses", 10, lambda: "" if one.logged(text) else one.log.read_text()[-300:])
        expect(neighbors(one)[IDS[other.name]][0] == "ExStart", str(neighbors(one)))
    hosts[1].ip("link set eth0 mtu 1500")
    for daemon in daemons:
        full(daemon)
        expect(not daemon.is_routed or daemon.log.read_text().count("MTU mismatch") == 1, "told more than once")


@cases("ospf.ttl.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def ttl_security(network, routed, bird):
    """With ttl security on both sides packets go with hop limit 255 (RFC 5082); without it on ours the other side hears nobody."""
    hosts = network.hosts("a", "b")
    network.link(hosts[0], "eth0", hosts[1], "eth0", ("2001:db8::1/64", "2001:db8::2/64"))
    a, b = [Daemon(network, host, kind, ospf(kind, {"eth0": "type ptp; ttl security yes;"}), router_id=IDS[host.name])
            for host, kind in zip(hosts, (routed, bird))]
    full(a)
    full(b)
    a.configure(ospf(routed, {"eth0": "type ptp;"}))
    until("b hears nobody", 10, lambda: str(found) if (found := neighbors(b)) else "")
    a.configure(ospf(routed, {"eth0": "type ptp; ttl security tx only;"}))
    full(b)


@cases("ospf.election.{}", ("routed-dr",), ("routed-bdr",), ("routed-other",))
def election(network, role):
    """Four routers on a link: the elected ones are the same for all, others are 2-Way to each other; the DR goes, the BDR follows."""
    priorities = {"routed-dr": (9, 5, 1, 0), "routed-bdr": (5, 9, 1, 0), "routed-other": (1, 9, 5, 0)}[role]
    routers = shared_link(network, ("routed6", "bird6", "bird2", "routed2"), priorities)
    a, b, c, d = routers.values()
    first, second, third = sorted("abc", key=lambda n: -priorities["abc".index(n)])
    # Whoever comes up early may be elected before the rest is there; the elected stay (RFC 2328 §9.4).
    until("all agree", 20, lambda: "" if len({designated(r) for r in routers.values()}) == 1 and "0.0.0.0" not in designated(a) else
          str({r.name: designated(r) for r in routers.values()}))
    elected(routers.values(), first, second)
    for router in routers.values():
        count = 3 if router.name in (first, second) else 2
        full(router, count)
        states = sorted(s for s, _ in neighbors(router).values())
        expect(states == ["2-Way"] * (3 - count) + ["Full"] * count, f"{router.name}: {neighbors(router)}")
    reached(list(routers.values()))
    same_database(*routers.values())
    gone = routers.pop(first)
    gone.signal(signal.SIGKILL)
    gone.process.wait()
    elected(routers.values(), second, third, 20)
    for router in routers.values():
        full(router, 2)
    reached(list(routers.values()))
    until("nobody describes the one that is gone", 15, lambda: "; ".join(
        f"{r.name} has {look(r, f'2001:db8:{first}::/48')}" for r in routers.values() if r.route(f"2001:db8:{first}::/48", "O")))
    # It returns: everything is reached, but the designated router remains.
    gone.start()
    routers[first] = gone
    full(gone, 2, 20)
    expect(designated(gone)[0] == IDS[second], f"the designated router changed to {designated(gone)[0]}")
    reached(list(routers.values()))
    same_database(*routers.values())


def wires(network, kinds, link_type):
    """Two routers with two wires between them."""
    hosts = pair(network, interfaces=("eth0", "eth1"))
    for host, letter in zip(hosts, "ab"):
        host.stub("lan0", f"2001:db8:1{letter}::1/64")
    return [Daemon(network, h, kind, export(kind, "export all; import none;") + static(kind, [f"2001:db8:{h.name}::/48 blackhole"])
                   + ospf(kind, {**{w: f"type {link_type}; check link yes;" for w in ("eth0", "eth1")}, "lan0": "stub yes;"},
                          "ecmp yes; merge external yes;", exports="where source = RTS_STATIC"), router_id=IDS[h.name])
            for h, kind in zip(hosts, kinds)]


def over(daemon, *interfaces):
    """Waits until the other side's networks lead over these interfaces in the kernel."""
    other = "b" if daemon.name == "a" else "a"
    return max(until(f"{daemon.name} ({daemon.kind}) has {network} over {' '.join(interfaces)}", 12, lambda: "" if isinstance(
        found := hops(daemon.host, network), list) and sorted(d for _, d in found) == list(interfaces) else str(found), 0.05)
        for network in (f"2001:db8:{other}::/48", f"2001:db8:1{other}::/64"))


def router_lsa(daemon):
    """The sequence number of a daemon's own router-LSA."""
    return next((value[0] for key, value in database(daemon).items() if key[1] == "2001" and key[3] == IDS[daemon.name]), None)


@cases("ospf.ecmp.{}-{}.{}", ("routed6", "bird6", "ptp"), ("routed6", "bird6", "broadcast"), ("routed2", "bird2", "ptp"),
       ("routed2", "bird2", "broadcast"))
def ecmp(network, routed, bird, link_type):
    """Two links: two next hops for inner and external routes; a link goes down: one, at once; it returns: two."""
    a, b = wires(network, (routed, bird), link_type)
    for daemon in (a, b):
        over(daemon, "eth0", "eth1")
    # While it starts, routed announces changes faster than MinLSInterval. A BIRD whose own link flaps within that time does not
    # calculate again once its own LSA is due, and misses the second next hop for good.
    time.sleep(6)
    for host in (a.host, b.host):                      # by either end; with the carrier the other end notices too
        before = router_lsa(b)
        host.ip("link set eth1 down")
        took = over(a, "eth0")
        over(b, "eth0")
        expect(took < 3, f"{took:.1f} s until a link that is down is not used")
        # BIRD computes no routes after a link that went and came between two of its router-LSAs.
        until("BIRD's router-LSA without the link", 8, lambda: "" if router_lsa(b) != before else f"is {before}")
        host.ip("link set eth1 up")
        other = f"2001:db8:0:1::{1 if host is a.host else 2}/64"
        host.ip(f"address replace {other} dev eth1 nodad")
        for daemon in (a, b):
            over(daemon, "eth0", "eth1")
    same_database(a, b, links=("eth0", "eth1"))


@cases("ospf.silence.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def silence(network, *kinds):
    """A neighbour that hangs is gone after the dead interval, on both sides, and returns."""
    a, b = wires(network, kinds, "ptp")
    for silent, other in ((b, a), (a, b)):
        for daemon in (a, b):
            over(daemon, "eth0", "eth1")
        silent.signal(signal.SIGSTOP)
        try:
            took = until(f"{other.name} ({other.kind}) gives up its neighbour", 9, lambda: str(found) if (found := neighbors(other)) else "")
            expect(took > 2, f"{took:.1f} s, though the dead interval is 4 s")
            until("its routes are gone", 5, lambda: " ".join(r.network for r in other.routes("protocol O") if r.network.startswith(f"2001:db8:1{silent.name}")))
        finally:
            silent.signal(signal.SIGCONT)
    for daemon in (a, b):
        over(daemon, "eth0", "eth1")
    same_database(a, b, links=("eth0", "eth1"))
    expect(database(a), "an empty database")
