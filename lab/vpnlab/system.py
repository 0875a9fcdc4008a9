"""Namespaces, commands and files: what the lab asks of the machine."""
import ctypes
import json
import os
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
LAB = os.environ.get("LAB_NAME", "lab")                       # another name runs a second lab beside the first
RUN = Path(os.environ.get("LAB_RUN", f"/run/routed-{LAB}"))   # short: the paths of sockets have a limit of 107 bytes
STATE = RUN / "state.json"
SWITCH = f"{LAB}-switch"                                      # the namespace of all bridges

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000


class LabError(Exception):
    """Something the user is to read; no stack trace."""


def namespace(node):
    return f"{LAB}-{node.name}"


def run(*command, check=True, stdin=None, timeout=60):
    """Runs a command and returns its standard output."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout)
    if check and done.returncode:
        raise LabError(f"{' '.join(command)}: exit {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def ip(where, commands):
    """Runs lines of `ip` commands in one namespace, all or an error."""
    run("ip", "-n", where, "-batch", "-", stdin="\n".join(commands) + "\n")


def inside(where, *command, **options):
    return run("ip", "netns", "exec", where, *command, **options)


@contextmanager
def entered(where):
    """This thread is in the network namespace `where`; sockets made here stay there."""
    with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{where}") as there:
        _setns(there.fileno())
        try:
            yield
        finally:
            _setns(home.fileno())


def _setns(descriptor):
    if _libc.setns(descriptor, _CLONE_NEWNET):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def socket_in(where, *kind):
    with entered(where):
        return socket.socket(*kind)


def sysctl(where, values):
    """Writes sysctls, given as paths below /proc/sys, of a network namespace."""
    with entered(where):
        for name, value in values.items():
            Path("/proc/sys", name).write_text(str(value))


def existing_namespaces():
    """Namespaces of this lab that exist."""
    folder = Path("/run/netns")
    return sorted(p.name for p in folder.iterdir() if p.name.startswith(f"{LAB}-")) if folder.is_dir() else []


def processes_in(where):
    return [int(pid) for pid in run("ip", "netns", "pids", where).split()]


def alive(pid):
    """Whether a process still runs; one that has ended and was not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition, seconds, interval=0.1):
    """Polls `condition` until it is true; whether it became so in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True


def load_state():
    try:
        return json.loads(STATE.read_text())
    except FileNotFoundError:
        raise LabError("the lab is not up (lab/up)") from None


def save_state(state):
    STATE.write_text(json.dumps(state, indent=1) + "\n")
