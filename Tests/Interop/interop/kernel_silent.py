"""What the kernel changes without a word: with addresses, links, objects and VRFs, on devices of every kind a gateway has.

`Tests/Interop/uml silent.` runs those whose devices the machine's kernel lacks.
"""
import time

from .daemons import Daemon, bgp, kernel, static
from .kernel import hops
from .kernel_routes import holds
from .network import pair
from .suite import TIMED, case, cases
from .system import Failure, Skip, expect, until

V4, V6 = "198.51.100.0/24", "2001:db8:a::/48"
ENDS = {4: ("192.0.2.1", "192.0.2.2"), 6: ("2001:db8:7::1", "2001:db8:7::2")}
# How a device that leads to 192.0.2.2 and 2001:db8:7::2 is made over eth0, which has 10.0.0.1 and 10.0.0.2, 2001:db8::1 and ::2.
DEVICES = {
    "veth": "link add t0 type veth peer name t1",
    "dummy": "link add t0 type dummy",
    "wireguard": "link add t0 type wireguard",
    "gre": "link add t0 type gre local 10.0.0.1 remote 10.0.0.2",
    "ipip": "link add t0 type ipip local 10.0.0.1 remote 10.0.0.2",
    "ip6gre": "link add t0 type ip6gre local 2001:db8::1 remote 2001:db8::2",
    "vti": "link add t0 type vti local 10.0.0.1 remote 10.0.0.2 key 7",
    "vti6": "link add t0 type vti6 local 2001:db8::1 remote 2001:db8::2 key 7",
    "vxlan": "link add t0 type vxlan id 7 local 10.0.0.1 remote 10.0.0.2 dstport 4789 dev eth0",
    "vlan": "link add t0 link eth0 type vlan id 7",
    "macvlan": "link add t0 link eth0 type macvlan",
    "bridge": "link add t0 type bridge",
}


def device(host, kind):
    """Makes the device t0, with both addresses."""
    try:
        host.ip(DEVICES[kind])
    except Failure as failure:
        raise Skip(f"the kernel has no {kind}: {failure}") from None
    raise_(host, kind)


def raise_(host, kind):
    if kind == "veth":
        host.ip("link set t1 up")
    if kind == "bridge":
        # Without a port it has no carrier.
        host.ip("link add p0 type veth peer name p1", "link set p0 master t0 up", "link set p1 up")
    host.ip("link set t0 up", "address add 192.0.2.1/24 dev t0", "address add 2001:db8:7::1/64 dev t0 nodad")


def alone(network, options=""):
    """routed with a route of each family over t0."""
    host, _ = pair(network)
    body = "".join(kernel("routed2", f"scan time 3600; {options}", name=f"K{family}", family=family) + static(
        "routed2", [f"{name} via {ENDS[family][1]}"], name=f"S{family}", family=family) for family, name in ((4, V4), (6, V6)))
    return host, Daemon(network, host, "routed2", body, router_id="10.255.0.1")


def both(host, *families, seconds=5):
    """Exactly these families' routes are there."""
    for family, name in ((4, V4), (6, V6)):
        holds(host, {name: [(ENDS[family][1], "t0")]} if family in families else {}, seconds, family=family)


@cases("silent.device.{}.{}", *[(kind, how) for kind in DEVICES for how in ("objects", "plain")])
def devices(network, kind, how):
    """A device goes down and comes back, loses its addresses and gets them again, is deleted and made anew: the routes over it follow."""
    host, _ = alone(network, "nexthop objects no;" if how == "plain" else "")
    device(host, kind)
    both(host, 4, 6)
    host.ip("link set t0 down")
    both(host)
    # IPv6 addresses go with a link.
    host.ip("link set t0 up", "address replace 2001:db8:7::1/64 dev t0 nodad")
    both(host, 4, 6)
    host.ip("address del 192.0.2.1/24 dev t0")
    both(host, 6)
    host.ip("address add 192.0.2.1/24 dev t0", "address del 2001:db8:7::1/64 dev t0")
    both(host, 4)
    host.ip("address add 2001:db8:7::1/64 dev t0 nodad")
    both(host, 4, 6)
    host.ip("link del t0")
    both(host)
    if kind == "bridge":
        host.ip("link del p0")
    device(host, kind)
    both(host, 4, 6)


