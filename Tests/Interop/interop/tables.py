"""Tables, pipes, limits: routed beside BIRD in the same place, with the same configuration and the same answers."""
import difflib
import re

from .daemons import Daemon, bgp, dialect, static
from .network import pair
from .suite import cases
from .system import Failure, expect, until

PAIRS = [("routed6", "bird6"), ("routed2", "bird2")]
SENDER = "2001:db8::2"


def table(kind, name, options=""):
    return f"{'table' if dialect(kind) == 1 else 'ipv6 table'} {name}{options};\n"


def pipe(kind, name, own, peer, options=""):
    word = "mode transparent; " if dialect(kind) == 1 else ""
    return f"protocol pipe {name} {{ {word}table {own}; peer table {peer}; {options} }}\n"


def in_table(kind, name, text):
    """A static protocol's routes in a table other than the main one."""
    protocol = static(kind, text[0], name=text[1])
    place = f"table {name};"
    return protocol.replace("{\n", f"{{\n  {place}\n", 1) if dialect(kind) == 1 else protocol.replace("ipv6;", f"ipv6 {{ {place} }};", 1)


def settled(lines):
    """An answer without times, and networks in order: 1.6 shows them in the order of a hash."""
    text = [re.sub(r"(\[\S+) \d\S*( from \S+)?\]", r"\1\2]", line) for code, line in lines if code not in (0, 13)]
    text = [re.sub(r"\bfe80::\S+", "fe80::", line) for line in text]
    text = [line for line in text if line.strip()]
    groups = []
    for line in text:
        if line[:1] in " \t" and groups and not line.startswith("Table"):
            groups[-1] += "\n" + line.rstrip()
        else:
            groups.append(line.rstrip())
    return sorted(groups)


def unordered(lines):
    """The same with the routes of each network in order: that of those that are not best is of their arrival."""
    groups = []
    for group in settled(lines):
        head, *rest = re.split(r"\n(?=[ \S])", group)
        groups.append("\n".join([head, *sorted(rest)]))
    return sorted(groups)


def beside(network, kinds, body, sends="", *, commands, before=None, seconds=10, read=None):
    """Both daemons with the same configuration, each in a place of its own with a BIRD that `sends` routes; waits until all answers agree."""
    answers = {}
    daemons = []
    for kind in kinds:
        host, other = pair(network) if not daemons else _second(network)
        if sends:
            Daemon(network, other, "bird2", sends, router_id="10.255.0.2", name=f"s-{kind}")
        daemons.append(Daemon(network, host, kind, body(kind), router_id="10.255.0.1", name=f"d-{kind}"))
    if before:
        for daemon in daemons:
            before(daemon)

    def problem():
        for daemon in daemons:
            answers[daemon.kind] = {command: (read or settled)(_ask(daemon, command)) for command in commands}
        one, two = (answers[d.kind] for d in daemons)
        for command in commands:
            if one[command] != two[command]:
                return f"{command}: " + " | ".join(list(difflib.unified_diff(two[command], one[command], "BIRD", "routed", lineterm="", n=0))[:24])
        return ""
    until("the same answers", seconds, problem, 0.2)
    return daemons, answers[kinds[0]]


def _second(network):
    host, other = network.hosts("c", "d")
    network.link(host, "eth0", other, "eth0", ("2001:db8::1/64", "2001:db8::2/64"), ("10.0.0.1/24", "10.0.0.2/24"))
    return host, other


def _ask(daemon, command):
    try:
        return daemon.ask(command)
    except Failure:
        return daemon.ask(command, refused=True)


def arrived(count, command="show route count"):
    """Waits until a daemon's session is there and so many routes have come."""
    def wait(daemon):
        daemon.established(seconds=15)
        until(f"{daemon.kind}: {command}", 10, lambda: "" if any(f"{count} of {count} routes" in line for _, line in _ask(daemon, command)) else
              str(_ask(daemon, command)))
    return wait


