"""BGP: next hops found through the table, next hop self, both address families in one session."""
import json

from .bgp_routes import ADDRESSES, direct
from .bgp_session import QUICK
from .daemons import Daemon, bgp, dialect, kernel, static, two
from .kernel import hops
from .network import pair
from .suite import cases
from .system import expect, until

LOOPBACKS = ("2001:db8:aa::1", "2001:db8:bb::1")
VIA = {"eth0": "2001:db8::2", "eth1": "2001:db8:0:1::2"}


def _announcing(filter_body):
    return f"filter third {{ {filter_body} accept; }}\n"


@cases("bgp.recursive.{}-{}", ("routed6", "bird6"), ("routed6", "bird2"), ("routed2", "bird6"), ("routed2", "bird2"))
def recursive(network, *kinds):
    """IBGP between loopbacks: next hops are found through the table, and found anew whenever it changes."""
    hosts = pair(network, interfaces=("eth0", "eth1"))
    for host, loopback in zip(hosts, LOOPBACKS):
        host.stub("lo0", f"{loopback}/128")
    third, prefix = "2001:db8:cc::9", "2001:db8:b::/48"

    def ours(interface, third_via):
        routes = [f"2001:db8:bb::/48 via {VIA[interface]}"] + ([f"2001:db8:cc::/48 via {VIA[third_via]}"] if third_via else [])
        return kernel(kinds[0]) + static(kinds[0], routes) + direct(kinds[0], 6) + bgp(
            kinds[0], LOOPBACKS[0], 65001, LOOPBACKS[1], 65001, f"multihop; source address {LOOPBACKS[0]}; {QUICK}", exports="none")
    theirs = kernel(kinds[1]) + static(kinds[1], ["2001:db8:aa::/48 via 2001:db8::1"]) + static(
        kinds[1], [f"{prefix} blackhole", "2001:db8:d::/48 blackhole"], name="OUT") + _announcing(
        f'if proto != "OUT" then reject; if net = {prefix} then bgp_next_hop = {third};') + bgp(
        kinds[1], LOOPBACKS[1], 65001, LOOPBACKS[0], 65001, f"multihop; source address {LOOPBACKS[1]}; {QUICK}", exports="filter third")
    a, b = two(network, hosts, kinds, (ours("eth0", "eth0"), theirs))
    a.established()
    b.established()

    def kernel_has(network_, *wanted):
        until(f"kernel: {network_} via {wanted}", 5, lambda: "" if hops(hosts[0], network_) == [*wanted] else str(hops(hosts[0], network_)))
    kernel_has(prefix, (VIA["eth0"], "eth0"))
    kernel_has("2001:db8:d::/48", (VIA["eth0"], "eth0"))
    expect(a.route(prefix, "B").via == [(VIA["eth0"], "eth0")], f"shown: {a.route(prefix, 'B').via}")
    expect(a.route(prefix, "B").attributes["BGP.next_hop"].split()[0] == third, "the next hop attribute changed")
    a.configure(ours("eth0", "eth1"))                 # the third party's network moves to the other wire
    kernel_has(prefix, (VIA["eth1"], "eth1"))
    kernel_has("2001:db8:d::/48", (VIA["eth0"], "eth0"))
    a.configure(ours("eth0", None))                   # and goes: an unreachable next hop
    until("unreachable", 5, lambda: "" if hops(hosts[0], prefix) == [] else str(hops(hosts[0], prefix)))
    expect(a.route(prefix, "B").via == ["unreachable"], f"shown: {a.route(prefix, 'B').via}")
    a.configure(ours("eth0", "eth0"))
    kernel_has(prefix, (VIA["eth0"], "eth0"))
    expect(a.protocol("B")[1] == "Established", "the session did not stay")


