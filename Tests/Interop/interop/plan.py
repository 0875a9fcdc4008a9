"""`plan`: what it announces is what happens."""
import json
import os
import re
import time

from . import system
from .bgp_policy import many
from .bgp_session import QUICK
from .control import ask
from .daemons import Daemon, bgp, dialect, kernel, static
from .kernel import routes as kernel_routes
from .suite import ALONE, cases
from .system import ROUTECTL, expect, until

OURS = [f"2001:db8:200:{n:x}::/64" for n in range(1, 13)]
# A release is tried with a million.
MANY = int(os.environ.get("PLANNED", 200_000))
SHARED = many(6, 10)                                  # both peers announce these


def network_of_three(network, kinds, body, theirs):
    """routed `r` between two BIRDs, `x` in AS 65002 and `y` in AS 65003."""
    r, x, y = network.hosts("r", "x", "y")
    network.link(r, "eth0", x, "eth0", ("2001:db8::1/64", "2001:db8::2/64"))
    network.link(r, "eth1", y, "eth0", ("2001:db8:0:1::1/64", "2001:db8:0:1::2/64"))
    router = Daemon(network, r, kinds[0], body, router_id="10.255.0.1")
    peers = [Daemon(network, host, kinds[1], text, router_id=f"10.255.0.{n}") for n, (host, text) in enumerate(zip((x, y), theirs), 2)]
    return router, peers


def peer_body(kind, number, networks):
    local, remote = ("2001:db8::2", "2001:db8::1") if number == 2 else ("2001:db8:0:1::2", "2001:db8:0:1::1")
    return static(kind, [f"{n} blackhole" for n in networks]) + bgp(kind, local, 65000 + number, remote, 65001, QUICK + "connect delay time 1;",
                                                                    exports="all")


def session(kind, name, options="", **policy):
    number = {"X": 2, "Y": 3}[name]
    near, far = ("2001:db8::1", "2001:db8::2") if number == 2 else ("2001:db8:0:1::1", "2001:db8:0:1::2")
    return bgp(kind, near, 65001, far, 65000 + number, QUICK + options, name=name, **policy)


def seen(router, peers):
    """What the peers have of us and what is in the kernel: name → network → anything that shows a change."""
    found = {name: {r.network: (sorted(r.attributes.items()), r.via) for r in peer.routes("protocol B")} for name, peer in zip("XY", peers)}
    found["K"] = {network: rest for network, *rest in kernel_routes(router.host)}
    return found


def planned(router, path):
    """`routectl plan FILE --all --json`: name → change → networks, and the notes."""
    answer = json.loads(system.run(ROUTECTL, "-s", router.socket, "plan", path, "--all", "--json"))
    out = {}
    for channel in answer["channels"]:
        changes = {change: sorted(r["prefix"] for r in channel["routes"] if r["change"] == change) for change in ("gained", "lost", "changed")}
        expect({c: len(n) for c, n in changes.items()} == {c: channel[c] for c in changes}, f"counts and routes of {channel['protocol']} differ")
        out[channel["protocol"]] = changes
    return out, answer["notes"], answer["actions"]


def differences(before, after):
    return {name: {"gained": sorted(set(after[name]) - set(before[name])), "lost": sorted(set(before[name]) - set(after[name])),
                   "changed": sorted(n for n in before[name] if n in after[name] and before[name][n] != after[name][n])} for name in before}


def steps(kind):
    """Configurations one after the other, each with the words its plan must have."""
    some, others = ", ".join(OURS[:4]), ", ".join(SHARED[:5])
    ours = static(kind, [f"{n} unreachable" for n in OURS])
    kernel_ = kernel(kind)
    x, y = session(kind, "X"), session(kind, "Y")
    yield ours + kernel_ + x + y, []
    # Export filters: less, other attributes.
    yield ours + kernel_ + session(kind, "X", exports=f"filter {{ if net ~ [ {some} ] then {{ bgp_med = 9; accept; }} reject; }}") + session(
        kind, "Y", exports=f"where net ~ [ {some}, {others} ]"), []
    # An export filter that looks at what the peer is to get, which 1.6 has before it.
    yield ours + kernel_ + session(kind, "X", exports="filter { if bgp_path.len = 1 then bgp_community.add((65001, 8)); "
                                   "if defined(bgp_next_hop) then if bgp_next_hop = 2001:db8::1 then bgp_med = 3; accept; }") + y, []
    # An import filter that chooses among the peers, and changes what goes out elsewhere.
    yield ours + kernel_ + session(
        kind, "X", imports=f"filter {{ if net ~ [ {others} ] then bgp_local_pref = 50; else bgp_community.add((65001, 7)); accept; }}") + y, []
    # It is changed again, and only what passes is known; static routes come, go and change; several paths in the kernel.
    yield static(kind, [f"{n} blackhole" for n in OURS[:3]] + [f"{n} unreachable" for n in OURS[3:6] + ["2001:db8:300::/48"]]) + kernel(
        kind, "merge paths yes;" if dialect(kind) == 1 else "merge paths on;") + session(
            kind, "X", imports=f"filter {{ if net !~ [ {others} ] then reject; bgp_local_pref = 120; accept; }}") + y, [
            "judged on accepted routes only"]
    # One session goes, the other restarts.
    yield static(kind, [f"{n} unreachable" for n in OURS]) + kernel(kind, exports="where net.len < 65") + session(kind, "Y", "hold time 33;"), []


