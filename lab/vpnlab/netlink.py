"""As much of rtnetlink as the lab needs: IPv6 routes, dumped and as notifications (RFC 3549; linux/rtnetlink.h)."""
import socket
import struct
from dataclasses import dataclass

from .system import namespace, socket_in

RTM_NEWROUTE, RTM_DELROUTE, RTM_NEWNEXTHOP, RTM_DELNEXTHOP, NLMSG_DONE = 24, 25, 104, 105, 3
_RTM_GETROUTE, _RTM_GETNEXTHOP = 26, 106
RTPROT_BIRD = 12
RTNLGRP_IPV6_ROUTE, RTNLGRP_NEXTHOP = 11, 32
_RTA_DST, _RTA_OIF, _RTA_GATEWAY, _RTA_PRIORITY, _RTA_MULTIPATH, _RTA_TABLE, _RTA_NH_ID = 1, 4, 5, 6, 9, 15, 30
_NHA_ID, _NHA_GROUP, _NHA_OIF, _NHA_GATEWAY = 1, 2, 5, 6
_SOL_NETLINK, _ADD_MEMBERSHIP = 270, 1
_RT_TABLE_MAIN, _RTN_UNICAST, _RTM_F_CLONED = 254, 1, 0x200
_REQUEST_DUMP = 0x301


@dataclass(frozen=True)
class Hop:
    gateway: str | None
    index: int               # of the interface


@dataclass(frozen=True)
class KernelRoute:
    network: str
    metric: int
    protocol: int
    hops: frozenset          # of Hop
    held: int | None         # the next hop object that the route points at


def connect(node, groups=()):
    """A routing socket in a node's namespace, subscribed to notifications."""
    end = socket_in(namespace(node), socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    end.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)  # SO_RCVBUFFORCE
    end.bind((0, 0))
    for group in groups:
        end.setsockopt(_SOL_NETLINK, _ADD_MEMBERSHIP, group)
    return end


def request_routes(end):
    """Asks for all IPv6 routes; they end with NLMSG_DONE."""
    end.send(struct.pack("=LHHLL", 28, _RTM_GETROUTE, _REQUEST_DUMP, 1, 0) + struct.pack("=BBBBBBBBL", socket.AF_INET6, *[0] * 8))


def request_objects(end):
    """Asks for all next hop objects; they end with NLMSG_DONE."""
    end.send(struct.pack("=LHHLL", 24, _RTM_GETNEXTHOP, _REQUEST_DUMP, 1, 0) + bytes(8))


def answers(end):
    """The messages of a dump, as (type, payload)."""
    end.settimeout(10)
    while True:
        for kind, payload in messages(end.recv(1 << 18)):
            if kind == NLMSG_DONE:
                return
            yield kind, payload


def messages(data):
    while len(data) >= 16:
        length, kind = struct.unpack_from("=LH", data)
        if length < 16:
            return
        yield kind, data[16:length]
        data = data[(length + 3) & ~3:]


def _attributes(data):
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


def route(payload):
    """A unicast IPv6 route of the main table, else None."""
    family, length, _, _, table, protocol, _, kind, flags = struct.unpack_from("=BBBBBBBBL", payload)
    found = _attributes(payload[12:])
    if _RTA_TABLE in found:
        table = struct.unpack("=L", found[_RTA_TABLE])[0]
    if family != socket.AF_INET6 or table != _RT_TABLE_MAIN or kind != _RTN_UNICAST or flags & _RTM_F_CLONED:
        return None
    network = f"{socket.inet_ntop(family, found.get(_RTA_DST, bytes(16)))}/{length}"
    metric = struct.unpack("=L", found.get(_RTA_PRIORITY, bytes(4)))[0]
    held = struct.unpack("=L", found[_RTA_NH_ID])[0] if _RTA_NH_ID in found else None
    return KernelRoute(network, metric, protocol, frozenset(_hops(found)), held)


def object_id(payload):
    """The id of the next hop object that a message speaks of."""
    return struct.unpack("=L", _attributes(payload[8:])[_NHA_ID])[0]


def object_hop(payload):
    """What a next hop object stands for: a Hop, or of a group the ids of its members."""
    found = _attributes(payload[8:])
    if group := found.get(_NHA_GROUP):
        return [entry[0] for entry in struct.iter_unpack("=LBBH", group)]
    return _hop(found.get(_NHA_GATEWAY), struct.unpack("=l", found.get(_NHA_OIF, bytes(4)))[0])


def _hop(gateway, index):
    return Hop(socket.inet_ntop(socket.AF_INET6, gateway) if gateway else None, index)


def _hops(found):
    if _RTA_MULTIPATH not in found:
        yield _hop(found.get(_RTA_GATEWAY), struct.unpack("=l", found.get(_RTA_OIF, bytes(4)))[0])
        return
    data = found[_RTA_MULTIPATH]
    while len(data) >= 8:
        length, _, _, index = struct.unpack_from("=HBBl", data)
        if length < 8:
            return
        yield _hop(_attributes(data[8:length]).get(_RTA_GATEWAY), index)
        data = data[(length + 3) & ~3:]
