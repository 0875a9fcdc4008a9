"""Filters of a running daemon: what tables of authorizations do to routes when they change, and filters that fail."""
import time

from .bgp_routes import ADDRESSES
from .bgp_session import QUICK
from .daemons import KINDS, Daemon, bgp, dialect, static, two
from .network import pair
from .suite import cases
from .system import expect, until


def _authorizations(entries, options=""):
    lines = "".join(f"  route {prefix} max {length} as {number};\n" for prefix, length, number in entries)
    return f"protocol static R {{\n  {options} roa6 {{ table r6; }};\n{lines}}}\n"


OURS = ["2001:db8:101::/48", "2001:db8:102::/48", "2001:db8:103::/48"]
THEIRS = ["2001:db8:201::/48", "2001:db8:202::/48", "2001:db8:203::/48"]
FIRST = [(OURS[0], 48, 65001), (THEIRS[0], 48, 65002), (THEIRS[1], 48, 65009)]
SECOND = [(OURS[1], 48, 65001), (THEIRS[0], 48, 65009)]
IMPORTS = "filter { if roa_check(r6) = ROA_INVALID then reject; accept; }"
EXPORTS = "where roa_check(r6, net, 65001) = ROA_VALID"


@cases("filters.authorizations.{}", ("routed2",), ("bird2",))
def authorizations(network, kind):
    """A table of authorizations changes by a reload, and as its protocol is disabled and enabled: both ways the routes follow, unless
    `rpki reload` is off. BIRD 2 does the same for sessions that keep what they receive and send."""
    hosts = pair(network)
    tables = "" if kind.startswith("routed") else "import table; export table;"

    def body(entries, channel="", options=""):
        return ("roa6 table r6;\n" + _authorizations(entries, options) + static(kind, [f"{n} blackhole" for n in OURS])
                + bgp(kind, "2001:db8::1", 65001, "2001:db8::2", 65002, QUICK, imports=IMPORTS, exports=EXPORTS, channel=tables + channel))
    a, b = two(network, hosts, (kind, "bird2"), (body(FIRST), static("bird2", [f"{n} blackhole" for n in THEIRS]) + bgp(
        "bird2", "2001:db8::2", 65002, "2001:db8::1", 65001, QUICK)))
    a.established()

    def follows(imported, exported):
        a.has(imported, "B", 15)
        b.has(exported, "B", 15)
    follows([THEIRS[0], THEIRS[2]], [OURS[0]])
    since = a.since("B")
    a.configure(body(SECOND))
    follows(THEIRS[1:], [OURS[1]])
    a.ask("disable R")
    follows(THEIRS, [])
    a.ask("enable R")
    follows(THEIRS[1:], [OURS[1]])
    a.configure(body(SECOND, options="disabled;"))
    follows(THEIRS, [])
    a.configure(body(SECOND))
    follows(THEIRS[1:], [OURS[1]])
    a.configure(body(SECOND, channel="rpki reload no;"))
    time.sleep(2.5)                                   # BIRD waits a second for a table to settle
    a.ask("disable R")
    time.sleep(2.5)
    follows(THEIRS[1:], [OURS[1]])
    a.ask("reload B")
    follows(THEIRS, [])
    a.configure(body(FIRST, channel="rpki reload no;"))
    time.sleep(2.5)
    follows(THEIRS, [])
    a.ask("reload B")
    follows([THEIRS[0], THEIRS[2]], [OURS[0]])
    expect(a.since("B") == since, "the session did not stay")


@cases("filters.roa_table.{}", ("routed4", "bird4"), ("routed6", "bird6"), ("bird4", "bird4"))
def roa_table(network, kind, peer):
    """`roa table` of 1.6 changes by a reload. BIRD compares filters by the tables' names only, and has to be told `reload`."""
    family, hosts = KINDS[kind][2], pair(network)
    here, there = ADDRESSES[family]
    net = "10.{}.0.0/16" if family == 4 else "2001:db8:{}::/48"
    ours, theirs = [net.format(100 + n) for n in range(3)], [net.format(200 + n) for n in range(3)]
    length = net.rpartition("/")[2]

    def body(entries):
        lines = "".join(f"  roa {prefix} max {length} as {number};\n" for prefix, number in entries)
        return (f"roa table r {{\n{lines}}}\n" + static(kind, [f"{n} blackhole" for n in ours], family=family)
                + bgp(kind, here, 65001, there, 65002, QUICK, imports=IMPORTS.replace("r6", "r"), exports=EXPORTS.replace("r6", "r")))
    a, b = two(network, hosts, (kind, peer), (
        body([(ours[0], 65001), (theirs[0], 65002), (theirs[1], 65009)]),
        static(peer, [f"{n} blackhole" for n in theirs], family=family) + bgp(peer, there, 65002, here, 65001, QUICK)))
    a.established()
    a.has([theirs[0], theirs[2]], "B", 10)
    b.has([ours[0]], "B", 10)
    a.configure(body([(ours[1], 65001), (theirs[0], 65009)]))
    if not a.is_routed:
        a.ask("reload B")
    a.has(theirs[1:], "B", 10)
    b.has([ours[1]], "B", 10)


@cases("filters.faults.{}", ("routed2", 50), ("routed6", 50), ("bird2", 50))
def faults(network, kind, count):
    """A filter that fails rejects its routes. routed's log tells so once, with file and line, and a minute later how often since."""
    host = network.host("a")
    networks = [f"2001:db8:{n:x}::/48" for n in range(1, count + 1)]
    text = static(kind, [f"{n} blackhole" for n in [*networks, "2001:db8:4000::/40"]])
    imports = "import filter {\n    if 1 / (net.len - 48) = 7 then reject;\n    accept;\n  };"
    text = text.replace("ipv6;", f"ipv6 {{ {imports} }};") if dialect(kind) == 2 else text.replace("{\n", f"{{\n  {imports}\n", 1)
    a = Daemon(network, host, kind, text, router_id="10.255.0.1")
    line = next(n for n, line in enumerate(a.conf.read_text().splitlines(), 1) if "net.len" in line)
    a.has(["2001:db8:4000::/40"], "S", 5)
    if not a.is_routed:
        return
    words = f"filters, {a.conf} line {line}: division by zero"

    def told():
        return [line.partition("<ERR> ")[2] for line in a.log.read_text().splitlines() if words in line]
    until("the failure is told", 3, lambda: "" if told() else "not yet")
    expect(told() == [f"{words} ({count} times)"], f"{told()}")
    for _ in range(3):
        a.ask("disable S")
        a.ask("enable S")
    time.sleep(3)
    expect(len(told()) == 1, f"told again too soon: {told()}")
    until("the failures are told again", 65, lambda: "" if len(told()) > 1 else "not yet", 1)
    time.sleep(1)
    expect(told()[1:] == [f"{words} ({3 * count} times)"], f"{told()}")
    expect([route.network for route in a.routes("protocol S")] == ["2001:db8:4000::/40"], "failed routes are there")
