"""BGP: limits, filters that change while a session is up, and attributes that nobody here knows."""
import re

from .bgp_session import BRIEF, QUICK
from .bgp_routes import ADDRESSES, family_of
from .daemons import bgp, kernel, static, two
from .kernel import routes as kernel_routes
from .network import pair
from .speaker import ORIGIN_IGP, Speaker, attribute, path, reach
from .suite import cases
from .system import expect, until


def many(family, count):
    return [f"2001:db8:100:{n:x}::/64" if family == 6 else f"10.100.{n}.0/24" for n in range(1, count + 1)]


def _limited(kinds, action, count, extra=""):
    """A routed that takes five routes, a BIRD that announces `count`."""
    family = family_of(kinds)
    here, there = ADDRESSES[family]
    limit = f"import limit 5 action {action};" if action else ""
    ours = kernel(kinds[0], family=family) + bgp(kinds[0], here, 65001, there, 65002, QUICK, channel=f"{limit} {extra}", families=(family,))
    theirs = static(kinds[1], [f"{n} blackhole" for n in many(family, count)], family=family) + bgp(
        kinds[1], there, 65002, here, 65001, QUICK, families=(family,))
    return ours, theirs


@cases("bgp.limit-{2}.{0}-{1}", *[(*p, action) for p in BRIEF[:2] for action in ("warn", "block", "restart", "disable")],
       ("routed4", "bird4", "block"))
def limit(network, routed, bird, action):
    """A peer within its limit, then with one route too many."""
    kinds = (routed, bird)
    family, hosts = family_of(kinds), pair(network)
    a, b = two(network, hosts, kinds, _limited(kinds, action, 5))
    a.established()
    a.has(many(family, 5), "B", 5)
    b.configure(_limited(kinds, action, 9)[1])
    if action == "warn":
        a.has(many(family, 9), "B", 5)
        expect(a.logged("limit"), "nothing in the log")
    elif action == "block":
        until("the log tells", 5, lambda: "" if a.logged("limit") else "nothing")
        found = len(a.routes("protocol B"))
        expect(found == 5, f"{found} routes with a limit of 5")
        in_kernel = len(kernel_routes(a.host, family=family))
        expect(in_kernel == 5, f"{in_kernel} routes in the kernel with a limit of 5")
        expect(a.protocol("B")[1] == "Established", "the session did not stay")
    elif action == "restart":
        until("BIRD learns of it", 8, lambda: "" if re.search("[Mm]aximum number of prefixes|Prefix limit", b.log.read_text()) else "nothing logged")
    else:
        until("the session is disabled", 5, lambda: "" if a.protocol("B")[0] == "down" else f"is {a.protocol('B')}")
        expect(not a.routes("protocol B"), "routes of a disabled session")
    if action != "warn":
        b.configure(_limited(kinds, action, 5)[1])
        if action == "disable":
            expect(a.protocol("B")[0] == "down", "it came back by itself")
            a.ask("enable B")
        a.established(seconds=20)
        until("five routes again", 10, lambda: "" if len(a.routes("protocol B")) == 5 else f"{len(a.routes('protocol B'))}")


@cases("bgp.refilter.{}-{}", *BRIEF)
def refilter(network, *kinds):
    """Import and export filters change with `configure`: exactly the routes concerned change, the session stays."""
    family, hosts = family_of(kinds), pair(network)
    here, there = ADDRESSES[family]
    all_theirs = many(family, 8)
    ours_list = [n.replace("2001:db8:100:", "2001:db8:200:").replace("10.100.", "10.200.") for n in all_theirs]

    def ours(imports="all", exports="all"):
        return static(kinds[0], [f"{n} blackhole" for n in ours_list], family=family) + bgp(
            kinds[0], here, 65001, there, 65002, QUICK, imports=imports, exports=exports, families=(family,))
    theirs = static(kinds[1], [f"{n} blackhole" for n in all_theirs], family=family) + bgp(
        kinds[1], there, 65002, here, 65001, QUICK, families=(family,))
    a, b = two(network, hosts, kinds, (ours(), theirs))
    a.established()
    a.has(all_theirs, "B", 5)
    b.has(ours_list, "B", 5)
    before = {daemon.name: daemon.since("B") for daemon in (a, b)}
    some = ", ".join(all_theirs[:3])
    a.configure(ours(imports=f"where net ~ [ {some} ]"))
    a.has(all_theirs[:3], "B", 5)
    b.has(ours_list, "B", 1)
    a.configure(ours(imports=f"where net ~ [ {some} ]", exports=f"where net ~ [ {', '.join(ours_list[2:4])} ]"))
    b.has(ours_list[2:4], "B", 5)
    a.configure(ours(imports="none", exports="none"))
    a.has([], "B", 5)
    b.has([], "B", 5)
    a.configure(ours())
    a.has(all_theirs, "B", 5)
    b.has(ours_list, "B", 5)
    for daemon in (a, b):
        expect(daemon.since("B") == before[daemon.name], f"{daemon.name}: the session did not stay")


@cases("bgp.unknown-attribute.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def unknown_attribute(network, *kinds):
    """An unknown transitive attribute passes through us with the Partial bit, an unknown non-transitive one does not (RFC 4271 §9)."""
    c, (a, b) = network.host("c"), pair(network)
    network.link(c, "eth0", a, "eth1", ("2001:db8:c::3/64", "2001:db8:c::1/64"))
    ours = bgp(kinds[0], "2001:db8::1", 65001, "2001:db8::2", 65002, QUICK) + bgp(
        kinds[0], "2001:db8:c::1", 65001, "2001:db8:c::3", 65003, QUICK + " passive yes;", name="C")
    theirs = bgp(kinds[1], "2001:db8::2", 65002, "2001:db8::1", 65001, QUICK)
    _, bird = two(network, (a, b), kinds, (ours, theirs))
    speaker = Speaker(c, "2001:db8:c::3", "2001:db8:c::1", 65003, "10.255.0.3")
    try:
        origin_and_path = ORIGIN_IGP + path(65003, 65010, 4200000000)
        speaker.announce(origin_and_path, attribute(0xC0, 99, bytes.fromhex("deadbeef01")), attribute(0x80, 98, b"\1\2"),
                         reach("2001:db8:c::3", ["2001:db8:7::/48"]))
        # Attribute by attribute in another order, and a long one.
        speaker.announce(reach("2001:db8:c::3", ["2001:db8:8::/48"]), attribute(0xC0, 99, bytes(300)), origin_and_path)
        until("BIRD has both routes", 8, lambda: "" if bird.route("2001:db8:7::/48", "B") and bird.route("2001:db8:8::/48", "B") else "no")
        found = bird.route("2001:db8:7::/48", "B").attributes
        expect(found.get("BGP.as_path") == "65001 65003 65010 4200000000", f"AS path {found.get('BGP.as_path')}")
        expect(found.get("BGP.63 [t]", "").replace(" ", "") == "deadbeef01", f"the unknown attribute is {found}")
        expect(not any(name.startswith("BGP.62") for name in found), f"a non-transitive attribute passed: {found}")
    finally:
        speaker.close()