@cases("silent.vrf.{}", ("objects",), ("plain",))
def vrf(network, how):
    """A link joins a VRF and leaves it: the kernel drops the routes over it, and they come again."""
    host, _ = alone(network, "nexthop objects no;" if how == "plain" else "")
    device(host, "veth")
    try:
        host.ip("link add red type vrf table 100", "link set red up")
    except Failure:
        raise Skip("the kernel has no VRFs") from None
    both(host, 4, 6)
    for order in ("link set t0 master red", "link set t0 nomaster"):
        host.ip(order, "address replace 192.0.2.1/24 dev t0", "address replace 2001:db8:7::1/64 dev t0 nodad")
        both(host, 4, 6, seconds=10)


@cases("silent.last-address.{}", ("objects",), ("plain",))
def last_address(network, how):
    """The only IPv4 address of a link becomes another one: Linux drops IPv4 routes over it, with IPv6 gateways too, and tells nobody."""
    host, _ = pair(network)
    host.ip("link add t0 type veth peer name t1", "link set t1 up", "link set t0 up", "address add 192.0.2.1/32 dev t0",
            "address add fe80::1/64 dev t0 nodad")
    options = "scan time 3600; " + ("nexthop objects no;" if how == "plain" else "")
    Daemon(network, host, "routed2", kernel("routed2", options, family=4) + static(
        "routed2", [f"{V4} via fe80::b%t0", '203.0.113.0/24 via "t0"'], family=4), router_id="10.255.0.1")
    wanted = {V4: [("fe80::b", "t0")], "203.0.113.0/24": [("", "t0")]}
    holds(host, wanted, family=4)
    host.ip("address del 192.0.2.1/32 dev t0", "address add 192.0.2.9/32 dev t0")
    # Also those that it drops after the notice of the address.
    for _ in range(3):
        holds(host, wanted, family=4)
        time.sleep(0.3)


def learning(network):
    host, other = pair(network, interfaces=("eth0", "eth1"))
    body = "".join(kernel("routed2", "learn; scan time 3600;", name=f"K{f}", imports="all", exports="none", family=f) for f in (4, 6))
    return host, other, Daemon(network, host, "routed2", body, router_id="10.255.0.1")


def learnt(daemon, family, network, *gateways):
    def problem():
        found = [r for r in daemon.routes(f"protocol K{family}") if r.network == network]
        have = sorted(gateway or "" for r in found for gateway, _ in r.via)
        return "" if have == sorted(gateways) else f"{network}: {have}"
    until("learnt", 3, problem, 0.05)


@case("silent.learn-metrics")
def learn_metrics(network):
    """Of two routes of somebody else to one network that with the lower metric is taken; when it goes the other one is."""
    host, _, daemon = learning(network)
    lesser = {4: "10.0.1.2 dev eth1", 6: "2001:db8:0:1::2 dev eth1"}
    better = {4: "10.0.0.2 dev eth0", 6: "2001:db8::2 dev eth0"}
    for family, default in ((4, "0.0.0.0/0"), (6, "::/0")):
        one, two = (f"-{family} route {{}} default via {way[family]} metric {metric} proto dhcp" for way, metric in ((better, 100), (lesser, 600)))
        first, second = better[family].split()[0], lesser[family].split()[0]
        host.ip(one.format("add"), two.format("add"))
        learnt(daemon, family, default, first)
        host.ip(one.format("del"))
        learnt(daemon, family, default, second)
        host.ip(one.format("add"))
        learnt(daemon, family, default, first)
        host.ip(two.format("del"))
        learnt(daemon, family, default, first)
        host.ip(one.format("del"))
        learnt(daemon, family, default)


@case("silent.learn-link")
def learn_link(network):
    """Routes of somebody else go with their link, though nobody says so."""
    host, _, daemon = learning(network)
    host.ip("link add t0 type veth peer name t1", "link set t1 up", "link set t0 up", "link add u0 type veth peer name u1", "link set u1 up",
            "link set u0 up", "route add 198.18.0.5/32 dev t0 scope link proto static", "route add 198.18.0.6/32 dev u0 scope link proto static")
    for name in ("198.18.0.5/32", "198.18.0.6/32"):
        learnt(daemon, 4, name, "")
    host.ip("link del t0", "link set u0 down")
    for name in ("198.18.0.5/32", "198.18.0.6/32"):
        learnt(daemon, 4, name)
    host.ip("link set u0 up", "route add 198.18.0.6/32 dev u0 scope link proto static")
    learnt(daemon, 4, "198.18.0.6/32", "")