def sender(networks, options=""):
    """A BIRD that announces networks."""
    return (static("bird2", [f"{n} blackhole" for n in networks])
            + bgp("bird2", SENDER, 65002, "2001:db8::1", 65001, "connect delay time 1; error wait time 1,2;" + options, imports="none"))


def receiver(kind, channel="", options="", exports="none"):
    return bgp(kind, "2001:db8::1", 65001, SENDER, 65002, "connect delay time 1; error wait time 1,2;" + options, channel=channel, exports=exports)


@cases("table.pipe.{}-{}", *PAIRS)
def pipes(network, routed, bird):
    """Both directions of a pipe with filters; all routes of a network pass, under the names and preferences of their protocols."""
    def body(kind):
        main = "master" if dialect(kind) == 1 else "master6"
        reject = "reject" if dialect(kind) == 1 else "unreachable"
        return (table(kind, "one") + table(kind, "two")
                + in_table(kind, "one", ([f"2001:db8:1::/48 {reject}", f"2001:db8:2::/48 {reject}", f"2001:db8:a::/48 {reject}"], "S1"))
                + in_table(kind, "one", ([f"2001:db8:1::/48 blackhole", "2001:db8:3::/48 blackhole"], "S2")).replace("  route", "  preference 199;\n  route", 1 if dialect(kind) == 1 else 0).replace("table one; }", "table one; preference 199; }")
                + in_table(kind, "two", (["2001:db8:1::/48 prohibit", "2001:db8:9::/48 prohibit"], "S3"))
                + pipe(kind, "P1", "one", "two", 'export where net ~ [ 2001:db8::/40{41,48} ] && dest != RTD_UNREACHABLE || net = 2001:db8:2::/48; import all;')
                + pipe(kind, "P2", "two", main, "export all; import none;"))
    tables = ["one", "two"]
    commands = [f"show route table {t}" for t in tables] + [f"show route table {t} all" for t in tables] + [
        "show route", "show route table two primary", "show route table one export P1", "show route table two protocol S1",
        "show route table two count"]
    daemons, shown = beside(network, (routed, bird), body, commands=commands, read=unordered)
    expect(any("S2" in line for line in shown["show route"]), f"nothing came through both pipes: {shown['show route']}")
    for daemon in daemons:
        daemon.ask("disable S2")
    until("S2 is gone", 5, lambda: "" if not any("S2" in line for line in settled(_ask(daemons[0], "show route"))) else "it is there")
    until("as BIRD", 5, lambda: "" if len({str(unordered(_ask(d, "show route table two"))) for d in daemons}) == 1 else
          str([settled(_ask(d, "show route table two")) for d in daemons]))


@cases("table.pipe-circle.{}-{}", *PAIRS)
def circle(network, routed, bird):
    """Pipes in a circle, and two beside each other: the same routes as in BIRD, and none stays when its protocol has gone."""
    def body(kind):
        return ("".join(table(kind, t) for t in ("one", "two", "three"))
                + in_table(kind, "one", (["2001:db8:1::/48 blackhole"], "S1"))
                + in_table(kind, "two", (["2001:db8:1::/48 prohibit"], "S2")).replace("table two;", "table two; preference 190;", 1)
                + pipe(kind, "P1", "one", "two", "export all; import none;") + pipe(kind, "P2", "two", "three", "export all; import none;")
                + pipe(kind, "P3", "three", "one", "export all; import none;") + pipe(kind, "P4", "one", "three", "export all; import none;"))
    commands = [f"show route table {t} {what}".strip() for t in ("one", "two", "three") for what in ("count", "primary")]
    daemons, _ = beside(network, (routed, bird), body, commands=commands)
    for name in ("S1", "S2"):
        daemons[0].ask(f"disable {name}")
    until("all gone", 5, lambda: "" if not any(daemons[0].routes(f"table {t}") for t in ("one", "two", "three")) else "some stay")
    expect(daemons[0].logged("Pipe collision detected"), "nothing in the log")


