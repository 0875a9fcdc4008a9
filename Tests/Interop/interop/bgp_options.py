"""BGP: options of BIRD 2 beside the basic ones; what routed does with them, and that BIRD does the same."""
from .bgp_routes import ADDRESSES
from .bgp_session import QUICK
from .daemons import Daemon, bgp, kernel, static, two
from .kernel import hops
from .network import pair
from .speaker import ORIGIN_IGP, Speaker, attribute, path, reach
from .suite import case, cases
from .system import expect, until


def as_set(*numbers):
    return bytes([1, len(numbers)]) + b"".join(n.to_bytes(4, "big") for n in numbers)


@case("bgp.allow-as-sets")
def allow_as_sets(network):
    """A speaker announces a path with a set and one without to each daemon, with `allow as sets` on and off: both take the same."""
    kinds, hosts = ("routed2", "bird2"), pair(network)
    speakers = network.hosts("s0", "s1")
    for index, (host, speaker) in enumerate(zip(hosts, speakers)):
        network.link(speaker, "eth0", host, "eth1", (f"2001:db8:c{index}::3/64", f"2001:db8:c{index}::1/64"))

    def body(index, option):
        return bgp(kinds[index], f"2001:db8:c{index}::1", 65001, f"2001:db8:c{index}::3", 65003, f"{QUICK} passive yes; {option}", name="C")
    for option, wanted in (("", ["2001:db8:7::/48", "2001:db8:8::/48"]), ("allow as sets no;", ["2001:db8:8::/48"])):
        daemons = two(network, hosts, kinds, [body(index, option) for index in (0, 1)])
        for index, daemon in enumerate(daemons):
            hop = f"2001:db8:c{index}::3"
            speaker = Speaker(speakers[index], hop, f"2001:db8:c{index}::1", 65003, "10.255.0.3")
            try:
                aggregate = attribute(0x40, 2, path(65003)[3:] + as_set(65010, 65011))
                speaker.announce(ORIGIN_IGP, aggregate, reach(hop, ["2001:db8:7::/48"]))
                speaker.announce(ORIGIN_IGP, path(65003), reach(hop, ["2001:db8:8::/48"]))
                daemon.has(wanted, "C")
                expect(daemon.protocol("C")[1].startswith("Established"), f"{daemon.name}: the session did not stay")
                if not option:
                    until("the path", 3, lambda: "" if daemon.route(wanted[0], "C").attributes["BGP.as_path"] == "65003 {65010 65011}" else
                          daemon.route(wanted[0], "C").attributes["BGP.as_path"])
            finally:
                speaker.close()
            daemon.stop()


@cases("bgp.free-bind.ipv{}", (6,), (4,))
def free_bind(network, family):
    """With strict and free bind a daemon listens on an address that only comes later; the passive side is then found there."""
    kinds, hosts = ("routed2", "bird2"), pair(network)
    late, there = ("2001:db8:f::1", "2001:db8::2") if family == 6 else ("10.99.0.1", "10.0.0.2")
    bits = 128 if family == 6 else 32
    hosts[1].ip(f"-{family} route add {late}/{bits} via {ADDRESSES[family][0]}")

    def ours(kind, option):
        return bgp(kind, late, 65001, there, 65002, f"{QUICK} multihop 3; passive yes; strict bind yes; {option}", families=(family,))
    theirs = bgp(kinds[1], there, 65002, late, 65001, f"{QUICK} multihop 3;", families=(family,))
    for kind in kinds:                                 # in our place BIRD does the same
        a, b = two(network, hosts, (kind, kinds[1]), (ours(kind, "free bind yes;"), theirs))
        listening = hosts[0].inside("ss", "-tnlH", "sport = 179")
        expect(late in listening, f"{kind} listens on {listening!r}")
        hosts[0].ip(f"address add {late}/{bits} dev lo")
        a.established(seconds=15)
        hosts[0].ip(f"address del {late}/{bits} dev lo")
        for daemon in (a, b):
            daemon.stop()
    a = Daemon(network, hosts[0], kinds[0], ours(kinds[0], ""), router_id="10.255.0.1")
    expect(not hosts[0].inside("ss", "-tnlH", "sport = 179"), "it listens without free bind too")
    expect(a.logged("bind"), "nothing is said of it")


