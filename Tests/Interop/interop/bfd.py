"""BFD with both BIRDs: sessions, failures within the negotiated time, and what they do to BGP, OSPF, static routes and the kernel."""
import re
import signal
import time

from .daemons import Daemon, bgp, dialect, kernel, ospf, static
from .kernel import hops, routes
from .scale import many
from .suite import ALONE, TIMED, case, cases
from .system import expect, until

V6 = [("routed6", "bird6"), ("routed6", "bird2"), ("routed2", "bird6"), ("routed2", "bird2")]
V4 = [("routed4", "bird4"), ("routed2", "bird2")]
QUICK = "connect delay time 1; error wait time 1,2; connect retry time 2; hold time 60;"
FAST = "interval 100 ms; multiplier 3;"
# Until a failure is found: three intervals of 100 ms, less a jitter, and what this machine takes besides.
WITHIN = 0.6
ENDS = {6: ("2001:db8::1", "2001:db8::2"), 4: ("10.0.0.1", "10.0.0.2")}
NETS = {6: "2001:db8:b{}::/48", 4: "10.11.{}.0/24"}


def bfd(options="", interfaces='"*"', session=FAST):
    return f"protocol bfd BFD {{ {options} interface {interfaces} {{ {session} }}; multihop {{ {session} }}; }}\n"


def sessions(daemon, name="BFD"):
    """(address, interface) → (state, interval, timeout) of `show bfd sessions`."""
    found = {}
    for code, line in daemon.ask(f"show bfd sessions {name}"):
        row = line.split()
        if code == 1020 and len(row) == 6 and row[0] != "IP":
            found[row[0], row[1]] = (row[2], float(row[4]), float(row[5]))
    return found


def up(daemon, address, interface="eth0", seconds=10):
    return until(f"{daemon.name} ({daemon.kind}): BFD with {address} Up", seconds,
                 lambda: "" if sessions(daemon).get((address, interface), ("none",))[0] == "Up" else str(sessions(daemon)), 0.05)


def down(daemon, address, interface="eth0", seconds=5):
    return until(f"{daemon.name} ({daemon.kind}): BFD with {address} down", seconds,
                 lambda: "" if sessions(daemon).get((address, interface), ("Down",))[0] != "Up" else str(sessions(daemon)), 0.02)


def scene(network, family=6):
    """a and b on one bridge: a link that fails beyond it is noticed by neither."""
    a, b = network.hosts("a", "b")
    length = 64 if family == 6 else 24
    bridge = network.switch(*((host, "eth0", f"{ENDS[family][i]}/{length}") for i, host in enumerate((a, b))))
    return a, b, bridge


def cut(bridge, *ports):
    """Nothing passes any more, though all links have their carriers; the ports' own addresses are not used."""
    for port in ports or ("p0",):
        bridge.ip(f"link set {port} nomaster")


def mend(bridge, *ports):
    for port in ports or ("p0",):
        bridge.ip(f"link set {port} master br0")


def body(kind, index, family, options="bfd;", more=FAST):
    here, there = ENDS[family][index], ENDS[family][1 - index]
    nets = [f"{NETS[family].format(n)} blackhole" for n in (1, 2)] if index else []
    return (bfd(session=more) + static(kind, nets, family=family) + kernel(kind, family=family, exports="where source = RTS_BGP")
            + bgp(kind, here, 65001 + index, there, 65002 - index, QUICK + options, families=(family,)))


def learnt(host, family):
    return {network for network, _, _, _ in routes(host, family=family)}


