"""mrtdump: the records of routed and of BIRD about the same peer are the same."""
import ipaddress
import struct
from collections import namedtuple

from .daemons import Daemon, bgp, static
from .suite import cases
from .system import expect, until

Record = namedtuple("Record", "time subtype peer_as local_as interface peer local rest")
QUICK = "connect delay time 1; error wait time 1,2; connect retry time 2;"
STATES = "BGP4MP_STATE_CHANGE_AS4"
SUBTYPES = {1: "BGP4MP_MESSAGE", 4: "BGP4MP_MESSAGE_AS4", 5: STATES, 8: "BGP4MP_MESSAGE_ADDPATH", 9: "BGP4MP_MESSAGE_AS4_ADDPATH"}


def read(path):
    """The records of a file; anything else in it is an error."""
    data, records = path.read_bytes() if path.exists() else b"", []
    while data:
        time, kind, subtype, length = struct.unpack_from("!IHHI", data)
        body, data = data[12:12 + length], data[12 + length:]
        expect(kind == 16 and subtype in SUBTYPES and len(body) == length, f"{path.name}: type {kind}, subtype {subtype}, {length} bytes")
        wide = subtype in (4, 5, 9)
        *numbers, interface, family = struct.unpack_from("!IIHH" if wide else "!HHHH", body)
        body = body[12 if wide else 8:]
        size = {1: 4, 2: 16}[family]
        peer, local = (str(ipaddress.ip_address(body[at:at + size])) for at in (0, size))
        records.append(Record(time, SUBTYPES[subtype], *numbers, interface, peer, local, body[2 * size:]))
    return records


def said(records, here, kind):
    """What two daemons at different addresses have to say alike: all messages, and the states of connections."""
    messages = []
    for r in records:
        if r.subtype == STATES:
            continue
        # BIRD 2 knows only from Established on how long AS numbers are, 1.6 and routed from the OPEN on.
        if kind == "bird2" and r.rest[18] == 4 and r.subtype == "BGP4MP_MESSAGE":
            r = r._replace(subtype="BGP4MP_MESSAGE_AS4", peer_as=4200000002)
        messages.append((r.subtype, r.peer_as, r.local_as, r.interface > 0, r.peer, r.local == here, r.rest.hex()))
    states = [(r.peer_as, r.local_as, r.interface > 0, r.peer, struct.unpack("!HH", r.rest))
              for r in records if r.subtype == STATES and r.local == here]
    return messages, states


def scene(network, ours, bird, speaker, receive="", send="", mask="all"):
    """routed in a and BIRD in b, both with the same peer c, which connects to them."""
    family = 4 if ours == "routed4" else 6
    hosts = network.hosts("a", "b", "c")
    addresses = [f"2001:db8::{n}" if family == 6 else f"10.0.0.{n}" for n in (1, 2, 3)]
    network.switch(*((host, "eth0", f"{address}/{64 if family == 6 else 24}") for host, address in zip(hosts, addresses)))
    daemons, files, bodies = [], [], []
    for host, kind, address in zip(hosts, (ours, bird), addresses):
        files.append(host.folder / f"{host.name}.mrt")
        head = f'mrtdump "{files[-1]}";\nmrtdump protocols {mask};\n'
        bodies.append(head + bgp(kind, address, 65001, addresses[2], 4200000002, f"{QUICK} passive;", families=(family,), channel=receive))
        daemons.append(Daemon(network, host, kind, bodies[-1], router_id="10.255.0.1"))
    nets = [f"{'2001:db8:%d::/48' % n if family == 6 else '10.%d.0.0/16' % n} blackhole" for n in (1, 2, 3)]
    both = "".join(bgp(speaker, addresses[2], 4200000002, address, 65001, QUICK, name=name, families=(family,), channel=send)
                   for name, address in zip("AB", addresses))
    c = Daemon(network, hosts[2], speaker, static(speaker, nets, family=family) + both, router_id="10.255.0.3")
    for daemon in daemons:
        daemon.established()
        daemon.has([net.split()[0] for net in nets], "B")
    return daemons, files, bodies, c, addresses


def same(files, addresses, kinds, after, reading=read):
    """Waits until both have recorded `after`, then compares everything."""
    for path in files:
        until(f"{path.name} is complete", 10, lambda: "" if after(reading(path)) else f"{len(reading(path))} records")
    one, other = (said(reading(path), here, kind) for path, here, kind in zip(files, addresses, kinds))
    expect(one[0] == other[0], f"messages of routed:\n{one[0]}\nof BIRD:\n{other[0]}")
    expect(one[1] == other[1], f"states of routed:\n{one[1]}\nof BIRD:\n{other[1]}")
    return reading(files[0])


def without_updates(path):
    """What follows the last routes, such as End-of-RIB, has come to one before it was asked and to the other after."""
    return [r for r in read(path) if r.subtype == STATES or r.rest[18] != 2]


