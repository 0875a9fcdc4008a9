"""BIRD's control protocol over a Unix socket, and the few answers that the cases read."""
import re
import socket
from dataclasses import dataclass, field

from .system import Failure


def ask(path, command, timeout=10):
    """The lines of the answer to one command, as (code, text)."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(timeout)
        try:
            client.connect(str(path))
            with client.makefile("rw", newline="\n") as stream:
                _read(stream)                        # the greeting
                stream.write(command + "\n")
                stream.flush()
                return _read(stream)
        except OSError as error:
            raise Failure(f"{path.name}: {command}: {error}") from None


def _read(stream):
    lines, code = [], 0
    while line := stream.readline():
        line = line.rstrip("\n")
        if line.startswith("+"):
            continue                                 # an asynchronous message
        if line.startswith(" "):
            lines.append((code, line[1:]))
            continue
        matched = re.fullmatch(r"(\d{4})([ -])(.*)", line)
        if not matched:
            raise Failure(f"not a line of the protocol: {line!r}")
        code = int(matched[1])
        lines.append((code, matched[3]))
        if matched[2] == " ":
            return lines
    raise Failure("the daemon closed its socket within an answer")


@dataclass
class Route:
    """A route of `show route all`, of either dialect."""
    network: str
    protocol: str
    best: bool
    failed: bool                                      # marked `!`
    info: str                                         # from the preference on
    via: list = field(default_factory=list)           # (gateway or None, interface), or a word such as unreachable
    attributes: dict = field(default_factory=dict)    # BGP.med → 50


_HEAD = re.compile(r"(?P<net>\S*)\s+(?P<via>unicast|via (?P<gw>\S+) on (?P<dev>\S+)|dev (?P<dev2>\S+)|multipath|unreachable|blackhole|prohibited|prohibit)"
                   r" \[(?P<proto>\S+) [^\]]*\](?: (?P<mark>[*!]))? ?(?P<info>\(.*|\S* ?\(.*)")
_HOP = re.compile(r"\t(?:via (?P<gw>\S+) on |dev )(?P<dev>\S+)(?P<rest>.*)")


def parse_routes(lines):
    """The routes in the answer to `show route all`."""
    found, network, key = [], None, None
    for code, line in lines:
        if code not in (1007, 1008, 1012) or line.startswith("Table ") or not line.strip():
            continue
        if matched := _HEAD.fullmatch(line.rstrip()):
            network = matched["net"] or network
            route = Route(network, matched["proto"], matched["mark"] == "*", matched["mark"] == "!", matched["info"].strip())
            if matched["dev"] or matched["dev2"]:
                route.via.append((matched["gw"], matched["dev"] or matched["dev2"]))
            elif matched["via"] not in ("unicast", "multipath"):
                route.via.append(matched["via"])
            found.append(route)
        elif not found:
            raise Failure(f"a line of show route that is none: {line!r}")
        elif code == 1007 and (matched := _HOP.fullmatch(line)):
            found[-1].via.append((matched["gw"], matched["dev"]))
        elif code == 1012 and line.startswith("\t\t"):
            found[-1].attributes[key] += " " + line.strip()
        elif matched := re.fullmatch(r"\t([A-Za-z][^:]*): ?(.*)", line):
            key = matched[1]
            found[-1].attributes[key] = matched[2].strip()
        else:
            raise Failure(f"a line of show route that is none: {line!r}")
    return found
