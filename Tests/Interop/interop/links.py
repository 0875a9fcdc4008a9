"""What depends on the interfaces: addresses, networks and the router id come, go and move while the daemons run."""
from .bgp_session import QUICK
from .daemons import Daemon, bgp, kernel, static
from .kernel import hops
from .network import pair
from .suite import case, cases
from .system import expect, until

QUICK = "connect delay time 1; connect retry time 2; error wait time 1,2;"


def via(daemon, network):
    """Where its table leads: the interfaces and gateways of the routes to a network."""
    return [way for route in daemon.routes(network) if route.network == network for way in route.via]


def leads(daemon, network, *wanted):
    until(f"{daemon.name}: {network} via {wanted}", 10, lambda: "" if via(daemon, network) == [*wanted] else str(via(daemon, network)))


def in_kernel(host, network, *wanted, family=6):
    """Waits for one route with these next hops, or for none."""
    until(f"kernel: {network} via {wanted}", 10, lambda: "" if hops(host, network, family=family) == ([*wanted] or "0 routes")
          else str(hops(host, network, family=family)))


def announcing(next_hop, networks, family, only=None):
    """BIRD announces networks with one next hop, or one of them."""
    condition = f"if net = {only} then " if only else ""
    third = f"filter third {{ {condition}bgp_next_hop = {next_hop}; accept; }}\n"
    ends = ("10.0.0.2", "10.0.0.1") if family == 4 else ("2001:db8::2", "2001:db8::1")
    return third + static("bird2", [f"{n} unreachable" for n in networks], family=family) + bgp(
        "bird2", ends[0], 65002, ends[1], 65001, QUICK, exports="filter third", imports="none", families=(family,))


def receiving(family, options=""):
    ends = ("10.0.0.1", "10.0.0.2") if family == 4 else ("2001:db8::1", "2001:db8::2")
    return kernel("routed2", family=family) + bgp(
        "routed2", ends[0], 65001, ends[1], 65002, QUICK + options, exports="none", families=(family,))


@cases("links.no-next-hop.{}", ("198.18.0.1",), ("198.18.0.0",), ("198.18.0.255",), ("10.0.0.0",), ("2001:db8:18::1",))
def no_next_hop(network, address):
    """An address of ours, of a network of ours or of all its hosts is no next hop (RFC 4271 §6.3): said once, with the route and why."""
    a_host, b_host = pair(network)
    a_host.stub("lan0", "198.18.0.1/24", "2001:db8:18::1/64")
    family = 6 if ":" in address else 4
    bad, good = ("2001:db8:a::/48", "2001:db8:b::/48") if family == 6 else ("203.0.113.0/25", "203.0.113.128/25")
    gateway = "2001:db8::2" if family == 6 else "10.0.0.2"
    a = Daemon(network, a_host, "routed2", receiving(family), router_id="10.255.0.1")
    Daemon(network, b_host, "bird2", announcing(address, [bad, good], family, only=bad), router_id="10.255.0.2")
    leads(a, good, (gateway, "eth0"))
    until("the reason", 5, lambda: "" if a.logged(f"B: Invalid NEXT_HOP {address} of {bad}: it is ") else a.log.read_text()[-300:])
    expect(via(a, bad) == [], f"it is taken: {via(a, bad)}")


@cases("links.network-comes.{}", (4,), (6,))
def network_comes(network, family):
    """A next hop that was on no network of ours can be used as soon as it is: by new routes at once, by the others when they come again."""
    a_host, b_host = pair(network)
    a_host.stub("lan0")
    hop, own, first, second = ("198.18.0.7", "198.18.0.1/24", "203.0.113.0/25", "203.0.113.128/25") if family == 4 else (
        "2001:db8:18::7", "2001:db8:18::1/64", "2001:db8:a::/48", "2001:db8:b::/48")
    a = Daemon(network, a_host, "routed2", receiving(family), router_id="10.255.0.1")
    b = Daemon(network, b_host, "bird2", announcing(hop, [first], family), router_id="10.255.0.2")
    until("the refusal", 15, lambda: "" if a.logged(f"Invalid NEXT_HOP {hop} of {first}: it is on no network of ours") else a.log.read_text()[-300:])
    expect(via(a, first) == [], str(via(a, first)))
    a_host.address("lan0", own)
    until("the address", 5, lambda: "" if own.split("/")[0] in a.text("show interfaces") else "not seen")
    b.configure(announcing(hop, [first, second], family))
    leads(a, second, (hop, "lan0"))
    a.ask("reload B")
    leads(a, first, (hop, "lan0"))