def bgp_case(network, ours, theirs, family):
    """A BGP session falls with its path, within the negotiated time, and its kernel routes with it; then all comes back."""
    a, b, bridge = scene(network, family)
    here, there = ENDS[family]
    us = Daemon(network, a, ours, body(ours, 0, family), router_id="10.255.0.1")
    peer = Daemon(network, b, theirs, body(theirs, 1, family), router_id="10.255.0.2")
    nets = {NETS[family].format(n) for n in (1, 2)}
    us.established(), peer.established()
    up(us, there), up(peer, here)
    until("intervals of 100 ms", 3, lambda: "" if sessions(us)[there, "eth0"] == sessions(peer)[here, "eth0"] == ("Up", 0.1, 0.3) else
          f"{sessions(us)} {sessions(peer)}")
    until("kernel routes", 5, lambda: "" if learnt(a, family) == nets else str(learnt(a, family)))
    time.sleep(2)
    expect(us.protocol("B")[1].startswith("Established") and not us.logged("BFD session down"), "lost without a reason")
    cut(bridge)
    begun = time.monotonic()
    until("the session ends", 2, lambda: "" if not us.protocol("B")[1].startswith("Established") else "Established", 0.01)
    took = time.monotonic() - begun
    expect(0.1 < took < WITHIN, f"it took {took:.3f} s")
    until("the kernel's routes end", 0.5, lambda: "" if not learnt(a, family) else str(learnt(a, family)), 0.02)
    expect("BFD session down" in us.details("B"), us.details("B"))
    down(peer, here, seconds=1)
    mend(bridge)
    up(us, there)
    us.established(seconds=15)
    until("kernel routes", 5, lambda: "" if learnt(a, family) == nets else str(learnt(a, family)))
    # A peer that does nothing any more.
    peer.signal(signal.SIGSTOP)
    took = until("the session ends", 2, lambda: "" if not us.protocol("B")[1].startswith("Established") else "Established", 0.01)
    expect(took < WITHIN, f"it took {took:.3f} s")
    peer.signal(signal.SIGCONT)
    us.established(seconds=20)
    up(us, there)


@cases("bfd.bgp.{}-{}", *V6, phase=TIMED)
def bgp6(network, ours, theirs):
    bgp_case(network, ours, theirs, 6)


@cases("bfd.bgp.v4.{}-{}", *V4, phase=TIMED)
def bgp4(network, ours, theirs):
    bgp_case(network, ours, theirs, 4)


@cases("bfd.multihop.{}-{}", *V6, ("routed4", "bird4"), phase=TIMED)
def multihop(network, ours, theirs):
    """The same over a router between the two."""
    family = 4 if ours == "routed4" else 6
    a, r, b = network.hosts("a", "r", "b")
    one, two = (("10.1.0.1", "10.1.0.9"), ("10.2.0.2", "10.2.0.9")) if family == 4 else (
        ("2001:db8:1::1", "2001:db8:1::9"), ("2001:db8:2::2", "2001:db8:2::9"))
    length = 24 if family == 4 else 64
    network.link(a, "eth0", r, "e0", tuple(f"{x}/{length}" for x in one))
    network.link(b, "eth0", r, "e1", tuple(f"{x}/{length}" for x in two))
    a.ip(f"-{family} route add default via {one[1]}")
    b.ip(f"-{family} route add default via {two[1]}")
    here, there = one[0], two[0]
    source = {1: "source address {};", 2: ""}
    daemons = []
    for host, kind, index, own, other in ((a, ours, 0, here, there), (b, theirs, 1, there, here)):
        # The intervals come from one place or the other.
        wanted = f"bfd {{ {FAST} }};" if dialect(kind) == 2 else "bfd;"
        options = QUICK + "multihop;" + wanted + source[dialect(kind)].format(own)
        nets = [f"{NETS[family].format(n)} blackhole" for n in (1, 2)] if index else []
        text = bfd() if dialect(kind) == 1 else "protocol bfd BFD { }\n"
        text += static(kind, nets, family=family) + bgp(kind, own, 65001 + index, other, 65002 - index, options, families=(family,))
        daemons.append(Daemon(network, host, kind, text, router_id=f"10.255.0.{index + 1}"))
    us, peer = daemons
    us.established()
    up(us, there, "---"), up(peer, here, "---")
    r.ip("link set e1 down")
    took = until("the session ends", 2, lambda: "" if not us.protocol("B")[1].startswith("Established") else "Established", 0.01)
    expect(0.1 < took < WITHIN, f"it took {took:.3f} s")
    r.ip("link set e1 up")
    r.ip(f"-{family} address replace {two[1]}/{length} dev e1" + (" nodad" if family == 6 else ""))
    up(us, there, "---", 20)
    us.established(seconds=20)