def has_ended(records):
    """The NOTIFICATION, and the end of the session."""
    return (any(r.subtype != STATES and r.rest[18] == 3 for r in records)
            and any(r.subtype == STATES and struct.unpack("!HH", r.rest) == (6, 1) for r in records))


@cases("bgp.mrt.{}-{}-{}", ("routed6", "bird6", "bird6"), ("routed4", "bird4", "bird4"), ("routed2", "bird2", "bird2"),
       ("routed2", "bird2", "routed2"), ("routed6", "bird6", "bird2"))
def records(network, *kinds):
    """A session from its beginning to its end, in both files."""
    daemons, files, _, c, addresses = scene(network, *kinds)
    for name in "AB":
        c.ask(f"disable {name}")
    found = same(files, addresses, kinds, has_ended)
    types = {r.rest[18] for r in found if r.subtype != STATES}
    expect(types == {1, 2, 3, 4}, f"message types {types}")
    steps = [struct.unpack("!HH", r.rest) for r in found if r.subtype == STATES and r.local == addresses[0]]
    expect([(1, 4), (4, 5), (5, 6), (6, 1)] == steps[:4], f"states {steps}")


@cases("bgp.mrt-paths.{}-{}-{}", ("routed2", "bird2", "bird2"), ("routed2", "bird2", "routed2"))
def paths(network, *kinds):
    """UPDATEs with path identifiers have the subtype of RFC 8050, other messages not."""
    _, files, _, c, addresses = scene(network, *kinds, receive="add paths rx;", send="add paths tx;")
    for name in "AB":
        c.ask(f"disable {name}")
    found = same(files, addresses, kinds, has_ended)
    for record in found:
        expect(record.subtype.endswith("ADDPATH") == (record.subtype != STATES and record.rest[18] == 2), f"{record}")


@cases("bgp.mrt-configure.{}-{}-{}", ("routed6", "bird6", "bird6"), ("routed2", "bird2", "bird2"))
def configure(network, *kinds):
    """Only messages are asked for; `configure` opens a rotated file anew, and `off` ends it, without an end of the session."""
    daemons, files, bodies, c, addresses = scene(network, *kinds, mask="{ messages }")
    a, since = daemons[0], daemons[0].since("B")
    for path, daemon in zip(files, daemons):
        expect(all(r.subtype != STATES for r in read(path)), f"{path.name}: a state")
        path.rename(path.with_suffix(".old"))
        daemon.ask("configure")
        until(f"{path.name} is there again", 5, lambda: "" if path.exists() else "missing")
    c.ask("reload out all")
    for path in files:
        until(f"{path.name} grows", 10, lambda: "" if read(path) else "empty")
    a.configure(bodies[0].replace("{ messages }", "off"))
    expect(a.since("B") == since, "the session began anew")
    for name in "AB":
        c.ask(f"disable {name}")
    until("the session has ended", 10, lambda: "" if not a.protocol("B")[1].startswith("Established") else "Established")
    until("BIRD has recorded it", 10, lambda: "" if any(r.rest[18] == 3 for r in read(files[1])) else "no NOTIFICATION")
    # Beside the UPDATEs there are the marks of a refresh (RFC 7313).
    types = {r.rest[18] for r in read(files[0])}
    expect(types <= {2, 5}, f"routed has recorded with `off`: {types}")


@cases("bgp.mrt-full-disk.{}-{}-{}", ("routed2", "bird2", "bird2"))
def full_disk(network, *kinds):
    """What cannot be written is lost, and said once."""
    daemons, files, bodies, c, addresses = scene(network, *kinds)
    a = daemons[0]
    a.configure(bodies[0].replace(str(files[0]), "/dev/full"))
    c.ask("reload out all")
    until("the error is logged", 10, lambda: "" if a.logged("Write to MRT file failed") else "not yet")
    for name in "AB":
        c.ask(f"disable {name}")
    until("the session has ended", 10, lambda: "" if not a.protocol("B")[1].startswith("Established") else "Established")
    count = a.log.read_text().count("Write to MRT file failed")
    expect(count == 1, f"the error is logged {count} times")
    a.configure(bodies[0].replace(str(files[0]), "/nowhere/mrt"))
    expect(a.logged("Unable to open MRTDump file '/nowhere/mrt': No such file or directory"), "a file that cannot be opened is not told of")


@cases("bgp.mrt-command.{}-{}-{}", ("routed6", "bird6", "bird6"), ("routed2", "bird2", "bird2"))
def command(network, *kinds):
    """`mrtdump` of the control socket begins what the configuration does not ask for."""
    daemons, files, _, c, addresses = scene(network, *kinds, mask="off")
    for daemon in daemons:
        daemon.ask("mrtdump B { messages }")
    for name in "AB":
        c.ask(f"disable {name}")
    found = same(files, addresses, kinds, lambda records: bool(records), without_updates)
    expect([(r.subtype, r.rest[18]) for r in found] == [("BGP4MP_MESSAGE_AS4", 3)], f"{found}")