@cases("plan.equal.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def equal(network, *kinds):
    """Each step's plan is compared with what peers and kernel see of it."""
    bodies = list(steps(kinds[0]))
    router, peers = network_of_three(network, kinds, bodies[0][0], [
        peer_body(kinds[1], 2, SHARED + ["2001:db8:a2::/48"]), peer_body(kinds[1], 3, SHARED + ["2001:db8:a3::/48"])])
    file = router.host.folder / "planned.conf"
    for name, other in zip("XY", ("2001:db8:a3::/48", "2001:db8:a2::/48")):
        router.established(name)
        until(f"{name} has all", 10, lambda: "" if {*OURS, other} <= set(seen(router, peers)[name]) else "not yet")
    time.sleep(1)
    for number, (body, words) in enumerate(bodies[1:], 1):
        before = seen(router, peers)
        file.write_text(router.head + body)
        plan, notes, _ = planned(router, file)
        expect(seen(router, peers) == before, f"step {number}: plan changed something")
        expect(all(any(word in note for note in notes) for word in words) and bool(words) == bool(notes), f"step {number}: notes {notes}")
        file.rename(router.conf)
        router.ask("configure")

        def problem():
            actual = differences(before, seen(router, peers))
            for name in actual:
                for change in actual[name]:
                    expected = plan.get(name, {}).get(change, [])
                    if actual[name][change] != expected:
                        return f"{name} {change}: planned {expected}, happened {actual[name][change]}"
            return ""
        until(f"step {number} is as planned", 15, problem, 0.3)
        time.sleep(1)
        expect(not problem(), f"step {number}, a second later: {problem()}")


@cases("plan.paths.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def paths(network, *kinds):
    """A peer that takes several paths: each is counted, and what is planned happens."""
    rx, tx = ("add paths rx;", "add paths tx;")

    def sided(kind, way, options=""):
        return {"options": options, "channel": way} if dialect(kind) == 2 else {"options": options + way}

    def body(imports, exports):
        return static(kinds[0], [f"{OURS[0]} blackhole", f"{OURS[1]} blackhole"]) + static(
            kinds[0], [f"{OURS[0]} unreachable"], name="T", options="preference 190;" if dialect(kinds[0]) == 1 else "").replace(
                "ipv6;", "ipv6 { preference 190; };") + session(kinds[0], "X", imports=imports, exports=exports, **sided(kinds[0], tx)) + session(
                    kinds[0], "Y")
    r, x, y = network.hosts("r", "x", "y")
    network.link(r, "eth0", x, "eth0", ("2001:db8::1/64", "2001:db8::2/64"))
    network.link(r, "eth1", y, "eth0", ("2001:db8:0:1::1/64", "2001:db8:0:1::2/64"))
    router = Daemon(network, r, kinds[0], body("all", "all"), router_id="10.255.0.1")
    peer = Daemon(network, x, kinds[1], bgp(kinds[1], "2001:db8::2", 65002, "2001:db8::1", 65001, **sided(kinds[1], rx, QUICK)),
                  router_id="10.255.0.2")
    Daemon(network, y, kinds[1], peer_body(kinds[1], 3, OURS[:2]), router_id="10.255.0.3")

    def known():
        return sorted((n.network, n.attributes["BGP.as_path"], n.attributes.get("BGP.med", "")) for n in peer.routes("protocol B"))
    both = [(OURS[0], "65001", ""), (OURS[0], "65001", ""), (OURS[0], "65001 65003", ""), (OURS[1], "65001", ""), (OURS[1], "65001 65003", "")]
    until("X has all paths", 15, lambda: "" if known() == both else str(known()))
    file = r.folder / "planned.conf"
    # One path is lost, one changes, one is as before.
    file.write_text(router.head + body("all", 'filter { if proto = "T" then reject; if source = RTS_BGP then bgp_med = 7; accept; }'))
    plan, notes, _ = planned(router, file)
    expect(plan["X"] == {"gained": [], "lost": [OURS[0]], "changed": OURS[:2]} and not notes, f"{plan} {notes}")
    expect(known() == both, "plan changed something")
    file.rename(router.conf)
    router.ask("configure")
    after = [(OURS[0], "65001", ""), (OURS[0], "65001 65003", "7"), (OURS[1], "65001", ""), (OURS[1], "65001 65003", "7")]
    until("as planned", 10, lambda: "" if known() == after else str(known()))


@cases("plan.answers.{}", ("routed6",), ("routed2",))
def answers(network, kind):
    """The text form, a broken file, a restricted session, and that nothing is done."""
    r = network.host("r")
    r.stub("eth9", "2001:db8:9::1/64")
    router = Daemon(network, r, kind, static(kind, [f"{n} blackhole" for n in OURS]) + kernel(kind, "metric 0;", exports="where net.len < 65"),
                    router_id="10.255.0.1")
    until("the kernel has them", 5, lambda: "" if len(kernel_routes(r)) == len(OURS) else "not yet")
    file = r.folder / "p.conf"
    file.write_text(router.head + static(kind, [f"{n} blackhole" for n in OURS[1:]] + ["2001:db8:7::/48 via 2001:db8:9::2"])
                    + kernel(kind, "metric 0;", exports="filter { krt_metric = 77; accept; }"))
    lines = [text for _, text in router.ask(f'plan "{file}" all')]
    expect(lines[0] == f"Reading configuration from {file}" and lines[-1] == "Configuration OK, nothing was changed", f"{lines}")
    expect("Protocol S: adjusted (routes)" in lines, f"{lines}")
    row = next(line.split() for line in lines if line.startswith("K "))
    expect(row == ["K", "ipv6", "1", "1", str(len(OURS) - 1), "0", "kept"], f"{row}")
    expect(f"\t- {OURS[0]}" in lines and "\t+ 2001:db8:7::/48" in lines and f"\t~ {OURS[1]}" in lines, f"{lines}")
    expect(any(re.fullmatch(r"\t\t\+ Kernel.metric: 77", line) for line in lines), f"{lines}")
    expect(len(kernel_routes(r)) == len(OURS), "something was done")
    brief = router.ask(f'plan "{file}"')
    expect(not any("\t" in text for _, text in brief) and brief[-1][0] == 20, f"{brief}")
    expect(router.ask("plan")[-1][0] == 20, "the file in use")
    text = system.run("env", "-C", r.folder, ROUTECTL, "-s", router.socket, "plan", "p.conf", "--all")
    expect(f"\t- {OURS[0]}" in text, f"a relative name: {text}")
    file.write_text("protocol nonsense;\n")
    broken = router.ask(f'plan "{file}"', refused=True)
    expect(broken[-1][0] == 8002 and f"{file}:1:10" in broken[-1][1], f"{broken}")
    done = system.run(ROUTECTL, "-s", router.socket, "--json", "plan", file, check=False)
    expect(done.returncode and "p.conf:1:10" in done.stderr and not done.stdout.strip(), f"{done}")
    restricted = system.run(ROUTECTL, "-s", router.socket, "-r", "plan", check=False)
    expect(restricted.returncode == 0, f"{restricted}")


@cases("plan.many.{}-{}", ("routed2", "bird2"), phase=ALONE)
def many_routes(network, *kinds):
    """Very many networks are planned while a session with hold time 3 stays up and others are answered."""
    count = MANY
    networks = [f"2001:db8:{n >> 12:x}:{n & 0xfff:x}::/64 blackhole" for n in range(0x1000, 0x1000 + count)]
    body = static(kinds[0], networks)
    router, peers = network_of_three(network, kinds, body + session(kinds[0], "X", "hold time 3;", exports="none") + session(
        kinds[0], "Y", exports="none"), [peer_body(kinds[1], 2, []), peer_body(kinds[1], 3, [])])
    for name in "XY":
        router.established(name, 20)
    since, memory = router.since("X"), resident(router.pid)
    file = router.host.folder / "planned.conf"
    file.write_text(router.head + body + session(kinds[0], "X", "hold time 3;", exports="where net.len = 64") + session(
        kinds[0], "Y", exports="filter { bgp_community.add((1, 2)); accept; }"))
    begun = time.monotonic()
    process = system.spawn([ROUTECTL, "-s", router.socket, "plan", file], stdout=-1)
    slowest = 0.0
    while process.poll() is None:
        started = time.monotonic()
        ask(router.socket, "show status")
        slowest = max(slowest, time.monotonic() - started)
        time.sleep(0.05)
    text = process.stdout.read().decode()
    took = time.monotonic() - begun
    system.end(process)
    rows = [line.split() for line in text.splitlines() if line.startswith(("X ", "Y "))]
    expect(rows == [["X", "ipv6", str(count), "0", "0", "0", "kept"], ["Y", "ipv6", str(count), "0", "0", "0", "kept"]], f"{text[-400:]}")
    expect(router.protocol("X")[1] == "Established" and router.since("X") == since, "the session did not stay")
    # A file is read in one go: of a million lines in more than a second.
    expect(slowest < max(1.5, count / 400_000), f"another client waited {slowest:.1f} s")
    grown = resident(router.pid) - memory
    print(f"# plan of {count} networks: {took:.1f} s, slowest answer {slowest:.2f} s, {grown >> 10} MB more\n", end="")


def resident(pid):
    """Kilobytes of memory in use."""
    with open(f"/proc/{pid}/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith("VmRSS")))
