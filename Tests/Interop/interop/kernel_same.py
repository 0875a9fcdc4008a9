"""What BIRD and routed, with the same configuration, put into the kernel: the same in every detail."""
import re

from .daemons import Daemon, dialect
from .network import pair
from .suite import cases
from .system import Skip, expect, run, until

# Bits and numbers of every kind, as both languages have them.
METRICS = ("krt_mtu = 1400; krt_window = 5; krt_rtt = 8; krt_rttvar = 9; krt_sstresh = 10; krt_cwnd = 11; krt_advmss = 1200; krt_reordering = 12;"
           " krt_hoplimit = 33; krt_initcwnd = 13; krt_rto_min = 14; krt_initrwnd = 15; krt_quickack = 1; krt_lock_mtu = true;"
           " krt_lock_cwnd = true; krt_lock_rtt = true; krt_lock_rtt = false; krt_feature_ecn = true;")
LARGE = "krt_mtu = 70000; krt_advmss = 70000; krt_hoplimit = 300;"


def shown(host):
    """All that `ip` shows of the routes of protocol bird, in both families, but the nexthop objects that stand for their next hops."""
    lines = []
    for family in ("-4", "-6"):
        text = run("ip", "-n", host.namespace, family, "-d", "route", "show", "proto", "bird", "table", "all")
        lines += [re.sub(r" nhid \d+", "", " ".join(line.split())) for line in text.splitlines() if not line.strip().startswith("nh_info")]
    return sorted(lines)


def same(network, kinds, body, count, hosts=None):
    """Runs one configuration on BIRD in a host and routed in another, and waits until both have put `count` lines of routes there."""
    hosts = hosts or pair(network)
    daemons = [Daemon(network, host, kind, body, router_id="10.255.0.1", arguments=["-4"] if kind == "routed4" else [])
               for host, kind in zip(hosts, kinds)]
    for host in hosts:
        until(f"{host.name} has its routes", 5, lambda host=host: "" if len(shown(host)) == count else f"{len(shown(host))}: {shown(host)}")
    ours, theirs = (shown(host) for host in hosts)
    expect(ours == theirs, f"the kernel has of routed what it has not of BIRD: {sorted(set(ours) - set(theirs))}, "
           f"and the reverse: {sorted(set(theirs) - set(ours))}")
    return daemons


def attributes(daemon):
    """The next hops and the kernel's attributes as `show route all` lists them."""
    return {r.network: (r.via, {n: v for n, v in r.attributes.items() if n.startswith("Kernel.")}) for r in daemon.routes()}


def _kernel(kind, setting, family):
    policy = f"filter {{ {setting} accept; }}"
    return f"import {policy}; export all;" if dialect(kind) == 1 else f"ipv{family} {{ import {policy}; export all; }};"


@cases("kernel.metrics-same.{}-{}", ("routed6", "bird6", 6), ("routed4", "bird4", 4), ("routed2", "bird2", 6), ("routed2", "bird2", 4))
def metrics(network, routed, bird, family):
    """Every metric, locks and features, and values beyond what the kernel keeps, which are not written again and again."""
    one, two, gateway = ("2001:db8:1::/48", "2001:db8:2::/48", "2001:db8::9") if family == 6 else ("10.101.0.0/16", "10.102.0.0/16", "10.0.0.9")
    channel = "" if dialect(routed) == 1 else f"ipv{family};"
    kernel = "export all;" if dialect(routed) == 1 else f"ipv{family} {{ export all; }};"
    body = (f"protocol kernel K {{ scan time 1; {kernel} }}\nprotocol static S {{ {channel}\n"
            f"  route {one} via {gateway} {{ {METRICS} }};\n  route {two} via {gateway} {{ {LARGE} }};\n}}\n")
    ours, theirs = same(network, (routed, bird), body, 2)
    expect(attributes(ours) == attributes(theirs), f"show route: {attributes(ours)}, BIRD: {attributes(theirs)}")


NEXT_HOPS = """
protocol kernel K4 { ipv4 { export all; }; }
protocol kernel K6 { ipv6 { export all; }; }
protocol static S4 {
  ipv4 { import filter { if net = 10.105.0.0/16 && source = RTS_STATIC then { ifname = "eth0"; onlink = true; gw = 10.77.0.9; weight = 7; } accept; }; };
  route 10.101.0.0/16 via 10.0.0.9;
  route 10.102.0.0/16 via 10.77.0.9%eth0 onlink;
  route 10.103.0.0/16 via 2001:db8::9;
  route 10.104.0.0/16 via 10.0.0.9 weight 3 via 2001:db8::9 weight 5;
  route 10.105.0.0/16 via "eth0";
}
protocol static S6 {
  ipv6 { import filter { if net = 2001:db8:5::/48 then weight = 9; accept; }; };
  route 2001:db8:1::/48 via 2001:db8:77::9%eth0 onlink;
  route 2001:db8:2::/48 via 2001:db8::9 onlink no via fe80::9%eth0 weight 4;
  route 2001:db8:5::/48 via 2001:db8::9 via 2001:db8::8 weight 4;
}
"""


@cases("kernel.next-hops-same.{}-{}", ("routed2", "bird2"))
def next_hops(network, routed, bird):
    """onlink, gateways of the other family, weights, and what filters say of them."""
    ours, theirs = same(network, (routed, bird), NEXT_HOPS, 14)
    expect(attributes(ours) == attributes(theirs), f"show route: {attributes(ours)}, BIRD: {attributes(theirs)}")


LABELS = """
ipv6 table t6;
protocol kernel K4 { ipv4 { export all; }; }
protocol kernel K6 { ipv6 { export all; }; }
protocol static S4 { ipv4; route 10.101.0.0/16 via 10.0.0.9 mpls 100; route 10.102.0.0/16 via 10.0.0.9 mpls 16/1048575/17; }
protocol static S6 {
  ipv6 { import filter { if net = 2001:db8:5::/48 && gw_mpls = 100 then gw_mpls = 200; accept; }; };
  route 2001:db8:1::/48 via 2001:db8::9 mpls 100/200 weight 2 via 2001:db8::8 mpls 300;
  route 2001:db8:5::/48 via 2001:db8::9 mpls 100/300;
  route 2001:db8:6::/48 recursive 2001:db8:5::1 mpls 400/500;
}
"""


@cases("kernel.labels-same.{}-{}", ("routed2", "bird2"))
def labels(network, routed, bird):
    """Stacks of labels; runs where the kernel has MPLS, as in User Mode Linux."""
    hosts = pair(network)
    probe = run("ip", "-n", hosts[0].namespace, "route", "add", "10.99.0.0/16", "encap", "mpls", "100", "via", "10.0.0.9", check=False)
    if probe.returncode:
        raise Skip(f"no MPLS in this kernel: {probe.stderr.strip()}")
    ours, theirs = same(network, (routed, bird), LABELS, 7, hosts)
    expect(attributes(ours) == attributes(theirs), f"show route: {attributes(ours)}, BIRD: {attributes(theirs)}")
