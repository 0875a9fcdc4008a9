"""OSPFv3 without multicast: NBMA networks with a designated router, point-to-multipoint networks, and who may be a neighbour there."""
import re
import time

from . import ospf_ipv4
from .bfd import WITHIN, bfd, cut, mend
from .capture import Capture, dissected, tshark
from .daemons import Daemon, kernel, ospf, static
from .kernel import hops
from .ospf_basic import full, look, neighbors, same_database
from .suite import TIMED, cases
from .system import expect, until

NAMES = "abc"
PAIRS = [("routed6", "bird6"), ("routed2", "bird2")]
STRANGERS = [("bird6", "routed6"), ("bird2", "routed2"), ("routed6", "bird2"), ("routed2", "bird6")]


def local(name):
    return f"fe80::{NAMES.index(name) + 1}"


def scene(network, names=NAMES):
    """Hosts on a bridge, with link-local addresses that can be written in a configuration, and a network of their own."""
    hosts = network.hosts(*names)
    bridge = network.switch(*((host, "eth0") for host in hosts))
    for number, host in enumerate(hosts):
        host.ip("-6 address flush dev eth0 scope link")
        host.address("eth0", f"{local(host.name)}/64", f"2001:db8::{number + 1}/64")
        host.stub("lan0", f"2001:db8:1{host.name}::1/64")
    return hosts, bridge


def neighbor_list(names, ineligible=""):
    return "neighbors { " + " ".join(f"{local(n)}{'' if n in ineligible else ' eligible'};" for n in names) + " };"


def body(kind, name, options, more=""):
    return more + static(kind, [f"2001:db8:f{name}::/48 blackhole"]) + kernel(kind) + ospf(
        kind, {"eth0": options, "lan0": "stub yes; cost 7;"}, exports="where source = RTS_STATIC")


def start(network, host, kind, options, more=""):
    return Daemon(network, host, kind, body(kind, host.name, options, more), router_id=f"10.255.0.{NAMES.index(host.name) + 1}")


def position(daemon, router):
    return neighbors(daemon).get(router, ("none", "none"))


def wait(daemon, network, wanted, seconds=20):
    return until(f"{daemon.name} ({daemon.kind}): {network}", seconds,
                 lambda: "" if re.fullmatch(wanted or "no route", found := look(daemon, network)) else f"is {found}, not {wanted}")


def reaches(daemon, others, cost=10, seconds=25):
    """Stub network and external of each of the others, in table and kernel."""
    for other in others:
        router = f"10.255.0.{NAMES.index(other) + 1}"
        wait(daemon, f"2001:db8:1{other}::/64", rf"I \(150/{cost + 7}\) \[{router}\]", seconds)
        wait(daemon, f"2001:db8:f{other}::/48", rf"E2 \(150/{cost}/10000\) \[{router}\]", seconds)
        until(f"{daemon.name}'s kernel: {other}", 4, lambda: "" if isinstance(found := hops(daemon.host, f"2001:db8:1{other}::/64"), list)
              and [d for _, d in found] == ["eth0"] else str(found))


def no_multicast(capture):
    """OSPF packets there are, and none to a group."""
    capture.close()
    sent = dissected(capture.file, "ospf", "ipv6.dst")
    groups = [destination for destination in sent if destination.startswith("ff")]
    expect(len(sent) > 20 and not groups, f"{len(sent)} packets, to groups {groups[:3]}")


def shown(daemon):
    """`show ospf interface` of eth0, without the state that differs among the routers."""
    text = daemon.text('show ospf interface O "eth0"')
    return [line for line in text.splitlines() if "State:" not in line and "Priority:" not in line]


@cases("ospf.nbma.{}-{}-{}", ("routed6", "bird6", "bird2"), ("bird6", "routed2", "bird2"), ("bird2", "bird6", "routed6"),
       ("bird6", "bird2", "routed2"), ("routed2", "routed6", "bird6"))
def nbma(network, *kinds):
    """Three routers, a not eligible: c becomes designated router, b its backup; each in turn is lost and comes back."""
    tshark()
    hosts, _ = scene(network)
    capture = Capture(hosts[0], "eth0")
    options = [f"type nbma; poll 2; priority {0 if n == 'a' else 1}; {neighbor_list(NAMES.replace(n, ''), 'a')}" for n in NAMES]
    a, b, c = daemons = [start(network, host, kind, chosen) for host, kind, chosen in zip(hosts, kinds, options)]
    for daemon in daemons:
        full(daemon, 2, 30)
        reaches(daemon, NAMES.replace(daemon.name, ""))
    until("c is designated router, b its backup", 10, lambda: "" if (found := (
        position(a, "10.255.0.3"), position(a, "10.255.0.2"), position(c, "10.255.0.1"))) == (
            ("Full", "DR"), ("Full", "BDR"), ("Full", "Other")) else str(found))
    same_database(*daemons)
    for victim in (b, a, c):
        others = [d for d in daemons if d is not victim]
        victim.kill()
        for daemon in others:
            full(daemon, 1, 20)
            wait(daemon, f"2001:db8:1{victim.name}::/64", None, 20)
            reaches(daemon, [d.name for d in others if d is not daemon])
        victim.start()
        for daemon in daemons:
            full(daemon, 2, 30)
            reaches(daemon, NAMES.replace(daemon.name, ""))
    same_database(*daemons, seconds=15)
    no_multicast(capture)


