"""The control socket: Debian's clients and routectl, and the same answers as BIRD's in the same place."""
import difflib
import json
import re

from .daemons import KINDS, Daemon, bgp, kernel, ospf, static
from .network import pair
from .suite import cases
from .system import BIRDS, ROUTECTL, expect, run, until

CLIENTS = {"routed6": BIRDS / "1.6/usr/sbin/birdc6", "routed4": BIRDS / "1.6/usr/sbin/birdc", "routed2": BIRDS / "2.0/usr/sbin/birdc",
           "routectl": ROUTECTL}
SIDES = (("2001:db8::1", 65001), ("2001:db8::2", 65002))


def body(kind, index):
    """One of each protocol, with something to show."""
    (here, number), (there, other), letter = SIDES[index], SIDES[1 - index], "ab"[index]
    routes = [f"2001:db8:{letter}1::/48 {'reject' if KINDS[kind][1] == 1 else 'unreachable'}", f"2001:db8:{letter}2::/48 via 2001:db8::7{index}",
              f"2001:db8:{letter}3::/48 blackhole"]
    channel = " ipv6;" if KINDS[kind][1] == 2 else ""
    return ("define LIMIT = 48;\nfunction small() { return net.len <= LIMIT; }\n"
            f"filter marks {{ bgp_community.add(({number},7)); bgp_med = 30; if source = RTS_STATIC && small() then accept; reject; }}\n"
            + f'protocol direct D {{{channel} interface "eth*", "lan*"; }}\n' + static(kind, routes) + kernel(kind, "merge paths yes;")
            + bgp(kind, here, number, there, other, "hold time 90; connect delay time 1;", exports="filter marks")
            + ospf(kind, {"eth0": "type broadcast;", "lan0": "stub yes; type ptp;"}, "ecmp yes;", exports="where source = RTS_STATIC"))


def scene(network, kinds, before=None):
    """Daemons of the two kinds with all between them settled; `before` is called with the first host before anything starts."""
    a, b = pair(network)
    for host, letter in ((a, "a"), (b, "b")):
        host.stub("lan0", f"2001:db8:1{letter}::1/64")
    if before:
        before(a)
    daemons = [Daemon(network, host, kind, body(kind, i), router_id=f"10.255.0.{i + 1}") for i, (host, kind) in enumerate(zip((a, b), kinds))]
    settled(*daemons)
    return daemons


def settled(*daemons):
    for daemon, letter in zip(daemons, "ba"):
        daemon.established(seconds=15)
        daemon.has([f"2001:db8:{letter}{n}::/48" for n in (1, 2, 3)], "B", 15)
        until(f"{daemon.name}: OSPF", 20, lambda: "" if daemon.route(f"2001:db8:1{letter}::/64", "O") and all(daemon.route(
            f"2001:db8:{letter}{n}::/48", "O") for n in (1, 2, 3)) else "not all routes")


def client(program, daemon, *words, options=()):
    return run(CLIENTS[program], "-s", daemon.socket, *options, *words, check=False, timeout=20)