@cases("table.pipe-opaque.{}-{}", ("routed6", "bird6"))
def opaque(network, routed, bird):
    """An opaque pipe's routes are its own."""
    def body(kind):
        return (table(kind, "two") + receiver(kind, "import all;")
                + "protocol pipe P { mode opaque; peer table two; preference 71; export all; import none; }\n")
    beside(network, (routed, bird), body, sender(["2001:db8:1::/48", "2001:db8:2::/48"]),
           commands=["show route table two", "show route table two all"], before=arrived(2, "show route table two count"))


@cases("table.filtered.{}-{}", *PAIRS)
def filtered(network, routed, bird):
    """`import keep filtered`: what the filter rejects is kept, hidden, and shown when asked for."""
    networks = [f"2001:db8:{n}::/48" for n in range(1, 7)]

    def body(kind):
        return receiver(kind, "import where net ~ [ 2001:db8:1::/48, 2001:db8:4::/48 ]; import keep filtered on;").replace("import all; ", "")
    commands = ["show route", "show route filtered", "show route filtered all", "show route count", "show route filtered count"]
    daemons, _ = beside(network, (routed, bird), body, sender(networks), commands=commands, before=arrived(4, "show route filtered count"))
    texts = [[line for line in d.details("B").splitlines() if "Routes:" in line or "Import updates" in line] for d in daemons]
    expect(texts[0][0].strip() == texts[1][0].strip(), f"{texts}")


def limits(daemon, direction):
    """What `show protocols all` says of limits. 1.6 counts as exported what an export limit has kept back."""
    wanted = "limit|Action" if direction == "export" and dialect(daemon.kind) == 1 else "limit|Action|Routes:"
    return [line.strip() for line in daemon.details("B").splitlines() if re.search(wanted, line)]


@cases("table.limit-{2}-{3}.{0}-{1}", *[(*p, d, action) for p in PAIRS for d in ("import", "receive", "export")
                                        for action in ("warn", "block", "restart", "disable")])
def limit(network, routed, bird, direction, action):
    """Limits reached and crossed in each direction: the same routes, counters and log lines as BIRD's."""
    networks = [f"2001:db8:{n}::/48" for n in range(1, 7)]
    keep = "import keep filtered; import where net.len = 48 && net !~ [ 2001:db8:6::/48 ];" if direction == "receive" else "import all;"

    def body(kind):
        options = f"{direction} limit 4 action {action};"
        if direction == "export":
            return static(kind, [f"{n} blackhole" for n in networks]) + receiver(kind, options, exports="all")
        return receiver(kind, options + keep).replace("import all; export", "export", 1)
    sends = sender(networks) if direction != "export" else bgp("bird2", SENDER, 65002, "2001:db8::1", 65001, "connect delay time 1;", exports="none")

    def before(daemon):
        until(f"{daemon.kind} tells", 15, lambda: "" if daemon.logged(f"hits route {direction} limit (4), action: {action}") else "nothing")
    daemons, _ = beside(network, (routed, bird), body, sends, commands=["show route count"] if action in ("warn", "block") else [],
                        before=before, seconds=15)
    if action in ("warn", "block"):
        until("limits as BIRD's", 5, lambda: "" if limits(daemons[0], direction) == limits(daemons[1], direction) else
              str([limits(d, direction) for d in daemons]))
        for index in (0, 2) if direction == "export" and action == "block" else ():
            until("the neighbour has four", 5, lambda: "" if len(network.daemons[index].routes("protocol B")) == 4 else "another number")
    elif action == "disable":
        for daemon in daemons:
            until(f"{daemon.kind} is down", 5, lambda: "" if daemon.protocol("B")[0] == "down" else str(daemon.protocol("B")))
        expect(daemons[0].protocol("B")[1] == daemons[1].protocol("B")[1], str([d.protocol("B") for d in daemons]))
    else:
        for daemon in daemons:
            until(f"{daemon.kind} tries again", 20, lambda: "" if daemon.log.read_text().count("hits route") > 1 else "only once")


