"""BGP: peers of a range (`neighbor range`), each of which gets a protocol of its own; the same steps beside BIRD 2.0.12 as the listener."""
import re
import subprocess
import time

from . import system
from .daemons import Daemon, bgp, static
from .suite import TIMED, case, cases
from .system import ROUTECTL, expect, run, until
from .vrf import HERE, THERE, scene, with_vrf

QUICK = "connect delay time 1; error wait time 1,2; error forget time 1; connect retry time 5; startup hold time 60;"
LISTENERS = [("routed2",), ("bird2",)]
UP, WAITS = ("up", "Established"), ("start", "Passive")
OWN6, OWN4 = "2001:db8:a::/48", "10.10.0.0/16"


class Place:
    """A listener r and what may connect to it: b, c and d, whose addresses end in 2, 3 and 4; only d's IPv6 address is in no range."""

    NUMBERS = {"b": 2, "c": 3, "d": 4}

    def __init__(self, network, kind):
        self.network, self.kind, self.router = network, kind, None
        names = ("r", "b", "c", "d")
        self.hosts = dict(zip(names, network.hosts(*names)))
        network.switch(*((self.hosts[n], "eth0", f"{self.address(n, 6)}/64", f"{self.address(n, 4)}/24", f"{self.address(n, 'll')}/64")
                         for n in names))

    def address(self, letter, family):
        number = 1 if letter == "r" else self.NUMBERS[letter]
        if family == 6:
            return "2001:db8::20" if letter == "d" else f"2001:db8::{number}"
        return f"10.0.0.{number}" if family == 4 else f"fe80::{number}"

    def listener(self, name, prefix, options="", *, whom="external", imports="all", exports="all"):
        family = 6 if ":" in prefix else 4
        return (f"protocol bgp {name} {{ local as 65001; neighbor range {prefix} {whom}; {QUICK} {options}\n"
                f"  ipv{family} {{ import {imports}; export {exports}; }};\n}}\n")

    @property
    def statics(self):
        return static(self.kind, [f"{OWN6} blackhole"], name="S6") + static(self.kind, [f"{OWN4} blackhole"], name="S4", family=4)

    def ranges(self, options="", *, six="2001:db8::/124", four="10.0.0.0/28", **policy):
        text = self.statics
        if six:
            text += self.listener("R6", six, options, **policy)
        return text + self.listener("R4", four, 'dynamic name "four"; dynamic name digits 3; ' + options, **policy)

    def start(self, body):
        self.router = Daemon(self.network, self.hosts["r"], self.kind, body, router_id="10.255.0.1")
        return self.router

    def peer(self, letter, kind, *families, options=QUICK):
        """A peer in AS 6500N, with a network of its own in each family."""
        number, body = self.NUMBERS[letter], ""
        for family in families:
            own, other = self.address(letter, family), self.address("r", family)
            scope = "%eth0" if family == "ll" else ""
            channel = 6 if family == "ll" else family
            body += static(kind, [f"{self.network_of(letter, channel)} blackhole"], name=f"S{family}", family=channel)
            body += bgp(kind, own, 65000 + number, other + scope, 65001, options, name=f"B{family}", families=(channel,))
        return Daemon(self.network, self.hosts[letter], kind, body, router_id=f"10.255.0.{number}", name=letter)

    def network_of(self, letter, family):
        number = self.NUMBERS[letter]
        return f"2001:db8:{number}::/48" if family == 6 else f"10.{number}.0.0/16"

    def protocols(self):
        """name → (state, info) of the BGP protocols, in the order of `show protocols`."""
        found = {}
        for code, line in self.router.ask("show protocols"):
            row = line.split(None, 5)
            if code == 1002 and row[1] == "BGP":
                expect(row[2] == "---", f"a table: {line}")
                found[row[0]] = (row[3], row[5].strip() if len(row) > 5 else "")
        return found

    def shows(self, *wanted, seconds=10, **infos):
        """Waits until `show protocols` has these BGP protocols in this order; the ranges wait, the others are up unless `infos` says
        otherwise."""
        expected = {name: infos.get(name, WAITS if name.startswith("R") else UP) for name in wanted}

        def problem():
            found = self.protocols()
            same = list(found) == list(expected) and all(
                found[name][0] == state and (info is None or found[name][1] == info) for name, (state, info) in expected.items())
            return "" if same else f"{self.kind} shows {found}, not {expected}"
        until("protocols", seconds, problem)


# Options of which one needs new sessions.
RENEWING = "hold time 99; enable extended messages;"


