"""The kernel: what stands in its tables, that it changes without a gap, what of it is learnt, and what stays at the end."""
import time

from .daemons import Daemon, bgp, dialect, kernel, static, two
from .kernel import Monitor, hops, routes
from .network import pair
from .suite import cases
from .system import expect, run, until

BOTH = [("routed6",), ("routed2",)]
ALL = [("routed6", 6), ("routed2", 6), ("routed4", 4), ("routed2", 4)]


def names(family, count=3):
    return [f"2001:db8:{n}::/48" if family == 6 else f"10.{100 + n}.0.0/16" for n in range(1, count + 1)]


def gateway(family, wire=0):
    """The other end of a wire."""
    return ("2001:db8::2", "2001:db8:0:1::2")[wire] if family == 6 else f"10.0.{wire}.2"


def via(kind, *gateways):
    """A static route's destination over some gateways."""
    return ("multipath " if len(gateways) > 1 and dialect(kind) == 1 else "") + " ".join(f"via {g}" for g in gateways)


def alone(network, kind, body):
    """routed on one host of two, with two wires."""
    host, other = pair(network, interfaces=("eth0", "eth1"))
    arguments = ["-4"] if kind == "routed4" else []    # a file without any address does not tell
    return host, other, Daemon(network, host, kind, body, router_id="10.255.0.1", arguments=arguments)


def holds(host, wanted, seconds=5, **options):
    """Waits until the kernel's routes of protocol bird are exactly `wanted`, {network: [(gateway, interface)] or type}."""
    wanted = {name: hops_ if isinstance(hops_, str) else sorted(hops_) for name, hops_ in wanted.items()}

    def problem():
        found = {name: (hops_ if kind == "unicast" else kind) for name, _, kind, hops_ in routes(host, **options)}
        return "" if found == wanted else f"the kernel has {found}, not {wanted}"
    return until("kernel", seconds, problem, 0.05)


@cases("kernel.install.{}-ipv{}", *ALL)
def install(network, kind, family):
    """Every kind of destination is installed, followed through each change of another, and removed."""
    one, two_, three = names(family)
    near = [(gateway(family, w), f"eth{w}") for w in (0, 1)]
    first = {one: [near[0]], two_: near, three: "blackhole"}
    destinations = {one: via(kind, near[0][0]), two_: via(kind, near[0][0], near[1][0]), three: "blackhole"}

    def body(chosen):
        return kernel(kind, family=family) + static(kind, [f"{n} {d}" for n, d in chosen.items()], family=family)
    host, _, daemon = alone(network, kind, body(destinations))
    holds(host, first, family=family)
    metric = {m for _, m, _, _ in routes(host, family=family)}
    default = {32} if dialect(kind) == 2 else {1024 if family == 6 else 0}
    expect(metric == default, f"metric {metric}, not {default}")
    # Every kind of destination becomes every other kind.
    kinds = [(via(kind, near[1][0]), [near[1]]), ("unreachable", "unreachable"), (via(kind, near[0][0]), [near[0]]), ("prohibit", "prohibit"),
             (via(kind, near[0][0], near[1][0]), near), ("blackhole", "blackhole"), (via(kind, near[0][0]), [near[0]]),
             (via(kind, near[0][0], near[1][0]), near), (via(kind, near[1][0]), [near[1]])]
    for text, wanted in kinds:
        daemon.configure(body({**destinations, one: text}))
        holds(host, {**first, one: wanted}, family=family)
    daemon.configure(body({three: "blackhole"}))
    holds(host, {three: "blackhole"}, family=family)
    bad = [r for r in daemon.routes() if r.failed]
    expect(not bad, f"marked !: {bad}")
    expect(daemon.stop() == 0, "the exit status is not 0")
    holds(host, {}, family=family)