@cases("table.sorted.{}-{}", *PAIRS)
def sorted_(network, routed, bird):
    """A sorted table lists the routes of a network in the order of preference."""
    def body(kind):
        out = table(kind, "one", " sorted")
        for index, preference in enumerate((120, 180, 90, 150)):
            option = f"preference {preference};"
            text = in_table(kind, "one", (["2001:db8:1::/48 blackhole"], f"S{index}"))
            out += text.replace("table one;", f"table one; {option}", 1)
        return out
    _, shown = beside(network, (routed, bird), body, commands=["show route table one"])
    order = re.findall(r"\[(S\d)", "\n".join(shown["show route table one"]))
    expect(order == ["S1", "S3", "S0", "S2"], f"{order}")


@cases("table.secondary.{}-{}", ("routed2", "bird2"))    # BIRD 1.6.8 does not always answer `show route export` of a sorted table
def secondary(network, routed, bird):
    """`secondary`: where the export filter rejects the best route of a sorted table, the next one is announced."""
    def body(kind):
        out = table(kind, "one", " sorted")
        for index, preference in enumerate((120, 180, 90)):
            text = in_table(kind, "one", ([f"2001:db8:1::/48 blackhole", f"2001:db8:{index + 2}::/48 blackhole"], f"S{index}"))
            out += text.replace("table one;", f"table one; preference {preference};", 1)
        return out + receiver(kind, "table one; secondary;", "gateway direct;" if dialect(kind) == 1 else "", exports="where preference < 150")
    receives = bgp("bird2", SENDER, 65002, "2001:db8::1", 65001, "connect delay time 1;", exports="none")
    daemons, _ = beside(network, (routed, bird), body, receives, seconds=15,
                        commands=["show route table one export B", "show route table one noexport B", "show route table one preexport B"])
    until("the neighbour has it", 10, lambda: "" if {r.network for r in network.daemons[0].routes("protocol B")} ==
          {"2001:db8:1::/48", "2001:db8:2::/48", "2001:db8:4::/48"} else str(network.daemons[0].routes()))
    daemons[0].ask("disable S0")
    until("the last one", 5, lambda: "" if len(network.daemons[0].routes("protocol B")) == 2 else str(network.daemons[0].routes()))


@cases("table.adjacent.{}-{}", ("routed2", "bird2"))
def adjacent(network, routed, bird):
    """`import table` and `export table` show what was received and sent, and a changed filter needs no help of the peer's."""
    networks = [f"2001:db8:{n}::/48" for n in range(1, 6)]

    def body(kind, imports="where net ~ [ 2001:db8:1::/48 ]"):
        return (static(kind, ["2001:db8:aa::/48 blackhole", "2001:db8:ab::/48 blackhole"])
                + receiver(kind, "import table; export table;", "enable route refresh off;",
                           exports="filter { if net = 2001:db8:aa::/48 then { bgp_med = 7; accept; } reject; }").replace("import all", f"import {imports}"))
    sends = sender(networks).replace("import none", "import all")
    commands = ["show route", "show route import table B.ipv6", "show route import table B.ipv6 all", "show route export table B.ipv6",
                "show route export table B.ipv6 all", "show route import table B.ipv6 count"]
    daemons, _ = beside(network, (routed, bird), body, sends, commands=commands, before=arrived(5, "show route import table B.ipv6 count"))
    since = daemons[0].since("B")
    for daemon in daemons:
        daemon.configure(body(daemon.kind, "where net !~ [ 2001:db8:1::/48 ]"))
    until("the filter applies", 5, lambda: "" if settled(_ask(daemons[0], "show route")) == settled(_ask(daemons[1], "show route"))
          and len(daemons[0].routes("protocol B")) == 4 else str(daemons[0].routes()))
    expect(daemons[0].since("B") == since, "the session is another one")
    expect("reload" in daemons[0].text("reload in B").lower(), "no reload")
