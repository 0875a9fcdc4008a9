"""BGP: what an export filter finds, and what becomes of what it does. routed and BIRD announce the same, attribute by attribute."""
import re
import socket
import struct
import time

from .bgp_session import QUICK
from .daemons import Daemon, bgp, dialect, static
from .plan import planned
from .speaker import Speaker, attribute, attributes_of, path, prefixes, reach
from .suite import cases
from .system import expect, until

ORIGIN, AS_PATH, NEXT_HOP, MED, LOCAL_PREF, COMMUNITIES, ORIGINATOR_ID, CLUSTER_LIST, REACH = 1, 2, 3, 4, 5, 8, 9, 10, 14

# What the filter does with each route of a source.
ACTIONS = {
    "accept": "",
    "set med": "bgp_med = 77;",
    "set med to what it is": "if defined(bgp_med) then bgp_med = bgp_med;",
    "unset med": "unset(bgp_med);",
    "set local_pref": "bgp_local_pref = 200;",
    "unset local_pref": "unset(bgp_local_pref);",
    "set origin": "bgp_origin = ORIGIN_INCOMPLETE;",
    "unset origin": "unset(bgp_origin);",
    "prepend": "bgp_path.prepend(64999);",
    "delete the own AS": "bgp_path.delete(65001);",
    "unset path": "unset(bgp_path);",
    "far next hop": "bgp_next_hop = {far};",
    "next hop on the peer's network": "bgp_next_hop = {near};",
    "the peer as next hop": "bgp_next_hop = {peer};",
    "next hop self": "bgp_next_hop = {own};",
    "set next hop to what it is": "if defined(bgp_next_hop) then bgp_next_hop = bgp_next_hop;",
    "unset next hop": "unset(bgp_next_hop);",
    "set originator": "bgp_originator_id = 9.9.9.9; bgp_cluster_list.add(1.2.3.4);",
    "unset originator": "unset(bgp_originator_id); unset(bgp_cluster_list);",
}

# What it found, as large communities. In BIRD 1.6 ORIGIN compares with nothing; that it is what is sent has to do.
SEEN = """
  if defined(bgp_origin) then bgp_large_community.add((1, 1, 0));
  if defined(bgp_path) then {{
    bgp_large_community.add((1, 2, bgp_path.len));
    if bgp_path ~ [= 65001 * =] then bgp_large_community.add((1, 2, 65001));
  }}
  if defined(bgp_next_hop) then {{
    bgp_large_community.add((1, 3, 0));
    {hops}
  }}
  if defined(bgp_med) then bgp_large_community.add((1, 4, bgp_med));
  if defined(bgp_local_pref) then bgp_large_community.add((1, 5, bgp_local_pref));
  if defined(bgp_originator_id) then {{
    bgp_large_community.add((1, 9, 0));
    if bgp_originator_id = 10.255.0.12 then bgp_large_community.add((1, 9, 12));
    if bgp_originator_id = 10.255.0.13 then bgp_large_community.add((1, 9, 13));
  }}
  if defined(bgp_cluster_list) then bgp_large_community.add((1, 10, bgp_cluster_list.len));
"""

# Where the routes come from; the peers among them are those of PEERS.
SOURCES = ("gateway", "blackhole", "ext", "int", "client")

# name → (AS, options, options of the channel, the link it is on)
PEERS = {
    "ext": (65002, "", "", 0), "int": (65001, "", "", 0), "client": (65001, "rr client;", "", 0),
    "to_ext": (65011, "", "", 1), "to_near": (65012, "", "", 0), "to_int": (65001, "", "", 1),
    "to_client": (65001, "rr client;", "", 1), "to_rs": (65013, "rs client;", "", 1),
    "to_self": (65014, "", "next hop self;", 1), "to_keep": (65015, "", "next hop keep;", 1),
    "to_pref": (65016, "allow bgp_local_pref;", "", 1), "to_int_self": (65001, "", "next hop self;", 1), "to_direct": (65001, "direct;", "", 0),
}
OBSERVERS = [name for name in PEERS if name.startswith("to_")]


QUESTIONS = ("export {}", "preexport {}", "noexport {}", "export {} where bgp_med = 0", "preexport {} where bgp_path.len = 1")


def _address(family, link, number):
    return f"2001:db8:f{link}::{number:x}" if family == 6 else f"10.254.{link}.{number}"


