"""Several kernel tables with pipes between them, routes to links, what is there before the start, and the choice of addresses, as BIRD's."""
import re
import time

from .daemons import Daemon, bgp, dialect, kernel, static
from .kernel import hops, routes
from .kernel_events import steady
from .kernel_routes import ALL, BOTH, alone, gateway, holds, names, via
from .network import pair
from .suite import cases
from .system import expect, until
from .tables import PAIRS, _second, in_table, pipe, table


def hosts(network, kinds):
    """A pair of hosts for each kind."""
    return [(kind, *(pair(network) if not index else _second(network))) for index, kind in enumerate(kinds)]


def in_kernel(host, number, protocol="bird"):
    return sorted((name, metric, kind, tuple(hops_)) for name, metric, kind, hops_ in routes(host, table=number, protocol=protocol))


@cases("kernel.tables.{}-{}", *PAIRS)
def tables(network, routed, bird):
    """Two kernel tables, each with a table of its own, and a pipe between these with filters both ways: what others put into one comes
    into the other, and goes again; nothing goes round."""
    found, daemons = {}, {}
    for kind, host, _ in hosts(network, (routed, bird)):
        learn = "learn; scan time 1;"
        body = (table(kind, "one") + table(kind, "two")
                + _on(kind, "one", kernel(kind, f"kernel table 81; {learn}", name="K1", imports="all"))
                + _on(kind, "two", kernel(kind, f"kernel table 82; {learn}", name="K2", imports="all"))
                + in_table(kind, "one", (["2001:db8:51::/48 via 2001:db8::2", "2001:db8:52::/48 blackhole"], "S1"))
                + pipe(kind, "P", "one", "two", "export where net ~ [ 2001:db8::/32{48,48} ]; import where net ~ [ 2001:db8:a0::/44+ ];"))
        host.ip("-6 route add 2001:db8:71::/48 via 2001:db8::2 table 81 proto 99", "-6 route add 2001:db8:72::/48 dev eth0 table 81 proto 99",
                "-6 route add 2001:db8:73::/64 via 2001:db8::2 table 81 proto 99", "-6 route add 2001:db8:a1::/48 via 2001:db8::2 table 82 proto 99",
                "-6 route add 2001:db8:b1::/48 via 2001:db8::2 table 82 proto 99")
        daemons[kind] = Daemon(network, host, kind, body, router_id="10.255.0.1", name=f"d-{kind}")
        found[kind] = host

    def problem(has, lacks=()):
        ours, theirs = ({n: in_kernel(found[kind], n) for n in (81, 82)} for kind in (routed, bird))
        if not all(any(name == network_ for name, *_ in ours[number]) for number, network_ in has):
            return f"without some of {has}: {ours}"
        if any(name == network_ for number, network_ in lacks for name, *_ in ours[number]):
            return f"with some of {lacks}: {ours}"
        return "" if ours == theirs else f"routed {ours} BIRD {theirs}"
    first = [(82, "2001:db8:71::/48"), (82, "2001:db8:51::/48"), (81, "2001:db8:a1::/48"), (82, "2001:db8:52::/48")]
    until("the kernel's tables", 10, lambda: problem(first), 0.2)
    for kind in (routed, bird):
        found[kind].ip("-6 route del 2001:db8:71::/48 table 81 proto 99", "-6 route del 2001:db8:a1::/48 table 82 proto 99")
        daemons[kind].ask("disable S1")
    until("they follow", 10, lambda: problem([], first), 0.2)


def _on(kind, name, protocol):
    return protocol.replace("{", f"{{ table {name};", 1) if dialect(kind) == 1 else protocol.replace("ipv6 {", f"ipv6 {{ table {name};", 1)


@cases("kernel.learn-before.{}-ipv{}", *ALL)
def learn_before(network, kind, family):
    """What was in the kernel's table before the start is learnt."""
    one, two = names(family, 2)
    host = network.host("a")
    other = network.host("b")
    network.link(host, "eth0", other, "eth0", ("2001:db8::1/64", "2001:db8::2/64"), ("10.0.0.1/24", "10.0.0.2/24"))
    for name in (one, two):
        host.ip(f"-{family} route add {name} via {gateway(family)} proto 99")
    daemon = Daemon(network, host, kind, kernel(kind, "learn; scan time 2;", imports="all", exports="none", family=family), router_id="10.255.0.1",
                    arguments=["-4"] if kind == "routed4" else [])
    daemon.has([one, two], "K", 3)
    time.sleep(3)
    daemon.has([one, two], "K", 1)


@cases("kernel.left-over-without-scans.{}", *BOTH)
def left_over(network, kind):
    """With `persist` and `scan time 0` what an earlier run left and nobody wants goes too, after a minute."""
    one, two = names(6, 2)

    def body(*chosen):
        return kernel(kind, "persist; scan time 0;") + static(kind, [f"{n} via {gateway(6)}" for n in chosen])
    host, _, daemon = alone(network, kind, body(one, two))
    near = [(gateway(6), "eth0")]
    holds(host, {one: near, two: near})
    expect(daemon.stop() == 0, "the exit status is not 0")
    daemon.write(body(one))
    daemon.start()
    time.sleep(10)
    expect(sorted(n for n, *_ in routes(host)) == [one, two], "gone already")
    holds(host, {one: near}, 60)


