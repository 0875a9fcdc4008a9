"""The daemon as a process: start in the background, end, logs, privileges."""
import os
import re
import signal
import socket
import subprocess
import threading
import time

from . import control, system
from .daemons import Daemon, bgp, kernel, static
from .network import pair
from .suite import case, cases
from .system import ROUTED, expect, run, until, wait_until

BODY = "router id 10.255.0.1;\nprotocol device { }\n"


def files(network, name="r"):
    return {suffix: network.folder / f"{name}.{suffix}" for suffix in ("conf", "ctl", "pid", "log")}


def started(network, host, *arguments, body=BODY, prefix=()):
    """routed with the given arguments; returns its files and the result of the command that started it."""
    found = files(network)
    found["conf"].write_text(body.replace("LOG", str(found["log"])))
    command = ["ip", "netns", "exec", host.namespace, *prefix, ROUTED, "-c", found["conf"], "-s", found["ctl"], "-P", found["pid"], *arguments]
    return found, run(*command, check=False, timeout=20)


def ended(number, seconds=10):
    expect(wait_until(lambda: not os.path.exists(f"/proc/{number}") or open(f"/proc/{number}/stat").read().split()[2] in "ZX", seconds, 0.02),
           f"process {number} still runs {seconds} s after SIGTERM")


@case("process.background")
def background(network):
    """Without -f: the command returns 0 once the daemon is up, with its pid file written and its socket answering; SIGTERM ends it."""
    host, _ = pair(network)
    found, done = started(network, host, body='log "LOG" all;\n' + BODY)
    expect(done.returncode == 0, f"exit {done.returncode}: {done.stderr}")
    number = int(found["pid"].read_text())
    try:
        expect(os.readlink(f"/proc/{number}/exe") == str(ROUTED.resolve()), "the pid file names another process")
        expect(control.ask(found["ctl"], "show status")[-1][0] == 13, "show status")
        status = open(f"/proc/{number}/stat").read().rpartition(")")[2].split()
        expect(status[3] == str(os.getsid(number)) and status[4] == "0", f"still at a terminal: {status[:6]}")
        expect(os.readlink(f"/proc/{number}/fd/0") == "/dev/null", "standard input is not /dev/null")
        expect("Started" in found["log"].read_text() and "<INFO>" in found["log"].read_text(), f"log: {found['log'].read_text()}")
    finally:
        os.kill(number, signal.SIGTERM)
    ended(number)
    expect(not found["pid"].exists(), "the pid file stays")
    expect("hut" in found["log"].read_text(), "the log tells nothing of the end")


