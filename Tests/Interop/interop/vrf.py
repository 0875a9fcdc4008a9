"""VRFs. The kernel must have them: `Tests/Interop/uml vrf` runs these cases where that of the machine has none."""
from .daemons import Daemon, bgp, dialect, kernel, ospf, static
from .kernel import routes
from .suite import cases
from .system import Failure, Skip, expect, until

BOTH = [("routed6",), ("routed2",)]
HERE, THERE = "2001:db8::1", "2001:db8::2"
QUICK = "connect delay time 1; error wait time 1,2; connect retry time 2; hold time 6;"


def scene(network):
    """A host with the same network on two wires, one of them in the VRF red, and a host at the end of each."""
    a, red, plain = network.hosts("a", "r", "p")
    try:
        a.ip("link add red type vrf table 100", "link set red up")
    except Failure as failure:
        if "Unknown device type" in str(failure):
            raise Skip("the kernel has no VRFs") from None
        raise
    for index, other in enumerate((red, plain)):
        a.ip(f"link add eth{index} type veth peer name eth0 netns {other.namespace}",
             f"link set eth{index} {'master red ' if not index else ''}up")
        other.ip("link set eth0 up")
        a.address(f"eth{index}", f"{HERE}/64", f"2001:db8:{index + 1}::1/64")
        other.address("eth0", f"{THERE}/64")
    return a, red, plain


def with_vrf(protocol, vrf):
    return protocol.replace("{", f"{{ vrf {vrf};", 1)


def in_red(kind, protocol):
    """The protocol on the table red instead of the main one."""
    if dialect(kind) == 1:
        return protocol.replace("{", "{ table red;", 1)
    return protocol.replace("ipv6 {", "ipv6 { table red;", 1) if "ipv6 {" in protocol else protocol.replace("ipv6;", "ipv6 { table red; };", 1)


def direct(kind, name):
    return f"protocol direct {name} {{ {'ipv6;' if dialect(kind) == 2 else ''} }}\n"


def others(network, red, plain, more=""):
    return [Daemon(network, host, "bird2", static("bird2", [f"2001:db8:{letter}::/48 unreachable"])
                   + bgp("bird2", THERE, number, HERE, 65001, QUICK) + more,
                   router_id=f"10.255.0.{number - 65000}", name=host.name) for host, number, letter in ((red, 65002, "b"), (plain, 65003, "c"))]


def networks(daemon, table, protocol):
    return {r.network for r in daemon.routes(f"table {table} protocol {protocol}")}


@cases("vrf.sessions.{}", *BOTH)
def sessions(network, kind):
    """Sessions in a VRF and beside it, to neighbours with the same address; each has its routes in its own kernel table."""
    a, red, plain = scene(network)
    main = "master" if dialect(kind) == 1 else "master6"
    body = (("table red;\n" if dialect(kind) == 1 else "ipv6 table red;\n")
            + with_vrf(in_red(kind, bgp(kind, HERE, 65001, THERE, 65002, QUICK, name="R")), '"red"')
            + with_vrf(bgp(kind, HERE, 65001, THERE, 65003, QUICK, name="P"), "default")
            + with_vrf(in_red(kind, direct(kind, "DR")), '"red"') + with_vrf(direct(kind, "DP"), "default")
            + in_red(kind, kernel(kind, "kernel table 100;", name="KR")) + kernel(kind, name="KP"))
    daemon = Daemon(network, a, kind, body, router_id="10.255.0.1")
    neighbours = others(network, red, plain)

    def settled():
        for name in "RP":
            daemon.established(name, 20)
        for table, letter, name, interface, number in (("red", "b", "R", "eth0", 100), (main, "c", "P", "eth1", 254)):
            until(f"{name}'s route", 10, lambda: "" if networks(daemon, table, name) == {f"2001:db8:{letter}::/48"} else str(daemon.routes()))
            # 2.x exports direct routes too.
            until(f"kernel table {number}", 5, lambda: "" if [(n, h) for n, _, _, h in routes(a, table=number) if h[0][0]] == [
                (f"2001:db8:{letter}::/48", [(THERE, interface)])] else str(routes(a, table=number)))
        expect(networks(daemon, "red", "DR") == {"2001:db8::/64", "2001:db8:1::/64"}, str(networks(daemon, "red", "DR")))
        expect(networks(daemon, main, "DP") == {"2001:db8::/64", "2001:db8:2::/64"}, str(networks(daemon, main, "DP")))
    settled()
    expect("VRF:" in daemon.details("R") and "red" in daemon.details("R"), daemon.details("R"))
    expect("default" in daemon.details("P"), daemon.details("P"))
    expect("master=red" in daemon.text("show interfaces"), daemon.text("show interfaces"))
    # Only they connect from now on: we listen in the VRF.
    for name in "RP":
        daemon.ask(f"disable {name}")
    daemon.configure(body.replace(QUICK, QUICK + " passive;"))
    for name in "RP":
        daemon.ask(f"enable {name}")
    settled()
    since = daemon.since("P")
    a.ip("link set eth0 nomaster")
    until("the VRF's network has gone", 5, lambda: "" if not networks(daemon, "red", "DR") else str(networks(daemon, "red", "DR")))
    until("R has ended", 5, lambda: "" if not daemon.protocol("R")[1].startswith("Established") else str(daemon.protocol("R")))
    expect(daemon.since("P") == since, "the other session has ended too")
    a.ip("link set eth0 master red")
    a.ip("-6 address replace 2001:db8::1/64 dev eth0 nodad", "-6 address replace 2001:db8:1::1/64 dev eth0 nodad")
    settled()
    # The device goes and comes, with another index.
    a.ip("link del red", "link add red type vrf table 100", "link set red up", "link set eth0 master red")
    a.ip("-6 address replace 2001:db8::1/64 dev eth0 nodad", "-6 address replace 2001:db8:1::1/64 dev eth0 nodad")
    settled()
    expect(all(neighbour.protocol("B")[1].startswith("Established") for neighbour in neighbours), "a neighbour has no session")


