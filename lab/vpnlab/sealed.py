"""What only real tunnels can show: the path MTU, no marks on packets, nothing in clear on the Internet."""
import ipaddress
import json
import re
import select
import socket
import struct
import subprocess
import time
from collections import Counter

from .network import port
from .system import SWITCH, inside, namespace, socket_in
from .topology import BY_NAME, PRIVATE, PUBLIC, ROUTERS, SITES, router_address, site_network
from .tunnels import ESP

_HOOKS = ("prerouting", "input", "forward", "output", "postrouting")
_ETH_P_ALL = 3


def path_mtu(algorithm):
    """A packet of 1500 bytes from R1 that must not be fragmented meets the tunnel's MTU."""
    wanted = ESP[algorithm][1]
    command = ["ip", "netns", "exec", namespace(BY_NAME["R1"]), "ping", "-6", "-M", "do", "-s", "1452", "-c", "2", "-i", "0.3", "-W", "2",
               "-I", router_address(1), router_address(2)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=30)
    sizes = {int(size) for size in re.findall(r"mtu[=: ]+(\d+)", answer.stdout + answer.stderr)}
    return "" if sizes == {wanted} else f"Packet too big with mtu {sorted(sizes) or 'none'}, not {wanted}: {answer.stdout} {answer.stderr}"


def count_marks():
    """Counts packets with a mark from now on, at every hook of both sides of every host."""
    for node in PUBLIC + PRIVATE:
        rules = "".join(f"chain {hook} {{ type filter hook {hook} priority {place}; meta mark != 0 counter comment \"marked\"; "
                        f"counter comment \"all\"; }}\n" for hook in _HOOKS for place in ("-300",))
        inside(namespace(node), "nft", "-f", "-", stdin=f"table inet lab {{\n{rules}}}\n")


def marks():
    """No packet carried a mark, and packets were counted."""
    for node in PUBLIC + PRIVATE:
        listed = json.loads(inside(namespace(node), "nft", "-j", "list", "table", "inet", "lab"))["nftables"]
        seen = Counter()
        for rule in (entry["rule"] for entry in listed if "rule" in entry):
            packets = next(part["counter"]["packets"] for part in rule["expr"] if "counter" in part)
            seen[rule["comment"]] += packets
        if seen["marked"] or not seen["all"]:
            return f"{node.name}: {seen['marked']} of {seen['all']} packets carry a mark"
    return ""


def internet(seconds=12):
    """What kinds of packets the ports of the Internet bridge see in some time: kind → number."""
    kinds, end = Counter(), time.monotonic() + seconds
    taps = []
    for node in PUBLIC:
        tap = socket_in(SWITCH, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
        tap.bind((port(node, "eth0"), _ETH_P_ALL))
        taps.append(tap)
    try:
        while (left := end - time.monotonic()) > 0:
            for tap in select.select(taps, [], [], left)[0]:
                kinds[_kind(tap.recv(2048))] += 1
    finally:
        for tap in taps:
            tap.close()
    return kinds


_PRIVATE_NETWORKS = [ipaddress.ip_network(site_network(s)) for s in SITES] + [ipaddress.ip_network("2001:db8:ff::/48")]
_ICMPV6 = 58
_UPKEEP = range(130, 138), (143,)          # multicast listener and neighbour discovery


def _kind(frame):
    if len(frame) < 54 or frame[12:14] != b"\x86\xdd":
        return "not IPv6"
    source, target = (ipaddress.ip_address(frame[at:at + 16]) for at in (22, 38))
    if any(address in network for network in _PRIVATE_NETWORKS for address in (source, target)):
        return "private in clear"
    header, payload = frame[20], frame[54:]
    if header == 0 and len(payload) >= 8:  # hop-by-hop options, as listener reports carry
        header, payload = payload[0], payload[8 * (payload[1] + 1):]
    if header == 17 and len(payload) >= 4 and {500, 4500} & set(struct.unpack("!HH", payload[:4])):
        return "IKE"
    if header == _ICMPV6 and payload and any(payload[0] in kinds for kinds in _UPKEEP):
        return "neighbour discovery"
    return {50: "ESP", 89: "OSPF"}.get(header, f"protocol {header}")


def sealed(kinds):
    strange = {kind: number for kind, number in kinds.items() if kind not in ("ESP", "OSPF", "IKE", "neighbour discovery")}
    absent = [kind for kind in ("ESP", "OSPF") if not kinds[kind]]
    return f"seen {dict(kinds)}" if strange or absent else ""