def _network(family, source, action):
    return f"2001:db8:{source + 1:x}{action:02x}::/48" if family == 6 else f"10.{source + 1}.{action}.0/24"


def _number(name):
    return 11 + list(PEERS).index(name)


def _configuration(kind, family):
    places = {"far": "2001:db8:99::9" if family == 6 else "10.99.0.9", "near": _address(family, 1, 0x77), "own": _address(family, 1, 1),
              "peer": _address(family, 1, _number("to_ext"))}
    tests = {**places, "other": _address(family, 0, 1), "gateway": _address(family, 0, 0x99)}
    tests.update((name, _address(family, 0, _number(name))) for name in ("ext", "int", "client"))
    hops = "\n    ".join(f"if bgp_next_hop = {address} then bgp_large_community.add((1, 3, {number}));"
                         for number, address in enumerate(tests.values(), 1))
    actions = "\n".join(
        f"  if net ~ [ {', '.join(_network(family, source, index) for source in range(len(SOURCES)))} ] then {{ {text.format(**places)} }}"
        for index, text in enumerate(ACTIONS.values()) if text)
    body = f"filter tell {{\n  if source = RTS_DEVICE then reject;\n{SEEN.format(hops=hops)}\n{actions}\n  accept;\n}}\n"
    channel = "" if dialect(kind) == 1 else f"ipv{family};"
    body += f"protocol direct {{ {channel} interface \"eth*\"; }}\n"
    for source, target in enumerate((f"via {_address(family, 0, 0x99)}", "blackhole")):
        body += static(kind, [f"{_network(family, source, index)} {target}" for index in range(len(ACTIONS))], name=f"S{source}", family=family)
    for name, (number, options, inner, link) in PEERS.items():
        if dialect(kind) == 2:                        # where BIRD does not ask for a link-local address
            inner += "missing lladdr ignore;"
        observes = name in OBSERVERS
        body += bgp(kind, _address(family, link, 1), 65001, _address(family, link, _number(name)), number,
                    f"{QUICK} passive yes; {options}" + ("" if dialect(kind) == 2 else inner), name=f"B_{name}",
                    channel=inner if dialect(kind) == 2 else "", imports="none" if observes else "all",
                    exports="filter tell" if observes else "none", families=(family,))
    return body


def _announce(speaker, name, family):
    """A source's routes: with MED, an origin of its own, and from internal peers LOCAL_PREF."""
    number, own = PEERS[name][0], _address(family, 0, _number(name))
    networks = [_network(family, SOURCES.index(name), index) for index in range(len(ACTIONS))]
    external = number != 65001
    shared = [attribute(0x40, ORIGIN, b"\1"), path(*([number] if external else []), 65100, 65101), attribute(0x80, MED, struct.pack("!I", 50))]
    if not external:
        shared.append(attribute(0x40, LOCAL_PREF, struct.pack("!I", 333)))
    if name == "client":
        shared.append(attribute(0x80, CLUSTER_LIST, socket.inet_aton("5.5.5.5")))
    if family == 6:
        speaker.announce(*shared, reach(own, networks))
    else:
        shared.insert(2, attribute(0x40, NEXT_HOP, socket.inet_aton(own)))
        speaker.announce(*shared, networks=networks)


def _text(kind, flags, value):
    words = value.hex(" ", 4).split()
    # BIRD 1.6 sorts CLUSTER_LIST like a set.
    return " ".join([f"{flags:02x}", *(sorted(words) if kind == CLUSTER_LIST else words)])


def _heard(updates, family, link_local):
    """{network: {attribute: value}} of what was announced; our link-local addresses differ, and are one here."""
    inet, found = (socket.AF_INET6 if family == 6 else socket.AF_INET), {}
    for body in list(updates):
        attributes, rest = attributes_of(body)
        if family == 4:
            networks = prefixes(rest, inet)
        else:
            _, value = attributes.pop(REACH, (0, b"\0" * 5))
            hop, rest = value[4:4 + value[3]], value[5 + value[3]:]
            networks = prefixes(rest, inet)
            attributes[NEXT_HOP] = (0, b"".join(b"our own " if part in link_local else part for part in (hop[:16], hop[16:])))
        for network in networks:
            found[network] = {kind: _text(kind, flags, value) for kind, (flags, value) in attributes.items()}
    return found


