"""What only real tunnels can show: the path MTU, no marks on packets, nothing in clear on the Internet."""
import ipaddress
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

_HOOKS = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")
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
    """Counts packets with a mark from now on, at every hook of both sides of every host.

    Listener reports are left out: the kernel makes them with a `reserved_tailroom`, which shares its place with the mark.
    """
    for node in PUBLIC + PRIVATE:
        for hook in _HOOKS:
            for match in (["-p", "icmpv6", "--icmpv6-type", "143", "-j", "RETURN"], ["-m", "mark", "!", "--mark", "0"], []):
                inside(namespace(node), "ip6tables-legacy", "-t", "mangle", "-A", hook, *match)


def marks():
    """No packet carried a mark, and packets were counted."""
    for node in PUBLIC + PRIVATE:
        marked = total = 0
        for line in inside(namespace(node), "ip6tables-legacy", "-t", "mangle", "-vnxL").splitlines():
            if not line[:1].isspace():
                continue
            packets = line.split()[0]
            if "RETURN" in line:
                continue
            if packets.isdigit() and "mark match" in line:
                marked += int(packets)
            elif packets.isdigit():
                total += int(packets)
        if marked or not total:
            return f"{node.name}: {marked} of {total} packets carry a mark"
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
        return f"private in clear, {source} to {target}, header {frame[20]}"
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