@cases("kernel.replace.{}-ipv{}", *ALL)
def replace(network, kind, family):
    """A change of next hops is a replacement: no notification of a removal, from one to two next hops and back."""
    name, = names(family, 1)
    near = [(gateway(family, w), f"eth{w}") for w in (0, 1)]

    def body(*wires):
        return kernel(kind, family=family) + static(kind, [f"{name} {via(kind, *(near[w][0] for w in wires))}"], family=family)
    host, _, daemon = alone(network, kind, body(0))
    holds(host, {name: [near[0]]}, family=family)
    monitor = Monitor(host, family=family)
    try:
        for wires in ((0, 1), (1,), (0,), (0, 1), (0,)):
            daemon.configure(body(*wires))
            holds(host, {name: [near[w] for w in wires]}, family=family)
        until("notifications", 2, lambda: "" if len(monitor.lines(name)) >= 1 else monitor.text())
        removed = [line for line in monitor.text().splitlines() if line.startswith("Deleted") and name in line]
        expect(not removed, f"removed in between: {removed}")
    finally:
        monitor.close()


@cases("kernel.table-and-metric.{}-ipv{}", *ALL)
def table_and_metric(network, kind, family):
    """Another table and another metric; the main table stays empty."""
    name, = names(family, 1)
    body = kernel(kind, "kernel table 77; metric 55;", family=family) + static(kind, [f"{name} via {gateway(family)}"], family=family)
    host, _, daemon = alone(network, kind, body)
    holds(host, {name: [(gateway(family), "eth0")]}, family=family, table=77)
    expect([m for _, m, _, _ in routes(host, family=family, table=77)] == [55], "the metric is not 55")
    expect(not routes(host, family=family), "routes in the main table")
    daemon.stop()
    holds(host, {}, family=family, table=77)


@cases("kernel.details.{}-ipv{}", *ALL)
def details(network, kind, family):
    """What a filter says of MTU, preferred source, realm and scope reaches the kernel and is what scans find there again."""
    name, = names(family, 1)
    wanted = ["mtu 1400"] + ["src 10.0.0.1", "realm 7", "scope link"] * (family == 4) + ["src 2001:db8::1"] * (family == 6)
    settings = "krt_mtu = 1400; krt_prefsrc = " + ("10.0.0.1; krt_realm = 7; krt_scope = 253;" if family == 4 else "2001:db8::1;")
    body = "filter F { " + settings + " accept; }\n" + kernel(kind, "scan time 1;", exports="filter F", family=family)
    destination = 'via "eth0"' if family == 4 else f"via {gateway(family)}"    # IPv4 has no gateways of scope link
    body += static(kind, [f"{name} {destination}"], family=family)
    host, _, daemon = alone(network, kind, body)

    def problem():
        found = run("ip", "-n", host.namespace, f"-{family}", "route", "show", name, "proto", "bird")
        absent = [text for text in wanted if text not in found]
        return f"{absent} not in: {found}" if absent else ""
    until("kernel", 5, problem)
    monitor = Monitor(host, family=family)
    try:
        time.sleep(3)
        expect(not monitor.lines(name), f"written again: {monitor.lines(name)}")
    finally:
        monitor.close()
    daemon.configure(body.replace("1400", "1300"))
    wanted[0] = "mtu 1300"
    until("kernel", 5, problem)


@cases("kernel.persist.{}-ipv{}", *ALL)
def persist(network, kind, family):
    """With persist routes stay at the end; the next run takes them over untouched, and its first scan removes what is stale."""
    one, two_, three = names(family)

    def body(*chosen, options="persist;"):
        return kernel(kind, f"scan time 2; {options}", family=family) + static(kind, [f"{n} via {gateway(family)}" for n in chosen], family=family)
    host, _, daemon = alone(network, kind, body(one, two_, three))
    near = [(gateway(family), "eth0")]
    holds(host, dict.fromkeys((one, two_, three), near), family=family)
    monitor = Monitor(host, family=family)
    try:
        expect(daemon.stop() == 0, "the exit status is not 0")
        holds(host, dict.fromkeys((one, two_, three), near), family=family)
        daemon.write(body(one, two_))
        daemon.start()
        holds(host, dict.fromkeys((one, two_), near), family=family)
        removed = [line for line in monitor.text().splitlines() if line.startswith("Deleted") and (one in line or two_ in line)]
        expect(not removed, f"removed in between: {removed}")
    finally:
        monitor.close()
    daemon.kill()                                      # without persist nothing changes for a daemon that is killed
    holds(host, dict.fromkeys((one, two_), near), family=family)
    daemon.write(body(one, options=""))
    daemon.start()
    holds(host, {one: near}, family=family)
    daemon.stop()
    holds(host, {}, family=family)


