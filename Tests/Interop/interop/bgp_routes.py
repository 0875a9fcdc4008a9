"""BGP: routes both ways with their attributes, withdrawals and route refresh, in every combination of dialect and peer."""
import time

from .daemons import bgp, dialect, static, two
from .network import pair
from .suite import cases
from .system import Failure, expect, until
from .wire import ROUTE_REFRESH, UPDATE, Sniffer

PAIRS = [("routed6", "bird6"), ("routed6", "bird2"), ("routed2", "bird6"), ("routed2", "bird2"), ("routed4", "bird4"), ("routed4", "bird2")]
ADDRESSES = {6: ("2001:db8::1", "2001:db8::2"), 4: ("10.0.0.1", "10.0.0.2")}


def family_of(kinds):
    return 4 if "routed4" in kinds else 6


def networks(family, letter):
    """Three networks of one side: without attributes, with communities, with the rest."""
    if family == 6:
        return [f"2001:db8:{letter}{n}::/48" for n in (1, 2, 3)]
    return [f"10.{ {'a': 10, 'b': 11}[letter] }.{n}.0/24" for n in (1, 2, 3)]


def export_filter(family, letter, number, ibgp):
    """An export filter that gives each network its attributes."""
    _, second, third = networks(family, letter)
    return f"""filter marks {{
  if net = {second} then {{
    bgp_community.add(({number},100)); bgp_community.add(({number},200));
    bgp_large_community.add(({number},1,2)); bgp_ext_community.add((rt,{number},77));
  }}
  if net = {third} then {{
    bgp_med = 50; bgp_origin = ORIGIN_EGP; bgp_path.prepend(65009); {"bgp_local_pref = 222;" if ibgp else ""}
  }}
  accept;
}}
"""


def expected(family, letter, number, ibgp, prepends_first):
    """What the other side shows of each network: {network: {attribute: value}}."""
    first, second, third = networks(family, letter)
    own = [] if ibgp else [str(number)]
    path = [*own, "65009"] if prepends_first else ["65009", *own]
    common = {"BGP.as_path": " ".join(own), "BGP.next_hop": ADDRESSES[family][letter == "b"], "BGP.origin": "IGP"}
    found = {first: dict(common), second: dict(common), third: dict(common)}
    found[second].update({"BGP.community": f"({number},100) ({number},200)", "BGP.large_community": f"({number}, 1, 2)",
                          "BGP.ext_community": f"(rt, {number}, 77)"})
    found[third].update({"BGP.med": "50", "BGP.origin": "EGP", "BGP.as_path": " ".join(path)})
    if ibgp:
        found[third]["BGP.local_pref"] = "222"
    return found


def compare(daemon, wanted):
    """What of the wanted routes and attributes a daemon does not show."""
    for network, attributes in wanted.items():
        route = daemon.route(network, "B")
        if not route:
            return f"no route to {network}"
        for name, value in attributes.items():
            shown = " ".join(route.attributes.get(name, "").split())
            if shown.split(" fe80")[0] != value:
                return f"{network} has {name} {shown!r}, not {value!r}"
        for name in route.attributes:
            if name not in attributes and name not in ("Type", "BGP.local_pref"):
                return f"{network} has {name}, which was not sent"
    return ""


def bodies(kinds, ibgp, letters="ab", without=()):
    """The configurations of both sides; `without` are networks that are not announced."""
    family, numbers = family_of(kinds), (65001, 65001 if ibgp else 65002)
    found = []
    for index, (kind, letter) in enumerate(zip(kinds, letters)):
        here, there = ADDRESSES[family][index], ADDRESSES[family][1 - index]
        routes = [f"{n} {'reject' if dialect(kind) == 1 else 'unreachable'}" for n in networks(family, letter) if n not in without]
        found.append(static(kind, routes, family=family) + export_filter(family, letter, numbers[index], ibgp)
                     + direct(kind, family)
                     + bgp(kind, here, numbers[index], there, numbers[1 - index], "connect delay time 1; hold time 9;", exports="filter marks",
                           families=(family,)))
    return found