@case("process.foreground")
def foreground(network):
    """With -f SIGTERM, SIGINT and `down` end it with status 0, and its socket is gone."""
    host, _ = pair(network)
    found = files(network)
    found["conf"].write_text(BODY)
    for how in ("SIGTERM", "SIGINT", "down"):
        process = system.spawn(["ip", "netns", "exec", host.namespace, ROUTED, "-f", "-c", found["conf"], "-s", found["ctl"]],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until("a socket", 5, lambda: "" if found["ctl"].exists() else "none")
            if how == "down":
                expect(control.ask(found["ctl"], "down")[-1][0] == 7, "the answer to down")
            else:
                process.send_signal(getattr(signal, how))
            try:
                expect(process.wait(5) == 0, f"{how}: status {process.returncode}")
            except subprocess.TimeoutExpired:
                raise system.Failure(f"{how}: still runs after 5 s") from None
            expect(not found["ctl"].exists(), f"{how}: the socket stays")
        finally:
            system.end(process)


@cases("process.second.{}", ("routed2",), ("bird2",))
def second(network, kind):
    """A second one on the same control socket does not start, and the first does not notice; what a killed one left is replaced."""
    host = network.host("a")
    a = Daemon(network, host, kind, static(kind, ["2001:db8:5::/48 blackhole"]), router_id="10.255.0.1")
    done = run(*a.command, check=False, timeout=10)
    expect(done.returncode == 1, f"status {done.returncode}: {done.stderr}")
    if a.is_routed:
        expect(f"listen on {a.socket}: Address already in use" in done.stderr, done.stderr)
    expect(control.ask(a.socket, "show status")[-1][0] == 13, "the first one does not answer any more")
    a.kill()
    expect(a.socket.exists(), "a killed one has removed its socket")
    a.start(replacing=True)
    expect(control.ask(a.socket, "show status")[-1][0] == 13, "it does not answer after its second start")


@case("process.syslog")
def syslog(network):
    """`log syslog` reaches /dev/log, with its name and priorities."""
    host, _ = pair(network)
    path, received = network.folder / "devlog", []
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(str(path))
    server.settimeout(0.2)
    running = True

    def collect():
        while running:
            try:
                received.append(server.recv(8192).decode())
            except TimeoutError:
                pass
    thread = threading.Thread(target=collect, daemon=True)
    thread.start()
    script = ('mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 && mknod -m 666 /dev/urandom c 1 9 && mknod -m 666 /dev/random c 1 8 '
              '&& ln -s "$0" /dev/log && exec "$@"')
    found, done = started(network, host, body='log syslog name "interop" all;\n' + BODY, prefix=["unshare", "-m", "sh", "-c", script, path])
    try:
        expect(done.returncode == 0, f"exit {done.returncode}: {done.stderr}")
        until("a message", 5, lambda: "" if any("Started" in m for m in received) else str(received))
        message = next(m for m in received if "Started" in m)
        expect("interop" in message, f"the name is missing: {message!r}")
        priority = int(message[1:message.index(">")])
        expect((priority & 7, priority >> 3) == (6, 3), f"priority {priority} is not daemon.info: {message!r}")
    finally:
        if found["pid"].exists():
            number = int(found["pid"].read_text())
            os.kill(number, signal.SIGTERM)
            ended(number)
        running = False
        thread.join()
        server.close()


@case("process.user")
def user(network):
    """-u and -g: no longer root, but still able to write routes, to listen on port 179 and to open raw sockets."""
    host, _ = pair(network)
    network.folder.chmod(0o777)
    body = 'log "LOG" all;\n' + BODY + kernel("routed6") + static("routed6", ["2001:db8:5::/48 blackhole"]) + bgp(
        "routed6", "2001:db8::1", 65001, "2001:db8::2", 65002, "passive yes;") + 'protocol ospf O { area 0 { interface "eth0"; }; }\n'
    found, done = started(network, host, "-u", "nobody", "-g", "nogroup", body=body)
    expect(done.returncode == 0, f"exit {done.returncode}: {done.stderr}")
    number = int(found["pid"].read_text())
    try:
        owner = next(line for line in open(f"/proc/{number}/status") if line.startswith("Uid:")).split()[1:]
        expect(set(owner) == {"65534"}, f"user ids {owner}")
        until("its route", 5, lambda: "" if "2001:db8:5::/48" in host.inside("ip", "-6", "route", "show", "proto", "bird") else "none")
        expect(":179" in host.inside("ss", "-tlnH"), "it does not listen on port 179")
        until("OSPF on eth0", 5, lambda: "" if any("Interface eth0" in line for _, line in control.ask(found["ctl"], "show ospf interface")) else "no")
        expect(os.stat(found["ctl"]).st_uid == 65534 and os.stat(found["ctl"]).st_mode & 0o777 == 0o660, "owner or mode of the socket")
    finally:
        os.kill(number, signal.SIGTERM)
    ended(number)
    expect("2001:db8:5::/48" not in host.inside("ip", "-6", "route", "show", "proto", "bird"), "its route stays")


@cases("process.log_limit.{}", ("routed2",), ("bird2",))
def log_limit(network, kind):
    """A log file with a limit never grows beyond it: what was in it is in the other file, and nothing between the two is lost."""
    host = network.host("a")
    path, old = host.folder / "limited.log", host.folder / "limited.log.old"
    a = Daemon(network, host, kind, "", router_id="", head=(
        f'log "{path}" 2000 "{old}" all;\nrouter id 10.255.0.1;\ndebug commands 2;\nprotocol device {{ }}\n'))
    for number in range(1, 101):
        a.ask(f"show route for 10.0.0.{number}", refused=None)
    time.sleep(0.5)                                   # between two names the file has none
    expect(path.stat().st_size <= 2000, f"the file has {path.stat().st_size} bytes")
    expect(old.exists(), "there is no other file")
    expect(1800 <= old.stat().st_size <= 2000, f"the other file has {old.stat().st_size} bytes")
    found = [int(number) for number in re.findall(r"show route for 10\.0\.0\.(\d+)", old.read_text() + path.read_text())]
    expect(found == list(range(101 - len(found), 101)), f"lines are missing: {found}")


def catches(number):
    """Whether the process, which `ip netns exec` has become, keeps SIGTERM back or handles it."""
    try:
        fields = dict(line.split(":", 1) for line in open(f"/proc/{number}/status"))
        is_ours = os.readlink(f"/proc/{number}/exe") == str(ROUTED.resolve())
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return False
    return is_ours and (int(fields["SigBlk"], 16) | int(fields["SigCgt"], 16)) >> (signal.SIGTERM - 1) & 1 == 1


@cases("process.end_at_start.{}", ("foreground",), ("background",))
def end_at_start(network, how):
    """SIGTERM at any instant of the start ends it with status 0, and nothing stays; in the background also through who waits for it."""
    host, _ = pair(network)
    found = files(network)
    found["conf"].write_text(f'log "{found["log"]}" all;\n' + BODY + static("routed6", ["2001:db8:5::/48 blackhole"]) + kernel("routed6"))
    command = ["ip", "netns", "exec", host.namespace, ROUTED, "-c", found["conf"], "-s", found["ctl"], "-P", found["pid"]]
    for number in range(60):
        for path in (found["log"], found["pid"], found["ctl"]):
            path.unlink(missing_ok=True)
        process = system.spawn(command + (["-f"] if how == "foreground" else []),
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            expect(wait_until(lambda: catches(process.pid) or process.poll() is not None, 10, 0.0002), "it never catches signals")
            time.sleep(number * 0.0005)
            process.send_signal(signal.SIGTERM)
            try:
                expect(process.wait(10) == 0, f"after {number / 2} ms: status {process.returncode}")
            except subprocess.TimeoutExpired:
                raise system.Failure(f"after {number / 2} ms: still runs after 10 s") from None
            if how == "background" and found["pid"].exists():
                # Whoever waited had gone already: that is the daemon's own signal then.
                text = found["pid"].read_text().strip()
                if text:
                    try:
                        os.kill(int(text), signal.SIGTERM)
                    except ProcessLookupError:
                        pass
                    ended(int(text))
            expect(not found["ctl"].exists() and (not found["pid"].exists() or how == "foreground" and not found["pid"].read_text()),
                   f"after {number / 2} ms: files stay: {[str(path) for path in found.values() if path.exists()]}")
        finally:
            system.end(process)
        expect("2001:db8:5::/48" not in host.inside("ip", "-6", "route", "show", "proto", "bird"), f"after {number / 2} ms: its route stays")


def alive(path):
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


@case("process.standard_input")
def standard_input(network):
    """The configuration comes from a pipe as /dev/stdin, whose end is waited for; SIGTERM ends the waiting, with status 0."""
    host, _ = pair(network)
    found = files(network)
    command = ["ip", "netns", "exec", host.namespace, ROUTED, "-f", "-c", "/dev/stdin", "-s", found["ctl"]]
    for is_whole in (True, False):
        process = system.spawn(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            half = len(BODY) // 2
            process.stdin.write(BODY[:half].encode())
            process.stdin.flush()
            expect(wait_until(lambda: catches(process.pid), 10, 0.001), "it never catches signals")
            time.sleep(0.1)
            expect(process.poll() is None and not found["ctl"].exists(), "it did not wait for the end of its configuration")
            if is_whole:
                process.stdin.write(BODY[half:].encode())
                process.stdin.close()
                until("an answer", 10, lambda: "" if found["ctl"].exists() and alive(found["ctl"]) else "none")
                expect(control.ask(found["ctl"], "configure")[-1][0] == 8002, "a pipe is no configuration of a running daemon")
                expect(control.ask(found["ctl"], "show status")[-1][0] == 13, "show status")
            process.send_signal(signal.SIGTERM)
            expect(process.wait(10) == 0, f"status {process.returncode}")
        finally:
            system.end(process)


@cases("process.pipes.{}", ("routed2",))
def pipes(network, kind):
    """A pipe that nobody writes is no configuration, and one that nobody reads, as log, MRT file or standard error, stops nothing."""
    a, b = network.hosts("a", "b")
    network.switch((a, "eth0", "2001:db8::1/64"), (b, "eth0", "2001:db8::2/64"))
    fifo, log = a.folder / "fifo", a.folder / "log.fifo"
    os.mkfifo(fifo)
    os.mkfifo(log)
    reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
    try:
        head = 'log "{}" all;\n{}router id 10.255.0.{};\ndebug protocols all;\ndebug commands 2;\nprotocol device {{ }}\n'
        us = Daemon(network, a, kind, bgp(kind, "2001:db8::1", 65001, "2001:db8::2", 65002, "hold time 3; keepalive time 1; connect delay time 1;"),
                    router_id="", head=head.format(log, f'mrtdump "{fifo}";\n', 1))
        peer = Daemon(network, b, kind, bgp(kind, "2001:db8::2", 65002, "2001:db8::1", 65001, "hold time 3; connect delay time 1;")
                      + static(kind, ["2001:db8:b1::/48 blackhole"]), router_id="", head=head.format(b.folder / "r.log", "", 2))
        us.established(), peer.established()
        # What it logs of this fills the pipe and what may wait before it.
        for number in range(300):
            us.ask("show route for " + "2001:db8::/32 " * 5 + f"x{number}" * 200, refused=None)
        for command in (f'configure check "{fifo}"', f'configure "{fifo}"', f'plan "{fifo}"'):
            answer = control.ask(us.socket, command, timeout=3)
            expect(answer[-1][0] == 8002 and "Not a regular file" in str(answer), f"{command}: {answer}")
        begun = peer.protocol("B")
        time.sleep(4)                                 # longer than the hold time
        expect(peer.protocol("B") == begun and us.protocol("B")[1].startswith("Established"), "the session was lost")
        us.process.send_signal(signal.SIGTERM)
        expect(us.process.wait(10) == 0, f"status {us.process.returncode}")
    finally:
        os.close(reader)


@cases("process.log_moved.{}", ("routed2",), ("bird2",))
def log_moved(network, kind):
    """A log file that was given another name is let go by SIGHUP and by `configure`: what follows is in a new one."""
    host = network.host("a")
    a = Daemon(network, host, kind, "", router_id="10.255.0.1")
    for number, how in enumerate(("SIGHUP", "configure")):
        a.log.rename(a.log.with_suffix(f".log.{number}"))
        if how == "SIGHUP":
            a.signal(signal.SIGHUP)
        else:
            a.ask("configure")
        until(f"a new file after {how}", 5, lambda: "" if a.log.exists() and "econfigured" in a.log.read_text() else "none", 0.05)
