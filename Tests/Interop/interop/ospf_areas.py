"""OSPFv3 in several areas: border routers of routed and BIRD, ranges, stub areas, and what each originates in the same place."""
import re
import time

from .daemons import Daemon, dialect, static
from .kernel import hops
from .ospf_basic import database, full, look, neighbors
from .suite import case, cases
from .system import expect, until

IDS = {name: f"10.255.0.{i + 1}" for i, name in enumerate("abcdef")}
TIMERS = "hello 1; dead 4; wait 3; retransmit 2; type ptp;"


def areas(kind, inner, options="", *, exports="none"):
    """A protocol: `inner` maps an area to its options and its interfaces (name → options)."""
    blocks = ""
    for area, (chosen, interfaces) in inner.items():
        body = "".join(f'    interface "{name}" {{ {TIMERS} {extra} }};\n' for name, extra in interfaces.items())
        blocks += f"  area {area} {{\n    {chosen}\n{body}  }};\n"
    channel = f"import all; export {exports};"
    if dialect(kind) == 2:
        channel = f"ipv6 {{ {channel} }};"
    return f"protocol ospf{' v3' if dialect(kind) == 2 else ''} O {{\n  {options} {channel}\n{blocks}}}\n"


def kernel(kind):
    return f"protocol kernel K {{ {'export all; import none;' if dialect(kind) == 1 else 'ipv6 { export all; import none; };'} }}\n"


def start(network, host, kind, inner, options="", statics=()):
    """A daemon whose static routes are its externals."""
    exports = "where source = RTS_STATIC" if statics else "none"
    body = kernel(kind) + static(kind, statics) + areas(kind, inner, options, exports=exports)
    return Daemon(network, host, kind, body, router_id=IDS[host.name])


def wait(daemon, network, wanted, seconds=20):
    """Waits until the route looks so; None: until there is none."""
    return until(f"{daemon.name} ({daemon.kind}): {network}", seconds, lambda: "" if re.fullmatch(wanted or "no route", found := look(
        daemon, network)) else f"is {found}, not {wanted}")


def same_area(area, *daemons, seconds=10):
    """Equal LSAs of the area in all."""
    def problem():
        bases = [{key: (value[0], value[2]) for key, value in database(d).items() if key[0] == f"Area {area}"} for d in daemons]
        for daemon, other in zip(daemons[1:], bases[1:]):
            for key in sorted(set(bases[0]) | set(other)):
                if bases[0].get(key) != other.get(key):
                    return f"{' '.join(key)}: {daemons[0].name} {bases[0].get(key)}, {daemon.name} {other.get(key)}"
        return "" if bases[0] else f"no LSAs of area {area}"
    return until(f"equal databases of area {area}", seconds, problem, 0.2)


def adjacencies(daemon):
    """How many have become Full since it started."""
    return len(re.findall(r"changed state from \S+ to Full", daemon.log.read_text()))


def types(daemon, area):
    """How many LSAs of each type an area has."""
    found = {}
    for scope, kind, _, _ in database(daemon):
        if scope == (f"Area {area}" if area else "Global"):
            found[kind] = found.get(kind, 0) + 1
    return found


# A chain: a in area 1, b and c border routers, d in area 2.

def chain(network, kinds, first="", last="", externals=True):
    """`first` and `last` are options of areas 1 and 2, for all their routers. The externals are a's and d's."""
    a, b, c, d = hosts = network.hosts(*"abcd")
    for number, (left, right) in enumerate(zip(hosts, hosts[1:])):
        network.link(left, "right", right, "left", (f"2001:db8:0:{number}::1/64", f"2001:db8:0:{number}::2/64"))
    for host in hosts:
        host.stub("lan0", f"2001:db8:1{host.name}::1/64")
    stub = {"lan0": "stub yes; cost 7;"}
    inner = [{1: (first, {"right": "", **stub})}, {1: (first, {"left": "", **stub}), 0: ("", {"right": ""})},
             {0: ("", {"left": "", **stub}), 2: (last, {"right": ""})}, {2: (last, {"left": "", **stub})}]
    return [start(network, host, kind, chosen, "ecmp yes;", [f"2001:db8:e{host.name}::/48 blackhole"] if externals and host in (a, d) else [])
            for host, kind, chosen in zip(hosts, kinds, inner)]