@cases("bgp.dynamic.steps.{}", *LISTENERS)
def steps(network, kind):
    """Peers come, leave and come back, are disabled and restarted, and the ranges change: routed and BIRD show the same."""
    place = Place(network, kind)
    r = place.start(place.ranges())
    place.shows("R6", "R4")
    text = re.sub(r" +(?=\n)", "", re.sub(r"\d\d:\d\d:\d\d\.\d\d\d", "TIME", r.details("R6")))
    expect(text.strip() == """Name       Proto      Table      State  Since         Info
R6         BGP        ---        start  TIME  Passive
  BGP state:          Passive
    Neighbor range:   2001:db8::/124
    Neighbor AS:      0
    Local AS:         65001
  Channel ipv6
    State:          DOWN
    Table:          master6
    Preference:     100
    Input filter:   ACCEPT
    Output filter:  ACCEPT""", f"{kind} shows {text!r}")

    b = place.peer("b", "bird6", 6)
    place.shows("R6", "R4", "dynbgp1")
    c = place.peer("c", "bird2", 6)
    place.shows("R6", "R4", "dynbgp1", "dynbgp2")
    d = place.peer("d", "bird2", 4, 6)
    all_of_them = ("R6", "R4", "dynbgp1", "dynbgp2", "four001")
    place.shows(*all_of_them)
    until("the peer outside is refused", 5, lambda: "" if r.logged("Unexpected connect from unknown address 2001:db8::20") else "not yet")
    expect(not d.protocol("B6")[1].startswith("Established"), "the peer outside has a session")
    details = r.details("dynbgp2")
    for line in ("    Neighbor address: 2001:db8::3", "    Neighbor AS:      65003", "    Session:          external AS4"):
        expect(line in details.splitlines(), f"without {line!r}: {details}")
    expect("range" not in details, details)
    names = {line.split()[0] for code, line in r.ask("show symbols protocol") if code == 1010}
    expect(set(all_of_them) <= names, f"symbols {names}")

    # Routes go both ways, and from one peer to the other.
    six = [place.network_of(n, 6) for n in "bc"]
    c.has([OWN6, six[0]], "B6")
    b.has([OWN6, six[1]], "B6")
    d.has([OWN4], "B4")
    r.has([six[0]], "dynbgp1")
    r.has([place.network_of("d", 4)], "four001")
    expect({x.network for x in r.routes("export dynbgp2")} == {OWN6, six[0]}, "export dynbgp2")

    # It stays when its peer leaves, and calls it.
    b.stop()
    place.shows(*all_of_them, dynbgp1=("start", None))
    until("routes are gone", 3, lambda: "still there" if r.routes("protocol dynbgp1") else "")
    place.shows(*all_of_them, dynbgp1=("start", "Active        Socket: Connection refused"))
    b.start()
    place.shows(*all_of_them)
    c.has([OWN6, six[0]], "B6")

    # The operator's commands, for one of them and for the range.
    others = [r.since(name) for name in ("dynbgp2", "four001")]
    expect(r.ask("disable dynbgp1")[0] == (9, "dynbgp1: disabled"), "disable")
    place.shows(*all_of_them, dynbgp1=("down", ""))
    time.sleep(2)                                     # its peer tries again
    place.shows(*all_of_them, dynbgp1=("down", ""))
    r.ask("enable dynbgp1")
    place.shows(*all_of_them)
    before = r.since("dynbgp1")
    time.sleep(0.6)
    r.ask("restart dynbgp1")
    until("the session is another one", 10, lambda: "" if r.protocol("dynbgp1") == UP and r.since("dynbgp1") != before else "not yet")
    r.ask("reload dynbgp1")
    r.ask("disable R6")
    place.shows(*all_of_them, R6=("down", ""))
    r.ask("restart R4")
    r.ask("enable R6")
    place.shows(*all_of_them)

    # A filter changes: sessions stay, routes do not.
    r.configure(place.ranges(exports="where source = RTS_STATIC"))
    c.has([OWN6], "B6")
    place.shows(*all_of_them)
    expect(others == [r.since(name) for name in ("dynbgp2", "four001")], "a session was another one")
    # An option of sessions changes: they come again, numbered anew.
    r.configure(place.ranges(RENEWING))
    until("others", 10, lambda: "" if set(place.protocols().items()) == {(n, WAITS if n[0] == "R" else UP) for n in all_of_them}
          else f"{place.protocols()}")
    expect("/99" in r.details("four001"), "the hold time is not 99")
    # What is disabled, or whose range is gone, ends.
    r.ask("disable dynbgp1")
    r.configure(place.ranges(RENEWING, six=None))
    place.shows("R4", "four001")
    until("the peer notices", 5, lambda: "Established" if c.protocol("B6")[1].startswith("Established") else "")
    r.configure(place.ranges(RENEWING))
    until("all are back", 10, lambda: "" if set(place.protocols()) == set(all_of_them) else f"{place.protocols()}")
    c.has([OWN6, six[0]], "B6")


