"""The kernel: what others do to our routes and our interfaces, and how we recover."""
from .daemons import kernel, static
from .kernel import hops, routes
from .kernel_routes import ALL, BOTH, alone, gateway, holds, names, via
from .suite import cases
from .system import expect, until


def steady(kind, family, *texts, options=""):
    """Static routes, exported to the kernel; no periodic scan helps."""
    return kernel(kind, f"scan time 3600; {options}", family=family) + static(kind, texts, family=family)


@cases("kernel.tampering.{}-ipv{}", *ALL)
def tampering(network, kind, family):
    """Routes of ours that somebody deletes, flushes or overwrites are put right again."""
    one, two_, three = names(family)
    near = [(gateway(family), "eth0")]
    wanted = {one: near, two_: sorted([*near, (gateway(family, 1), "eth1")]), three: "unreachable"}
    host, _, daemon = alone(network, kind, steady(kind, family, f"{one} via {gateway(family)}",
                                                  f"{two_} {via(kind, gateway(family), gateway(family, 1))}", f"{three} unreachable"))
    holds(host, wanted, family=family)
    for name in (one, two_, three):
        host.ip(f"-{family} route del {name} proto bird")
        holds(host, wanted, family=family)
    # All at once; `ip route flush` cannot: what it has read of routes that lead to objects the kernel does not take back.
    host.ip(*(f"-{family} route del {name} proto bird" for name in wanted))
    holds(host, wanted, family=family)
    expect(not [r for r in daemon.routes() if r.failed], "routes marked !")


@cases("kernel.alien.{}-ipv{}", *ALL)
def alien(network, kind, family):
    """A route of somebody else is in the way: it stays, ours is marked `!` and comes when the way is free."""
    name, = names(family, 1)
    metric = routes_metric(kind, family)
    host, _, daemon = alone(network, kind, kernel(kind, "scan time 3600;", family=family))
    host.ip(f"-{family} route add {name} via {gateway(family, 1)} proto static {metric}")
    daemon.configure(steady(kind, family, f"{name} via {gateway(family)}"))
    until("ours is marked !", 5, lambda: "" if daemon.route(name, "S").failed else str(daemon.route(name, "S")))
    expect(hops(host, name, family=family, protocol="static") == [(gateway(family, 1), "eth1")], "the alien route did not stay")
    expect(not routes(host, name, family=family), "ours is there too")
    host.ip(f"-{family} route del {name} via {gateway(family, 1)} proto static {metric}")
    holds(host, {name: [(gateway(family), "eth0")]}, 10, family=family)
    until("the mark goes", 3, lambda: "" if not daemon.route(name, "S").failed else str(daemon.route(name, "S")))


def routes_metric(kind, family):
    """The metric with which an alien route stands in our way."""
    return "metric 32" if kind == "routed2" else "metric 1024" if family == 6 else "metric 0"


@cases("kernel.link.{}-ipv{}", *ALL)
def link(network, kind, family):
    """An interface goes down and comes back, by either end, and is removed and made anew: routes follow, those of two next hops too."""
    one, two_ = names(family, 2)
    near = [(gateway(family, w), f"eth{w}") for w in (0, 1)]
    host, other, _ = alone(network, kind, steady(kind, family, f"{one} via {near[1][0]}", f"{two_} {via(kind, near[0][0], near[1][0])}"))
    everything = {one: [near[1]], two_: near}
    own = "2001:db8:0:1::1/64" if family == 6 else "10.0.1.1/24"
    restore = f"address replace {own} dev eth1" + (" nodad" if family == 6 else "")
    holds(host, everything, family=family)
    host.ip("link set eth1 down")
    until("routes over a link that is down", 5, lambda: str(found) if (found := hops(host, two_, family=family)) != [near[0]] else "")
    expect(not [r for r in routes(host, one, family=family) if r[2] == "unicast"], f"{one} over a link that is down")
    host.ip("link set eth1 up", restore)
    holds(host, everything, family=family)
    other.ip("link set eth1 down")                     # the carrier goes
    until("the other link remains", 5, lambda: "" if near[0] in hops(host, two_, family=family) else str(hops(host, two_, family=family)))
    other.ip("link set eth1 up")
    other.ip(f"address replace {near[1][0]}/{64 if family == 6 else 24} dev eth1" + (" nodad" if family == 6 else ""))
    holds(host, everything, family=family)
    host.ip("link del eth1")
    until("routes over a link that is gone", 5, lambda: str(found) if (found := hops(host, two_, family=family)) != [near[0]] else "")
    network.link(host, "eth1", other, "eth1", (own, f"{near[1][0]}/{64 if family == 6 else 24}"))
    holds(host, everything, family=family)


@cases("kernel.address.{}-ipv{}", *ALL)
def address(network, kind, family):
    """A route whose gateway is not on any link waits; an address brings it, its removal takes it."""
    name, = names(family, 1)
    far, own = ("2001:db8:5::9", "2001:db8:5::1/64") if family == 6 else ("10.5.0.9", "10.5.0.1/24")
    host, _, daemon = alone(network, kind, steady(kind, family, f"{name} via {far}"))
    expect(not [r for r in routes(host, name, family=family) if r[2] == "unicast"], "installed without a gateway")
    for _ in range(2):
        host.address("eth0", own)
        holds(host, {name: [(far, "eth0")]}, family=family)
        host.ip(f"address del {own} dev eth0")
        until("the route goes", 5, lambda: str(found) if (found := [r for r in routes(host, name, family=family) if r[2] == "unicast"]) else "")
    expect(daemon.protocol("S")[0] == "up", "the protocol is not up")


@cases("kernel.direct.{}", *BOTH)
def direct(network, kind):
    """Direct routes come and go with addresses and links; 2.x writes them to the kernel's table too, 1.6 does not."""
    channel = " ipv6;" if kind == "routed2" else ""
    host, _, daemon = alone(network, kind, kernel(kind) + f'protocol direct D {{{channel} interface "-eth1", "eth*"; }}\n')
    daemon.has(["2001:db8::/64"], "D", 3)
    expect(daemon.route("2001:db8::/64", "D").via == [(None, "eth0")], "the route's interface")
    host.address("eth0", "2001:db8:9::1/60")
    daemon.has(["2001:db8::/64", "2001:db8:9::/60"], "D", 3)
    host.ip("address del 2001:db8:9::1/60 dev eth0")
    daemon.has(["2001:db8::/64"], "D", 3)
    until("the kernel", 3, lambda: "" if [r[0] for r in routes(host)] == (["2001:db8::/64"] if kind == "routed2" else []) else str(routes(host)))
    host.ip("link set eth0 down")
    daemon.has([], "D", 3)
