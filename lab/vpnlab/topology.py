"""What there is in the lab: sites, hosts, routers, their namespaces, and the interconnects between the hosts."""
from dataclasses import dataclass
from itertools import combinations

SITES = (1, 2, 3)
HOSTS_PER_SITE = (1, 2)


@dataclass(frozen=True)
class Node:
    """One network namespace with one daemon in it."""
    site: int
    host: int          # 0 for the site's router
    side: str          # "public", "private", or "" for a router

    @property
    def machine(self):
        return f"V{self.site}-{self.host}" if self.host else f"R{self.site}"

    @property
    def name(self):
        return f"{self.machine}.{self.side}" if self.side else self.machine

    @property
    def router_id(self):
        return {"public": f"0.0.{self.site}.{self.host}", "private": f"1.0.{self.site}.{self.host}"}.get(self.side, f"0.0.0.{self.site}")

    @property
    def ospf(self):
        """The name of the node's OSPF protocol."""
        return "PUBLIC" if self.side == "public" else "PRIVATE"

    @property
    def links(self):
        """Its interfaces on shared links: name to the bridge it is plugged into."""
        return {"public": {"eth0": "internet"},
                "private": {"eth1": f"site{self.site}-1", "eth2": f"site{self.site}-2"}}.get(self.side, {"eth0": f"site{self.site}-2"})

    @property
    def loopback(self):
        """The address of dummy0 with its length; a private side has none."""
        return {"public": f"{public_address(self.site, self.host)}/128", "private": None}.get(self.side, f"{router_address(self.site)}/64")


@dataclass(frozen=True)
class End:
    """One end of an interconnect: the interface `name` in the private namespace of `local`, towards `remote`."""
    number: int        # owns 2001:db8:ff::number
    local: Node
    remote: Node

    @property
    def mark(self):
        return (self.remote.site - 1) * 2 + self.remote.host

    @property
    def name(self):
        return f"vti{self.mark}"

    @property
    def address(self):
        return f"2001:db8:ff::{self.number}"

    @property
    def peer_address(self):
        return f"2001:db8:ff::{self.number ^ 1}"

    @property
    def wire(self):
        """The bridge that stands for the tunnel where there is no VTI."""
        return f"wire{self.number & ~1}"

    @property
    def protocol(self):
        """The name of its BGP session."""
        return "IBGP_" + self.remote.machine.replace("-", "_")

    @property
    def outer_local(self):
        return public_address(self.local.site, self.local.host)

    @property
    def outer_remote(self):
        return public_address(self.remote.site, self.remote.host)


def public_address(site, host):
    return f"2001:db8:{site}::{host}"


def router_address(site):
    return f"2001:db8:a{site}::1"


def site_network(site):
    return f"2001:db8:a{site}::/64"


def autonomous_system(site):
    return 65000 + site


PUBLIC = [Node(s, h, "public") for s in SITES for h in HOSTS_PER_SITE]
PRIVATE = [Node(s, h, "private") for s in SITES for h in HOSTS_PER_SITE]
ROUTERS = [Node(s, 0, "") for s in SITES]
NODES = PUBLIC + PRIVATE + ROUTERS
BY_NAME = {n.name: n for n in NODES}
MACHINES = sorted({n.machine for n in NODES})


def _ends():
    """Numbered for each site a, host i, each site b > a, host j: first (a,i to b,j), then (b,j to a,i)."""
    by_site = {s: [n for n in PRIVATE if n.site == s] for s in SITES}
    ends = []
    for a in SITES:
        for near in by_site[a]:
            for far in (n for b in SITES if b > a for n in by_site[b]):
                ends += [End(len(ends), near, far), End(len(ends) + 1, far, near)]
    return ends


ENDS = _ends()


def ends_of(node):
    """The interconnects of a private namespace, by remote host."""
    return sorted((e for e in ENDS if e.local == node), key=lambda e: e.mark)


def segments():
    """Each bridge with the (node, interface) pairs on it, daemons' links only."""
    result = {}
    for node in NODES:
        for interface, bridge in node.links.items():
            result.setdefault(bridge, []).append((node, interface))
    return result


def router_pairs():
    """Every ordered pair of routers."""
    return [pair for a, b in combinations(ROUTERS, 2) for pair in ((a, b), (b, a))]