@cases("kernel.learn.{}-ipv{}", *ALL)
def learn(network, kind, family):
    """Routes of others are learnt as they come and go, with their attributes; without learn, and from another table, none is."""
    one, two_, three = names(family)
    body = kernel(kind, "learn; scan time 3600;", imports="all", exports="none", family=family)
    host, _, daemon = alone(network, kind, body)
    ip = f"-{family} route"
    host.ip(f"{ip} add {one} via {gateway(family)} proto static metric 500", f"{ip} add {two_} via {gateway(family, 1)} proto 99",
            f"{ip} add {three} via {gateway(family)} table 88 proto static")
    daemon.has([one, two_], "K", 3)
    route = daemon.route(one, "K")
    expect(route.via == [(gateway(family), "eth0")], f"next hop {route.via}")
    attributes = {n.removeprefix("Kernel."): v for n, v in route.attributes.items() if n.startswith("Kernel.")}
    expect((attributes.get("source"), attributes.get("metric")) == ("4", "500"), f"attributes {route.attributes}")
    expect("(10)" in route.info, f"the preference is not 10: {route.info}")
    host.ip(f"{ip} replace {two_} via {gateway(family)} proto 99")
    until("the change is learnt", 3, lambda: "" if daemon.route(two_, "K").via == [(gateway(family), "eth0")] else str(daemon.route(two_, "K")))
    host.ip(f"{ip} del {one} metric 500")
    daemon.has([two_], "K", 3)
    daemon.configure(kernel(kind, "scan time 3600;", imports="all", exports="none", family=family))
    daemon.has([], "K", 3)


@cases("kernel.merge-paths.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def merge_paths(network, kind, bird):
    """The lab author's complaint: two BGP routes over two links are one multipath route of protocol bird, through every change."""
    hosts = pair(network, interfaces=("eth0", "eth1"))
    network_, ends = "2001:db8:a2::/64", [("2001:db8::1", "2001:db8::2"), ("2001:db8:0:1::1", "2001:db8:0:1::2")]
    quick = "connect delay time 1; error wait time 1,2; hold time 6;"
    bodies = [kernel(kind, "merge paths yes;"), static(bird, [f"{network_} blackhole"])]
    for wire, (here, there) in enumerate(ends):
        bodies[0] += bgp(kind, here, 65001, there, 65002, quick, name=f"B{wire}", exports="none")
        bodies[1] += bgp(bird, there, 65002, here, 65001, quick, name=f"B{wire}")
    a, b = two(network, hosts, (kind, bird), bodies)
    near = [(there, f"eth{wire}") for wire, (_, there) in enumerate(ends)]
    holds(a.host, {network_: near}, 10)
    monitor = Monitor(a.host)
    try:
        for wire in (0, 1):
            b.ask(f"disable B{wire}")
            holds(a.host, {network_: [near[1 - wire]]})
            b.ask(f"enable B{wire}")
            holds(a.host, {network_: near}, 10)
        expect(not (gone := [line for line in monitor.lines(network_) if line.startswith("Deleted")]), f"a moment without: {gone}")
    finally:
        monitor.close()
    shown = a.host.inside("ip", "-6", "route", "show", network_)
    expect(shown.count(network_) == 1 and "proto bird" in shown and shown.count("nexthop") == 2, f"ip -6 route: {shown}")
    listed = [r for r in a.routes(network_) if r.network == network_]
    expect(len(listed) == 2 and not any(r.failed for r in listed) and [r.best for r in listed].count(True) == 1, f"show route: {listed}")
    a.ask("disable B0")
    holds(a.host, {network_: [near[1]]})
    a.ask("disable B1")
    holds(a.host, {})