@case("bgp.advertise-hostname")
def advertise_hostname(network):
    """Each side learns the other's name from its OPEN; without the option it does not; a new name ends no session."""
    kinds, hosts = ("routed2", "bird2"), pair(network)

    def bodies(option, name="router-one"):
        return [f'hostname "{name if index == 0 else "router-two"}";\n' + bgp(
            kind, ADDRESSES[6][index], 65001 + index, ADDRESSES[6][1 - index], 65002 - index, f"{QUICK} {option}")
            for index, kind in enumerate(kinds)]
    a, b = two(network, hosts, kinds, bodies("advertise hostname yes;"))
    for daemon, own, other in ((a, "one", "two"), (b, "two", "one")):
        daemon.established()
        told = [line.strip() for line in daemon.details("B").splitlines() if "Hostname" in line]
        expect(told == [f"Hostname: router-{own}", f"Hostname: router-{other}"], f"{daemon.name} ({daemon.kind}) shows {told}")
        expect(f"Hostname is router-{own}" in daemon.text("show status"), daemon.text("show status"))
    before = a.since("B")
    a.configure(bodies("advertise hostname yes;", "router-new")[0])
    expect("Hostname is router-new" in a.text("show status"), a.text("show status"))
    expect(a.since("B") == before, "the session was another one")
    b.ask("restart B")
    until("BIRD sees the new name", 15, lambda: "" if "Hostname: router-new" in b.details("B") else b.details("B"))
    for daemon, body in zip((a, b), bodies("")):
        daemon.configure(body)
    for daemon in (a, b):
        until(f"{daemon.name} shows no name", 15,
              lambda: "" if (d := daemon.details("B")).find("Neighbor capabilities") > 0 and "Hostname" not in d else d)


_NEIGHBORS = {"provider": "customer", "customer": "provider", "peer": "peer", "rs_server": "rs_client", "rs_client": "rs_server"}


def _star(network, middle, options):
    """A daemon in the middle (AS 65000) and a BIRD for each (options of the middle, options of the BIRD); each announces 2001:db8:aN::/48."""
    host, ours, found = network.host("m"), static(middle, ["2001:db8:a0::/48 blackhole"]), []
    for index, (here, there) in enumerate(options, 1):
        other = network.host(f"n{index}")
        network.link(host, f"eth{index}", other, "eth0", (f"2001:db8:{index}::1/64", f"2001:db8:{index}::2/64"))
        ours += bgp(middle, f"2001:db8:{index}::1", 65000, f"2001:db8:{index}::2", 65000 + index, f"{QUICK} {here}", name=f"N{index}")
        body = static("bird2", [f"2001:db8:a{index}::/48 blackhole"]) + bgp(
            "bird2", f"2001:db8:{index}::2", 65000 + index, f"2001:db8:{index}::1", 65000, f"{QUICK} {there}")
        found.append(Daemon(network, other, "bird2", body, router_id=f"10.255.0.{index + 1}"))
    return Daemon(network, host, middle, ours, router_id="10.255.0.1"), found


def _marks(daemon, protocol):
    """The networks from a protocol with bgp_otc, as far as they are of this case."""
    return {r.network: r.attributes.get("BGP.otc") for r in daemon.routes(f"protocol {protocol}") if r.network.startswith("2001:db8:a")}


@cases("bgp.roles.{}", ("routed2",), ("bird2",))
def roles(network, middle):
    """In the middle of a provider, a customer, two peers and a peer without a role: who gets whose routes, and with which mark (RFC 9234)."""
    ours = ["customer", "provider", "peer", "peer"]
    sessions = [(f"local role {role};", f"local role {_NEIGHBORS[role]};") for role in ours] + [("", "")]
    m, (provider, customer, peer, other, plain) = _star(network, middle, sessions)
    for index in range(1, 6):
        m.established(f"N{index}", seconds=15)
    a = [f"2001:db8:a{n}::/48" for n in range(6)]
    from_above = {a[1]: "65001", a[3]: "65003", a[4]: "65004"}
    wanted = [
        (provider, {a[0]: None, a[2]: None, a[5]: None}),
        (customer, {a[0]: "65000", a[5]: "65000", **from_above}),
        (peer, {a[0]: "65000", a[2]: "65000", a[5]: "65000"}), (other, {a[0]: "65000", a[2]: "65000", a[5]: "65000"}),
        (plain, {a[0]: None, a[2]: None, **from_above}),
    ]
    for daemon, marks in wanted:
        until(f"{daemon.name} has its routes", 10, lambda: "" if (found := _marks(daemon, "B")) == marks else f"{found}, not {marks}")
    for index, mark in ((1, "65001"), (2, None), (3, "65003")):
        expect(_marks(m, f"N{index}") == {a[index]: mark}, f"of N{index}: {_marks(m, f'N{index}')}")
    told = [line.strip() for line in m.details("N1").splitlines() if "Role" in line]
    expect(told == ["Role: customer", "Role: provider"], f"shown: {told}")