READING = [  # command, what the answer must match in the look of 1.6, and in that of 2.x if that is another
    ("show status", r"Router ID is 10\.255\.0\.1\n(?:.*\n)*Daemon is up and running", None),
    ("show protocols", r"B +BGP +master +up +\S+ +Established *\n", r"B +BGP +--- +up +\S+ +Established *\n"),
    ("show protocols all B", r"  BGP state: +Established\n    Neighbor address: 2001:db8::2\n", None),
    ("show interfaces", r"eth0 up \(index=\d+\b.*\)\n\t\w+ Broadcast Multicast AdminUp LinkUp MTU=1500", r"eth0 up \(index=\d+\b.*\)\n\t\w+ Broadcast Multicast AdminUp LinkUp MTU=1500"),
    ("show interfaces summary", r"eth0 +up +", None),
    ("show route", r"^ +via 2001:db8::2 on eth0 \[B .*\] \(100\) \[AS65002i\]",
     r"^ +unicast \[B .*\] \(100\) \[AS65002i\]\n\tvia 2001:db8::2 on eth0"),
    ("show route all", r"\tBGP\.community: \(65002,7\)", None),
    ("show route for 2001:db8:b1::77", r"2001:db8:b1::/48 ", None),
    ("show route protocol S count", r"3 of \d+ routes for \d+ networks", None),
    ("show route where net.len = 64 primary", r"2001:db8:1b::/64 ", None),
    ("show route export B", r"2001:db8:a1::/48 ", None),
    ("show ospf", r"O:\n.*\n(?:.*\n)*\tArea: 0\.0\.0\.0 \(0\) \[BACKBONE\]", None),
    ("show ospf neighbors", r"10\.255\.0\.2\s+1\s+Full/DR", None),
    ("show ospf interface", r"Interface eth0 \(IID 0\)\n\tType: broadcast", None),
    ("show ospf topology", r"router 10\.255\.0\.2\n\t\tdistance 10", None),
    ("show ospf state", r"router 10\.255\.0\.1\n\t\tdistance 0", None),
    ("show ospf lsadb", r" 4005  \S+ +10\.255\.0\.2 ", None),
    ("show static", r"2001:db8:a2::/48 via 2001:db8::70", r"2001:db8:a2::/48\n?.*via 2001:db8::70"),
    ("show symbols", r"marks +\tfilter", None),
    ("show memory", r"Total:", None),
    ("eval 1+2*3", r"^7$", None),
]
CHANGING = [("disable S", r"S: disabled"), ("disable S", r"S: already disabled"), ("enable S", r"S: enabled"), ("enable S", "S: already enabled"),
            ("restart S", r"S: restarted"), ("reload B", r"B: reloading"), ("reload in B", "B: reloading"), ("reload out B", "B: reloading"),
            ("configure check", "Configuration OK"), ("configure", "Reconfigured"), ("configure soft", "Reconfigured"),
            ("debug B all", ""), ("debug B off", "")]
WRONG = ["show nonsense", "show protocols NOBODY", "show route 2001:db8:99::/48", "enable NOBODY", "eval 1+", "show route where nosuch", "show ospf O O O"]


@cases("clients.{}-{}", ("routed6", "birdc6"), ("routed2", "birdc"))
def commands(network, kind, _):
    """Every command through Debian's client and through routectl; only routectl tells of errors by its exit status."""
    daemon, _peer = scene(network, (kind, "bird6" if kind == "routed6" else "bird2"))
    for program in (kind, "routectl"):
        for command, first, second in READING:
            done = client(program, daemon, *command.split())
            wanted = second if second and kind == "routed2" else first
            expect(done.returncode == 0, f"{program} {command}: exit {done.returncode} {done.stderr}")
            expect(re.search(wanted, done.stdout, re.M), f"{program} {command}: {done.stdout[:600]!r} does not match {wanted!r}")
        for command, wanted in CHANGING:
            done = client(program, daemon, *command.split())
            expect(done.returncode == 0 and wanted in done.stdout, f"{program} {command}: {done.returncode} {done.stdout!r} {done.stderr!r}")
        for command in WRONG:
            done = client(program, daemon, *command.split())
            expect(done.returncode or program != "routectl", f"{program} {command}: exit {done.returncode}: {done.stdout!r}")
        for command, wanted in (("sh proto", "Established"), ("sh ro for 2001:db8:b1::77", "2001:db8:b1::/48")):
            done = client(program, daemon, *command.split())
            expect(done.returncode == 0 and wanted in done.stdout, f"{program} {command}: {done.stdout!r}")
        done = client(program, daemon, "disable", "B", options=["-r"])
        expect("Access denied" in done.stdout + done.stderr, f"{program} -r disable: {done.stdout!r}")
        expect(daemon.protocol("B")[0] == "up", "a restricted client disabled a protocol")
    structured(daemon)
    done = client("routectl", daemon, "down")
    expect(done.returncode == 0, f"routectl down: exit {done.returncode}")
    expect(daemon.process.wait(5) == 0, f"status {daemon.process.returncode} after down")
    expect(client("routectl", daemon, "show", "status").returncode != 0, "routectl without a daemon: exit 0")


