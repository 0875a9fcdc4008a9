"""Starting, stopping and hurting the daemons."""
import os
import signal
import subprocess
import time
from pathlib import Path

from .configuration import configuration
from .control import ControlError, ask
from .system import REPOSITORY, RUN, LabError, alive, namespace, wait_until
from .topology import NODES

KINDS = {  # name: (daemon, client)
    "routed": (os.environ.get("LAB_ROUTED", REPOSITORY / ".build/release/routed"),
               os.environ.get("LAB_ROUTECTL", REPOSITORY / ".build/release/routectl")),
    "bird": (os.environ.get("LAB_BIRD", REPOSITORY / ".build/birds/1.6/usr/sbin/bird6"),
             os.environ.get("LAB_BIRDC", REPOSITORY / ".build/birds/1.6/usr/sbin/birdc6")),
}


def binary(kind):
    """The daemon's program, or an error that says where it comes from."""
    path = Path(KINDS[kind][0])
    if not os.access(path, os.X_OK):
        raise LabError(f"{path} is missing: " + ("make build" if kind == "routed" else "lab/fetch-birds"))
    return path


def client(kind):
    return Path(KINDS[kind][1])


def write_configuration(node):
    (RUN / f"{node.name}.conf").write_text(configuration(node, log=f'"{RUN / (node.name + ".log")}"'))


def start(nodes, kinds):
    """Starts daemons and returns when all answer on their sockets: the time when the last was started. `kinds` maps node names to
    routed or bird."""
    started = {}
    for node in nodes:
        files = {suffix: RUN / f"{node.name}.{suffix}" for suffix in ("conf", "ctl", "pid", "out")}
        files["pid"].unlink(missing_ok=True)
        files["ctl"].unlink(missing_ok=True)
        command = ["nsenter", f"--net=/run/netns/{namespace(node)}", str(binary(kinds[node.name])), "-f", "-c", str(files["conf"]),
                   "-s", str(files["ctl"]), "-P", str(files["pid"])]
        with open(files["out"], "ab") as output:
            started[node] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    begun = time.monotonic()
    for node, process in started.items():
        if not wait_until(lambda: process.poll() is not None or (pid(node) and _answers(node)), 10, interval=0.02):
            raise LabError(f"{node.name}: no answer on its socket after 10 s; see {RUN}/{node.name}.out and .log")
        if process.poll() is not None:
            raise LabError(f"{node.name} ended with status {process.returncode}:\n" + (RUN / f"{node.name}.out").read_text()[-2000:])
    return begun


def _answers(node):
    try:
        ask(node, "show status")
        return True
    except ControlError:
        return False


def pid(node):
    """The process of a node's daemon, from the file it wrote (-P); None if there is none or it is no longer in its namespace."""
    try:
        number = int((RUN / f"{node.name}.pid").read_text())
        if alive(number) and os.stat(f"/proc/{number}/ns/net").st_ino == os.stat(f"/run/netns/{namespace(node)}").st_ino:
            return number
    except (FileNotFoundError, ProcessLookupError, ValueError):
        pass
    return None


def send(node, number):
    """Sends a signal to a node's daemon."""
    process = pid(node)
    if process is None:
        raise LabError(f"{node.name}: no daemon to send {signal.Signals(number).name} to")
    os.kill(process, number)


def stop(nodes, seconds=10):
    """An orderly end (SIGTERM) of those that run; how long the slowest took."""
    begun, running = time.monotonic(), {n: pid(n) for n in nodes if pid(n)}
    for node in running:
        send(node, signal.SIGTERM)
    if not wait_until(lambda: not any(map(alive, running.values())), seconds, interval=0.02):
        stuck = " ".join(n.name for n, number in running.items() if alive(number))
        raise LabError(f"{stuck}: still running {seconds} s after SIGTERM")
    return time.monotonic() - begun


def kill(node):
    """SIGKILL; returns when the process is gone."""
    process = pid(node)
    send(node, signal.SIGKILL)
    if not wait_until(lambda: not alive(process), 5, interval=0.01):
        raise LabError(f"{node.name}: still there after SIGKILL")


def missing():
    """Nodes whose daemon does not run."""
    return [node for node in NODES if pid(node) is None]