def direct(kind, family):
    """Interface networks in the table, through which next hops of IBGP are found; they are not exported."""
    channel = f" ipv{family};" if dialect(kind) == 2 else ""
    return f'protocol direct D {{{channel} interface "eth*"; }}\n'


def _routes(network, kinds, ibgp):
    family, sides = family_of(kinds), pair(network)
    a, b = two(network, sides, kinds, bodies(kinds, ibgp))
    a.established()
    b.established()
    numbers = (65001, 65001 if ibgp else 65002)
    # The 1.6 language puts the own AS number into the path before the export filter runs, 2.x after it.
    until("routes from BIRD", 5, lambda: compare(a, expected(family, "b", numbers[1], ibgp, kinds[1] == "bird2")))
    until("routes from routed", 5, lambda: compare(b, expected(family, "a", numbers[0], ibgp, kinds[0] == "routed2")))
    for daemon, letter in ((a, "b"), (b, "a")):
        wrong = [r.network for r in daemon.routes("protocol B") if not r.network.startswith(("2001:db8::", "10.0.")) and r.via == ["unreachable"]]
        expect(not wrong, f"{daemon.name}: unreachable routes of BGP: {wrong}")
    _refresh(a, b, sides[0], family)
    _withdraw(a, b, kinds, ibgp, family)


def _refresh(a, b, host, family):
    """`reload in` asks the peer, which sends all again; the session stays."""
    sniffer = Sniffer(host, "eth0")
    try:
        for asking, outgoing in ((a, True), (b, False)):
            begun = time.time()
            asking.ask("reload in B")
            until(f"{asking.name} asks for routes", 3,
                  lambda: "" if sniffer.messages(ROUTE_REFRESH, outgoing=outgoing, since=begun) else "no ROUTE-REFRESH")
            until(f"{asking.name} gets routes again", 3,
                  lambda: "" if sniffer.messages(UPDATE, outgoing=not outgoing, since=begun) else "no UPDATE")
        begun = time.time()
        a.ask("reload out B")
        until("reload out", 3, lambda: "" if sniffer.messages(UPDATE, outgoing=True, since=begun) else "no UPDATE")
    finally:
        sniffer.close()
    for daemon in (a, b):
        if daemon.protocol("B")[1] != "Established":
            raise Failure(f"{daemon.name}: {daemon.protocol('B')} after route refresh")


def _withdraw(a, b, kinds, ibgp, family):
    """A static route less on either side: only it goes. Then it is back."""
    gone = [networks(family, "a")[1], networks(family, "b")[0]]
    for daemon, body in zip((a, b), bodies(kinds, ibgp, without=gone)):
        daemon.configure(body)
    for daemon, letter, index in ((a, "b", 0), (b, "a", 1)):
        until(f"{daemon.name}: withdrawn", 4, lambda: "still there" if daemon.route(networks(family, letter)[index], "B") else "")
        for other in set(networks(family, letter)) - set(gone):
            expect(daemon.route(other, "B"), f"{daemon.name}: {other} went too")
    for daemon, body in zip((a, b), bodies(kinds, ibgp)):
        daemon.configure(body)
    for daemon, letter in ((a, "b"), (b, "a")):
        until(f"{daemon.name}: announced again", 4,
              lambda: ", ".join(n for n in networks(family, letter) if not daemon.route(n, "B")))
        expect(daemon.protocol("B")[1] == "Established", f"{daemon.name}: the session did not stay")


@cases("bgp.ebgp.{}-{}", *PAIRS)
def ebgp(network, *kinds):
    _routes(network, kinds, ibgp=False)


@cases("bgp.ibgp.{}-{}", *PAIRS)
def ibgp(network, *kinds):
    _routes(network, kinds, ibgp=True)
