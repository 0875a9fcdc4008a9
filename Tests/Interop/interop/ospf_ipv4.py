"""OSPFv3 that carries IPv4 (RFC 5838), which BIRD 1.6 does not have."""
from .daemons import Daemon, kernel, static, two
from .kernel import hops
from .network import pair
from .ospf_basic import full, same_database
from .suite import cases
from .system import until

TIMERS = "hello 1; dead 4; wait 3; retransmit 2;"


def body(letter, options="", interfaces=("eth0",), areas=None):
    """An external network, a stub network, and OSPF on the links."""
    number = {"a": 1, "b": 2, "c": 3}[letter]
    blocks = areas or {"0": interfaces}
    inner = "".join(f"  area {area} {{\n" + "".join(f'    interface "{name}" {{ {TIMERS} {options} }};\n' for name in names)
                    + ('    interface "lan0" { stub; cost 7; };\n' if index == 0 else "") + "  };\n"
                    for index, (area, names) in enumerate(blocks.items()))
    return static("bird2", [f"10.{number}0.0.0/16 blackhole"], family=4) + kernel("bird2", family=4) + (
        "protocol ospf v3 O {\n  ipv4 { import all; export where source = RTS_STATIC; };\n" + inner + "}\n")


def learned(daemon, wanted):
    """Waits until the OSPF routes of a daemon are these, each with its gateway."""
    def problem():
        found = {r.network: (r.info.split()[0], r.via[0][0] if r.via else "") for r in daemon.routes("protocol O")}
        return "" if all(found.get(n) == w for n, w in wanted.items()) else str(found)
    return until(f"{daemon.name} ({daemon.kind}) has the routes", 15, problem)


@cases("ospf.ipv4.{1}.{0}", *[(kind, link) for kind in ("routed2-bird2", "routed2-routed2") for link in ("broadcast", "ptp")])
def ipv4(network, kinds, link):
    """Networks of each kind both ways, in table and kernel, and equal databases."""
    hosts = pair(network)
    for number, host in enumerate(hosts, 1):
        host.stub("lan0", f"192.168.{number}.1/24")
    a, b = two(network, hosts, kinds.split("-"), [body(letter, f"type {link};") for letter in "ab"])
    for daemon in (a, b):
        full(daemon)
    learned(a, {"192.168.2.0/24": ("I", "10.0.0.2"), "10.20.0.0/16": ("E2", "10.0.0.2")})
    learned(b, {"192.168.1.0/24": ("I", "10.0.0.1"), "10.10.0.0/16": ("E2", "10.0.0.1")})
    until("the kernel has it", 5, lambda: "" if (h := hops(hosts[0], "192.168.2.0/24", family=4)) == [("10.0.0.2", "eth0")] else str(h))
    same_database(a, b)
    b.stop()
    until("flushed", 8, lambda: "" if not [r for r in a.routes("protocol O") if r.network == "10.20.0.0/16"] else "still there")


@cases("ospf.ipv4.areas.{}-{}", ("routed2", "bird2"), ("bird2", "routed2"))
def areas(network, border, inner):
    """An area border router between two others, one side on addresses that are in no network in common."""
    a, b, c = network.hosts("a", "b", "c")
    network.link(a, "eth0", b, "eth0", ("10.0.0.1/24", "10.0.0.2/24"))
    network.link(b, "eth1", c, "eth0", ("10.0.1.2/24", "10.0.1.3/24"))
    for number, host in enumerate((a, b, c), 1):
        host.stub("lan0", f"192.168.{number}.1/24")
    one = Daemon(network, a, inner, body("a"), router_id="10.255.0.1")
    middle = Daemon(network, b, border, body("b", areas={"0": ["eth0"], "1": ["eth1"]}), router_id="10.255.0.2")
    other = Daemon(network, c, inner, body("c", areas={"1": ["eth0"]}), router_id="10.255.0.3")
    for daemon, count in ((one, 1), (middle, 2), (other, 1)):
        full(daemon, count)
    learned(one, {"192.168.3.0/24": ("IA", "10.0.0.2"), "10.30.0.0/16": ("E2", "10.0.0.2")})
    learned(other, {"192.168.1.0/24": ("IA", "10.0.1.2"), "10.10.0.0/16": ("E2", "10.0.1.2")})


@cases("ospf.ipv4.unnumbered.{}", ("routed2",))
def unnumbered(network, kind):
    """The ends of a link have host addresses only: the gateway is on the link all the same."""
    a, b = network.hosts("a", "b")
    network.link(a, "eth0", b, "eth0", ("10.0.0.1/32", "10.0.0.2/32"))
    for number, host in enumerate((a, b), 1):
        host.stub("lan0", f"192.168.{number}.1/24")
    one, other = two(network, (a, b), (kind, kind), [body(letter, "type ptp;") for letter in "ab"])
    for daemon in (one, other):
        full(daemon)
    learned(one, {"192.168.2.0/24": ("I", "10.0.0.2")})
    until("the kernel has it", 5, lambda: "" if (h := hops(a, "192.168.2.0/24", family=4)) == [("10.0.0.2", "eth0")] else str(h))