def _chain(network, kinds, options):
    """c announces to a over EBGP, a (routed) to b over IBGP."""
    c = network.host("c")
    a, b = pair(network)
    network.link(c, "eth0", a, "eth1", ("2001:db8:c::3/64", "2001:db8:c::1/64"))
    inner = dialect(kinds[0]) == 2
    ours = kernel(kinds[0]) + direct(kinds[0], 6) + bgp(
        kinds[0], "2001:db8:c::1", 65001, "2001:db8:c::3", 65003, QUICK, name="C", exports="none") + bgp(
        kinds[0], "2001:db8::1", 65001, "2001:db8::2", 65001, QUICK + ("" if inner else options), exports="where source = RTS_BGP",
        channel=options if inner else "")
    theirs = kernel(kinds[1]) + direct(kinds[1], 6) + bgp(kinds[1], "2001:db8::2", 65001, "2001:db8::1", 65001, QUICK, exports="none")
    Daemon(network, c, "bird2", static("bird2", ["2001:db8:7::/48 blackhole"]) + bgp(
        "bird2", "2001:db8:c::3", 65003, "2001:db8:c::1", 65001, QUICK), router_id="10.255.0.3")
    _, bird = two(network, (a, b), kinds, (ours, theirs))
    until("BIRD has the route", 15, lambda: "" if bird.route("2001:db8:7::/48", "B") else "no")
    return a, b, bird.route("2001:db8:7::/48", "B")