@cases("vrf.ospf.{}", *BOTH)
def ospf_(network, kind):
    """OSPF in a VRF has its interfaces and neighbours there only, and routes that use them."""
    a, red, plain = scene(network)
    body = (("table red;\n" if dialect(kind) == 1 else "ipv6 table red;\n")
            + with_vrf(in_red(kind, ospf(kind, {"eth*": "type ptp;"}, name="OR")), '"red"')
            + in_red(kind, kernel(kind, "kernel table 100;", name="KR")))
    daemon = Daemon(network, a, kind, body, router_id="10.255.0.1")
    others(network, red, plain, ospf("bird2", {"eth0": "type ptp;"}))
    red.stub("lan0", "2001:db8:77::1/64")
    network.daemons[1].configure(network.daemons[1].conf.read_text().split("scan time 10; }\n", 1)[1].replace(
        'interface "eth0"', 'interface "lan0" { stub yes; };\n interface "eth0"'))
    until("one neighbour", 20, lambda: "" if daemon.text("show ospf neighbors OR").count("Full") == 1 else daemon.text("show ospf neighbors OR"))
    until("its route", 20, lambda: "" if "2001:db8:77::/64" in networks(daemon, "red", "OR") else str(networks(daemon, "red", "OR")))
    until("kernel table 100", 5, lambda: "" if [h[0][1] for n, _, _, h in routes(a, table=100) if n == "2001:db8:77::/64"] == ["eth0"] else
          str(routes(a, table=100)))
    expect("eth1" not in daemon.text("show ospf interface OR"), daemon.text("show ospf interface OR"))


@cases("vrf.static.{}", *BOTH)
def static_(network, kind):
    """Next hops of static routes are those of the VRF's links."""
    a, red, plain = scene(network)
    body = (("table red;\n" if dialect(kind) == 1 else "ipv6 table red;\n")
            + with_vrf(in_red(kind, static(kind, [f"2001:db8:d::/48 via {THERE}", "2001:db8:e::/48 via 2001:db8:2::2"], name="SR")), '"red"')
            + with_vrf(static(kind, [f"2001:db8:d::/48 via {THERE}", "2001:db8:e::/48 via 2001:db8:1::2"], name="SP"), "default"))
    daemon = Daemon(network, a, kind, body, router_id="10.255.0.1")
    for table, name, interface in (("red", "SR", "eth0"), ("master" if dialect(kind) == 1 else "master6", "SP", "eth1")):
        until(name, 5, lambda: "" if [(r.network, r.via) for r in daemon.routes(f"table {table} protocol {name}")] == [
            ("2001:db8:d::/48", [(THERE, interface)])] else str(daemon.routes(f"table {table}")))
