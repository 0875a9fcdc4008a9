"""routed and BIRD in a host, and their configurations in either dialect."""
import os
import signal
import subprocess

from . import control, system
from .system import BIRDS, ROUTED, Failure, until

# name → (program, dialect, address family of the 1.6 dialect)
KINDS = {
    "routed6": (ROUTED, 1, 6),
    "routed4": (ROUTED, 1, 4),
    "routed2": (ROUTED, 2, None),
    "bird6": (BIRDS / "1.6/usr/sbin/bird6", 1, 6),
    "bird4": (BIRDS / "1.6/usr/sbin/bird", 1, 4),
    "bird2": (BIRDS / "2.0/usr/sbin/bird", 2, None),
}


def dialect(kind):
    return KINDS[kind][1]


class Since(str):
    """A time of day as shown. A daemon reads two clocks one after the other to compute it, so its last digits are not always the same."""

    def _seconds(self):
        parts = self.split(":")
        return sum(float(part) * 60 ** power for power, part in enumerate(reversed(parts))) if len(parts) == 3 else float("nan")

    def __eq__(self, other):
        return str.__eq__(self, other) or abs(self._seconds() - Since(other)._seconds()) < 0.5

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__


class Daemon:
    """One daemon with its files; several of one host are told apart by `name`."""

    def __init__(self, network, host, kind, body, *, router_id, name=None, arguments=(), head=None):
        self.host, self.kind, self.name = host, kind, name or host.name
        self.conf, self.socket, self.pid_file, self.log, self.output = (
            host.folder / f"{self.name}.{suffix}" for suffix in ("conf", "ctl", "pid", "log", "out"))
        self.is_routed, self._arguments, self.process = kind.startswith("routed"), arguments, None
        self.head = head if head is not None else (
            f'log "{self.log}" all;\nrouter id {router_id};\ndebug protocols {{ states, events }};\nprotocol device {{ scan time 10; }}\n')
        self.write(body)
        network.daemons.append(self)
        self.start()

    def write(self, body):
        self.conf.write_text(self.head + body)

    @property
    def command(self):
        """What starts it, without its pid file."""
        return ["ip", "netns", "exec", self.host.namespace, KINDS[self.kind][0], "-f", "-c", self.conf, "-s", self.socket, *self._arguments]

    def start(self, replacing=False):
        """Starts it; with `replacing` it finds the socket of an earlier one."""
        for path in (self.pid_file,) if replacing else (self.pid_file, self.socket):
            path.unlink(missing_ok=True)
        with open(self.output, "ab") as output:
            self.process = system.spawn([*self.command, "-P", self.pid_file], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        until(f"{self.name} ({self.kind}) starts", 10, self._unready, 0.02)

    def _unready(self):
        if self.process.poll() is not None:
            raise Failure(f"{self.name} ({self.kind}) ended with status {self.process.returncode}: {self.output.read_text()[-400:]}")
        return "" if self.pid_file.exists() and self.pid_file.read_text().strip() and self.socket.exists() else "no pid file or no socket"

    @property
    def pid(self):
        return int(self.pid_file.read_text())

    def signal(self, number):
        os.kill(self.process.pid, number)             # `ip netns exec` has become the daemon

    def stop(self, seconds=10):
        """An orderly end; returns the exit status."""
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} ({self.kind}) still runs {seconds} s after SIGTERM") from None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process:
            system.end(self.process)

    # What it says

    def ask(self, command, *, refused=False):
        """The lines of an answer as (code, text); an answer of the 8000s or 9000s fails, or the others with `refused`; None: neither."""
        lines = control.ask(self.socket, command)
        if refused is not None and (lines[-1][0] >= 8000) != refused:
            raise Failure(f"{self.name} ({self.kind}): {command}: {lines[-1][0]} {lines[-1][1]}")
        return lines

    def text(self, command):
        return "\n".join(line for code, line in self.ask(command) if code)

    def configure(self, body):
        """A changed configuration, read by `configure`."""
        self.write(body)
        return self.ask("configure")

    def protocol(self, name):
        """(state, info) of `show protocols`, such as ("up", "Established")."""
        for code, line in self.ask("show protocols"):
            row = line.split(None, 5)
            if code == 1002 and row[0] == name:
                return row[3], row[5].strip() if len(row) > 5 else ""
        raise Failure(f"{self.name} ({self.kind}) has no protocol {name}")

    def since(self, name):
        """Since when a protocol is in its state; a session that was another one in between shows a later time."""
        return Since(next(line.split()[4] for code, line in self.ask("show protocols") if code == 1002 and line.split()[0] == name))

    def details(self, name):
        return self.text(f"show protocols all {name}")

    def routes(self, arguments=""):
        lines = control.ask(self.socket, " ".join(f"show route {arguments} all".split()))
        if lines[-1][0] == 8001:
            return []
        if lines[-1][0] >= 8000:
            raise Failure(f"{self.name} ({self.kind}): show route {arguments} all: {lines[-1][1]}")
        return control.parse_routes(lines)

    def route(self, network, protocol):
        """The one route of a protocol to a network, or None."""
        found = [r for r in self.routes(f"{network} protocol {protocol}")
                 if r.network == network and r.protocol == protocol]
        if len(found) > 1:
            raise Failure(f"{self.name} ({self.kind}) has {len(found)} routes to {network} of {protocol}")
        return found[0] if found else None

    def logged(self, text):
        return text in self.log.read_text()

    # Waiting for it

    def established(self, name="B", seconds=10):
        return until(f"{self.name} ({self.kind}) {name} Established", seconds,
                     lambda: "" if (p := self.protocol(name))[1].startswith("Established") else f"is {p[0]} {p[1]}".strip(), 0.05)

    def has(self, networks, protocol, seconds=10):
        """Waits until exactly these networks are there from a protocol."""
        def problem():
            found = {r.network for r in self.routes(f"protocol {protocol}")}
            missing, extra = sorted(set(networks) - found), sorted(found - set(networks))
            return "; ".join(f"{word} {' '.join(list_[:4])}{' …' if len(list_) > 4 else ''}"
                             for word, list_ in (("without", missing), ("with", extra)) if list_)
        return until(f"{self.name} ({self.kind}) has {len(networks)} routes of {protocol}", seconds, problem)


