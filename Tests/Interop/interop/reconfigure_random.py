"""Random reconfigurations: after them a daemon is what one is that has just been started with the same configuration."""
import json
import os
import random
import re
import signal
import time

from .control import ask
from .daemons import Daemon
from .kernel import routes as kernel_routes
from .random_configurations import PEERS, Genes, own_address, peer_address, peers_body
from .suite import cases
from .system import expect, until

# `RECONFIGURATIONS=1000 Tests/Interop/run reconfigure.random` for the whole number.
COUNT = int(os.environ.get("RECONFIGURATIONS", 120))
BATCH = 10
SEED = int(os.environ.get("SEED", 1))


class Place:
    """A router with its peers, and what can be seen of it."""

    def __init__(self, network, letter, kind, peers):
        self.router_host, self.peer_host = network.hosts(f"r{letter}", f"p{letter}")
        network.link(self.router_host, "eth0", self.peer_host, "eth0", ("2001:db8::1/64", "2001:db8::2/64"))
        self.peer_host.address("eth0", *(f"{peer_address(n)}/64" for n in PEERS))
        self.router_host.address("eth0", *(f"{own_address(n)}/64" for n in PEERS))
        self.router_host.stub("lan0", "2001:db8:5::1/64")
        self.router_host.stub("lan1", "2001:db8:6::1/64")
        self.router_host.ip("-6 route add 2001:db8:a11e::/48 dev lan0 proto static metric 50")
        self.peers = Daemon(network, self.peer_host, "bird2", peers, router_id="10.255.1.9", name=f"p{letter}")
        self.network, self.kind, self.router = network, kind, None

    def json(self, command):
        lines = ask(self.router.socket, f"json {command}")
        expect(lines[-1][0] < 8000, f"{command}: {lines[-1]}")
        return json.loads(re.sub(r"fe80::[0-9a-f:]+", "fe80::", "".join(text for code, text in lines if code == 1900)))

    def seen(self):
        """Routes, protocols, the kernel's tables and the peers' tables, without times and counters of what happened."""
        bird2 = self.kind == "routed2"
        found = {}
        for table in ["master6" if bird2 else "master", "t1", "t2"]:
            routes = self.json(f"show route table {table} all")
            for route in routes:
                route.pop("since")
            found[table] = sorted(json.dumps(route, sort_keys=True) for route in routes)
        for protocol in self.json("show protocols all"):
            chosen = {key: protocol.get(key) for key in ("type", "state", "table", "description", "message")}
            chosen["session"] = (protocol.get("bgp") or {}).get("state")
            chosen["channels"] = [{key: channel.get(key) for key in ("name", "state", "table", "preference", "imported", "filtered", "exported", "preferred",
                                                                     "import_limit", "export_limit", "receive_limit")} for channel in protocol["channels"]]
            found[protocol["name"]] = chosen
        for table in ("main", "100"):
            try:
                found[f"kernel {table}"] = [str(route) for route in sorted(kernel_routes(self.router_host, table=table), key=str)]
            except Exception as problem:                  # a table without routes is none
                found[f"kernel {table}"] = [] if "FIB table does not exist" in str(problem) else [str(problem)]
        for n in PEERS:
            text = "\n".join(line for code, line in self.peers.ask(f"show route table p{n} protocol B{n} all") if code in (1007, 1008, 1012))
            found[f"peer {n}"] = sorted(re.sub(r"fe80::[0-9a-f:]+", "fe80::", re.sub(r"\[B\d \S+( from \S+)?\]", "[B]", text)).split("\n"))
        return found

    def sessions(self):
        """Since when each session is established."""
        return {row["name"]: row["since"] for row in self.json("show protocols") if (row.get("bgp") or {}).get("state") == "Established"}


def compare(one, other, expected):
    """The first difference, or an empty string."""
    a, b = one.seen(), other.seen()
    down = [name for name in expected if b.get(name, {}).get("session") != "Established"]
    if down:
        return f"fresh sessions {down} are not up"
    for key in sorted(set(a) | set(b)):
        if a.get(key) != b.get(key):
            x, y = a.get(key), b.get(key)
            if isinstance(x, list) and isinstance(y, list):
                x, y = [line for line in x if line not in y][:3], [line for line in y if line not in x][:3]
            return f"{key}: reconfigured {x}, fresh {y}"
    return ""


TOUCHED = re.compile(r"Protocol (\S+): (?:restarted|started|stopped|new|removed)")


def reconfigure(router, text, chance):
    """One reconfiguration, in one of the ways there are. The protocols that it said it would touch."""
    def apply(command="configure"):
        touched = {m[1] for _, line in router.ask("configure check") if (m := TOUCHED.match(line))}
        router.ask(command)
        return touched
    before = router.conf.read_text()
    touched = set()
    way = chance.randrange(12)
    if way == 0:                                          # an experiment that is taken back
        router.conf.write_text(text)
        touched |= apply("configure soft")
        router.ask("configure undo")
    elif way == 1:                                        # a mistake
        router.conf.write_text(text + "protocol static { route nonsense; }\n")
        router.ask("configure", refused=True)
    elif way == 2:                                        # what was done by hand is undone by the file
        name = f"B{chance.choice(PEERS)}"
        router.ask(chance.choice(("disable", "restart", "enable")) + ' "' + name + '"', refused=f"bgp {name} " not in before)
        touched.add(name)
    elif way == 3:
        router.ask(f'reload "B{chance.choice(PEERS)}"', refused=None)
    router.conf.write_text(text)
    if way == 4:
        touched |= apply("configure timeout 300")
        router.ask("configure confirm")
    elif way == 5:
        touched |= {m[1] for _, line in router.ask("configure check") if (m := TOUCHED.match(line))}
        count = router.log.read_text().count("Reconfigured")
        router.signal(signal.SIGHUP)
        until("SIGHUP is obeyed", 5, lambda: "" if router.log.read_text().count("Reconfigured") > count else "not yet", 0.01)
    elif way == 6:                                        # there, back, and there again
        touched |= apply()
        router.ask("configure undo")
        touched |= apply()
    else:
        touched |= apply()
    return touched


@cases("reconfigure.random.{}.{}", *[(kind, half) for kind in ("routed6", "routed2") for half in (1, 2)])
def random_reconfigurations(network, kind, half):
    """A quarter of the reconfigurations; after each ten the daemon is compared with a fresh one in a place of its own."""
    seed = SEED * 10 + half
    genes, chance = Genes(kind, seed), random.Random(seed)
    peers = peers_body(random.Random(seed))
    one, fresh = (Place(network, letter, kind, peers) for letter in "ab")

    def text(place):
        return f'log "{place.router_host.folder / place.router_host.name}.log" all;\n' + genes.text()
    for place in (one, fresh):
        place.router = Daemon(network, place.router_host, kind, text(place), router_id="", head="")
    done = 0
    while done < COUNT // 4:
        established, touched = one.sessions(), set()
        for _ in range(min(BATCH, COUNT // 4 - done)):
            genes.mutate()
            touched |= reconfigure(one.router, text(one), chance)
            done += 1
        fresh.router.stop()
        fresh.router.write(text(fresh))
        fresh.router.start()
        until(f"seed {seed}: as fresh after {done}", 25, lambda: compare(one, fresh, genes.sessions), 0.2)
        now = one.sessions()
        flapped = [name for name, since in established.items() if name not in touched and now.get(name) != since]
        expect(not flapped, f"seed {seed}: sessions {flapped} did not stay, though nothing was to touch them, before {done}")
    time.sleep(1)
    problem = compare(one, fresh, genes.sessions)
    expect(not problem, f"seed {seed}: a second later: {problem}")