def structured(daemon):
    """--json of everything that has it."""
    for command, member in (("show status", "10.255.0.1"), ("show protocols", "Established"), ("show protocols all", "65002"), ("show route", "2001:db8:b1::/48"),
                            ("show route all", "65002"), ("show interfaces", "eth0"), ("show ospf neighbors", "10.255.0.2")):
        done = client("routectl", daemon, *command.split(), options=["--json"])
        expect(done.returncode == 0, f"--json {command}: exit {done.returncode}: {done.stderr}")
        try:
            parsed = json.loads(done.stdout)
        except ValueError as error:
            expect(False, f"--json {command}: {error}: {done.stdout[:300]!r}")
        expect(parsed and member in done.stdout, f"--json {command} is without {member}: {done.stdout[:300]}")
    expect(client("routectl", daemon, "show", "protocols", "NOBODY", options=["--json"]).returncode != 0, "--json of an error: exit 0")


SAME = ["show status", "show protocols", "show protocols all B", "show protocols all O", "show protocols all S", "show protocols all K",
        "show protocols all D", "show interfaces", "show interfaces summary", "show route", "show route all", "show route protocol O", "show route for 2001:db8:b1::1",
        "show route primary", "show route export B", "show route 2001:db8:99::/48", "show route count", "show ospf", "show ospf neighbors",
        "show ospf interface", "show ospf topology", "show ospf topology all", "show ospf state", "show ospf state all", "show static", "disable B",
        "disable B", "enable B", "enable B", "restart S", "eval 2+3", "eval (1,2)", "configure check"]


WORDS = ["show nonsense", "show protocols NOBODY", "enable NOBODY"]
SAME += WORDS


def normal(text):
    """Without times, counters that depend on them, and where the look is 1.6's the order of networks, which is that of a hash table there."""
    text = re.sub(r"BIRD [\d.]+", "BIRD V", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?|\d\d:\d\d:\d\d(\.\d+)?", "TIME", text)
    text = re.sub(r"\S*/[ab]\.conf", "FILE", text)
    text = re.sub(r"(Hold|Keepalive) timer: +[\d.]+/", r"\1 timer: N/", text)
    text = re.sub(r"(Full/\w+ *\t) *\S+\t", r"\1DTIME\t", text)
    text = re.sub(r"(Import|Export) (updates|withdraws): .*", r"\1 \2: N", text)
    text = re.sub(r"index=\d+", "index=N", text)
    return text


def blocks(text):
    """The networks of `show route`, each with all of its lines, sorted, after what is not about networks."""
    head, found = [], []
    for line in text.splitlines():
        if re.match(r"[0-9a-f:.]+/\d+ ", line):
            found.append(line)
        elif found and line.strip():
            found[-1] += "\n" + line
        else:
            head.append(line)
    return "\n".join(head + sorted(found))


def externals_sorted(text):
    """Externals stand in the order of their link state ids, which say nothing."""
    return re.sub(r"(?:\t\texternal .*\n?)+", lambda m: "\n".join(sorted(m[0].splitlines())) + "\n", text)


@cases("clients.same-as-bird.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def same(network, kind, bird):
    """BIRD answers; routed takes its place with the same file and gives the same answers, names and spaces included."""
    first, peer = scene(network, (bird, bird))
    wanted = {c: answer(kind, first, c) for c in dict.fromkeys(SAME)}
    first.stop()
    second = Daemon(network, first.host, kind, body(kind, 0), router_id="10.255.0.1", name="a")
    settled(second, peer)
    different = []
    for command, text in wanted.items():
        if command in WORDS and kind == "routed2":
            continue                                   # BIRD 2 names the tokens of its grammar
        if text != (found := answer(kind, second, command)):
            lines = [d for d in difflib.unified_diff(text.splitlines(), found.splitlines(), lineterm="", n=0) if not d.startswith(("---", "+++", "@@"))]
            different.append(f"{command}: {' / '.join(lines)}")
    expect(not different, f"{len(different)} answers differ: " + " ;; ".join(different))


def answer(kind, daemon, command):
    text = normal(client(kind, daemon, *command.split()).stdout)
    return blocks(text) if "show route" in command else externals_sorted(text)
