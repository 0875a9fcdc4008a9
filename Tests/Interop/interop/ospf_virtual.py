"""OSPFv3 virtual links between routed and BIRD: an area behind another one, a backbone in two pieces, the transit path lost and found."""
import re
import time

from .kernel import hops
from .ospf_areas import IDS, TIMERS, adjacencies, same_area, start, state, summary, wait
from .ospf_basic import database, full, neighbors
from .suite import cases
from .system import expect, until

LINK = "hello 1; dead 4; retransmit 2;"
STUB = {"lan0": "stub yes; cost 7;"}
CHAINS = [("bird6", "routed6", "bird6", "bird6", "bird6"), ("routed6", "bird6", "routed6", "routed6", "routed6"),
          ("bird2", "bird2", "bird2", "routed2", "bird2"), ("routed2", "routed2", "bird2", "bird2", "routed2"),
          ("bird2", "routed2", "routed6", "bird6", "bird2"), ("bird6", "routed6", "bird2", "routed2", "routed6")]


def virtual(*names, options=LINK):
    return " ".join(f"virtual link {IDS[name]} {{ {options} }};" for name in names)


def chain(network, kinds, options=LINK, hosts_of_b=False):
    """a and b in the backbone, b to d one after another in area 1, d and e in area 2; a virtual link between b and d. With `hosts_of_b` b has
    an address that it announces as a host in each of its areas anyway. Returns the daemons."""
    a, b, c, d, e = hosts = network.hosts(*"abcde")
    for number, (left, right) in enumerate(zip(hosts, hosts[1:])):
        network.link(left, "right", right, "left", (f"2001:db8:0:{number}::1/64", f"2001:db8:0:{number}::2/64"))
    for host in hosts:
        host.stub("lan0", f"2001:db8:1{host.name}::1/64")
    inner = [{0: ("", {"right": "", **STUB})}, {0: ("", {"left": "", **STUB}), 1: (virtual("d", options=options), {"right": ""})},
             {1: ("", {"left": "", "right": "", **STUB})}, {1: (virtual("b", options=options), {"left": ""}), 2: ("", {"right": "", **STUB})},
             {2: ("", {"left": "", **STUB})}]
    if hosts_of_b:
        b.stub("id0", "2001:db8:2b::1/128")
        b.stub("id1", "2001:db8:2b::2/128")
        inner[1][0][1]["id0"] = inner[1][1][1]["id1"] = "stub yes;"
    return [start(network, host, kind, chosen, "ecmp yes;", [f"2001:db8:e{host.name}::/48 blackhole"] if host in (a, e) else [])
            for host, kind, chosen in zip(hosts, kinds, inner)]


def leaves(daemon, network, interface, seconds=6):
    """Waits until the kernel sends a network's packets out of one interface, to a link-local address."""
    def problem():
        found = hops(daemon.host, network)
        good = isinstance(found, list) and [name for _, name in found] == [interface] and str(found[0][0]).startswith("fe80:")
        return "" if good else str(found)
    until(f"{daemon.name}'s kernel: {network}", seconds, problem)


def reaches(daemon, address, seconds=6):
    """Waits until an address answers a ping from the network of the host itself."""
    command = ("ping", "-6", "-c1", "-W1", "-I", f"2001:db8:1{daemon.name}::1", address)
    def problem():
        try:
            daemon.host.inside(*command)
        except Exception as problem:        # noqa: BLE001, whatever keeps the ping from being answered is the reason to wait on
            return str(problem)
        return ""
    until(f"{daemon.name} reaches {address}", seconds, problem, 0.2)


def joined(a, b, c, d, e, seconds=30):
    """All is reached by all, as it should be."""
    wait(a, "2001:db8:1e::/64", r"IA \(150/47\) \[10.255.0.4\]", seconds)
    wait(e, "2001:db8:1a::/64", r"IA \(150/47\) \[10.255.0.4\]", seconds)
    wait(d, "2001:db8:1a::/64", r"I \(150/37\) \[10.255.0.1\]")
    wait(d, "2001:db8:1b::/64", r"I \(150/27\) \[10.255.0.2\]")
    wait(b, "2001:db8:1d::/64", r"IA \(150/27\) \[10.255.0.4\]")
    wait(b, "2001:db8:1e::/64", r"IA \(150/37\) \[10.255.0.4\]")
    wait(c, "2001:db8:1a::/64", r"IA \(150/27\) \[10.255.0.2\]")
    wait(c, "2001:db8:1e::/64", r"IA \(150/27\) \[10.255.0.4\]")
    wait(a, "2001:db8:ee::/48", r"E2 \(150/40/10000\) \[10.255.0.5\]")
    wait(e, "2001:db8:ea::/48", r"E2 \(150/40/10000\) \[10.255.0.1\]")
    wait(d, "2001:db8:ea::/48", r"E2 \(150/30/10000\) \[10.255.0.1\]")
    for daemon, network, interface in ((b, "2001:db8:1e::/64", "right"), (d, "2001:db8:1a::/64", "left"), (d, "2001:db8:ea::/48", "left"),
                                       (c, "2001:db8:1a::/64", "left"), (c, "2001:db8:ee::/48", "right")):
        leaves(daemon, network, interface)
    reaches(a, "2001:db8:1e::1")
    reaches(e, "2001:db8:1a::1")


