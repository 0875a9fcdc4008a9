"""The hosts and links of one case."""
from pathlib import Path

from . import system
from .system import entered, run

_SYSCTLS = {
    "net/ipv6/conf/all/accept_dad": 0, "net/ipv6/conf/default/accept_dad": 0, "net/ipv6/conf/default/accept_ra": 0,
    "net/ipv6/conf/all/forwarding": 1, "net/ipv4/ip_forward": 1, "net/ipv4/conf/all/rp_filter": 0, "net/ipv4/conf/default/rp_filter": 0,
}


class Host:
    """A network namespace and a folder for the files of what runs in it."""

    def __init__(self, namespace, name, folder):
        self.namespace, self.name, self.folder = namespace, name, folder
        system.make_namespace(namespace)
        with entered(namespace):
            for path, value in _SYSCTLS.items():
                Path("/proc/sys", path).write_text(str(value))
        self.ip("link set lo up")

    def ip(self, *commands):
        """Lines of `ip` commands, all or a failure; a line may begin with a family such as `-6`."""
        if any(command.startswith("-") for command in commands):
            for command in commands:
                run("ip", "-n", self.namespace, *command.split())
        else:
            run("ip", "-n", self.namespace, "-batch", "-", stdin="\n".join(commands) + "\n")

    def inside(self, *command, **options):
        return run("ip", "netns", "exec", self.namespace, *command, **options)

    def address(self, interface, *addresses):
        self.ip(*(f"address add {a} dev {interface}" + (" nodad" if ":" in a else "") for a in addresses))

    def stub(self, interface, *addresses):
        """An interface that is up and leads nowhere."""
        self.ip(f"link add {interface} type veth peer name {interface}-x", f"link set {interface}-x up", f"link set {interface} up")
        self.address(interface, *addresses)


class Network:
    """A case's hosts; `close` takes everything down."""

    def __init__(self, name, number):
        self.folder = system.make_folder(name)
        self._prefix, self._hosts, self.daemons = f"{system.PREFIX}{number}-", {}, []

    def host(self, name):
        self._hosts[name] = Host(self._prefix + name, name, self.folder)
        return self._hosts[name]

    def hosts(self, *names):
        return [self.host(name) for name in names]

    def link(self, a, interface_a, b, interface_b, *addresses):
        """A wire between two hosts; `addresses` are pairs, one end's and the other's."""
        a.ip(f"link add {interface_a} type veth peer name {interface_b} netns {b.namespace}", f"link set {interface_a} up")
        b.ip(f"link set {interface_b} up")
        for one, other in addresses:
            a.address(interface_a, one)
            b.address(interface_b, other)

    def switch(self, *ends):
        """A bridge in a namespace of its own that joins (host, interface, addresses…)."""
        bridge = self.host("sw")
        bridge.ip("link add br0 type bridge mcast_snooping 0", "link set br0 up")
        for index, (host, interface, *addresses) in enumerate(ends):
            host.ip(f"link add {interface} type veth peer name p{index} netns {bridge.namespace}", f"link set {interface} up")
            bridge.ip(f"link set p{index} master br0 up")
            host.address(interface, *addresses)
        return bridge

    def close(self, keep=False):
        for daemon in self.daemons:
            daemon.close()
        for host in self._hosts.values():
            system.delete_namespace(host.namespace)
        system.delete_folder(self.folder, keep)


def pair(network, *, interfaces=("eth0",)):
    """Two hosts, a and b, with a wire: a is 2001:db8::1 and 10.0.0.1, b ends in 2; a second wire is 2001:db8:0:1::/64."""
    a, b = network.hosts("a", "b")
    for index, name in enumerate(interfaces):
        v6 = "2001:db8:" if not index else f"2001:db8:0:{index}:"
        network.link(a, name, b, name, (f"{v6}:1/64", f"{v6}:2/64"), (f"10.0.{index}.1/24", f"10.0.{index}.2/24"))
    return a, b