@cases("ospf.ptmp.{}-{}-{}", ("routed6", "bird6", "bird2"), ("bird6", "routed6", "routed2"), ("bird2", "routed2", "bird6"),
       ("routed2", "bird2", "routed6"))
def ptmp(network, *kinds):
    """A hub and two spokes that do not know each other: routes through the hub, addresses as hosts, a spoke that is lost and returns."""
    tshark()
    hosts, _ = scene(network)
    capture = Capture(hosts[0], "eth0")
    a, b, c = daemons = [start(network, host, kind, f"type ptmp; strict nonbroadcast; {neighbor_list('bc' if host is hosts[0] else 'a')}")
                         for host, kind in zip(hosts, kinds)]
    full(a, 2), full(b), full(c)
    expect(set(neighbors(a).values()) == {("Full", "PtP")}, str(neighbors(a)))
    for daemon, others, cost in ((a, "bc", 10), (b, "a", 10), (c, "a", 10), (b, "c", 20), (c, "b", 20)):
        reaches(daemon, others, cost)
    for host in hosts[1:]:
        number = NAMES.index(host.name) + 1
        other = 5 - number
        wait(daemons[number - 1], f"2001:db8::{other}/128", rf"I \(150/20\) \[10.255.0.{other}\]")
        until("through the hub", 5, lambda: "" if hops(host, f"2001:db8::{other}/128") == [(local("a"), "eth0")] else str(hops(host, f"2001:db8::{other}/128")))
        wait(a, f"2001:db8::{number}/128", rf"I \(150/10\) \[10.255.0.{number}\]")
    same_database(b, a), same_database(c, a)
    for victim in (b, a):
        others = [d for d in daemons if d is not victim]
        victim.kill()
        for daemon in others:
            wait(daemon, f"2001:db8:1{victim.name}::/64", None)
        victim.start()
        full(a, 2), full(b), full(c)
        reaches(b, "c", 20), reaches(c, "b", 20)
    no_multicast(capture)


@cases("ospf.nonbroadcast.strict.{}-{}.{}", *((*kinds, t) for kinds in STRANGERS for t in ("nbma", "ptmp")))
def strict(network, stranger, known, link_type):
    """Only one end knows of the other. Who is strict refuses it until it is configured, which takes nothing down."""
    (a, b), _ = scene(network, "ab")
    tail = f"type {link_type}; poll 2;"
    us = start(network, a, stranger, tail + neighbor_list("ab"))
    them = start(network, b, known, tail + "strict nonbroadcast;")
    until("the stranger is denied", 15, lambda: "" if them.logged("new neighbor denied") else "not yet")
    expect(not neighbors(them), str(neighbors(them)))
    them.configure(body(known, "b", tail + "strict nonbroadcast;" + neighbor_list("ab")))
    for daemon in (us, them):
        full(daemon, 1, 20)
    expect(them.logged("Adding NBMA neighbor") and "(strict)" in them.text("show ospf interface O"), "the neighbour was not added in place")
    # Whoever is a neighbour stays one.
    them.configure(body(known, "b", tail + "strict nonbroadcast;"))
    time.sleep(6)
    expect(them.logged("Removing NBMA neighbor") and not them.logged("from Full"), str(neighbors(them)))
    reaches(us, "b"), reaches(them, "a")
    # Without strictness a router is taken as it comes.
    them.stop()
    them.write(body(known, "b", tail))
    them.start()
    for daemon in (us, them):
        full(daemon, 1, 20)
    reaches(us, "b"), reaches(them, "a")


@cases("ospf.nonbroadcast.shown.{}-{}.{}", *((*kinds, t) for kinds in PAIRS for t in ("nbma", "ptmp", "ptmp strict", "nbma strict")))
def same_output(network, routed, bird, link_type):
    """What is shown of an interface is the same, and so is the kind of neighbour."""
    (a, b), _ = scene(network, "ab")
    name, *rest = link_type.split()
    options = f"type {name}; poll 2; {'strict nonbroadcast;' if rest else ''} {neighbor_list('ab')}"
    daemons = [start(network, host, kind, options) for host, kind in zip((a, b), (routed, bird))]
    for daemon in daemons:
        full(daemon, 1, 20)
    until("the same is shown", 5, lambda: "" if shown(daemons[0]) == shown(daemons[1]) else f"{shown(daemons[0])}, not {shown(daemons[1])}")
    expect(f"Type: {name}{' (strict)' if rest else ''}" in "\n".join(shown(daemons[0])), str(shown(daemons[0])))


