"""What the lab shows when nothing moves. Every check returns what is missing, or an empty string."""
import re

from . import control
from .kernel import kernel_routes
from .netlink import RTPROT_BIRD
from .system import LabError, inside, namespace
from .topology import (ENDS, NODES, PRIVATE, PUBLIC, ROUTERS, SITES, autonomous_system, ends_of, public_address, router_address, segments,
                       site_network)


def first(problems):
    """The first few of a sequence of problems."""
    found = [p for p in problems if p]
    return "; ".join(found[:3]) + (f"; and {len(found) - 3} more" if len(found) > 3 else "")


def remote_networks(node):
    return [site_network(site) for site in SITES if site != node.site]


def adjacencies():
    """Every neighbour is there, Full with the designated routers, and Full or 2-Way among the others."""
    return first(_adjacencies(node) for node in NODES)


def _adjacencies(node):
    found = control.ospf_neighbors(node)
    for interface, bridge in node.links.items():
        here = {n.router_id: n for n in found if n.interface == interface}
        expected = {other.router_id for other, _ in segments()[bridge] if other != node}
        if set(here) != expected:
            return f"{node.name} {interface}: {len(here)} of {len(expected)} neighbours"
        elected = {n.position for n in here.values()} >= {"DR", "BDR"}
        for neighbor in here.values():
            among_others = elected and (neighbor.state, neighbor.position) == ("2-Way", "Other")
            if neighbor.state != "Full" and not among_others:
                return f"{node.name} {interface}: {neighbor.router_id} is {neighbor.state}/{neighbor.position}"
    return ""


def sessions(ends=ENDS):
    """Every BGP session is Established."""
    infos = {end.local: control.protocols(end.local) for end in ends}
    return first(f"{e.local.name} {e.protocol} is {infos[e.local].get(e.protocol, ('missing', ''))[1] or 'down'}"
                 for e in ends if not infos[e.local].get(e.protocol, ("", ""))[1].startswith("Established"))


def own_network():
    """Every host has its site's network from the router through OSPF."""
    def problem(node):
        found = [r for r in control.routes(node, "protocol PRIVATE") if r.network == site_network(node.site) and r.mark == "*"]
        wanted = f"I (150/20) [0.0.0.{node.site}]"
        if len(found) != 1 or found[0].info != wanted or [dev for _, dev in found[0].via] != ["eth2"]:
            return f"{node.name}: {site_network(node.site)} is {found[0] if found else 'missing'}, not {wanted} on eth2"
        return ""
    return first(problem(node) for node in PRIVATE)


def remote_routes():
    """Two BGP routes for each remote network, the best of all marked, no kernel error, and the other host's copy from OSPF."""
    return first(_remote_routes(node) for node in PRIVATE)


def _remote_routes(node):
    table = control.routes(node)
    for route in table:
        if route.mark == "!":
            return f"{node.name}: {route.network} [{route.source}] is marked !"
    for site in (s for s in SITES if s != node.site):
        here = [r for r in table if r.network == site_network(site)]
        bgp = [r for r in here if r.source.startswith("IBGP_")]
        expected = {end.protocol for end in ends_of(node) if end.remote.site == site}
        if {r.source for r in bgp} != expected or len(bgp) != len(expected):
            return f"{node.name}: {site_network(site)} from {' '.join(sorted(r.source for r in bgp)) or 'nobody'}"
        if any(r.info != f"(160) [AS{autonomous_system(site)}i]" for r in bgp):
            return f"{node.name}: {site_network(site)} is {bgp[0].info} and {bgp[1].info}"
        if [r.source in expected for r in here if r.mark == "*"] != [True]:
            return f"{node.name}: {site_network(site)}: the best is {[r.source for r in here if r.mark == '*']}"
        copies = [r for r in here if r.source == "PRIVATE" and r.info.startswith("E2 ")]
        if len(copies) != 1 or {dev for _, dev in copies[0].via} != {"eth1", "eth2"}:
            return f"{node.name}: {site_network(site)}: no E2 copy of the other host over both links"
    return ""


def kernel_hops():
    """In the kernel each remote network is one multipath route over both hosts, on hosts and routers alike."""
    return first(_kernel_hops(node) for node in PRIVATE + ROUTERS)


def _kernel_hops(node):
    for site in (s for s in SITES if s != node.site):
        found = kernel_routes(node, site_network(site))
        if len(found) != 1 or found[0][0] != RTPROT_BIRD:
            return f"{node.name}: kernel has {len(found)} routes to {site_network(site)}"
        devices = [device for device, _ in found[0][1]]
        expected = [e.name for e in ends_of(node) if e.remote.site == site] if node.side else ["eth0", "eth0"]
        if devices != expected:
            return f"{node.name}: kernel has {site_network(site)} over {' '.join(devices)}"
    return ""


def settled():
    """Everything that the daemons are to agree upon."""
    for check in (sessions, adjacencies, own_network, remote_routes, kernel_hops):
        if missing := check():
            return missing
    return ""


def _fping(node, source, targets):
    arguments = ["-S", source] if source else []
    try:
        inside(namespace(node), "fping", "-6", "-q", "-c", "2", "-p", "300", "-t", "1000", *arguments, *targets)
        return ""
    except LabError as error:
        lost = re.findall(r"([0-9a-f:]+) +: xmt/rcv/%loss = \d+/\d+/(?!0%)", str(error))
        return f"{node.name} does not reach {' '.join(lost)}" if lost else str(error)


def public_loopbacks():
    targets = [public_address(n.site, n.host) for n in PUBLIC]
    return first(_fping(n, public_address(n.site, n.host), targets) for n in PUBLIC)


def interconnects():
    return first(_fping(n, None, [e.peer_address for e in ends_of(n)]) for n in PRIVATE)


def routers_reach(sources=ROUTERS, targets=ROUTERS):
    """Every router's network reaches every other's."""
    return first(_fping(n, router_address(n.site), [router_address(t.site) for t in targets if t != n]) for n in sources)