@cases("links.network-moves.{}", (4,), (6,))
def network_moves(network, family):
    """The network of a third router moves to another interface, goes, and comes back: its routes follow, and lead nowhere in between."""
    a_host, b_host = pair(network)
    hop, own, prefix = ("198.18.0.7", "198.18.0.1/24", "203.0.113.0/25") if family == 4 else (
        "2001:db8:18::7", "2001:db8:18::1/64", "2001:db8:a::/48")
    a_host.stub("lan0", own)
    a_host.stub("lan1")
    a = Daemon(network, a_host, "routed2", receiving(family), router_id="10.255.0.1")
    Daemon(network, b_host, "bird2", announcing(hop, [prefix], family), router_id="10.255.0.2")
    leads(a, prefix, (hop, "lan0"))
    since = a.since("B")
    a_host.ip(f"address del {own} dev lan0")
    leads(a, prefix, "unreachable")
    for interface in ("lan1", "lan0"):
        a_host.address(interface, own)
        leads(a, prefix, (hop, interface))
        in_kernel(a_host, prefix, (hop, interface), family=family)
        if interface == "lan1":
            a_host.ip("link set lan1 down")
            leads(a, prefix, "unreachable")
    expect(a.since("B") == since, "the session was another one in between")


@cases("links.port-joins-bridge.{}", (4,), (6,))
def port_joins_bridge(network, family):
    """The neighbour's own network moves from a port to the bridge that the port joins: the session and its routes are there then."""
    a_host, b_host = pair(network)
    own, gateway, prefix = ("10.0.0.1/24", "10.0.0.2", "203.0.113.0/25") if family == 4 else (
        "2001:db8::1/64", "2001:db8::2", "2001:db8:a::/48")
    a = Daemon(network, a_host, "routed2", receiving(family), router_id="10.255.0.1")
    Daemon(network, b_host, "bird2", announcing(gateway, [prefix], family), router_id="10.255.0.2")
    in_kernel(a_host, prefix, (gateway, "eth0"), family=family)
    a_host.ip("link add br0 type bridge", "link set br0 up")
    a_host.address("br0", own)
    a_host.ip("link set eth0 master br0", f"address del {own} dev eth0")
    leads(a, prefix, (gateway, "br0"))
    in_kernel(a_host, prefix, (gateway, "br0"), family=family)


@case("links.own-link-local")
def own_link_local(network):
    """Our link-local address changes: the peer hears the new one with all routes, and the session stays (RFC 2545 §3)."""
    a_host, b_host = pair(network)
    a_host.ip("address flush dev eth0 scope link")
    a_host.address("eth0", "fe80::a1/64")
    a = Daemon(network, a_host, "routed2", static("routed2", ["2001:db8:a::/48 unreachable"]) + bgp(
        "routed2", "2001:db8::1", 65001, "2001:db8::2", 65002, QUICK), router_id="10.255.0.1")
    b = Daemon(network, b_host, "bird2", bgp("bird2", "2001:db8::2", 65002, "2001:db8::1", 65001, QUICK, exports="none"), router_id="10.255.0.2")

    def told(text):
        until(f"next hop {text}", 10, lambda: "" if (r := b.route("2001:db8:a::/48", "B")) and r.attributes["BGP.next_hop"] == text
              else str(r and r.attributes["BGP.next_hop"]))
    told("2001:db8::1 fe80::a1")
    since = a.since("B")
    a_host.ip("address del fe80::a1/64 dev eth0")
    told("2001:db8::1")
    a_host.address("eth0", "fe80::a2/64")
    told("2001:db8::1 fe80::a2")
    expect(a.since("B") == since, "the session was another one in between")


@case("links.strict-bind")
def strict_bind(network):
    """With `strict bind` a peer can connect to an address that comes after the daemon, and to a link-local one, of whatever interface has it."""
    a_host, b_host = pair(network)
    for host, end in ((a_host, "fe80::a"), (b_host, "fe80::b")):
        host.address("eth0", f"{end}/64")
    a = Daemon(network, a_host, "routed2", bgp(
        "routed2", "2001:db8:1::1", 65001, "2001:db8:1::2", 65002, "strict bind; passive;", name="LATE") + bgp(
        "routed2", "2001:db8:2::1", 65001, "2001:db8:2::2", 65002, "multihop; strict bind; passive;", name="FAR") + bgp(
        "routed2", "fe80::a%eth0", 65001, "fe80::b%eth0", 65002, "strict bind; passive;", name="LINK"), router_id="10.255.0.1")
    b = Daemon(network, b_host, "bird2", bgp("bird2", "2001:db8:1::2", 65002, "2001:db8:1::1", 65001, QUICK, name="LATE") + bgp(
        "bird2", "2001:db8:2::2", 65002, "2001:db8:2::1", 65001, f"multihop; {QUICK}", name="FAR") + bgp(
        "bird2", "fe80::b%eth0", 65002, "fe80::a%eth0", 65001, QUICK, name="LINK"), router_id="10.255.0.2")
    a.established("LINK")
    expect(a.protocol("LATE")[1] != "Established" and a.protocol("FAR")[1] != "Established", "sessions with addresses that are not there")
    for index in (1, 2):
        a_host.address("eth0", f"2001:db8:{index}::1/64")
        b_host.address("eth0", f"2001:db8:{index}::2/64")
    a.established("LATE", 20)
    a.established("FAR", 20)
    # The interface is another one, under its old name.
    a_host.ip("link del eth0")
    network.link(a_host, "eth0", b_host, "eth0", *[
        (f"2001:db8:{i}::1/64", f"2001:db8:{i}::2/64") for i in (1, 2)], ("fe80::a/64", "fe80::b/64"))
    for name in ("LINK", "LATE", "FAR"):
        until(f"{name} again", 30, lambda: "" if a.protocol(name)[1] == b.protocol(name)[1] == "Established" else str(a.protocol(name)))