@cases("bgp.dynamic.names.{}", *LISTENERS)
def names(network, kind):
    """Names that the file has are passed over, whatever they stand for."""
    place = Place(network, kind)
    taken = "filter dynbgp1 { accept; }\ndefine dynbgp2 = 5;\nprotocol static dynbgp4 { ipv6; }\n"
    place.start(taken + place.ranges())
    place.peer("b", "bird2", 6)
    place.shows("R6", "R4", "dynbgp3")
    place.peer("c", "bird2", 6)
    place.shows("R6", "R4", "dynbgp3", "dynbgp5")
    # The file takes one of theirs: that one ends and is called something else.
    place.router.configure(taken + "function dynbgp3() { return 1; }\n" + place.ranges())
    until("the other name", 10, lambda: "" if {"dynbgp5", "dynbgp6"} == {n for n, s in place.protocols().items() if s == UP}
          else f"{place.protocols()}")


@cases("bgp.dynamic.password.{}", *LISTENERS)
def password(network, kind):
    """A range with a password: peers with it connect, one with another does not; one that left can come back."""
    place, secret = Place(network, kind), 'password "Sesame-17";'
    place.start(place.ranges(secret))
    b = place.peer("b", "bird2", 6, 4, options=QUICK + secret)
    until("both", 10, lambda: "" if set(place.protocols().items()) == {("R6", WAITS), ("R4", WAITS), ("dynbgp1", UP), ("four001", UP)}
          else f"{place.protocols()}")
    place.peer("c", "bird6", 6, options=QUICK + 'password "sesame-17";')
    time.sleep(3)
    expect("dynbgp2" not in place.protocols(), f"{place.protocols()}")
    b.kill()
    until("its death is noticed", 5, lambda: "up" if place.protocols()["dynbgp1"] == UP else "")
    b.start()
    until("both again", 10, lambda: "" if place.protocols()["dynbgp1"] == UP and place.protocols()["four001"] == UP
          else f"{place.protocols()}")


@cases("bgp.dynamic.link-local.{}", *LISTENERS)
def link_local(network, kind):
    """A range of link-local addresses on an interface."""
    place = Place(network, kind)
    place.start(place.statics + place.listener("R6", "fe80::/10", 'interface "eth0";'))
    c = place.peer("c", "bird2", "ll")
    place.shows("R6", "dynbgp1")
    b = place.peer("b", "bird6", "ll")
    place.shows("R6", "dynbgp1", "dynbgp2")
    c.has([OWN6, place.network_of("b", 6)], "Bll")
    expect("    Neighbor address: fe80::3%eth0" in place.router.details("dynbgp1").splitlines(), place.router.details("dynbgp1"))
    b.stop()
    place.shows("R6", "dynbgp1", "dynbgp2", dynbgp2=("start", None))
    b.start()
    place.shows("R6", "dynbgp1", "dynbgp2")


@cases("bgp.dynamic.internal.{}", *LISTENERS)
def internal(network, kind):
    """An internal range of reflected clients, several hops away for all that is known."""
    place = Place(network, kind)
    place.start(place.statics + place.listener("R4", "10.0.0.0/8", "rr client;", whom="internal", exports="all"))
    peers = []
    for letter in "bc":
        number = place.NUMBERS[letter]
        body = static("bird2", [f"10.{number}.0.0/16 blackhole"], name="S4", family=4) + bgp(
            "bird2", place.address(letter, 4), 65001, "10.0.0.1", 65001, QUICK, name="B4", families=(4,))
        peers.append(Daemon(network, place.hosts[letter], "bird2", body, router_id=f"10.255.0.{number}", name=letter))
    until("both", 10, lambda: "" if set(place.protocols().items()) == {("R4", WAITS), ("dynbgp1", UP), ("dynbgp2", UP)}
          else f"{place.protocols()}")
    peers[0].has([OWN4, "10.3.0.0/16"], "B4")
    expect("internal multihop route-reflector AS4" in place.router.details("dynbgp1"), place.router.details("dynbgp1"))