CHAINS = [("bird6", "routed6", "routed6", "bird6"), ("routed6", "bird6", "bird6", "routed6"), ("bird6", "routed6", "bird6", "routed6"),
          ("bird2", "routed2", "routed2", "bird2"), ("routed2", "bird2", "bird2", "routed2"), ("bird6", "routed2", "bird2", "routed6")]


def reached(a, b, c, d):
    """Every router has the networks of all others: of its area, of other areas, external."""
    wait(a, "2001:db8:1d::/64", r"IA \(150/37\) \[10.255.0.2\]")
    wait(a, "2001:db8:1c::/64", r"IA \(150/27\) \[10.255.0.2\]")
    wait(a, "2001:db8:1b::/64", r"I \(150/17\) \[10.255.0.2\]")
    wait(d, "2001:db8:1a::/64", r"IA \(150/37\) \[10.255.0.3\]")
    wait(b, "2001:db8:1d::/64", r"IA \(150/27\) \[10.255.0.3\]")
    wait(b, "2001:db8:1a::/64", r"I \(150/17\) \[10.255.0.1\]")
    wait(c, "2001:db8:1a::/64", r"IA \(150/27\) \[10.255.0.2\]")
    wait(a, "2001:db8:ed::/48", r"E2 \(150/30/10000\) \[10.255.0.4\]")
    wait(d, "2001:db8:ea::/48", r"E2 \(150/30/10000\) \[10.255.0.1\]")
    wait(c, "2001:db8:ea::/48", r"E2 \(150/20/10000\) \[10.255.0.1\]")
    for daemon, network in ((a, "2001:db8:1d::/64"), (b, "2001:db8:ed::/48"), (c, "2001:db8:1d::/64")):
        until(f"{daemon.name}'s kernel: {network}", 4,
              lambda: "" if isinstance(found := hops(daemon.host, network), list) and [i for _, i in found] == ["right"] else str(found))


@cases("areas.chain.{}-{}-{}-{}", *CHAINS)
def chained(network, *kinds):
    """Three areas in a row: routes of each kind through both border routers, equal databases; a border router dies and returns."""
    a, b, c, d = routers = chain(network, kinds)
    for daemon, count in zip(routers, (1, 2, 2, 1)):
        full(daemon, count)
    reached(*routers)
    for area, members in (("0.0.0.1", (a, b)), ("0.0.0.0", (b, c)), ("0.0.0.2", (c, d))):
        same_area(area, *members)
    # Each area has two inter-area-router-LSAs less the AS boundary router of its own.
    until("inter-area-LSAs", 5, lambda: "" if (found := [types(b, f"0.0.0.{n}").get("2004", 0) for n in (0, 1)]) == [2, 1] else str(found))
    for victim in (b, c):
        victim.kill()
        other = a if victim is b else d
        until(f"{other.name} gives up the border router", 10, lambda: str(found) if (found := neighbors(other)) else "")
        wait(other, "2001:db8:1d::/64" if other is a else "2001:db8:1a::/64", None)
        victim.start()
        full(victim, 2)
        reached(*routers)
        for area, members in (("0.0.0.1", (a, b)), ("0.0.0.0", (b, c)), ("0.0.0.2", (c, d))):
            same_area(area, *members)
    # An orderly end: what the border router has said of others goes at once.
    ours = b if b.is_routed else c
    other, lost = (a, "2001:db8:1d::/64") if ours is b else (d, "2001:db8:1a::/64")
    if ours.is_routed:
        expect(ours.stop() == 0, "the exit status is not 0")
        wait(other, lost, None, 3)


@cases("areas.stub.{}-{}-{}-{}", *CHAINS)
def stub(network, *kinds):
    """Area 1 is a stub area without, area 2 one with the networks of others; their default routes; then area 1 becomes an ordinary one."""
    a, b, c, d = routers = chain(network, kinds, "stub;", "stub; summary; default cost 55;", externals=False)
    for daemon, count in zip(routers, (1, 2, 2, 1)):
        full(daemon, count)
    wait(a, "::/0", r"IA \(150/1010\) \[10.255.0.2\]")
    wait(d, "::/0", r"IA \(150/65\) \[10.255.0.3\]")
    wait(d, "2001:db8:1a::/64", r"IA \(150/37\) \[10.255.0.3\]")
    wait(a, "2001:db8:1d::/64", None)
    wait(b, "2001:db8:1d::/64", r"IA \(150/27\) \[10.255.0.3\]")
    wait(b, "::/0", None)
    for area, members in (("0.0.0.1", (a, b)), ("0.0.0.0", (b, c)), ("0.0.0.2", (c, d))):
        same_area(area, *members)
    expect(types(a, "0.0.0.1").get("2003") == 1, f"{types(a, '0.0.0.1')}")
    until("a's kernel: default", 4, lambda: "" if isinstance(found := hops(a.host, "::/0"), list) and [i for _, i in found] == ["right"] else str(found))
    for daemon in (b, a):
        daemon.configure(daemon.conf.read_text()[len(daemon.head):].replace("area 1 {\n    stub;", "area 1 {\n"))
    wait(a, "2001:db8:1d::/64", r"IA \(150/37\) \[10.255.0.2\]", 30)
    wait(a, "::/0", None)
    expect(adjacencies(c) == 2, "the adjacency in the backbone began anew")
    same_area("0.0.0.1", a, b)