@case("links.router-id-comes")
def router_id_comes(network):
    """Without any IPv4 address there is no router id: BGP and OSPF begin when one comes, and nobody is told an identifier of 0."""
    a_host, b_host = pair(network)
    a_host.ip("address del 10.0.0.1/24 dev eth0")
    bodies = [bgp(kind, f"2001:db8::{n}", 65000 + n, f"2001:db8::{3 - n}", 65003 - n, QUICK)
              + 'protocol ospf v3 O { ipv6 { import all; export none; }; area 0 { interface "eth0" { type ptp; hello 1; dead 4; }; }; }\n'
              for n, kind in ((1, "routed2"), (2, "bird2"))]
    a = Daemon(network, a_host, "routed2", bodies[0], router_id="", head=f'log "{a_host.folder}/a.log" all;\nprotocol device {{ }}\n')
    b = Daemon(network, b_host, "bird2", bodies[1], router_id="10.255.0.2")
    until("it waits", 5, lambda: "" if a.logged("B: There is no router ID yet") and a.logged("O: There is no router ID yet") else "no word of it")
    expect(a.protocol("B")[0] == a.protocol("O")[0] == "down", f"{a.protocol('B')} {a.protocol('O')}")
    expect("0.0.0.0" in a.text("show status") and a.protocol("B")[0] == "down", "`show status` has changed it")
    a_host.address("eth0", "10.0.0.1/24")
    b.established("B", 20)
    until("OSPF", 20, lambda: "" if "Full" in b.text("show ospf neighbors O") else b.text("show ospf neighbors O"))
    expect("10.0.0.1" in a.text("show status"), a.text("show status"))
    expect("10.0.0.1" in b.text("show ospf neighbors O") and "Neighbor ID:      10.0.0.1" in b.details("B"), b.details("B"))
    expect(not b.logged("Bad BGP identifier"), "an OPEN with identifier 0")
    a.configure(bodies[0])
    expect(a.protocol("B")[1] == "Established" and not a.logged("Restarting"), "the same configuration is another one")


@cases("links.static-gateway.{}", ("routed2",), ("bird2",), ("routed4",))
def static_gateway(network, kind):
    """A gateway has to be on a network of the interface that is named with it, unless it is `onlink`; a network's address is none."""
    host = network.host("a")
    host.stub("if1", "198.18.0.1/24")
    host.stub("if2", "198.18.0.10/24")
    routes = [f"198.51.100.{n}/32 via {gateway}" for n, gateway in enumerate(
        ("198.18.0.77%if1", "198.18.0.77%if2", "198.18.0.77", "198.19.0.1%if1", "198.18.0.0", "198.18.0.255", "198.18.0.1"))]
    onlink = kind == "routed2"                         # 1.6 has none, and BIRD 2.0.12 does not take such a gateway with it
    a = Daemon(network, host, kind, kernel(kind, family=4) + static(
        kind, routes + ["198.51.100.9/32 via 198.19.0.1%if1 onlink"] * onlink, family=4), router_id="10.255.0.1")

    def has(**wanted):
        wanted = {f"198.51.100.{name[1:]}/32": interface for name, interface in wanted.items()}
        if not onlink:
            wanted.pop("198.51.100.9/32", None)
        until(f"routes {wanted}", 10, lambda: "" if (found := {r.network: r.via[0][1] for r in a.routes("protocol S")}) == wanted else str(found))
    has(n0="if1", n1="if2", n2="if1", n6="if1", n9="if1")
    host.ip("address del 198.18.0.1/24 dev if1")
    has(n1="if2", n2="if2", n6="if2", n9="if1")
    in_kernel(host, "198.51.100.0/32", family=4)
    host.address("if1", "198.18.0.1/24")
    until("the route is back", 10, lambda: "" if ("198.18.0.77", "if1") in via(a, "198.51.100.0/32") else "no")
    in_kernel(host, "198.51.100.0/32", ("198.18.0.77", "if1"), family=4)
