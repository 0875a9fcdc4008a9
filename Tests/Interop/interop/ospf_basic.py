"""OSPFv3 on one link: adjacency, routes and databases, restarts, many externals."""
import re
import time

from .daemons import ospf, static, two
from .kernel import hops
from .network import pair
from .suite import cases
from .system import Failure, expect, until

KINDS = [("routed6", "bird6"), ("routed6", "bird2"), ("routed2", "bird6"), ("routed2", "bird2")]
# BIRD 2 makes a route type 2 when both metrics are set, BIRD 1.6 when the first is not: unset what is not meant.
EXPORT = """filter externals {{
  if source != RTS_STATIC then reject;
  if net = {0} then {{ ospf_metric1 = 50; {1} }}
  if net = {2} then {{ ospf_metric2 = 777; ospf_tag = 4660; }}
  accept;
}}
"""


def externals(letter):
    return [f"2001:db8:{letter}{n}::/48" for n in (1, 2, 3)]


def body(kind, letter, link_type, extra="", count=0, interfaces=("eth0",)):
    """Externals of three looks, a stub network, and OSPF on the link."""
    plain, first, second = externals(letter)
    many = [f"2001:db8:f{letter}:{n:x}::/64 blackhole" for n in range(1, count + 1)]
    inner = {name: f"type {link_type}; {extra}" for name in interfaces}
    return static(kind, [f"{n} blackhole" for n in externals(letter)] + many) + EXPORT.format(first, "", second) + (
        "protocol kernel K { export all; import none; }\n" if kind.endswith("6") else "protocol kernel K { ipv6 { export all; import none; }; }\n"
    ) + ospf(kind, {**inner, "lan0": "stub yes; cost 7;"}, "ecmp yes; merge external yes;", exports="filter externals")


def neighbors(daemon):
    """router id → (state, position) of `show ospf neighbors`."""
    found = {}
    for code, line in daemon.ask("show ospf neighbors O"):
        if matched := re.match(r"(\d+\.\d+\.\d+\.\d+)\s+\d+\s+([\w-]+)/(\w+)", line) if code == 1013 else None:
            found[matched[1]] = (matched[2], matched[3])
    return found


def full(daemon, count=1, seconds=15):
    def problem():
        found = neighbors(daemon)
        return "" if [state for state, _ in found.values()].count("Full") == count else str(found)
    return until(f"{daemon.name} ({daemon.kind}): {count} neighbours Full", seconds, problem)


def database(daemon):
    """{(scope, type, id, router): (sequence, age, checksum)} of `show ospf lsadb`."""
    found, scope = {}, None
    for code, line in daemon.ask("show ospf lsadb O"):
        if code != 1017 or not line.strip() or line.startswith(" Type"):
            continue
        row = line.split()
        if row[0] in ("Global", "Area", "Link"):
            scope = " ".join(row)
        elif len(row) == 6:
            found[scope, row[0], row[1], row[2]] = (row[3], int(row[4]), row[5])
        else:
            raise Failure(f"{daemon.name}: a line of show ospf lsadb that is none: {line!r}")
    return found


def differences(daemons, links=("eth0",)):
    """What is not the same in the databases of all; of the links' scopes only those that they share."""
    bases = [{key: (value[0], value[2]) for key, value in database(d).items() if not key[0].startswith("Link") or key[0][5:] in links}
             for d in daemons]
    for daemon, other in zip(daemons[1:], bases[1:]):
        for key in sorted(set(bases[0]) | set(other)):
            if bases[0].get(key) != other.get(key):
                return f"{' '.join(key)}: {daemons[0].name} {bases[0].get(key)}, {daemon.name} {other.get(key)}"
    return ""


def same_database(*daemons, links=("eth0",), seconds=8):
    return until("equal databases", seconds, lambda: differences(daemons, links), 0.2)


def look(daemon, network):
    route = daemon.route(network, "O")
    return route.info if route else "no route"


def start(network, kinds, link_type, count=(0, 0)):
    hosts = pair(network)
    for host, address in zip(hosts, ("2001:db8:1a::1/64", "2001:db8:1b::1/64")):
        host.stub("lan0", address)
    a, b = two(network, hosts, kinds, [body(k, l, link_type, count=c) for k, l, c in zip(kinds, "ab", count)])
    for daemon in (a, b):
        full(daemon)
    return a, b