@cases("areas.nssa.{}-{}-{}-{}", *CHAINS)
def nssa(network, *kinds):
    """Area 1 is an NSSA without the networks of others, area 2 one with them and an external default; externals of both, translated."""
    a, b, c, d = routers = chain(network, kinds, "nssa;", "nssa; summary; default nssa; default cost2 55;")
    for daemon, count in zip(routers, (1, 2, 2, 1)):
        full(daemon, count)
    wait(a, "::/0", r"IA \(150/1010\) \[10.255.0.2\]")
    wait(d, "::/0", r"E2 \(150/10/55\) \[10.255.0.3\]")
    wait(d, "2001:db8:1a::/64", r"IA \(150/37\) \[10.255.0.3\]")
    # To the border router as an NSSA's, by the forwarding address: an address of lan0, whose cost is 7.
    wait(b, "2001:db8:ea::/48", r"E2 \(150/17/10000\) \[10.255.0.1\]")
    wait(c, "2001:db8:ea::/48", r"E2 \(150/27/10000\) \[10.255.0.2\]")
    wait(b, "2001:db8:ed::/48", r"E2 \(150/27/10000\) \[10.255.0.3\]")
    wait(a, "2001:db8:ed::/48", None)
    wait(d, "2001:db8:ea::/48", None)
    for area, members in (("0.0.0.1", (a, b)), ("0.0.0.0", (b, c)), ("0.0.0.2", (c, d))):
        same_area(area, *members)
    expect("NSSA translation:\tYes" in b.text("show ospf O"), "b does not translate")
    expect(types(a, "0.0.0.1").get("2007") == 1 and "4005" not in types(a, None), f"{types(a, '0.0.0.1')} {types(a, None)}")
    a.kill()
    wait(c, "2001:db8:ea::/48", None, 15)
    a.start()
    wait(c, "2001:db8:ea::/48", r"E2 \(150/27/10000\) \[10.255.0.2\]", 30)