def _exported(network, kind, family, settled=1.5):
    """What each observer hears of a daemon of a kind, and what `show route export` shows of it."""
    daemon_host, speakers_host = network.hosts(f"d{kind[0]}", f"s{kind[0]}")
    for link in (0, 1):
        length = 64 if family == 6 else 24
        network.link(daemon_host, f"eth{link}", speakers_host, f"eth{link}",
                     (f"{_address(family, link, 1)}/{length}", f"{_address(family, link, 0x99)}/{length}"))
        speakers_host.address(f"eth{link}", *(f"{_address(family, link, _number(n))}/{length}" for n, p in PEERS.items() if p[3] == link))
    daemon = Daemon(network, daemon_host, kind, _configuration(kind, family), router_id="10.255.0.1", name=kind)
    text = daemon_host.inside("ip", "-o", "-6", "address", "show", "scope", "link")
    link_local = {socket.inet_pton(socket.AF_INET6, a) for a in re.findall(r"inet6 (fe80::\S+)/", getattr(text, "stdout", text))}
    speakers = {}
    try:
        for name, (number, _, _, link) in PEERS.items():
            speakers[name] = Speaker(speakers_host, _address(family, link, _number(name)), _address(family, link, 1), number,
                                     f"10.255.0.{_number(name)}")
        for name in SOURCES[2:]:
            _announce(speakers[name], name, family)
        wanted = len(ACTIONS)
        for name in SOURCES[2:]:
            until(f"{kind} has the routes of {name}", 10, lambda: "" if len(daemon.routes(f"protocol B_{name}")) == wanted else "no", 0.2)
        heard, since = None, time.monotonic()
        while time.monotonic() - since < settled:
            now = {name: _heard(speakers[name].updates, family, link_local) for name in OBSERVERS}
            if now != heard:
                heard, since = now, time.monotonic()
            time.sleep(0.1)
        expect(all(heard.values()), f"{kind} announced nothing to {[name for name in heard if not heard[name]]}")
        # BIRD 2 dies of it where an attribute was taken away.
        shown = None if dialect(kind) == 2 else {
            question: {name: {route.network: route.attributes for route in daemon.routes(question.format(f"B_{name}"))} for name in OBSERVERS}
            for question in QUESTIONS}
        if daemon.is_routed:
            changes, _, _ = planned(daemon, daemon.conf)
            expect(not any(n for change in changes.values() for n in change.values()), f"a plan of the same file says {changes}")
        return heard, shown
    finally:
        for speaker in speakers.values():
            speaker.close()


def _labelled(family, found):
    """The same by what the filter did to which source's route."""
    names = {_network(family, s, a): f"{source}, {action}" for s, source in enumerate(SOURCES) for a, action in enumerate(ACTIONS)}
    return {names.get(network, network): attributes for network, attributes in found.items()}


def _differences(family, what, ours, theirs):
    found = []
    for name in OBSERVERS:
        one, other = _labelled(family, ours[name]), _labelled(family, theirs[name])
        for route in sorted(set(one) | set(other)):
            a, b = one.get(route), other.get(route)
            if a is None or b is None:
                found.append(f"{what} {name}: {route}: {'only BIRD has it' if a is None else 'only routed has it'}")
                continue
            found += [f"{what} {name}: {route}: {key}: {a.get(key)}, BIRD {b.get(key)}"
                      for key in sorted(set(a) | set(b), key=str) if a.get(key) != b.get(key)]
    return found


@cases("bgp.export.{}-{}-ipv{}", ("routed6", "bird6", 6), ("routed4", "bird4", 4), ("routed2", "bird2", 6), ("routed2", "bird2", 4))
def export(network, routed, bird, family):
    """Peers of each kind, routes from everywhere, and an export filter that notes what it finds before it changes something.

    In 2.x BIRD leaves link-local addresses as they came, or away; we go by RFC 2545 §3."""
    ours, shown = _exported(network, routed, family)
    theirs, shown_there = _exported(network, bird, family)
    if dialect(routed) == 2:
        for routes in (r for found in (ours, theirs) for r in found.values()):
            for attributes in routes.values():
                attributes[NEXT_HOP] = attributes[NEXT_HOP][:len("00 20010db8 00f00000 00000000 00000001")]
    differences = _differences(family, "to", ours, theirs)
    for question in shown or ():
        expect(any(shown[question].values()), f"show route {question} shows nothing")
        differences += _differences(family, question, shown[question], shown_there[question])
    (network.folder / "differences").write_text("\n".join(differences) + "\n")
    expect(not differences, f"{len(differences)} differences, such as {'; '.join(differences[:3])}")
