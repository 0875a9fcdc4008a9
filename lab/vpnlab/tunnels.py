"""The interconnects: VTI and ESP between the public loopbacks, or, where the kernel lacks them, plain Ethernet wires."""
import hashlib

from .network import add_bridges, plug
from .system import ip, namespace
from .topology import BY_NAME, ENDS

ESP = {  # name: (algorithm for `ip xfrm state add`, path MTU through a tunnel on a 1500 byte link)
    "gcm": ("aead rfc4106(gcm(aes)) {key36} 128", 1426),
    "cbc": ("enc cbc(aes) {key32} auth-trunc hmac(sha256) {key32} 128", 1406),
}


def public(end):
    return BY_NAME[f"{end.local.machine}.public"]


def build_wires():
    """Every interconnect is a bridge with one end in each private namespace, so that it can be cut without loss of carrier."""
    add_bridges(sorted({end.wire for end in ENDS}))
    for end in ENDS:
        plug(end.local, end.name, end.wire)
        ip(namespace(end.local), [f"address add {end.address}/127 dev {end.name}"])


def build_vtis(algorithm):
    """VTIs made in the public namespace, so that the encapsulated side stays there, and moved into the private one."""
    for end in ENDS:
        outside, within = namespace(public(end)), namespace(end.local)
        ip(outside, [f"link add {end.name} type vti6 local {end.outer_local} remote {end.outer_remote} key {end.mark}",
                     f"link set {end.name} netns {within}"])
        ip(within, [f"link set {end.name} mtu 1500 up", f"address add {end.address}/127 dev {end.name}"])
        ip(outside, _policies(end) + _states(end, algorithm))


def _policies(end):
    out = f"src {end.outer_local} dst {end.outer_remote} proto esp reqid {end.mark} mode tunnel"
    back = f"src {end.outer_remote} dst {end.outer_local} proto esp reqid {end.mark} mode tunnel"
    return [f"xfrm policy add src ::/0 dst ::/0 dir {direction} mark {end.mark} mask 0xffffffff tmpl {template}"
            for direction, template in (("out", out), ("in", back), ("fwd", back))]


def _states(end, algorithm):
    """Both security associations of an end; the direction away from end n has the SPI 0x1000 + n."""
    def state(source, destination, number):
        keys = {f"key{size}": "0x" + _key(number, size).hex() for size in (32, 36)}
        return (f"xfrm state add src {source} dst {destination} proto esp spi {0x1000 + number} reqid {end.mark} mode tunnel "
                f"replay-window 32 mark {end.mark} mask 0xffffffff " + ESP[algorithm][0].format(**keys))
    return [state(end.outer_local, end.outer_remote, end.number), state(end.outer_remote, end.outer_local, end.number ^ 1)]


def _key(number, size):
    """A key that both ends derive. The lab is sealed: what matters is that packets are really encrypted, not by which secret."""
    return hashlib.shake_256(f"routed lab {number}".encode()).digest(size)


def wire_plugs(machine):
    """(node, interface, bridge) of all wires of a host, to cut it off silently."""
    return [(end.local, end.name, end.wire) for end in ENDS if end.local.machine == machine]
