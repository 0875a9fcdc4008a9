"""The daemons' configuration files, in BIRD 1.6's language, written from the topology."""
import os

from .topology import autonomous_system, ends_of

# What `protocol kernel` has besides, such as `nexthop objects no;`. BIRD has no such options.
KERNEL = [line for line in [os.environ.get("LAB_KERNEL", "")] if line]
CLASSES = "{ debug, trace, info, remote, warning, error, auth, fatal, bug }"


def configuration(node, log="syslog"):
    """The whole file of one daemon; `log` is `syslog` or a quoted file name."""
    parts = [f"log {log} {CLASSES};\nrouter id {node.router_id};\n", _block("protocol device", ["scan time 10;"]), _kernel(node)]
    if not node.side:
        parts.append(_block("protocol direct", ['interface "*";']))
    parts.append(_ospf(node))
    parts += [_bgp(end) for end in (ends_of(node) if node.side == "private" else [])]
    return "\n".join(parts)


def _block(head, lines):
    return f"{head} {{\n" + "".join(f"   {line}\n" for line in lines) + "}\n"


def _kernel(node):
    if not node.side:
        return _block("protocol kernel", ["persist;", "import none;", "export all;", *KERNEL])
    return _block("protocol kernel", ["persist;", "learn;", "import all;", "export all;", "merge paths yes;", *KERNEL])


def _ospf(node):
    interfaces = [f'   interface "{name}";' for name in node.links] + ['   interface "dummy0" { stub yes; };']
    return _block(f"protocol ospf {node.ospf}",
                  ["ecmp yes;", "merge external yes;", "import all;", "export all;", "area 0.0.0.0 {", *interfaces, "};"])


def _bgp(end):
    return _block(f"protocol bgp {end.protocol}", [
        f"local {end.address} as {autonomous_system(end.local.site)};",
        f"neighbor {end.peer_address} as {autonomous_system(end.remote.site)};",
        "import all;",
        'export where ifname ~ "eth*";',
        "preference 160;",
        "hold time 6;"])
