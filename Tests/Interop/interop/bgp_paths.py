"""BGP: several paths to one network over one session (RFC 7911)."""
import json

from . import system
from .bgp_routes import ADDRESSES, PAIRS, family_of
from .bgp_session import QUICK
from .daemons import Daemon, bgp, dialect, kernel, static, two
from .kernel import hops
from .network import pair
from .suite import cases
from .system import expect, until

WAYS = ("add paths tx;", "add paths rx;")


def side(kind, kinds, index, option, statics=(), exports="all"):
    """One end of an IBGP session with static routes from several protocols, each with a local preference of its own."""
    family = family_of(kinds)
    text = ""
    for name, preference, networks in statics:
        preferred = f"preference {preference};"
        protocol = static(kind, [f"{n} blackhole" for n in networks], name=name, family=family,
                          options=preferred if dialect(kind) == 1 else "")
        text += protocol.replace(f"ipv{family};", f"ipv{family} {{ {preferred} }};")
    channel = {"channel": option} if dialect(kind) == 2 else {}
    return text + bgp(kind, ADDRESSES[family][index], 65001, ADDRESSES[family][1 - index], 65001, QUICK + ("" if channel else option),
                      exports=exports, families=(family,), **channel)


def networks_of(family):
    return [f"2001:db8:{n}::/48" for n in (1, 2)] if family == 6 else [f"10.{n}.0.0/16" for n in (1, 2)]


MARK = """filter marked {
  if proto = "S1" then bgp_med = 11;
  if proto = "S2" then bgp_med = 12;
  if proto = "S3" then reject;
  accept;
}
"""


def meds(daemon, network):
    return sorted(r.attributes.get("BGP.med") for r in daemon.routes(f"{network} protocol B") if r.network == network)


def paths(network, sender, receiver):
    """`sender` and `receiver` are numbers of hosts: the first has the routes, each of three static protocols one or two."""
    def run(kinds):
        family = family_of(kinds)
        one, two_ = networks_of(family)
        statics = [("S1", 201, [one, two_]), ("S2", 202, [one]), ("S3", 203, [one])]
        hosts = pair(network)

        def body(index, kept):
            kind = kinds[index]
            if index == sender:
                return MARK + side(kind, kinds, index, WAYS[0], kept, exports="filter marked")
            return side(kind, kinds, index, WAYS[1], exports="none")
        daemons = two(network, hosts, kinds, [body(i, statics) for i in (0, 1)])
        for daemon in daemons:
            daemon.established(seconds=15)
        here, there = daemons[sender], daemons[receiver]
        until("both paths", 10, lambda: "" if (m := meds(there, one)) == ["11", "12"] else str(m))
        expect(meds(there, two_) == ["11"], f"{meds(there, two_)}")
        if there.is_routed:
            listed = json.loads(system.run(system.ROUTECTL, "-s", there.socket, "--json", "show", "route", one))
            expect(len({route["path_id"] for route in listed}) == 2, f"{listed}")
        for daemon, index, way in ((there, receiver, "rx"), (here, sender, "tx")):
            text = daemon.details("B")
            expect(f"add-path-{way}" in text if dialect(kinds[index]) == 1 else text.count(f"{way.upper()}: ipv") == 1, text)
        exported = [r for r in here.routes("export B") if r.network == one]
        expect(len(exported) == 2, f"export shows {len(exported)} of the sender's routes")
        # The best of both goes, and comes back; the rest of the routes stays what it is.
        here.configure(body(sender, [statics[0], statics[2]]))
        until("one path", 10, lambda: "" if (m := meds(there, one)) == ["11"] else str(m))
        here.configure(body(sender, statics))
        until("both again", 10, lambda: "" if (m := meds(there, one)) == ["11", "12"] else str(m))
        there.ask("reload in B")
        until("both after a refresh", 10, lambda: "" if (m := meds(there, one)) == ["11", "12"] else str(m))
        expect(meds(there, two_) == ["11"], f"{meds(there, two_)}")
        here.configure(body(sender, []))
        until("none", 10, lambda: "" if not (m := meds(there, one) + meds(there, two_)) else str(m))
    return run


@cases("bgp.paths.send.{}-{}", *PAIRS)
def send(network, *kinds):
    """Every route that the export filter accepts goes to a BIRD that takes several."""
    paths(network, 0, 1)(kinds)


@cases("bgp.paths.receive.{}-{}", *PAIRS)
def receive(network, *kinds):
    """A BIRD announces several; each is a route of its own."""
    paths(network, 1, 0)(kinds)


@cases("bgp.paths.one_way.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def one_way(network, *kinds):
    """A peer that does not want several gets the best one, and the session carries no identifiers."""
    one, _ = networks_of(6)
    a, b = two(network, pair(network), kinds, [
        MARK + side(kinds[0], kinds, 0, WAYS[0], [("S1", 201, [one]), ("S2", 202, [one])], exports="filter marked"),
        side(kinds[1], kinds, 1, "", exports="none")])
    a.established(seconds=15)
    until("the best", 10, lambda: "" if (m := meds(b, one)) == ["12"] else str(m))
    session = a.details("B").split("Session:")[1].splitlines()[0]
    expect("add-path" not in session, session)


@cases("bgp.paths.reflector.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"), ("bird6", "routed6"), ("bird2", "routed2"))
def reflector(network, *kinds):
    """Two clients announce a network, a reflector passes both paths on, and the third client's kernel uses both ways."""
    names = ("r", "c", "x", "y")
    hosts = dict(zip(names, network.hosts(*names)))
    addresses = {name: f"2001:db8::{number}" for number, name in enumerate(names, 1)}
    network.switch(*((host, "eth0", addresses[name] + "/64") for name, host in hosts.items()))
    target = "2001:db8:77::/48"

    def session(kind, here, there, name="B", option="", client="", **policy):
        option += " gateway direct;"
        channel = {"channel": option} if dialect(kind) == 2 else {}
        protocol = f"{QUICK} direct; {client}" + ("" if channel else option)
        return bgp(kind, addresses[here], 65001, addresses[there], 65001, protocol, name=name, **channel, **policy)
    reflecting, using = kinds
    router = Daemon(network, hosts["r"], reflecting, "".join(
        session(reflecting, "r", name, f"B{name}", "add paths tx;" if name == "c" else "", "rr client;") for name in ("c", "x", "y")),
        router_id="10.255.0.1")
    client = Daemon(network, hosts["c"], using, session(using, "c", "r", option="add paths rx;", exports="none") + kernel(
        using, "merge paths yes;" if dialect(using) == 1 else "merge paths on;"), router_id="10.255.0.2")
    sources = {}
    for number, name in enumerate(("x", "y"), 3):
        sources[name] = Daemon(network, hosts[name], "bird6", static("bird6", [f"{target} blackhole"]) + session("bird6", name, "r"),
                               router_id=f"10.255.0.{number}")
    for name in ("c", "x", "y"):
        router.established(f"B{name}", 15)
    gateways = [(addresses["x"], "eth0"), (addresses["y"], "eth0")]

    def ways(wanted):
        return lambda: "" if (found := hops(hosts["c"], target)) == wanted else str(found)
    until("both ways", 15, ways(gateways))
    expect(len(client.routes(f"{target} protocol B")) == 2, "the client has one route")
    sources["x"].ask("disable S")
    until("the other way", 10, ways(gateways[1:]))
    sources["x"].ask("enable S")
    until("both ways again", 10, ways(gateways))