@cases("areas.translator.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def translator(network, routed, bird):
    """Two border routers of an NSSA: the one with the higher router ID translates, the other when it is gone, and for a while after."""
    a, b, c, d = hosts = network.hosts(*"abcd")
    for number, (x, left, y, right) in enumerate(((a, "x", b, "in"), (a, "y", c, "in"), (b, "out", d, "x"), (c, "out", d, "y"))):
        network.link(x, left, y, right, (f"2001:db8:0:{number}::1/64", f"2001:db8:0:{number}::2/64"))
    a.stub("lan0", "2001:db8:1a::1/64")
    options = "nssa; translator stability 6;"
    border = {1: (options, {"in": ""}), 0: ("", {"out": ""})}
    for kinds in ((bird, routed, bird, bird), (bird, bird, routed, bird)):
        inner = [{1: (options, {"x": "", "y": "", "lan0": "stub yes;"})}, border, border, {0: ("", {"x": "", "y": ""})}]
        daemons = [start(network, host, kind, chosen, "", ["2001:db8:ea::/48 blackhole"] if host is a else [])
                   for host, kind, chosen in zip(hosts, kinds, inner)]
        inside, lower, higher, outside = daemons
        full(outside, 2)

        def by(*wanted):
            # Those it can reach: what a router that is gone has said stays for an hour.
            until(f"translated by {wanted}", 30, lambda: "" if (found := sorted(
                node.split()[1] for (_, node), lines in state(outside, "show ospf state O").items()
                if any(line.startswith("external 2001:db8:ea::/48") for line in lines))) == sorted(wanted) else str(found), 0.1)
        def shows(daemon, answer):
            until(f"{daemon.name} translates: {answer}", 5, lambda: "" if f"NSSA translation:\t{answer}\n" in (
                found := daemon.text("show ospf O")) else found, 0.1)
        by(IDS["c"])
        wait(outside, "2001:db8:ea::/48", r"E2 \(150/30/10000\) \[10.255.0.3\]")
        higher.stop()
        by(IDS["b"])
        higher.start()
        by(IDS["b"], IDS["c"])
        shows(lower, "Yes (run down)")
        by(IDS["c"])
        shows(lower, "No")
        for daemon in daemons:
            daemon.stop()
            network.daemons.remove(daemon)


# Five routers around a border router, which is once BIRD and once routed.

def star(network, kind, inner_kind):
    """b is in the areas 0, 1, 3, 4 and 5; c, a, d, e and f are inside them. Returns all daemons."""
    b, *others = network.hosts("b", "c", "a", "d", "e", "f")
    chosen = {0: ("stubnet 2001:db8:5b::/48 { cost 33; }; networks { 2001:db8:1c00::/40; };", ), 1: (
        "networks { 2001:db8:aa00::/40; 2001:db8:ab00::/40 hidden; };",), 3: ("stub yes; summary yes; stub cost 44;",), 4: ("stub;",), 5: (
        "nssa; summary; default nssa; default cost 66; translator; external { 2001:db8:ff00::/40 tag 99; 2001:db8:fe00::/40 hidden; };",)}
    inner = {}
    for number, (host, (area, (options,))) in enumerate(zip(others, chosen.items())):
        network.link(b, f"x{area}", host, "eth0", (f"2001:db8:0:{number}::1/64", f"2001:db8:0:{number}::2/64"))
        inner[area] = (options, {f"x{area}": f"cost {number + 3};"})
    prefixes = {"c": ["2001:db8:1c00::1/64", "2001:db8:c::1/64"], "a": [
        "2001:db8:aa01::1/64", "2001:db8:aa02::1/128", "2001:db8:ab01::1/64", "2001:db8:ac01::1/64"], "d": ["2001:db8:d::1/64"],
        "e": ["2001:db8:e::1/64"], "f": ["2001:db8:f::1/64"]}
    statics = {"c": ["2001:db8:ec::/48 blackhole"], "a": ["2001:db8:ea::/48 blackhole"], "f": [
        f"2001:db8:{net}::/48 blackhole" for net in ("ef", "ff01", "ff02", "fe01")]}
    daemons = {}
    for host, (area, (options,)) in zip(others, chosen.items()):
        for n, prefix in enumerate(prefixes[host.name]):
            host.stub(f"lan{n}", prefix)
        kinds = {"eth0": "cost 8;", **{f"lan{n}": f"stub yes; cost {20 + n};" for n in range(len(prefixes[host.name]))}}
        kept = {3: "stub;", 4: "stub;", 5: "nssa;"}.get(area, "")
        daemons[host.name] = start(network, host, inner_kind, {area: (kept, kinds)}, "", statics.get(host.name, []))
    b.stub("lan0", "2001:db8:bb::1/64")
    inner[0][1]["lan0"] = "stub yes;"
    daemons["b"] = start(network, b, kind, inner, "", ["2001:db8:eb::/48 blackhole"])
    return daemons


def state(daemon, command):
    """`show ospf state` or `topology` as {(area, node): lines}, the lines sorted: LSAs have other numbers from one daemon to the next."""
    found, area, node = {}, None, None
    for code, line in daemon.ask(command):
        if not code or not line.strip():
            continue
        if not line.startswith("\t"):
            area = line
        elif not line.startswith("\t\t"):
            node = line.strip()
            found[area, node] = []
        else:
            found[area, node].append(line.strip())
    return {key: sorted(value) for key, value in found.items()}


def summary(daemon):
    """`show ospf` without what may differ: how many LSAs there are counts BIRD's memory of old ones."""
    return [line for code, line in daemon.ask("show ospf O") if code and not line.startswith("Number of LSAs")]


def everything(daemons):
    """What all know and show, once nothing changes any more."""
    def picture():
        found = {}
        for name, daemon in daemons.items():
            for command in ("state", "state all", "topology", "topology all"):
                found[f"{name} {command}"] = state(daemon, f"show ospf {command} O")
            found[f"{name} summary"] = sorted(summary(daemon))
            found[f"{name} interfaces"] = sorted(line for code, line in daemon.ask("show ospf interface O") if code)
            found[f"{name} LSAs"] = sorted((*key[:2], key[3]) for key in database(daemon))
            found[f"{name} routes"] = sorted((r.network, r.info) for r in daemon.routes("protocol O"))
        return found
    before = picture()
    for _ in range(40):
        time.sleep(1)
        after = picture()
        if before == after and len(neighbors(daemons["b"])) == 5:
            return after
        before = after
    return before


@case("areas.same.border.6", "bird6", "routed6", "b")
@case("areas.same.border.2", "bird2", "routed2", "b")
@case("areas.same.inside.6", "bird6", "routed6", "adf")
@case("areas.same.inside.2", "bird2", "routed2", "adf")
def same(network, bird, routed, names):
    """A border router of five areas with ranges, stub areas and an NSSA; then the routers inside: BIRD and routed in the same place say the
    same to all, and show it so."""
    daemons = star(network, bird, bird)
    full(daemons["b"], 5)
    time.sleep(6)
    theirs = everything(daemons)
    expect(any("xnetwork 2001:db8:aa00::/40 metric 24" in line for lines in theirs["c state all"].values() for line in lines),
           "no range in the backbone")
    expect(any("external 2001:db8:ff00::/40 metric2 10001 tag 00000063" in line for lines in theirs["c state all"].values() for line in lines),
           "no range of externals in the backbone")
    for name in names:
        old = daemons[name]
        body = old.conf.read_text()[len(old.head):]
        old.stop()
        network.daemons.remove(old)
        # An adjacency that the others still believe in would take up what the old one has said.
        for other in daemons.values():
            until(f"{other.name} gives up {name}", 10, lambda: str(found) if other is not old and IDS[name] in (found := neighbors(other)) else "")
        daemons[name] = Daemon(network, old.host, routed, body, router_id=IDS[name])
    full(daemons["b"], 5)
    time.sleep(6)
    ours = everything(daemons)
    for view in theirs:
        if theirs[view] == ours[view]:
            continue
        if isinstance(theirs[view], dict):
            detail = "; ".join(f"{key}: {theirs[view].get(key)} with BIRD, {ours[view].get(key)} with routed"
                               for key in sorted(set(theirs[view]) | set(ours[view]), key=str) if theirs[view].get(key) != ours[view].get(key))
        else:
            detail = f"with BIRD only {[x for x in theirs[view] if x not in ours[view]]}, with routed only {[x for x in ours[view] if x not in theirs[view]]}"
        expect(False, f"{view}: {detail}")
    text = daemons["b"].text("show ospf lsadb area 3 O")
    expect("Area 0.0.0.3" in text and "Area 0.0.0.1" not in text and "Global" not in text, text)


@cases("areas.reconfigure.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def reconfigure(network, routed, bird):
    """A range, a stub network and an area more or less on a running border router: the neighbours stay, the others hear of it."""
    a, b, c, d = chain(network, (bird, routed, bird, bird))
    for daemon, count in zip((a, b, c, d), (1, 2, 2, 1)):
        full(daemon, count)
    reached(a, b, c, d)
    body = b.conf.read_text()[len(b.head):]
    plain = "  area 1 {\n    \n"
    expect(plain in body, body)
    b.configure(body.replace(plain, "  area 1 {\n    networks { 2001:db8:10::/44; };\n    stubnet 2001:db8:5b::/48;\n"))
    wait(d, "2001:db8:10::/44", r"IA \(150/37\) \[10.255.0.3\]")
    wait(d, "2001:db8:1a::/64", None)
    wait(d, "2001:db8:5b::/48", r"IA \(150/30\) \[10.255.0.3\]")
    b.configure(body.replace('"lan0"', '"nothing"').replace("}\n", "}\n", 1) .replace("  area 0 {", '  area 9 {\n    interface "lan0" { stub yes; cost 3; };\n  };\n  area 0 {'))
    wait(d, "2001:db8:1a::/64", r"IA \(150/37\) \[10.255.0.3\]")
    wait(d, "2001:db8:10::/44", None)
    wait(d, "2001:db8:1b::/64", r"IA \(150/23\) \[10.255.0.3\]")
    wait(a, "2001:db8:1b::/64", r"IA \(150/13\) \[10.255.0.2\]")
    expect("Area: 0.0.0.9" in b.text("show ospf O"), "no area 9")
    b.configure(body)
    reached(a, b, c, d)
    expect(sorted(s for s, _ in neighbors(b).values()) == ["Full", "Full"], f"{neighbors(b)}")
    expect(adjacencies(b) == 2, "an adjacency began anew")
