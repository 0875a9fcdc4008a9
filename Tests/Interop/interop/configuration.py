"""Configuration files: those that must be read, and those that must not."""
import re
import signal
import sys

from .daemons import kernel, static, two
from .network import pair
from .suite import case, cases
from .bgp_session import QUICK, sides
from .system import REPOSITORY, ROUTED, SHARED, Skip, expect, run, until


def check(path, *arguments):
    return run(ROUTED, "-p", "-c", path, *arguments, check=False)


def all_pass(paths):
    expect(paths, "no files")
    for path in paths:
        done = check(path)
        expect(done.returncode == 0, f"{path}: exit {done.returncode}: {done.stderr.strip()[:300]}")


@case("configuration.shared-lab", needs_root=False)
def shared_lab(_):
    if not SHARED.is_dir():
        raise Skip(f"{SHARED} is not here")
    all_pass(sorted((SHARED / "lab/configs").rglob("bird*.conf")))


@case("configuration.shared-transcripts", needs_root=False)
def shared_transcripts(_):
    if not SHARED.is_dir():
        raise Skip(f"{SHARED} is not here")
    all_pass(sorted((SHARED / "bird/transcripts").glob("*/*.conf")))


@case("configuration.lab", needs_root=False)
def lab(network):
    """What the lab writes for its fifteen daemons."""
    sys.path.insert(0, str(REPOSITORY / "lab"))
    from vpnlab.configuration import configuration
    from vpnlab.topology import NODES
    for node in NODES:
        (network.folder / f"{node.name}.conf").write_text(configuration(node))
    all_pass(sorted(network.folder.glob("*.conf")))


BROKEN = {
    "syntax": ("router id 1.2.3.4;\nprotocol device { scan tme 10; }\n", ["2:"]),
    "semicolon": ("router id 1.2.3.4;\nprotocol static {\n  route 2001:db8::/32 blackhole\n}\n", ["3:32"]),
    "prefix": ("router id 1.2.3.4;\nprotocol static {\n  route 2001:db8::1/32 blackhole;\n}\n", ["3:9"]),
    "symbol": ("router id 1.2.3.4;\nprotocol kernel { export filter nobody; }\n", ["2:33"]),
    "type": ("router id 1.2.3.4;\nfilter f { if net then accept; reject; }\nprotocol kernel { ipv6 { export filter f; }; }\n", ["2:"]),
    "several": ("router id 1.2.3.4;\nprotocol bgp A { local as 1; neighbor 2001:db8::2 as 70000000000; }\nprotocol statik { }\n", ["2:", "3:10"]),
    "bgp": ("router id 1.2.3.4;\nprotocol bgp A { neighbor 2001:db8::2 as 2; }\n", ["2:"]),
    "unsupported": ("router id 1.2.3.4;\nprotocol rip A { interface \"eth0\"; }\n", ["2:10"]),
}


@cases("configuration.broken-{}", *[(name,) for name in BROKEN])
def broken(network, name):
    """Exit status 1 and FILE:LINE:COLUMN of every error; the daemon does not start with it either."""
    text, places = BROKEN[name]
    path = network.folder / "broken.conf"
    path.write_text(text)
    for arguments in (["-p"], ["-f", "-s", network.folder / "s"], ["-s", network.folder / "s", "-P", network.folder / "p"]):
        done = run(ROUTED, "-c", path, *arguments, check=False, timeout=10)
        expect(done.returncode == 1, f"{arguments}: exit {done.returncode}")
        for place in places:
            expect(f"{path}:{place}" in done.stderr, f"no {place} in {done.stderr.strip()}")
        for line in done.stderr.splitlines():
            if str(path) in line:
                expect(re.match(rf"{re.escape(str(path))}:\d+:\d+:? \S", line), f"not file:line:column: {line}")


@case("configuration.missing-file", needs_root=False)
def missing_file(network):
    done = check(network.folder / "nothing.conf")
    expect(done.returncode == 1 and "nothing.conf" in done.stderr, f"exit {done.returncode}: {done.stderr}")


@cases("configuration.sighup.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def sighup(network, *kinds):
    """SIGHUP and `configure`: changed filters keep the session; a broken file changes nothing; new and gone protocols follow."""

    hosts = pair(network)
    bodies = sides(kinds)
    a, b = two(network, hosts, kinds, bodies)
    for daemon in (a, b):
        daemon.established()
    b.has(["2001:db8:1::/48"], "B", 5)
    since = a.since("B"), b.since("B")
    a.write(bodies[0].replace("export all", "export none"))
    a.signal(signal.SIGHUP)
    b.has([], "B", 5)
    a.write(bodies[0] + "protocol nonsense { }\n")
    a.signal(signal.SIGHUP)
    until("the error is logged", 3, lambda: "" if re.search(r"a\.conf:\d+:\d+", a.log.read_text()) else "no FILE:LINE:COLUMN")
    answer = a.ask("configure", refused=True)
    expect(answer[-1][0] == 8002 and re.search(r"a\.conf:\d+:\d+", answer[-1][1]), f"configure: {answer}")
    expect(a.ask("configure check", refused=True)[-1][0] == 8002, "configure check of a broken file")
    a.write(bodies[0])
    expect(a.ask("configure check")[-1][0] == 20, "configure check of a good file")
    b.has([], "B", 1)
    expect(a.ask("configure")[-1][0] in (3, 4), "configure")
    b.has(["2001:db8:1::/48"], "B", 5)
    a.configure(bodies[0] + kernel(kinds[0]) + static(kinds[0], ["2001:db8:77::/48 blackhole"], name="NEW"))
    b.has(["2001:db8:1::/48", "2001:db8:77::/48"], "B", 5)
    expect(a.protocol("K")[0] == "up", "a new protocol is not up")
    a.configure(bodies[0])
    b.has(["2001:db8:1::/48"], "B", 5)
    expect((a.since("B"), b.since("B")) == since, "the session did not stay")
    expect(not any(line.split()[0] == "NEW" for code, line in a.ask("show protocols") if code == 1002), "NEW is still there")
    # Times are those of the next session.
    a.configure(bodies[0].replace(QUICK, QUICK + " hold time 33;"))
    expect((a.since("B"), b.since("B")) == since and "/33" not in a.details("B"), "another hold time ended the session")
    # What cannot change in a session restarts it, and only it.
    a.configure(bodies[0].replace(QUICK, QUICK + " hold time 33; enable extended messages;"))
    until("the session has the new hold time", 10, lambda: "" if "/33" in a.details("B") else a.details("B"))