@cases("bfd.ospf.{}-{}", *V6, phase=TIMED)
def ospf_neighbors(network, ours, theirs):
    """An OSPF neighbour goes with its path, long before the dead interval."""
    a, b, bridge = scene(network)
    b.stub("lan0", "2001:db8:77::1/64")
    defaults = "hello 1; dead 60; wait 3; retransmit 2;"
    us, peer = (Daemon(network, host, kind, bfd() + kernel(kind, exports="where source ~ [ RTS_OSPF ]")
                       + ospf(kind, {"eth0": "type ptp; bfd;", "lan0": "stub;"}, defaults=defaults), router_id=f"10.255.0.{i + 1}")
                for i, (host, kind) in enumerate(((a, ours), (b, theirs))))
    until("Full", 20, lambda: "" if "Full" in us.text("show ospf neighbors O") else us.text("show ospf neighbors O"))
    until("a kernel route", 10, lambda: "" if "2001:db8:77::/64" in learnt(a, 6) else str(learnt(a, 6)))
    until("BFD Up", 10, lambda: "" if [s[0] for s in sessions(us).values()] == ["Up"] else str(sessions(us)))
    (address, interface), = sessions(us)
    expect(address.startswith("fe80::") and interface == "eth0", str(sessions(us)))
    cut(bridge)
    took = until("the neighbour goes", 2, lambda: "" if "Full" not in us.text("show ospf neighbors O") else "Full", 0.01)
    expect(took < WITHIN, f"it took {took:.3f} s")
    until("its route goes", 1, lambda: "" if "2001:db8:77::/64" not in learnt(a, 6) else str(learnt(a, 6)), 0.02)
    mend(bridge)
    until("Full again", 20, lambda: "" if "Full" in us.text("show ospf neighbors O") else us.text("show ospf neighbors O"))
    up(us, address)


@cases("bfd.static.{}-{}", *V6, phase=TIMED)
def static_next_hops(network, ours, theirs):
    """A route with two next hops loses the one whose path fails, and has it again afterwards; one whose session never was is not used."""
    a, b, c = network.hosts("a", "b", "c")
    bridge = network.switch((a, "eth0", "2001:db8::1/64"), (b, "eth0", "2001:db8::2/64"), (c, "eth0", "2001:db8::3/64"))
    via = "multipath via 2001:db8::2 bfd yes via 2001:db8::3 bfd yes" if dialect(ours) == 1 else "via 2001:db8::2 bfd via 2001:db8::3 bfd"
    single = "via 2001:db8::2 { bfd; }" if dialect(ours) == 1 else "via 2001:db8::2 bfd"
    never = single.replace("::2", "::9")
    us = Daemon(network, a, ours, bfd() + kernel(ours) + static(ours, [
        f"2001:db8:1::/48 {via}", f"2001:db8:2::/48 {single}", f"2001:db8:3::/48 {never}", "2001:db8:4::/48 via 2001:db8::9"]), router_id="10.255.0.1")
    others = [Daemon(network, host, theirs, bfd("neighbor 2001:db8::1 local 2001:db8::%d;" % n), router_id=f"10.255.0.{n}")
              for host, n in ((b, 2), (c, 3))]
    both, third = [("2001:db8::2", "eth0"), ("2001:db8::3", "eth0")], [("2001:db8::3", "eth0")]

    def settled(expected, seconds=10):
        return until(f"next hops {expected}", seconds, lambda: "" if hops(a, "2001:db8:1::/48") == expected else str(hops(a, "2001:db8:1::/48")), 0.02)
    settled(both)
    expect({"2001:db8:2::/48", "2001:db8:4::/48"} <= learnt(a, 6) and "2001:db8:3::/48" not in learnt(a, 6), str(learnt(a, 6)))
    shown = us.text("show static")
    expect(re.search(r"via 2001:db8::2.* \(bfd\)$", shown, re.M) and re.search(r"via 2001:db8::9.* \(bfd\) \(dormant\)$", shown, re.M), shown)
    cut(bridge, "p1")
    took = settled(third, 2)
    expect(took < WITHIN, f"it took {took:.3f} s")
    until("the other route goes", 1, lambda: "" if "2001:db8:2::/48" not in learnt(a, 6) else str(learnt(a, 6)), 0.02)
    mend(bridge, "p1")
    settled(both)
    # Without the protocol nobody knows whether the gateways can be reached.
    us.ask("disable BFD")
    until("no routes", 3, lambda: "" if learnt(a, 6) == {"2001:db8:4::/48"} else str(learnt(a, 6)))
    expect(us.text("show bfd sessions BFD") == "BFD: is not up", us.text("show bfd sessions BFD"))
    us.ask("enable BFD")
    settled(both)
    expect(all(other.process.poll() is None for other in others), "a neighbour has ended")