@case("silent.learn-objects")
def learn_objects(network):
    """A nexthop object of somebody else is deleted, a leg of a route taken out: what was learnt follows."""
    host, _, daemon = learning(network)
    host.ip("nexthop add id 7 via 10.0.0.2 dev eth0", f"route add {V4} nhid 7 proto static",
            f"-6 route add {V6} proto static metric 50 nexthop via 2001:db8::2 dev eth0 nexthop via 2001:db8:0:1::2 dev eth1")
    learnt(daemon, 4, V4, "10.0.0.2")
    learnt(daemon, 6, V6, "2001:db8::2", "2001:db8:0:1::2")
    host.ip("nexthop del id 7", f"-6 route del {V6} proto static metric 50 via 2001:db8::2 dev eth0")
    learnt(daemon, 4, V4)
    learnt(daemon, 6, V6, "2001:db8:0:1::2")


@case("silent.metric-change-refused")
def metric_change_refused(network):
    """A change of the metric that the kernel refuses leaves the old route where it is, and taking the mistake back finds it there."""
    host, _ = pair(network)
    host.ip("address add 198.18.0.1/32 dev lo")

    def body(metric, source):
        return (f"protocol kernel K {{ metric 0; scan time 3600; ipv4 {{ export filter {{ krt_prefsrc = {source}; krt_metric = {metric}; accept; }}; }}; }}\n"
                + static("routed2", [f"{V4} via 10.0.0.2"], family=4))
    daemon = Daemon(network, host, "routed2", body(110, "198.18.0.1"), router_id="10.255.0.1")
    way = [("10.0.0.2", "eth0")]
    holds(host, {V4: way}, family=4)
    for metric, source in ((210, "198.18.0.9"), (110, "198.18.0.1")):
        daemon.configure(body(metric, source))
        until("the mark", 3, lambda: "" if daemon.route(V4, "S").failed == (metric == 210) else "no", 0.05)
        shown = host.inside("ip", "route", "show", "proto", "bird")
        expect("metric 110" in shown and "src 198.18.0.1" in shown and shown.count(V4) == 1, f"the kernel has {shown}")
        expect(hops(host, V4, family=4) == way, "another next hop")


@case("silent.bfd-while-writing", phase=TIMED)
def bfd_while_writing(network):
    """20,000 routes of two next hops lose one with its link while BFD watches a neighbour on another: nobody takes him for dead."""
    count = 20_000
    host, other, third = network.hosts("a", "b", "c")
    for wire in (0, 1):
        network.link(host, f"eth{wire}", other, f"eth{wire}", (f"2001:db8:{wire + 1}::1/64", f"2001:db8:{wire + 1}::2/64"))
    network.link(host, "eth2", third, "eth0", ("2001:db8:9::1/64", "2001:db8:9::2/64"))
    watch = 'protocol bfd BFD {{ interface "*" {{ interval 100 ms; multiplier 3; }}; debug {{ events }}; neighbor 2001:db8:9::{}; }}\n'
    ways = "nexthop objects no;"
    names = [f"2001:{0x1000 + (n >> 12):x}:{n & 0xfff:x}::/48" for n in range(count)]
    quick = "connect delay time 1; hold time 60;"
    ours = watch.format(2) + kernel("routed2", f"merge paths; scan time 3600; {ways}", exports="where source = RTS_BGP")
    theirs = static("bird2", [f"{name} unreachable" for name in names])
    for wire in (0, 1):
        ends = f"2001:db8:{wire + 1}::1", f"2001:db8:{wire + 1}::2"
        ours += bgp("routed2", ends[0], 65001, ends[1], 65002, quick, name=f"B{wire}", exports="none")
        theirs += bgp("bird2", ends[1], 65002, ends[0], 65001, quick, name=f"B{wire}", imports="none")
    a = Daemon(network, host, "routed2", ours, router_id="10.255.0.1")
    Daemon(network, other, "bird2", theirs, router_id="10.255.0.2")

    def written(*interfaces):
        text = host.inside("ip", "-6", "route", "show", "proto", "bird")
        return all(text.count(f"dev {name}") >= count for name in interfaces) and (len(interfaces) > 1 or "dev eth0" not in text)
    until("all routes have both next hops", 60, lambda: "" if written("eth0", "eth1") else "not yet", 1)
    c = Daemon(network, third, "bird2", watch.format(1), router_id="10.255.0.3")
    until("BFD", 10, lambda: "" if " Up " in (text := c.text("show bfd sessions")) else text)
    host.ip("link set eth0 down")
    until("all routes have moved", 30, lambda: "" if written("eth1") else "not yet", 0.5)
    lost = [line for daemon in (a, c) for line in daemon.log.read_text().splitlines() if "Up to Down" in line]
    expect(not lost, f"BFD: {lost}")
