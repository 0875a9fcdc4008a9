"""BIRD's control protocol over a Unix socket, and the few answers that the lab reads."""
import re
import socket
from dataclasses import dataclass, field

from .system import RUN


class ControlError(Exception):
    pass


def socket_path(node):
    return RUN / f"{node.name}.ctl"


def ask(node, command, timeout=5):
    """The lines of the answer as (code, text). An answer of the 8000s or 9000s raises."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(timeout)
        try:
            client.connect(str(socket_path(node)))
            stream = client.makefile("rw", newline="\n")
            _read(stream)  # the greeting
            stream.write(command + "\n")
            stream.flush()
            lines = _read(stream)
        except OSError as error:
            raise ControlError(f"{node.name}: {command}: {error}") from None
    if lines[-1][0] >= 8000:
        raise ControlError(f"{node.name}: {command}: {lines[-1][0]} {lines[-1][1]}")
    return lines


def text(node, command):
    """An answer as a client shows it."""
    return "\n".join(line for code, line in ask(node, command) if code)


def _read(stream):
    lines, code = [], 0
    while line := stream.readline():
        line = line.rstrip("\n")
        if line.startswith("+"):
            continue  # an asynchronous message
        if line.startswith(" "):
            lines.append((code, line[1:]))
            continue
        matched = re.fullmatch(r"(\d{4})([ -])(.*)", line)
        if not matched:
            raise ControlError(f"not a line of the protocol: {line!r}")
        code = int(matched[1])
        lines.append((code, matched[3]))
        if matched[2] == " ":
            return lines
    raise ControlError("the daemon closed the connection")


def protocols(node):
    """name → (state, info) of `show protocols`."""
    rows = [line.split(None, 5) for code, line in ask(node, "show protocols") if code == 1002]
    return {row[0]: (row[3], row[5].strip() if len(row) > 5 else "") for row in rows}


@dataclass
class Neighbor:
    router_id: str
    state: str
    position: str      # DR, BDR, Other, PtP
    interface: str


def ospf_neighbors(node):
    found = []
    for code, line in ask(node, f"show ospf neighbors {node.ospf}"):
        row = line.split()
        if code == 1013 and len(row) >= 5 and "/" in row[2]:
            # the position is padded, so `Full/DR   ` and `2-Way/Other` both split well
            state, _, position = row[2].partition("/")
            found.append(Neighbor(row[0], state, position, row[-2]))
    return found


@dataclass
class Route:
    network: str
    source: str                                       # the protocol
    via: list = field(default_factory=list)           # (gateway or None, interface)
    mark: str = ""                                    # `*`, `!`, or nothing
    info: str = ""


_ROUTE = re.compile(r"(?P<net>\S*)\s+(?P<via>via (?P<gw>\S+) on (?P<dev>\S+)|dev (?P<dev2>\S+)|multipath|unreachable|blackhole|prohibited) "
                    r"\[(?P<proto>\S+) [^\]]*\](?: (?P<mark>[*!]))? ?(?P<info>.*)")
_HOP = re.compile(r"\s+(?:via (?P<gw>\S+) on |dev )(?P<dev>\S+)(?: weight \d+)?")


def routes(node, arguments=""):
    """The routes of `show route`, in the look of BIRD 1.6."""
    found, network = [], None
    for code, line in ask(node, f"show route {arguments}".strip()):
        if code != 1007:
            continue
        if matched := _ROUTE.fullmatch(line):
            network = matched["net"] or network
            route = Route(network, matched["proto"], mark=matched["mark"] or "", info=matched["info"].strip())
            if matched["dev"] or matched["dev2"]:
                route.via.append((matched["gw"], matched["dev"] or matched["dev2"]))
            found.append(route)
        elif found and (matched := _HOP.fullmatch(line)):
            found[-1].via.append((matched["gw"], matched["dev"]))
        else:
            raise ControlError(f"{node.name}: a line of show route that is none: {line!r}")
    return found