@cases("ospf.nonbroadcast.bfd.{}-{}.{}", *((*kinds, t) for kinds in PAIRS for t in ("nbma", "ptmp")), phase=TIMED)
def watched(network, routed, bird, link_type):
    """A neighbour goes with its BFD session, long before the dead interval, and comes back."""
    hosts, bridge = scene(network, "ab")
    options = f"dead 60; bfd; type {link_type}; poll 2; {neighbor_list('ab')}"
    us, peer = [start(network, host, kind, options, bfd()) for host, kind in zip(hosts, (routed, bird))]
    full(us, 1, 20)
    until("BFD Up", 10, lambda: "" if " Up " in us.text("show bfd sessions BFD") else us.text("show bfd sessions BFD"))
    time.sleep(1)
    cut(bridge)
    took = until("the neighbour goes", 2, lambda: "" if not neighbors(us) else str(neighbors(us)), 0.01)
    expect(took < WITHIN, f"it took {took:.3f} s")
    until("and its routes", 2, lambda: look(us, "2001:db8:1b::/64") if us.route("2001:db8:1b::/64", "O") else "", 0.02)
    mend(bridge)
    full(us, 1, 30)
    reaches(us, "b")


@cases("ospf.nonbroadcast.flags.{}-{}", *PAIRS)
def flags(network, routed, bird):
    """Types that nobody asked for: broadcast where there is that, with multicast switched off too, and ptp where an address has one other end."""
    (a, b), _ = scene(network, "ab")
    ends = {"d0": "fe80::d/64", "d1": "fe80::e peer fe80::f", "d2": "fe80::c/127"}
    found = {}
    for host, kind in ((a, routed), (b, bird)):
        for interface, address in ends.items():
            host.stub(interface)
            host.ip(f"-6 address flush dev {interface} scope link", f"-6 address add {address} dev {interface} nodad", f"-6 link set {interface} multicast off")
        daemon = Daemon(network, host, kind, ospf(kind, {interface: "" for interface in ends}), router_id="10.255.0.9")
        until("three interfaces", 5, lambda: "" if daemon.text("show ospf interface O").count("Type:") == 3 else daemon.text("show ospf interface O"))
        found[kind] = dict(re.findall(r"Interface (\S+).*\n\s*Type: (.*)", daemon.text("show ospf interface O")))
    expect(found[routed] == found[bird] == {"d0": "broadcast", "d1": "ptp", "d2": "ptp"}, str(found))


@cases("ospf.nonbroadcast.opposite.{}-{}", *PAIRS)
def opposite(network, routed, bird):
    """With no neighbours configured, a point-to-multipoint interface speaks to the other end of its address."""
    hosts = network.hosts("a", "b")
    network.link(hosts[0], "eth0", hosts[1], "eth0")
    for host, own, other in zip(hosts, "ab", "ba"):
        host.ip("-6 address flush dev eth0 scope link", f"-6 address add {local(own)} peer {local(other)} dev eth0 nodad")
        host.stub("lan0", f"2001:db8:1{own}::1/64")
    daemons = [start(network, host, kind, "type ptmp;") for host, kind in zip(hosts, (routed, bird))]
    for daemon, other in zip(daemons, "ba"):
        full(daemon)
        reaches(daemon, other)
    until("the same is shown", 5, lambda: "" if shown(daemons[0]) == shown(daemons[1]) else f"{shown(daemons[0])}, not {shown(daemons[1])}")


@cases("ospf.nonbroadcast.ipv4.{}-{}.{}", *(("routed2", "bird2", t) for t in ("nbma", "ptmp")))
def ipv4(network, routed, bird, link_type):
    """IPv4 networks over links whose neighbours are found by their IPv6 addresses."""
    (a, b), _ = scene(network, "ab")
    for number, host in enumerate((a, b), 1):
        host.address("eth0", f"10.0.0.{number}/24")
        host.address("lan0", f"192.168.{number}.1/24")
    daemons = [Daemon(network, host, kind, ospf_ipv4.body(host.name, f"type {link_type}; poll 2; {neighbor_list('ab')}"), router_id=f"10.255.0.{i}")
               for i, (host, kind) in enumerate(((a, routed), (b, bird)), 1)]
    for number, daemon in enumerate(daemons, 1):
        full(daemon, 1, 20)
        other = 3 - number
        gateway = f"10.0.0.{other}"
        wanted = {f"192.168.{other}.0/24": ("I", gateway), f"10.{other}0.0.0/16": ("E2", gateway)}
        ospf_ipv4.learned(daemon, wanted | ({f"{gateway}/32": ("I", gateway)} if link_type == "ptmp" else {}))
        for prefix in wanted:
            until(f"the kernel has {prefix}", 5, lambda: "" if (h := hops(daemon.host, prefix, family=4)) == [(gateway, "eth0")] else str(h))
    same_database(*daemons)