@cases("kernel.link-down.{}-ipv{}", *ALL)
def link_down(network, kind, family):
    """A link that is down is no error: a route with another next hop uses that at once, one without waits, and both are right again when
    the link is up, without a scan."""
    one, two = names(family, 2)
    near = [(gateway(family, w), f"eth{w}") for w in (0, 1)]
    own = "2001:db8:0:1::1/64" if family == 6 else "10.0.1.1/24"
    restore = f"address replace {own} dev eth1" + (" nodad" if family == 6 else "")
    # The interface stands in the next hop, so that the static protocol goes on with it while the link is down.
    texts = [f"{one} {via(kind, *(g for g, _ in near))}", f"{two} via {near[1][0]}"]
    host, _, daemon = alone(network, kind, steady(kind, family, *texts))
    holds(host, {one: near, two: [near[1]]}, family=family)
    for _ in range(3):
        host.ip("link set eth1 down")
        until("the other next hop", 1, lambda: str(found) if (found := hops(host, one, family=family)) != [near[0]] else "", 0.02)
        host.ip("link set eth1 up", restore)
        holds(host, {one: near, two: [near[1]]}, 3, family=family)
    errors = [line for line in daemon.log.read_text().splitlines() if "<ERR>" in line]
    expect(not errors, f"in the log: {errors}")
    expect(not [r for r in daemon.routes() if r.failed], "marked !")


@cases("table.router-id.{}-{}", ("routed4", "bird4"), ("routed2", "bird2"))
def router_id(network, routed, bird):
    """`router id from` and the automatic choice, as BIRD's, at the start and after a reconfiguration."""
    daemons = []
    texts = ["", 'router id from "lo";', 'router id from "eth*";', 'router id from -"eth0", "*";', "router id from 10.0.0.0/8;",
             'router id from -192.0.2.0/24, "lo" 203.0.113.0/24;', 'router id from "lo" 192.0.2.0/24, "eth0";', "router id 10.9.9.9;"]
    for kind, host, _ in hosts(network, (routed, bird)):
        host.ip("address add 203.0.113.7/32 dev lo", "address add 192.0.2.1/32 dev lo")
        host.stub("eth7", "10.7.0.1/24", "172.16.0.1/24")
        head = "protocol device { }\nprotocol static S { " + ("ipv4; " if dialect(kind) == 2 else "") + "route 192.0.2.99/32 blackhole; }\n"
        daemons.append((Daemon(network, host, kind, head, router_id="", name=f"d-{kind}", head="", arguments=["-4"] if kind == "routed4" else []), head))
    for text in texts:
        for daemon, head in daemons:
            daemon.stop()
            daemon.write(f"{text}\n{head}")
            daemon.start()
        _same(daemons, f"started with {text}")
    for text in texts:
        for daemon, head in daemons:
            daemon.configure(f"{text}\n{head}")
        _same(daemons, f"configured with {text}")


def _same(daemons, what):
    def ids():
        return [re.search(r"Router ID is (\S+)", daemon.text("show status"))[1] for daemon, _ in daemons]
    until(what, 3, lambda: "" if len(set(ids())) == 1 else str(ids()))


@cases("table.preferred.{}-{}", ("routed2", "bird2"))
def preferred(network, routed, bird):
    """`preferred` chooses the link-local address and the one of the other family that BGP announces."""
    seen = {}
    for kind, host, other in hosts(network, (routed, bird)):
        host.address("eth0", "10.0.9.1/24", "10.0.8.1/24", "fe80::aa/64", "fe80::bb/64")
        other.address("eth0", "10.0.8.2/24", "10.0.9.2/24")
        head = f'log "{host.folder}/{kind}.log" all;\nrouter id 10.255.0.1;\nprotocol device {{ interface "eth0" {{ preferred 10.0.8.1; preferred fe80::bb; }}; }}\n'
        body = (static(kind, ["2001:db8:1::/48 blackhole"]) + static(kind, ["192.0.2.0/24 blackhole"], name="S4", family=4)
                + bgp(kind, "2001:db8::1", 65001, "2001:db8::2", 65002, "connect delay time 1;", imports="none", families=(4, 6)))
        Daemon(network, host, kind, body, router_id="", head=head, name=f"d-{kind}")
        receiver = Daemon(network, other, "bird2", bgp("bird2", "2001:db8::2", 65002, "2001:db8::1", 65001, "connect delay time 1;", exports="none",
                                                       families=(4, 6)), router_id="10.255.0.2", name=f"r-{kind}")
        receiver.has(["2001:db8:1::/48", "192.0.2.0/24"], "B", 15)
        seen[kind] = {r.network: r.attributes["BGP.next_hop"] for r in receiver.routes("protocol B")}
    expect(seen[routed] == seen[bird], str(seen))
    expect(seen[routed] == {"2001:db8:1::/48": "2001:db8::1 fe80::bb", "192.0.2.0/24": "10.0.8.1"}, str(seen))