@cases("bfd.reconfigure.{}-{}", ("routed6", "bird2"), ("routed2", "bird2"), phase=TIMED)
def reconfigure(network, ours, theirs):
    """Other intervals, `bfd` off and on, a restart of the protocol that wants the session: none costs the BGP session more than it must."""
    a, b, _ = scene(network)
    us = Daemon(network, a, ours, body(ours, 0, 6), router_id="10.255.0.1")
    peer = Daemon(network, b, theirs, body(theirs, 1, 6), router_id="10.255.0.2")
    us.established()
    up(us, "2001:db8::2"), up(peer, "2001:db8::1")
    since = us.since("B"), peer.since("B")
    us.configure(body(ours, 0, 6, more="min rx interval 50 ms; min tx interval 400 ms; multiplier 4;"))
    until("other intervals", 5, lambda: "" if sessions(us)["2001:db8::2", "eth0"] == ("Up", 0.4, 0.3) and
          sessions(peer)["2001:db8::1", "eth0"] == ("Up", 0.1, 1.6) else f"{sessions(us)} {sessions(peer)}")
    us.configure(body(ours, 0, 6, options=""))
    time.sleep(1)
    expect((us.since("B"), peer.since("B")) == since, "the BGP session has ended")
    # A BIRD of this age ends its own when it hears that ours is switched off.
    until("no session", 10, lambda: "" if not sessions(us) else str(sessions(us)))
    us.configure(body(ours, 0, 6))
    us.established(seconds=20)
    up(us, "2001:db8::2"), up(peer, "2001:db8::1")
    # The session outlives a restart of BGP.
    def ended():
        return peer.log.read_text().count("changed state from Up")
    before = ended()
    us.ask("restart B")
    us.established(seconds=20), peer.established(seconds=20)
    time.sleep(4)
    expect(ended() == before, "the session of BFD did not outlive it")
    expect(us.protocol("B")[1].startswith("Established") and peer.protocol("B")[1].startswith("Established"), "not established")
    up(us, "2001:db8::2"), up(peer, "2001:db8::1")


@cases("bfd.load.{}-{}", ("routed6", "bird2"), ("routed2", "bird2"), phase=ALONE)
def load(network, ours, theirs):
    """100,000 routes come, go into the kernel, are listed, filtered anew and withdrawn, and no session fails on either side meanwhile."""
    a, b, _ = scene(network)
    us = Daemon(network, a, ours, body(ours, 0, 6), router_id="10.255.0.1")
    peer = Daemon(network, b, theirs, body(theirs, 1, 6) + static(theirs, many(100_000), name="MANY", options="disabled;"), router_id="10.255.0.2")
    us.established()
    up(us, "2001:db8::2"), up(peer, "2001:db8::1")

    def count(expected):
        until(f"{expected} routes", 60, lambda: "" if f"{expected} of " in (text := us.text("show route protocol B count")) else text, 0.3)
    peer.ask("enable MANY")
    count(100_002)
    until("all in the kernel", 60, lambda: "" if len(a.inside("ip", "-6", "route", "show", "proto", "bird").splitlines()) == 100_002 else "not yet", 1)
    us.ask("show route all")
    us.configure(body(ours, 0, 6).replace("import all", "import where net.len < 64"))
    count(2)
    us.configure(body(ours, 0, 6))
    count(100_002)
    peer.ask("disable MANY")
    count(2)
    for daemon in (us, peer):
        expect("changed state from Up" not in daemon.log.read_text(), f"{daemon.name} lost its session")


METHODS = ("simple", "keyed md5", "meticulous keyed md5", "keyed sha1", "meticulous keyed sha1")


