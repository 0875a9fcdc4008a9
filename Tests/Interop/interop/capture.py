"""What we send, as Wireshark's dissectors see it."""
import shutil
import subprocess
import time

from . import system
from .clients import scene
from .suite import cases
from .system import Skip, expect, run, until


def tshark():
    """The program, installed if Debian has it and we may."""
    if not shutil.which("tshark"):
        run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends", "tshark", check=False, timeout=180)
    if not (found := shutil.which("tshark")):
        raise Skip("tshark is not installed")
    return found


class Capture:
    """All packets of a host's interface, in a file."""

    def __init__(self, host, interface):
        self.file = host.folder / f"{host.name}-{interface}.pcap"
        self._process = system.spawn(["ip", "netns", "exec", host.namespace, shutil.which("dumpcap") or tshark(), "-q", "-P", "-i", interface,
                                      "-w", self.file], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until("the capture", 10, lambda: "" if self.file.exists() and self.file.stat().st_size else "nothing yet")

    def close(self):
        self._process.terminate()
        self._process.wait(10)
        system.end(self._process)


def dissected(file, filter_, *fields):
    options = [word for field in fields for word in ("-e", field)]
    done = run(tshark(), "-r", file, "-Y", filter_, *(("-T", "fields", *options) if fields else ()), check=False, timeout=60)
    expect(done.returncode == 0, f"tshark: {done.stderr.strip()[-300:]}")
    return done.stdout.splitlines()


@cases("capture.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def capture(network, kind, bird):
    """BGP and OSPFv3 from the first packet to the orderly end: nothing malformed, no error, every checksum good."""
    tshark()
    recording = {}

    def record(a):
        recording["capture"] = Capture(a, "eth0")
    daemon, peer = scene(network, (kind, bird), before=record)
    try:
        for command in ("reload in B", 'disable B "maintenance at night"', "enable B", "restart O"):
            daemon.ask(command)
            time.sleep(0.3)
        peer.ask("reload in B")
        until("Established again", 15, lambda: "" if daemon.protocol("B")[1] == "Established" else str(daemon.protocol("B")))
        time.sleep(2.5)
        daemon.stop()
        time.sleep(0.3)
    finally:
        recording["capture"].close()
    file = recording["capture"].file
    # The kernel answers packets for a socket that is closed, and quotes them: `ospf` alone would find the peer's packet in such an error.
    ours = "(ipv6.src == 2001:db8::1 || ipv6.src == " + own_link_local(daemon.host) + ") && !icmpv6"
    for name in ("bgp", "ospf"):
        expect(len(dissected(file, f"{ours} && {name}")) >= 8, f"too few packets of {name}")
    bad = dissected(file, f"{ours} && (bgp || ospf) && (_ws.malformed || _ws.expert.severity == error)")
    expect(not bad, f"malformed: {bad[:5]}")
    text = run(tshark(), "-r", file, "-V", "-Y", f"{ours} && ospf", timeout=60)
    checksums = [line for line in text.splitlines() if "hecksum" in line]
    wrong = [line.strip() for line in checksums if "incorrect" in line or "should be" in line or "Bad" in line.split("Bad Checksum: False")[0]]
    expect(checksums and not wrong, f"checksums: {wrong[:3]}")
    kinds = {v for line in dissected(file, f"{ours} && bgp", "bgp.type") for v in line.split(",") if v}
    expect(kinds >= {"1", "2", "3", "4", "5"}, f"BGP message types sent: {kinds}")
    packets = {v for line in dissected(file, f"{ours} && ospf", "ospf.msg") for v in line.split(",") if v}
    expect(packets >= {"1", "2", "3", "4", "5"}, f"OSPF packet types sent: {packets}")
    hops = {v for v in dissected(file, f"{ours} && ospf", "ipv6.hlim")}
    expect(hops == {"1"}, f"OSPF with hop limit {hops}")


def own_link_local(host):
    listed = host.inside("ip", "-6", "-o", "address", "show", "dev", "eth0", "scope", "link")
    return listed.split("inet6 ")[1].split("/")[0]