@case("bgp.dynamic.whose")
def whose(network):
    """The longest range takes a peer, a neighbour of its own comes before that, even when it is disabled."""
    place = Place(network, "routed2")
    def ranges(more=""):
        return (place.statics + place.listener("R1", "2001:db8::/124", 'dynamic name "long";')
                + place.listener("R2", "::/0", 'dynamic name "all";') + place.listener("R3", "2001:db8::/64", 'dynamic name "same";')
                + place.listener("R4", "2001:db8::/64", 'dynamic name "last";') + more)
    own = bgp("routed2", "2001:db8::1", 65001, "2001:db8::3", 65003, QUICK + "disabled;", name="C")
    r = place.start(ranges(own))
    c = place.peer("c", "bird2", 6)
    place.peer("b", "bird6", 6)
    place.peer("d", "bird2", 6)
    expected = {"R1": WAITS, "R2": WAITS, "R3": WAITS, "R4": WAITS, "C": ("down", ""), "long1": UP, "last1": UP}
    until("each has its own", 10, lambda: "" if place.protocols() == expected else f"{place.protocols()}")
    time.sleep(2)
    expect(place.protocols() == expected and c.protocol("B6")[0] != "up", f"{place.protocols()}")
    r.ask("enable C")
    r.established("C")
    # Without a protocol of its own it is of the range; with one again, that one takes it over.
    r.configure(ranges())
    until("of the range", 10, lambda: "" if place.protocols().get("long2") == UP else f"{place.protocols()}")
    lines = [line for _, line in r.ask("configure check")]
    expect(not any("Protocol" in line for line in lines), f"{lines}")
    r.write(ranges(own.replace("disabled;", "")))
    lines = [line for _, line in r.ask("configure check")]
    expect("Protocol long2: removed" in lines and "Protocol C: new" in lines, f"{lines}")
    expect(not any("long1" in line for line in lines), f"{lines}")
    r.ask("configure")
    r.established("C")
    expect("long2" not in place.protocols(), f"{place.protocols()}")


@case("bgp.dynamic.plan")
def plan(network):
    """`configure check` and `plan` know what was spawned; undo finds those of now, not those of then."""
    place = Place(network, "routed2")
    r = place.start(place.ranges())
    c = place.peer("c", "bird2", 6)
    place.shows("R6", "R4", "dynbgp1")
    place.peer("d", "bird2", 4)
    place.shows("R6", "R4", "dynbgp1", "four001")
    c.has([OWN6], "B6")
    since = r.since("dynbgp1")
    expect([line for _, line in r.ask("configure check")][1:] == ["Configuration OK"], "an unchanged file changes something")
    r.write(place.ranges(exports="none"))
    lines = [line for _, line in r.ask("configure check")]
    expect({"Protocol dynbgp1: reloaded (export filter of ipv6)", "Protocol four001: reloaded (export filter of ipv4)"} <= set(lines), f"{lines}")
    planned = r.text("plan all")
    expect("dynbgp1" in planned and "four001" in planned and OWN6 in planned, planned)
    expect("R6 " not in planned, f"the range itself exports: {planned}")
    r.write(place.ranges(RENEWING))
    expect({"Protocol dynbgp1: removed", "Protocol four001: removed"} <= {line for _, line in r.ask("configure check")}, "not removed")
    expect("dynbgp1" in r.text("plan"), r.text("plan"))
    expect(r.since("dynbgp1") == since, "a plan was acted on")
    # Done, with a third peer after it, and undone.
    r.write(place.ranges(exports="none"))
    r.ask("configure")
    c.has([], "B6")
    place.peer("b", "bird6", 6)
    place.shows("R6", "R4", "dynbgp1", "four001", "dynbgp2")
    r.ask("configure undo")
    c.has([OWN6, place.network_of("b", 6)], "B6")
    place.shows("R6", "R4", "dynbgp1", "four001", "dynbgp2")
    expect(r.since("dynbgp1") == since, "the session was another one")
    r.ask("configure undo", refused=None)
    shown = run(ROUTECTL, "-s", r.socket, "show", "protocols", "dynbgp2")
    expect("Established" in shown, shown)
    rows = run(ROUTECTL, "-s", r.socket, "--json", "show", "protocols", "all", "R6")
    expect('"neighbor_range":"2001:db8::/124"' in rows.replace(" ", ""), rows)


FLOOD = """
import socket, sys
sockets = []
for number in range({count}):
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    s.setsockopt(socket.IPPROTO_IPV6, 78, 1)      # IPV6_FREEBIND
    s.settimeout(3)
    s.bind(("2001:db8:f::" + hex(number + 1)[2:], 0))
    try:
        s.connect(("2001:db8::1", 179))
        sockets.append(s)
    except OSError:
        pass
print(len(sockets), flush=True)
sys.stdin.read()
"""


