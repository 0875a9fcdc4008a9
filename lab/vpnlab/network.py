"""The kernel's side of the lab: namespaces, bridges, links, addresses; taking all of it down again."""
import os
import shutil
import signal

from .system import (LAB, RUN, SWITCH, LabError, alive, existing_namespaces, inside, ip, namespace, processes_in, run, sysctl,
                     wait_until)
from .topology import MACHINES, NODES, PUBLIC, segments

# Nothing waits for duplicate address detection; forwarding on; flows of one pair of hosts spread over the next hops.
SYSCTLS = {
    **{f"net/ipv6/conf/{scope}/{name}": value for scope in ("all", "default")
       for name, value in (("accept_dad", 0), ("accept_ra", 0), ("forwarding", 1))},
    "net/ipv6/conf/default/dad_transmits": 0,
    "net/ipv6/conf/default/addr_gen_mode": 0,
    "net/ipv6/fib_multipath_hash_policy": 1,
}


def port(node, interface):
    """The switch's end of an interface."""
    return f"{node.machine}.{node.side[:3]}.{interface}" if node.side else f"{node.machine}.{interface}"


def has_link_type(kind):
    """Whether the kernel can make links of a type, asked of the kernel in the switch's namespace."""
    try:
        ip(SWITCH, [f"link add probe0 type {kind}", "link del probe0"])
        return True
    except LabError:
        return False


def build():
    """All namespaces, bridges and links, but no interconnect and no daemon."""
    left = existing_namespaces()
    if left:
        raise LabError(f"a lab is up already (lab/down takes it down): {' '.join(left)}")
    for where in [SWITCH] + [namespace(n) for n in NODES]:
        run("ip", "netns", "add", where)
    sysctl(SWITCH, {f"net/ipv6/conf/{scope}/disable_ipv6": 1 for scope in ("all", "default")})
    for node in NODES:
        sysctl(namespace(node), SYSCTLS)
    add_bridges(segments())
    dummies = has_link_type("dummy")
    for node in NODES:
        for interface, bridge in node.links.items():
            plug(node, interface, bridge)
        _add_loopback(node, dummies)


def add_bridges(names):
    lines = []
    for name in names:
        lines += [f"link add {name} type bridge forward_delay 0 mcast_snooping 0", f"link set {name} up"]
    ip(SWITCH, lines)


def plug(node, interface, bridge):
    """Connects an interface of a node to a bridge."""
    outer = port(node, interface)
    ip(SWITCH, [f"link add {outer} type veth peer name {interface} netns {namespace(node)}",
                f"link set {outer} master {bridge}", f"link set {outer} up"])
    ip(namespace(node), [f"link set {interface} up"])


def _add_loopback(node, dummies):
    where = namespace(node)
    if dummies:
        ip(where, ["link add dummy0 type dummy"])
    else:  # one end of a veth pair whose other end leads nowhere
        ip(SWITCH, [f"link add {port(node, 'dummy0')} type veth peer name dummy0 netns {where}",
                    f"link set {port(node, 'dummy0')} up"])
    ip(where, ["link set lo up", "link set dummy0 up"] + ([f"address add {node.loopback} dev dummy0"] if node.loopback else []))


def machine_nodes(machine):
    """The namespaces of one machine, the private one first."""
    if machine not in MACHINES:
        raise LabError(f"no machine {machine}")
    return sorted((n for n in NODES if n.machine == machine), key=lambda n: n.side)


def set_links(machine, state):
    """Takes the links of a whole machine up or down, as a power switch would."""
    for node in machine_nodes(machine):
        ip(namespace(node), [f"link set {name} {state}" for name in node.links])


def unplug(plugs):
    """Takes (node, interface) off their bridges: packets get lost, and no end sees its carrier go."""
    ip(SWITCH, [f"link set {port(node, interface)} nomaster" for node, interface in plugs])


def replug(plugs):
    """The opposite of `unplug`; plugs are (node, interface, bridge)."""
    ip(SWITCH, [f"link set {port(node, interface)} master {bridge}" for node, interface, bridge in plugs])


def flush_daemons_routes():
    """Removes what daemons left in the kernel (`persist`), for a start from nothing."""
    for node in NODES:
        inside(namespace(node), "ip", "-6", "route", "flush", "proto", "bird")


def tear_down():
    """Ends every process in the lab's namespaces, removes them and the run folder. May be run at any time."""
    spaces = existing_namespaces()
    pids = [pid for where in spaces for pid in processes_in(where) if pid != os.getpid()]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in filter(alive, pids):
            try:
                os.kill(pid, number)
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass
        if wait_until(lambda: not any(map(alive, pids)), 3):
            break
    else:
        raise LabError(f"processes that do not end: {[pid for pid in pids if alive(pid)]}")
    for where in spaces:
        run("ip", "netns", "del", where)
    shutil.rmtree(RUN, ignore_errors=False) if RUN.exists() else None
    return len(spaces), len(pids)


def describe():
    """One line for the user."""
    return f"{len(NODES)} namespaces {LAB}-*, {len(segments())} links, {len(PUBLIC)} hosts"