@cases("bgp.roles.rejected.{}", ("routed2",), ("bird2",))
def roles_rejected(network, middle):
    """Roles that do not fit, and a peer without one where roles are required: 2/11, and no session."""
    m, neighbors = _star(network, middle, [("local role customer;", "local role customer;"), ("local role peer; require roles yes;", ""),
                                           ("", "local role provider; require roles yes;"), ("local role rs_server;", "local role rs_client;")])
    m.established("N4", seconds=15)
    for index in (1, 2, 3):
        until(f"N{index} is refused", 15, lambda: "" if "Role mismatch" in m.details(f"N{index}") else m.details(f"N{index}"))
        expect(not m.protocol(f"N{index}")[1].startswith("Established"), f"N{index} is Established")


@case("bgp.roles.leak")
def roles_leak(network):
    """A customer that sends a marked route, and a peer that sends another's: withdrawn, and BIRD in our place does the same."""
    for number, middle in enumerate(("routed2", "bird2")):
        host, speaker_host = network.host(f"m{number}"), network.host(f"s{number}")
        network.link(speaker_host, "eth0", host, "eth0", ("2001:db8:c::3/64", "2001:db8:c::1/64"))
        for role, wanted in (("provider", [7]), ("peer", [7, 8]), ("customer", [7, 8, 9])):
            daemon = Daemon(network, host, middle, bgp(
                middle, "2001:db8:c::1", 65001, "2001:db8:c::3", 65003, f"{QUICK} passive yes; local role {role};"), router_id="10.255.0.1")
            speaker = Speaker(speaker_host, "2001:db8:c::3", "2001:db8:c::1", 65003, "10.255.0.3")
            try:
                for prefix, mark in ((7, b""), (8, attribute(0xC0, 35, (65003).to_bytes(4, "big"))), (9, attribute(0xC0, 35, (65099).to_bytes(4, "big")))):
                    speaker.announce(ORIGIN_IGP, path(65003), mark, reach("2001:db8:c::3", [f"2001:db8:{prefix}::/48"]))
                daemon.has([f"2001:db8:{n}::/48" for n in wanted], "B")
                expect(daemon.protocol("B")[1].startswith("Established"), f"{daemon.kind}: the session did not stay")
            finally:
                speaker.close()
            daemon.stop()


def _paths(daemon, protocol):
    """{network: (AS path, MED, LOCAL_PREF, next hop)} of the routes of this case from a protocol."""
    return {r.network: (r.attributes.get("BGP.as_path", ""), r.attributes.get("BGP.med"), r.attributes.get("BGP.local_pref"),
                        r.attributes["BGP.next_hop"].split()[0]) for r in daemon.routes(f"protocol {protocol}") if r.network.startswith("2001:db8:a")}