def virtual_link(daemon):
    """What `show ospf interface` says of the first virtual link: its lines, without the Instance ID's weight."""
    lines = [line for code, line in daemon.ask("show ospf interface O") if code]
    begin = next((n for n, line in enumerate(lines) if line.startswith("Virtual link")), None)
    if begin is None:
        return None
    end = next((n for n in range(begin + 1, len(lines)) if not lines[n].startswith("\t")), len(lines))
    return lines[begin:end]


def goes_down(daemon):
    until(f"{daemon.name}'s virtual link is down", 15, lambda: "" if "\tState: Down" in (found := virtual_link(daemon)) else str(found))


@cases("virtual.chain.{}-{}-{}-{}-{}", *CHAINS)
def chained(network, *kinds):
    """An area joined to the backbone through another one; the transit router dies and returns, then an end of the virtual link."""
    a, b, c, d, e = routers = chain(network, kinds)
    for daemon, count in zip(routers, (1, 3, 2, 3, 1)):
        full(daemon, count, 30)
    joined(*routers)
    for area, members in (("0.0.0.0", (a, b, d)), ("0.0.0.1", (b, c, d)), ("0.0.0.2", (d, e))):
        same_area(area, *members)
    for daemon, other in ((b, "d"), (d, "b")):
        shown = virtual_link(daemon)
        expect(shown[0] == f"Virtual link vlink0 to {IDS[other]}" and re.fullmatch(r"\tPeer IP: 2001:db8:\S+", shown[1]), f"{shown}")
        expect(shown[2:7] == ["\tTransit area: 0.0.0.1 (1)", "\tState: PtP", "\tPriority: 0", "\tCost: 20", "\tECMP weight: 1"], f"{shown}")
        expect("\tHello timer: 1" in shown and "\tDead timer: 4" in shown, f"{shown}")
        expect(neighbors(daemon)[IDS[other]] == ("Full", "PtP"), f"{neighbors(daemon)}")
    expect("Transit:\tYes" in c.text("show ospf O"), "area 1 is no transit area")
    # No link-LSA, and no external over the link.
    expect(not any(scope == "Link vlink0" for scope, *_ in database(b)), "LSAs of the virtual link's scope")
    c.kill()
    for daemon in (b, d):
        goes_down(daemon)
    wait(a, "2001:db8:1e::/64", None, 15)
    wait(e, "2001:db8:1a::/64", None, 15)
    c.start()
    joined(*routers, seconds=40)
    for victim, other in ((d, b), (b, d)):
        victim.kill()
        goes_down(other)
        victim.start()
        joined(*routers, seconds=40)
    for area, members in (("0.0.0.0", (a, b, d)), ("0.0.0.1", (b, c, d)), ("0.0.0.2", (d, e))):
        same_area(area, *members, seconds=20)
    for daemon in routers:
        if daemon.is_routed:
            text = daemon.log.read_text()
            expect("<ERR>" not in text and "Bad packet" not in text, f"{daemon.name}: {text[-2000:]}")