@cases("bfd.authentication.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def authentication(network, ours, theirs):
    """Sessions come up with each method, and none with the wrong password."""
    a, b, _ = scene(network)

    def text(number, method, password):
        peer = f"2001:db8::{3 - number}"
        return bfd(f"neighbor {peer};", session=f'{FAST} authentication {method}; password "{password}" {{ id 7; }};')
    daemons = [Daemon(network, host, kind, text(n, METHODS[0], "secret"), router_id=f"10.255.0.{n}") for n, host, kind in ((1, a, ours), (2, b, theirs))]
    for method in METHODS:
        for number, daemon in enumerate(daemons, 1):
            daemon.write(text(number, method, "secret"))
            daemon.ask("configure")
            daemon.ask("restart BFD")
        for number, daemon in enumerate(daemons, 1):
            up(daemon, f"2001:db8::{3 - number}", seconds=5)
        time.sleep(1)
        for number, daemon in enumerate(daemons, 1):
            up(daemon, f"2001:db8::{3 - number}", seconds=0)
    daemons[0].configure(text(1, METHODS[-1], "other"))
    down(daemons[0], "2001:db8::2", seconds=3)
    until("a complaint", 3, lambda: "" if "Authentication failed for 2001:db8::2 - wrong authentication code (7)" in daemons[0].log.read_text() else "none")
    time.sleep(2)
    expect(sessions(daemons[0])["2001:db8::2", "eth0"][0] == "Down", str(sessions(daemons[0])))
    daemons[0].configure(text(1, METHODS[-1], "secret"))
    up(daemons[0], "2001:db8::2", seconds=5)


@cases("bfd.strict-bind.{}", ("routed2",))
def strict_bind(network, ours):
    """With `strict bind` nothing else is received on; `accept` leaves sessions to another protocol."""
    a, b, _ = scene(network)
    a.address("eth0", "10.0.0.1/24"), b.address("eth0", "10.0.0.2/24")
    neighbors = [f"neighbor {there} local {here};" for here, there in ENDS.values()]
    text = "".join(bfd(f"accept ipv{family} direct; strict bind; neighbor {there};").replace("BFD", f"BFD{family}")
                   for family, (_, there) in ENDS.items())
    us = Daemon(network, a, ours, text, router_id="10.255.0.1")
    peer = Daemon(network, b, "bird2", bfd(" ".join(neighbors).replace("::1", "::x").replace("::2", "::1").replace("::x", "::2")
                                           .replace("0.1", "0.x").replace("0.2", "0.1").replace("0.x", "0.2")), router_id="10.255.0.2")
    for family, (here, there) in ENDS.items():
        until(f"IPv{family} Up", 10, lambda: "" if sessions(us, f"BFD{family}").get((there, "eth0"), ("",))[0] == "Up" else str(sessions(us, f"BFD{family}")))
        up(peer, here)
    listening = {line.split()[3] for line in a.inside("ss", "-Huln", "sport", "=", ":3784").splitlines()}
    expect(listening == {"10.0.0.1%eth0:3784", "[2001:db8::1]%eth0:3784"}, str(listening))
    expect(not a.inside("ss", "-Huln", "sport", "=", ":4784"), "4784 is open")


@case("bfd.never-up")
def never_up(network):
    """A neighbour without BFD has its session all the same."""
    a, b, _ = scene(network)
    us = Daemon(network, a, "routed6", body("routed6", 0, 6), router_id="10.255.0.1")
    Daemon(network, b, "bird6", body("bird6", 1, 6, options="").removeprefix(bfd()), router_id="10.255.0.2")
    us.established()
    expect(sessions(us)["2001:db8::2", "eth0"][0] == "Down", str(sessions(us)))
    time.sleep(3)
    us.established(seconds=1)
    # The port over there is closed.
    expect(not us.logged("send to"), "errors of sending are logged")


@cases("bfd.look.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def look(network, ours, theirs):
    """`show bfd sessions` and `show protocols` of both, apart from times and names, are the same."""
    a, b, _ = scene(network)
    us = Daemon(network, a, ours, body(ours, 0, 6), router_id="10.255.0.1")
    peer = Daemon(network, b, theirs, body(theirs, 1, 6), router_id="10.255.0.2")
    us.established()
    up(us, "2001:db8::2"), up(peer, "2001:db8::1")
    time.sleep(0.5)

    def plain(daemon, command, here):
        return re.sub(r"\d\d:\d\d:\d\d(\.\d+)?", lambda found: "T" * len(found[0]), "\n".join(
            f"{code} {line}" for code, line in daemon.ask(command))).replace(here, "PEER       "[:len(here)])
    for command in ("show bfd sessions", "show bfd sessions BFD", "show protocols BFD", "show protocols all BFD"):
        one, other = plain(us, command, "2001:db8::2"), plain(peer, command, "2001:db8::1")
        expect(one == other, f"{command}: {one!r} and {other!r}")
    # BIRD 2 has only a syntax error for a name that is nobody's.
    for command in ("show bfd sessions NOBODY", "show bfd sessions B")[dialect(ours) - 1:]:
        one, other = us.ask(command, refused=True), peer.ask(command, refused=True)
        expect(one == other, f"{command}: {one} and {other}")