@cases("bgp.confederation.{}", ("routed2",), ("bird2",))
def confederation(network, middle):
    """Confederation 65100 (RFC 5065): a member AS in the middle of another member, an outsider and an internal peer."""
    m = network.host("m")
    # Name of the host, its AS, what it says of the confederation, what the middle says, what it takes the middle for, and its routes.
    inside = "confederation 65100;"
    others = [("n1", 65002, f"{inside} confederation member yes;", f"{inside} confederation member yes;", 65001),
              ("n2", 65200, "", inside, 65100), ("n3", 65001, f"{inside} direct;", f"{inside} direct;", 65001)]
    marks = """filter marks {
  if net = 2001:db8:a12::/48 || net = 2001:db8:a32::/48 then bgp_community.add((65535,65281));
  if net = 2001:db8:a13::/48 || net = 2001:db8:a33::/48 then bgp_community.add((65535,65283));
  if source = RTS_STATIC then { bgp_med = 50; bgp_local_pref = 150; }
  accept;
}
"""
    ours, daemons = static(middle, ["2001:db8:a01::/48 blackhole"]), []
    for index, (name, number, theirs, own, taken) in enumerate(others, 1):
        host, here, there = network.host(name), f"2001:db8:{index}::1", f"2001:db8:{index}::2"
        network.link(m, f"eth{index}", host, "eth0", (f"{here}/64", f"{there}/64"))
        body = marks + static("bird2", [f"2001:db8:a{index}{n}::/48 blackhole" for n in (1, 2, 3)]) + bgp(
            "bird2", there, number, here, taken, f"{QUICK} {theirs}", exports="filter marks", channel="gateway recursive;")
        daemons.append(Daemon(network, host, "bird2", body, router_id=f"10.255.0.{index + 1}"))
        ours += bgp(middle, here, 65001, there, number, f"{QUICK} {own}", name=f"N{index}")
    centre = Daemon(network, m, middle, ours, router_id="10.255.0.1")
    for index, daemon in enumerate(daemons, 1):
        centre.established(f"N{index}", seconds=15)
        daemon.established(seconds=15)
    own, n1, n2, n3 = "2001:db8:a01::/48", [f"2001:db8:a1{n}::/48" for n in (1, 2, 3)], "2001:db8:a21::/48", [
        f"2001:db8:a3{n}::/48" for n in (1, 2, 3)]
    member, outsider, peer = daemons
    us = "2001:db8:{}::1"
    wanted = {
        # NO_EXPORT of the internal peer comes here, NO_EXPORT_SUBCONFED does not.
        member: {own: ("(65001)", None, "100", us.format(1)), n2: ("(65001) 65200", "50", "100", "2001:db8:2::2"),
                 **{n: ("(65001)", "50", "150", "2001:db8:3::2") for n in n3[:2]}},
        outsider: {own: ("65100", None, "100", us.format(2)), n1[0]: ("65100", None, "100", us.format(2)),
                   n3[0]: ("65100", None, "100", us.format(2))},
        peer: {own: ("", None, "100", us.format(3)), n2: ("65200", "50", "100", "2001:db8:2::2"),
               **{n: ("(65002)", "50", "150", "2001:db8:1::2") for n in n1}},
    }
    for daemon, routes in wanted.items():
        def problem():
            found = {n: r for n, r in _paths(daemon, "B").items() if n in routes or n not in (n2.replace("a21", "a22"), n2.replace("a21", "a23"))}
            return "" if found == routes else "; ".join(f"{n}: {found.get(n)}, not {routes.get(n)}" for n in sorted({*found, *routes})
                                                        if found.get(n) != routes.get(n))
        until(f"{daemon.name} has its routes", 10, problem)
    info = centre.route(n1[0], "N1").info
    expect("[AS65002i]" in info, f"shown: {info}")
    until("what the other member sent", 3, lambda: "" if _paths(centre, "N1")[n1[0]][:3] == ("(65002)", "50", "150") else str(_paths(centre, "N1")))
    # Three paths to one network: over the outsider, the member and the internal peer. The member is not preferred for being external.
    said = "external multihop" if "multihop" in centre.details("N1") else "external"
    expect(any(line.split() == ["Session:", said, "AS4"] for line in centre.details("N1").splitlines()), centre.details("N1"))


@cases("bgp.mandatory.{}", ("routed2",), ("bird2",))
def mandatory(network, middle):
    """A BIRD with IPv6 alone: refused with 2/7 where IPv4 is mandatory, taken where it is not."""
    hosts = pair(network)

    def ours(option):
        return bgp(middle, ADDRESSES[6][0], 65001, ADDRESSES[6][1], 65002, f"{QUICK} passive yes;", families=(6,)).replace(
            "ipv6 {", f"ipv4 {{ import all; export all; {option} }};\n  ipv6 {{")
    theirs = bgp("bird2", ADDRESSES[6][1], 65002, ADDRESSES[6][0], 65001, QUICK)
    a, b = two(network, hosts, (middle, "bird2"), (ours("mandatory yes;"), theirs))
    until("the peer is refused", 15, lambda: "" if "Required capability missing" in b.details("B") else b.details("B"))
    expect(not a.protocol("B")[1].startswith("Established"), "it is Established")
    a.configure(ours(""))
    a.established(seconds=20)