@cases("virtual.repair.{}-{}", ("routed6", "bird6"), ("bird6", "routed6"), ("routed2", "bird2"), ("bird2", "routed2"))
def repair(network, first, second):
    """A backbone of two pieces, a–b and d–e, with a link between a and e that breaks: the virtual link b–d through area 1 holds it together."""
    a, b, c, d, e = hosts = network.hosts(*"abcde")
    for number, (left, right) in enumerate(zip(hosts, hosts[1:])):
        network.link(left, "right", right, "left", (f"2001:db8:0:{number}::1/64", f"2001:db8:0:{number}::2/64"))
    network.link(e, "round", a, "round", ("2001:db8:0:9::1/64", "2001:db8:0:9::2/64"))
    for host in hosts:
        host.stub("lan0", f"2001:db8:1{host.name}::1/64")
    inner = [{0: ("", {"right": "", "round": "", **STUB})}, {0: ("", {"left": "", **STUB}), 1: (virtual("d"), {"right": ""})},
             {1: ("", {"left": "", "right": "", **STUB})}, {0: ("", {"right": "", **STUB}), 1: (virtual("b"), {"left": ""})},
             {0: ("", {"left": "", "round": "", **STUB})}]
    a, b, c, d, e = routers = [start(network, host, kind, chosen, "ecmp yes;") for host, kind, chosen in zip(
        hosts, (second, first, second, second, first), inner)]
    for daemon, count in zip(routers, (2, 3, 2, 3, 2)):
        full(daemon, count, 30)
    wait(a, "2001:db8:1e::/64", r"I \(150/17\) \[10.255.0.5\]")
    wait(a, "2001:db8:1c::/64", r"IA \(150/27\) \[10.255.0.2\]")
    wait(b, "2001:db8:1d::/64", r"I \(150/27\) \[10.255.0.4\]")
    leaves(a, "2001:db8:1e::/64", "round")
    leaves(b, "2001:db8:1d::/64", "right")
    same_area("0.0.0.0", a, b, d, e)
    hosts[0].ip("link set round down")
    wait(a, "2001:db8:1e::/64", r"I \(150/47\) \[10.255.0.5\]", 20)
    wait(e, "2001:db8:1a::/64", r"I \(150/47\) \[10.255.0.1\]", 20)
    wait(b, "2001:db8:1e::/64", r"I \(150/37\) \[10.255.0.5\]")
    for daemon, net, interface in ((a, "2001:db8:1e::/64", "right"), (b, "2001:db8:1e::/64", "right"), (c, "2001:db8:1e::/64", "right"),
                                   (d, "2001:db8:1a::/64", "left"), (e, "2001:db8:1a::/64", "left")):
        leaves(daemon, net, interface)
    reaches(a, "2001:db8:1e::1")
    expect(adjacencies(b) == 3, "an adjacency began anew")
    hosts[0].ip("link set round up")
    wait(a, "2001:db8:1e::/64", r"I \(150/17\) \[10.255.0.5\]", 20)
    leaves(a, "2001:db8:1e::/64", "round")


@cases("virtual.reconfigure.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def reconfigure(network, routed, bird):
    """Other intervals on a running link, a link that goes and comes: nothing else begins anew."""
    a, b, c, d, e = routers = chain(network, (bird, routed, bird, bird, bird), "hello 2; dead 8; retransmit 2;")
    for daemon, count in zip(routers, (1, 3, 2, 3, 1)):
        full(daemon, count, 30)
    joined(*routers)
    for daemon in (b, d):
        body = daemon.conf.read_text()[len(daemon.head):]
        expect("hello 2; dead 8;" in body, body)
        daemon.configure(body.replace("hello 2; dead 8;", "hello 1; dead 6;"))
    until("the new intervals", 5, lambda: "" if "\tHello timer: 1" in (found := virtual_link(b)) and "\tDead timer: 6" in found else str(found))
    time.sleep(8)
    expect(neighbors(b)[IDS["d"]][0] == "Full" and adjacencies(b) == 3, f"{neighbors(b)}, {adjacencies(b)} adjacencies")
    body = b.conf.read_text()[len(b.head):]
    b.configure(body.replace("virtual link", "#virtual link"))
    expect(virtual_link(b) is None, f"{virtual_link(b)}")
    wait(a, "2001:db8:1e::/64", None, 15)
    until("two neighbours", 5, lambda: "" if len(found := neighbors(b)) == 2 else str(found))
    b.configure(body)
    joined(*routers, seconds=40)
    expect(adjacencies(b) == 4, "an adjacency began anew")


def everything(daemons):
    """What all know and show, once nothing changes any more."""
    def picture():
        found = {}
        for daemon in daemons:
            for command in ("state", "state all", "topology", "topology all"):
                found[f"{daemon.name} {command}"] = state(daemon, f"show ospf {command} O")
            found[f"{daemon.name} summary"] = sorted(summary(daemon))
            found[f"{daemon.name} interfaces"] = sorted(line for code, line in daemon.ask("show ospf interface O") if code)
            found[f"{daemon.name} LSAs"] = sorted((*key[:2], key[3]) for key in database(daemon))
            found[f"{daemon.name} routes"] = sorted((r.network, r.info) for r in daemon.routes("protocol O"))
        return found
    before = picture()
    for _ in range(40):
        time.sleep(1)
        after = picture()
        if before == after and len(neighbors(daemons[1])) == 3:
            return after
        before = after
    return before


@cases("virtual.same.{}-{}", ("bird6", "routed6"), ("bird2", "routed2"))
def same(network, bird, routed):
    """An end of the link is BIRD, then routed: both say the same to all, and show it so. Without an address of its own in an area BIRD
    announces the first that it finds, in all its areas; routed in those where it has virtual links."""
    daemons = chain(network, (bird,) * 5, hosts_of_b=True)
    a, b, c, d, e = daemons
    full(b, 3, 30)
    joined(*daemons)
    theirs = everything(daemons)
    body = b.conf.read_text()[len(b.head):]
    b.stop()
    network.daemons.remove(b)
    for other in (a, c, d):
        until(f"{other.name} gives up b", 10, lambda: str(found) if IDS["b"] in (found := neighbors(other)) else "")
    daemons[1] = type(b)(network, b.host, routed, body, router_id=IDS["b"])
    full(daemons[1], 3, 30)
    joined(*daemons)
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