# Configurations

def bgp(kind, local, local_as, peer, peer_as, options="", *, name="B", imports="all", exports="all", channel="", families=(6,)):
    """A BGP protocol. `channel` holds options that are a channel's in 2.x and the protocol's in 1.6."""
    head = f"protocol bgp {name} {{\n  local {local} as {local_as};\n  neighbor {peer} as {peer_as};\n  {options}\n"
    inner = f"import {imports}; export {exports}; {channel}"
    if dialect(kind) == 1:
        return f"{head}  {inner}\n}}\n"
    return head + "".join(f"  ipv{family} {{ {inner} }};\n" for family in families) + "}\n"


def static(kind, routes, *, name="S", family=6, options=""):
    """`routes` are texts such as `2001:db8:1::/48 unreachable`."""
    inner = "".join(f"  route {route};\n" for route in routes)
    channel = "" if dialect(kind) == 1 else f"  ipv{family};\n"
    return f"protocol static {name} {{\n{channel}  {options}\n{inner}}}\n"


def kernel(kind, options="", *, name="K", imports="none", exports="all", family=6):
    inner = f"import {imports}; export {exports};"
    if dialect(kind) == 2:
        inner = f"ipv{family} {{ {inner} }};"
    return f"protocol kernel {name} {{ {options} {inner} }}\n"


def ospf(kind, interfaces, options="", *, name="O", imports="all", exports="none", defaults=""):
    """OSPFv3 in area 0; `interfaces` maps a name to its options. Hello 1 and dead 4 seconds unless `defaults` says otherwise."""
    timers = defaults or "hello 1; dead 4; wait 3; retransmit 2;"
    inner = "".join(f'    interface "{interface}" {{ {timers} {chosen} }};\n' for interface, chosen in interfaces.items())
    channel = f"import {imports}; export {exports};"
    if dialect(kind) == 2:
        channel = f"ipv6 {{ {channel} }};"
    version = " v3" if dialect(kind) == 2 else ""
    return f"protocol ospf{version} {name} {{\n  {options} {channel}\n  area 0.0.0.0 {{\n{inner}  }};\n}}\n"


def two(network, hosts, kinds, bodies, **options):
    """A daemon in each of two hosts, with router ids 10.255.0.1 and 10.255.0.2."""
    return [Daemon(network, host, kind, body, router_id=f"10.255.0.{index + 1}", **options)
            for index, (host, kind, body) in enumerate(zip(hosts, kinds, bodies))]