@cases("bgp.next-hop-self.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def next_hop_self(network, *kinds):
    """With `next hop self` the IBGP peer comes to us, and its kernel too."""
    a, b, route = _chain(network, kinds, "next hop self;")
    expect(route.attributes["BGP.next_hop"].split()[0] == "2001:db8::1", f"next hop {route.attributes['BGP.next_hop']}")
    expect(route.attributes["BGP.as_path"] == "65003", f"AS path {route.attributes['BGP.as_path']}")
    until("BIRD's kernel", 5, lambda: "" if hops(b, "2001:db8:7::/48") == [("2001:db8::1", "eth0")] else str(hops(b, "2001:db8:7::/48")))
    until("our kernel", 5, lambda: "" if hops(a, "2001:db8:7::/48") == [("2001:db8:c::3", "eth1")] else str(hops(a, "2001:db8:7::/48")))


@cases("bgp.next-hop-kept.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def next_hop_kept(network, *kinds):
    """Without it an IBGP peer gets the next hop as we got it (RFC 4271 §5.1.3)."""
    _, _, route = _chain(network, kinds, "")
    expect(route.attributes["BGP.next_hop"].split()[0] == "2001:db8:c::3", f"next hop {route.attributes['BGP.next_hop']}")


@cases("bgp.both-families.over-ipv{}", (6,), (4,))
def both_families(network, transport):
    """IPv4 and IPv6 unicast in one session with BIRD 2, over either: routes both ways, one of them withdrawn."""
    hosts = pair(network)
    ends = ("2001:db8::1", "2001:db8::2") if transport == 6 else ("10.0.0.1", "10.0.0.2")

    def body(kind, index, count=2):
        return "".join(kernel(kind, name=f"K{f}", family=f) for f in (4, 6)) + static(
            kind, [f"2001:db8:{index + 1}:{n}::/64 blackhole" for n in range(count)], name="S6") + static(
            kind, [f"10.{index + 1}.{n}.0/24 blackhole" for n in range(count)], name="S4", family=4) + bgp(
            kind, ends[index], 65001 + index, ends[1 - index], 65002 - index, QUICK, families=(4, 6))
    kinds = ("routed2", "bird2")
    a, b = two(network, hosts, kinds, [body(k, i) for i, k in enumerate(kinds)])
    a.established()
    b.established()
    for daemon, other, near in ((a, 2, ("10.0.0.2", "2001:db8::2")), (b, 1, ("10.0.0.1", "2001:db8::1"))):
        for family, prefix, hop in ((4, f"10.{other}.{{}}.0/24", near[0]), (6, f"2001:db8:{other}:{{}}::/64", near[1])):
            for number in (0, 1):
                name = prefix.format(number).replace(":0::", "::")
                until(f"{daemon.name}'s kernel has {name}", 5,
                      lambda: "" if hops(daemon.host, name, family=family) == [(hop, "eth0")] else str(hops(daemon.host, name, family=family)))
    a.configure(body("routed2", 0, 1))
    for family, name in ((4, "10.1.1.0/24"), (6, "2001:db8:1:1::/64")):
        until(f"BIRD's kernel is without {name}", 5, lambda: str(f) if (f := hops(b.host, name, family=family)) != "0 routes" else "")
    b.configure(body("bird2", 1, 1))
    for family, name in ((4, "10.2.1.0/24"), (6, "2001:db8:2:1::/64")):
        until(f"our kernel is without {name}", 5, lambda: str(f) if (f := hops(a.host, name, family=family)) != "0 routes" else "")
    expect(a.protocol("B")[1] == "Established", "the session did not stay")


def _only_link_local(host, address):
    """The one link-local address of eth0, instead of the kernel's."""
    host.ip(*(f"address del {entry['local']}/64 dev eth0" for interface in json.loads(host.inside("ip", "-j", "-6", "address", "show", "eth0"))
              for entry in interface["addr_info"] if entry["scope"] == "link"))
    host.address("eth0", f"{address}/64")


@cases("bgp.next-hop-prefer.{}", ("routed2",), ("bird2",))
def next_hop_prefer(network, middle):
    """A recursive next hop on a network of ours: over the link-local address beside it, or the global one where that is preferred."""
    hosts = pair(network)
    for host, letter in zip(hosts, "ab"):
        _only_link_local(host, f"fe80::{letter}")
    theirs = static("bird2", ["2001:db8:7::/48 blackhole"]) + bgp("bird2", ADDRESSES[6][1], 65001, ADDRESSES[6][0], 65001, f"{QUICK} direct;")
    def ours(option):
        return kernel(middle) + direct(middle, 6) + bgp(
            middle, ADDRESSES[6][0], 65001, ADDRESSES[6][1], 65001, f"{QUICK} direct;", channel=f"gateway recursive; {option}", exports="none")
    a, _ = two(network, hosts, (middle, "bird2"), (ours(""), theirs))
    for option, gateway in (("", "fe80::b"), ("next hop prefer global;", "2001:db8::2"), ("", "fe80::b")):
        a.configure(ours(option))
        a.established(seconds=15)
        until(f"with {option!r} the way is over {gateway}", 15,
              lambda: "" if (found := hops(hosts[0], "2001:db8:7::/48")) == [(gateway, "eth0")] else str(found))


def _without_ipv4(network):
    """Two hosts on a link of IPv6 alone, each with an IPv4 address on lo."""
    a, b = network.hosts("a", "b")
    network.link(a, "eth0", b, "eth0", ("2001:db8::1/64", "2001:db8::2/64"))
    for index, (host, letter) in enumerate(((a, "a"), (b, "b")), 1):
        _only_link_local(host, f"fe80::{letter}")
        host.ip(f"address add 10.{index}.0.1/32 dev lo")
    return a, b


@cases("bgp.extended-next-hop.{1}.{0}", *[(kind, how) for how in ("external", "link-local", "internal", "both-families") for kind in ("routed2", "bird2")])
def extended_next_hop(network, middle, how):
    """IPv4 routes with IPv6 next hops (RFC 8950) over a link without IPv4: both kernels have them, and packets pass."""
    hosts, kinds = _without_ipv4(network), (middle, "bird2")

    def body(index, count=2):
        here, there = ("fe80::a", "fe80::b")[::1 - 2 * index] if how == "link-local" else ADDRESSES[6][::1 - 2 * index]
        peer = f"{there}%eth0" if how == "link-local" else there
        number, other = (65001, 65001) if how == "internal" else (65001 + index, 65002 - index)
        kind, options = kinds[index], f"{QUICK} direct; "
        options += "ipv4 { import all; export where source != RTS_BGP; extended next hop yes; %s };" % (
            "gateway recursive;" if how == "internal" else "")
        families = (6,) if how == "both-families" else ()
        routes = [f'10.{index + 1}.0.1/32 via "lo"'] + [f"10.{index + 1}.{n}.0/24 blackhole" for n in range(1, count)]
        local = "" if how != "link-local" else "%eth0"
        return kernel(kind, name="K4", family=4, exports="where source = RTS_BGP") + kernel(
            kind, name="K6", exports="where source = RTS_BGP") + direct(kind, 6) + static(kind, routes, name="S4", family=4) + static(
            kind, [f"2001:db8:{index + 1}::/48 blackhole"], name="S6") + bgp(
            kind, here + local, number, peer, other, options, families=families, exports="where source = RTS_STATIC")
    a, b = two(network, hosts, kinds, [body(index) for index in (0, 1)])
    for daemon in (a, b):
        daemon.established(seconds=15)
    gateways = ("fe80::b", "fe80::a") if how in ("link-local", "internal") else ADDRESSES[6][::-1]
    for daemon, gateway, other in ((a, gateways[0], 2), (b, gateways[1], 1)):
        for prefix in (f"10.{other}.0.1/32", f"10.{other}.1.0/24"):
            until(f"{daemon.name}'s kernel has {prefix}", 10,
                  lambda: "" if (found := hops(daemon.host, prefix, family=4)) == [(gateway, "eth0")] else f"{found}, not over {gateway}")
    a.host.inside("ping", "-c", "1", "-W", "2", "-I", "10.1.0.1", "10.2.0.1")
    for daemon in (a, b):
        told = [line.strip() for line in daemon.details("B").splitlines()]
        expect(told.count("Extended next hop") == 2 and told.count("IPv6 nexthop: ipv4") == 2, f"{daemon.name} shows {told}")
        expect(how != "internal" or "IGP IPv6 table: master6" in told, f"{daemon.name} shows {told}")
    shown = [line.split(":", 1)[1].split() for line in a.details("B").splitlines() if "BGP Next hop" in line]
    expect(shown and all(line[0] in ("2001:db8::1", "::", "fe80::a") for line in shown), f"next hop shown: {shown}")
    for daemon, index, other in ((a, 0, b), (b, 1, a)):
        daemon.configure(body(index, 1))
        gone = f"10.{index + 1}.1.0/24"
        until(f"{other.name}'s kernel is without {gone}", 5,
              lambda: str(f) if (f := hops(other.host, gone, family=4)) != "0 routes" else "")
        expect(other.protocol("B")[1] == "Established", "the session did not stay")


@cases("bgp.extended-next-hop.ipv6-over-ipv4.{}", ("routed2",), ("bird2",))
def extended_next_hop_ipv4(network, middle):
    """IPv6 routes with IPv4 next hops (RFC 4798): told and shown, and refused by the kernel."""
    hosts, kinds = pair(network), (middle, "bird2")

    def body(index):
        return kernel(kinds[index]) + static(kinds[index], [f"2001:db8:{index + 1}::/48 blackhole"]) + bgp(
            kinds[index], ADDRESSES[4][index], 65001 + index, ADDRESSES[4][1 - index], 65002 - index, QUICK, channel="extended next hop yes;")
    daemons = two(network, hosts, kinds, [body(index) for index in (0, 1)])
    for index, daemon in enumerate(daemons):
        prefix = f"2001:db8:{2 - index}::/48"
        until(f"{daemon.name} has {prefix}", 15, lambda: "" if daemon.route(prefix, "B") else "no")
        found, wanted = daemon.route(prefix, "B"), ADDRESSES[4][1 - index]
        expect(found.via == [(wanted, "eth0")] and found.attributes["BGP.next_hop"] == wanted, f"{daemon.name}: {found}")
        expect(hops(daemon.host, prefix) == "0 routes", f"{daemon.name}'s kernel: {hops(daemon.host, prefix)}")
    until("it is marked", 5, lambda: "" if daemons[0].route("2001:db8:2::/48", "B").failed else "no") if middle == "routed2" else None
