"""What the kernel's tables hold, and its notifications."""
import json

from . import system
from .system import run


def routes(host, network=None, *, family=6, table="main", protocol="bird"):
    """Routes as (network, metric, type, sorted [(gateway, interface)]), with next hop objects looked up."""
    ip = ["ip", "-n", host.namespace, f"-{family}", "-j"]
    selection = ["table", str(table)] + (["proto", protocol] if protocol else [])
    done = run(*ip, "route", "show", *selection, check=False)
    if done.returncode and "FIB table does not exist" not in done.stderr:
        raise system.Failure(f"ip route show {' '.join(selection)}: {done.stderr.strip()}")
    # A table may go with its last route while it is listed.
    listed = json.loads(done.stdout or "[]") if not done.returncode else []
    objects = {o["id"]: o for o in json.loads(run(*ip[:3], "-j", "nexthop") or "[]")} if any("nhid" in r for r in listed) else {}
    found = []
    for route in listed:
        name = _full(route["dst"], family)
        if network is None or name == network:
            found.append((name, route.get("metric", 0), route.get("type", "unicast"), sorted(_hops(route, objects))))
    return found


def hops(host, network, **options):
    """The next hops of a network that has exactly one route, else a sentence."""
    found = routes(host, network, **options)
    return found[0][3] if len(found) == 1 else f"{len(found)} routes"


def _full(name, family):
    if name == "default":
        return "::/0" if family == 6 else "0.0.0.0/0"
    return name if "/" in name else name + ("/128" if family == 6 else "/32")


def _hops(route, objects):
    if "nexthops" in route:
        return [_hop(h) for h in route["nexthops"]]
    if "gateway" in route or "via" in route or "nhid" not in route:
        return [_hop(route)] if "dev" in route and route.get("type", "unicast") == "unicast" else []
    held = objects.get(route["nhid"], {})
    members = [objects[g["id"]] for g in held["group"] if g["id"] in objects] if "group" in held else [held]
    return [_hop(m) for m in members if "dev" in m]


def _hop(entry):
    gateway = entry.get("gateway") or entry.get("via", {}).get("host") or ""
    return gateway, entry.get("dev", "")


class Monitor:
    """`ip monitor route` in a host, from its construction to `close`."""

    def __init__(self, host, *, family=6, objects=True):
        self._file = host.folder / f"{host.name}-monitor-{family}"
        self._output = open(self._file, "wb")
        kinds = ["route", "nexthop"] if objects else ["route"]
        self._process = system.spawn(["ip", "-n", host.namespace, f"-{family}", "monitor", *kinds], stdout=self._output)
        self._mark(host, family)

    def _mark(self, host, family):
        """The monitor has started once it shows a change that was made for it to see."""
        network = "2001:db8:ffff:ffff::/64" if family == 6 else "203.0.113.0/24"
        for _ in range(50):
            host.ip(f"-{family} route add unreachable {network} metric 4000000", f"-{family} route del unreachable {network} metric 4000000")
            if system.wait_until(lambda: network in self.text(), 0.1, 0.01):
                return
        raise system.Failure("ip monitor shows nothing")

    def text(self):
        return self._file.read_text()

    def lines(self, containing):
        return [line for line in self.text().splitlines() if containing in line]

    def close(self):
        system.end(self._process)
        self._output.close()