@case("bgp.dynamic.flood", phase=TIMED)
def flood(network):
    """More peers than a range may have: the number is bounded, and one that is serious gets a place."""
    place = Place(network, "routed2")
    r = place.start(place.statics + place.listener("R", "2001:db8::/32", "multihop;"))
    c = place.peer("c", "bird2", 6, options=QUICK + "multihop;")
    place.shows("R", "dynbgp1")
    host = place.hosts["b"]
    host.ip("-6 route add local 2001:db8:f::/64 dev lo")
    place.hosts["r"].ip("-6 route add 2001:db8:f::/64 via 2001:db8::2")
    crowd = system.spawn(["ip", "netns", "exec", host.namespace, "python3", "-c", FLOOD.format(count=1100)],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        expect(int(crowd.stdout.readline()) == 1100, "the crowd could not connect")
        until("they are bounded", 5, lambda: "" if len(place.protocols()) == 1001 else f"{len(place.protocols())} protocols")
        expect(r.logged("Too many peers of the range"), "nothing was said")
        expect(place.protocols()["dynbgp1"] == UP, "the session was lost")
        begun = time.monotonic()
        r.ask("show route")
        r.ask("configure")
        expect(time.monotonic() - begun < 1.5, f"a reconfiguration took {time.monotonic() - begun:.1f} s")
        expect(len(place.protocols()) == 1001, f"{len(place.protocols())} protocols after a reconfiguration")
        place.peer("d", "bird2", 6, options=QUICK + "multihop;")
        until("a peer comes through", 20, lambda: "" if sum(s == UP for s in place.protocols().values()) == 2 else "not yet", 0.5)
        expect(len(place.protocols()) == 1001, f"{len(place.protocols())} protocols")
    finally:
        system.end(crowd)
    c.established("B6")
    r.configure(place.statics)
    place.shows()


@case("bgp.dynamic.errors")
def errors(network):
    """A peer with the wrong AS: one protocol with the reason, that pauses, however often it comes; and one that is not connected."""
    place = Place(network, "routed2")
    r = place.start(place.statics + place.listener("R6", "::/0", whom="as 65009"))
    place.peer("b", "bird2", 6)
    until("the reason is shown", 10, lambda: "" if "BGP Error: Bad peer AS" in place.protocols().get("dynbgp1", ("", ""))[1]
          else f"{place.protocols()}")
    time.sleep(4)
    expect(len(place.protocols()) == 2, f"{place.protocols()}")
    # Its address is on no network of ours: an external peer has to be.
    place.hosts["c"].address("lo", "2001:db8:77::3/128")
    place.hosts["r"].ip("-6 route add 2001:db8:77::3 via 2001:db8::3")
    text = bgp("bird2", "2001:db8:77::3", 65009, "2001:db8::1", 65001, QUICK + "multihop;", name="B6")
    Daemon(network, place.hosts["c"], "bird2", text, router_id="10.255.0.3", name="c")
    until("it is refused", 10, lambda: "" if r.logged("2001:db8:77::3 rejected: not directly connected") else "not yet")
    expect(len(place.protocols()) == 2, f"{place.protocols()}")


@case("bgp.dynamic.vrf")
def vrfs(network):
    """The same address in two VRFs is two peers, each of the range of its VRF."""
    a, red, plain = scene(network)
    body = "ipv6 table red;\nprotocol direct D { ipv6; }\n"
    for name, vrf, table in (("R1", '"red"', "red"), ("R2", "default", "master6")):
        listener = f"protocol bgp {name} {{ local as 65001; neighbor range 2001:db8::/64 external; dynamic name \"{name.lower()}\"; {QUICK}\n"
        body += with_vrf(f"{listener}  ipv6 {{ table {table}; import all; export none; }};\n}}\n", vrf)
    r = Daemon(network, a, "routed2", body, router_id="10.255.0.1")
    for host, number in ((red, 65002), (plain, 65003)):
        Daemon(network, host, "bird2", static("bird2", [f"2001:db8:{number - 65000}0::/48 unreachable"])
               + bgp("bird2", THERE, number, HERE, 65001, QUICK), router_id=f"10.255.0.{number - 65000}", name=host.name)
    for name, number in (("r11", 65002), ("r21", 65003)):
        until(f"{name} is there", 10, lambda: "" if any(name in line for _, line in r.ask("show protocols")) else "not yet")
        r.established(name)
        expect(f"Neighbor AS:      {number}" in r.details(name), r.details(name))