@cases("bgp.cost.{}", ("routed2",), ("bird2",))
def cost(network, middle):
    """Two external peers announce the same network: the way over the second costs less, though the first has the lower identifier."""
    m, shared = network.host("m"), "2001:db8:77::/48"
    ours, daemons = kernel(middle), []
    for index, price in ((1, 20), (2, 10), (3, 0)):
        host, here, there = network.host(f"n{index}"), f"2001:db8:{index}::1", f"2001:db8:{index}::2"
        network.link(m, f"eth{index}", host, "eth0", (f"{here}/64", f"{there}/64"))
        routes = [f"2001:db8:a{index}::/48 blackhole"] + ([f"{shared} blackhole"] if price else [])
        daemons.append(Daemon(network, host, "bird2", static("bird2", routes) + bgp(
            "bird2", there, 65002, here, 65001, QUICK), router_id=f"10.255.0.{index + 1}"))
        ours += bgp(middle, here, 65001, there, 65002, QUICK, name=f"N{index}", channel=f"cost {price};" if price else "", exports="none")
    centre = Daemon(network, m, middle, ours, router_id="10.255.0.1")
    for index in (1, 2, 3):
        centre.established(f"N{index}", seconds=15)
    until("both routes", 10, lambda: "" if all(centre.route(shared, f"N{n}") for n in (1, 2)) else "no")
    for index, wanted in ((1, "(100/20) [AS65002i]"), (2, "(100/10) [AS65002i]")):
        route = centre.route(shared, f"N{index}")
        expect(route.info == wanted, f"N{index}: {route.info}")
        until(f"N{index}", 5, lambda: "" if centre.route(shared, f"N{index}").best == (index == 2) else "the wrong one is best")
    until("a route that costs nothing", 5, lambda: "" if (r := centre.route("2001:db8:a3::/48", "N3")) and r.info == "(100) [AS65002i]" else str(r))
    until("the kernel", 5, lambda: "" if hops(m, shared) == [("2001:db8:2::2", "eth2")] else str(hops(m, shared)))


@cases("bgp.aigp.{}", ("routed2-bird2-routed2",), ("bird2-routed2-bird2",), ("bird2-routed2-routed2",))
def aigp(network, kinds):
    """The accumulated metric over three ASs (RFC 7311): begun at a, added to at b, shown and preferred at c."""
    a, b, c = network.hosts("a", "b", "c")
    network.link(a, "eth0", b, "eth0", ("2001:db8::1/64", "2001:db8::2/64"))
    network.link(b, "eth1", c, "eth0", ("2001:db8:0:1::1/64", "2001:db8:0:1::2/64"))
    network.link(a, "eth1", c, "eth1", ("2001:db8:0:2::1/64", "2001:db8:0:2::2/64"))
    a.stub("lan0", "2001:db8:1a::1/64")
    target, kinds = "2001:db8:1a::/64", kinds.split("-")

    def session(number, name, ends, others, channel):
        return bgp(kinds[number], ends[0], 65001 + number, ends[1], others, QUICK, name=name, channel=channel)
    one = Daemon(network, a, kinds[0], 'protocol direct D { ipv6; interface "lan0"; }\n'
                 + session(0, "B", ("2001:db8::1", "2001:db8::2"), 65002, "aigp originate;")
                 + session(0, "C", ("2001:db8:0:2::1", "2001:db8:0:2::2"), 65003, "aigp originate;"), router_id="10.255.0.1")
    two_ = Daemon(network, b, kinds[1], session(1, "A", ("2001:db8::2", "2001:db8::1"), 65001, "aigp; cost 5;")
                  + session(1, "C", ("2001:db8:0:1::1", "2001:db8:0:1::2"), 65003, "aigp;"), router_id="10.255.0.2")
    three = Daemon(network, c, kinds[2], session(2, "B", ("2001:db8:0:1::2", "2001:db8:0:1::1"), 65002, "aigp; cost 7;")
                   + session(2, "A", ("2001:db8:0:2::2", "2001:db8:0:2::1"), 65001, "aigp; cost 20;"), router_id="10.255.0.3")
    for daemon, names in ((one, "BC"), (two_, "AC"), (three, "BA")):
        for name in names:
            daemon.established(name, 15)

    def metrics(daemon, protocol):
        route = daemon.route(target, protocol)
        return (route.attributes.get("BGP.aigp"), route.info) if route else None
    for daemon, protocol, wanted in ((two_, "A", ("0", "(100/5) [AS65001i]")), (three, "B", ("5", "(100/12) [AS65001i]")),
                                     (three, "A", ("0", "(100/20) [AS65001i]"))):
        until(f"{daemon.name} has the metric of {protocol}", 10, lambda: "" if (m := metrics(daemon, protocol)) == wanted else str(m))
    # The longer AS path is the cheaper way.
    expect(three.routes(f"{target} primary")[0].protocol == "B", "the metric does not decide")
    two_.ask("disable C")
    until("the other way", 10, lambda: "" if three.routes(f"{target} primary")[0].protocol == "A" else "not yet")