@cases("ospf.{2}.{0}-{1}", *[(*k, t) for k in KINDS for t in ("broadcast", "ptp")])
def basic(network, routed, bird, link_type):
    """Full, routes of each kind both ways in table and kernel, equal databases, restarts of either side, flush at the end."""
    a, b = start(network, (routed, bird), link_type)
    routes(a, b)
    same_database(a, b)
    position = {neighbors(d)[f"10.255.0.{2 - i}"][1] for i, d in enumerate((a, b))}
    expect(position == ({"PtP"} if link_type == "ptp" else {"DR", "BDR"}), f"positions {position}")
    for victim, other in ((b, a), (a, b)):
        victim.kill()
        victim.start()
        for daemon in (a, b):
            full(daemon)
        routes(a, b)
        same_database(a, b)
    flush(a, b)


def routes(a, b):
    """Each side's networks on the other, with type, metric and tag."""
    for daemon, letter, remote in ((a, "b", "10.255.0.2"), (b, "a", "10.255.0.1")):
        plain, first, second = externals(letter)
        for network, wanted in ((f"2001:db8:1{letter}::/64", rf"I \(150/17\) \[{remote}\]"), (plain, rf"E2 \(150/10/10000\) \[{remote}\]"),
                                (first, rf"E1 \(150/60\) \[{remote}\]"), (second, rf"E2 \(150/10/777\) \[1234\] \[{remote}\]")):
            until(f"{daemon.name} ({daemon.kind}): {network}", 10, lambda: "" if re.fullmatch(wanted, found := look(daemon, network)) else f"is {found}, not {wanted}")
            until(f"{daemon.name}'s kernel: {network}", 4,
                  lambda: "" if isinstance(found := hops(daemon.host, network), list) and [d for _, d in found] == ["eth0"] else str(found))


def flush(a, b):
    """An orderly end flushes what we originated (RFC 2328 §14.1): BIRD loses it at once, not after the dead interval."""
    expect(a.stop() == 0, "the exit status is not 0")
    own = "10.255.0.1"
    took = until("our externals are gone from BIRD's database", 2, lambda: " ".join(
        key[2] for key, value in database(b).items() if key[3] == own and key[1] == "4005" and value[1] < 3600))
    until("BIRD's routes are gone", 4, lambda: " ".join(r.network for r in b.routes("protocol O") if r.network in externals("a")))
    return took


@cases("ospf.many.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def many(network, *kinds):
    """A thousand externals each way, then half of them less, then all again."""
    a, b = start(network, kinds, "broadcast", (1000, 1000))

    def count(daemon, letter):
        return sum(r.network.startswith(f"2001:db8:f{letter}:") for r in daemon.routes("protocol O"))

    def both(number, seconds):
        for daemon, letter in ((a, "b"), (b, "a")):
            until(f"{daemon.name} ({daemon.kind}) has {number} externals", seconds,
                  lambda: "" if (found := count(daemon, letter)) == number else str(found), 0.3)
    both(1000, 30)
    same_database(a, b, seconds=15)
    for number in (500, 1000):
        for daemon, kind, letter in zip((a, b), kinds, "ab"):
            daemon.configure(body(kind, letter, "broadcast", count=number))
        both(number, 30)
        same_database(a, b, seconds=15)
    for daemon in (a, b):
        expect([s for s, _ in neighbors(daemon).values()] == ["Full"], f"{daemon.name}: {neighbors(daemon)}")


@cases("ospf.reconfigure.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def reconfigure(network, *kinds):
    """Cost, externals and their metrics change with `configure`; the neighbour stays Full."""
    a, b = start(network, kinds, "ptp")
    routes(a, b)
    changed = body(kinds[0], "a", "ptp").replace("ospf_metric1 = 50", "ospf_metric1 = 70")
    a.configure(changed)
    until("BIRD sees the new metric", 8, lambda: "" if look(b, externals("a")[1]).startswith("E1 (150/80)") else look(b, externals("a")[1]))
    a.configure(changed.replace("type ptp;", "type ptp; cost 25;"))
    until("routed sees its new cost", 8, lambda: "" if look(a, externals("b")[0]).startswith("E2 (150/25/10000)") else look(a, externals("b")[0]))
    a.configure(changed.replace(f"route {externals('a')[0]} blackhole;", ""))
    until("one external less", 8, lambda: look(b, externals("a")[0]) if b.route(externals("a")[0], "O") else "")
    time.sleep(1)
    full(a, seconds=10)
    same_database(a, b)
