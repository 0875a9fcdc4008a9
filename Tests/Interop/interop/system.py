"""Namespaces, commands and processes: what the cases ask of the machine, and how all of it goes away again."""
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("SHARED", REPOSITORY.parent / "shared"))
PREFIX = f"ri{os.getpid()}-"                       # of every namespace of this run
ROUTED = Path(os.environ.get("ROUTED", REPOSITORY / ".build/release/routed"))
ROUTECTL = Path(os.environ.get("ROUTECTL", REPOSITORY / ".build/release/routectl"))
BIRDS = REPOSITORY / ".build/birds"

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_lock = threading.Lock()
_processes, _namespaces, _folders = set(), set(), set()


class Failure(Exception):
    """What a case found wrong."""


class Skip(Exception):
    """Why a case cannot run here."""


def run(*command, check=True, stdin=None, timeout=60):
    """Runs a command; its standard output, or with `check=False` the whole result."""
    done = subprocess.run([str(c) for c in command], input=stdin, capture_output=True, text=True, timeout=timeout)
    if not check:
        return done
    if done.returncode:
        raise Failure(f"{' '.join(map(str, command))}: exit {done.returncode}: {(done.stderr or done.stdout).strip()[:400]}")
    return done.stdout


def make_namespace(name):
    run("ip", "netns", "add", name)
    with _lock:
        _namespaces.add(name)


def delete_namespace(name):
    run("ip", "netns", "del", name, check=False)
    with _lock:
        _namespaces.discard(name)


def make_folder(name):
    """A folder for a case's files; short, because the paths of sockets have a limit of 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{name}-"[:24], dir=os.environ.get("TMPDIR", "/tmp")))
    folder.chmod(0o755)
    with _lock:
        _folders.add(folder)
    return folder


def delete_folder(folder, keep=False):
    with _lock:
        _folders.discard(folder)
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)


def spawn(command, **options):
    process = subprocess.Popen([str(c) for c in command], start_new_session=True, **options)
    with _lock:
        _processes.add(process)
    return process


def end(process):
    """Makes sure that a process that was spawned here is gone."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()
    with _lock:
        _processes.discard(process)


def abandon():
    """Ends and deletes whatever is left."""
    for process in list(_processes):
        end(process)
    for name in list(_namespaces):
        delete_namespace(name)
    for folder in list(_folders):
        delete_folder(folder)


def sweep():
    """Deletes the namespaces of earlier runs that were killed."""
    folder = Path("/run/netns")
    for entry in folder.iterdir() if folder.is_dir() else []:
        owner, dash, _ = entry.name.removeprefix("ri").partition("-")
        if entry.name.startswith("ri") and dash and owner.isdigit() and not Path(f"/proc/{owner}").exists():
            run("ip", "netns", "del", entry.name, check=False)


@contextmanager
def entered(name):
    """This thread is in a network namespace; sockets made here stay there."""
    with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{name}") as there:
        _setns(there.fileno())
        try:
            yield
        finally:
            _setns(home.fileno())


def _setns(descriptor):
    if _libc.setns(descriptor, _CLONE_NEWNET):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def wait_until(condition, seconds, interval=0.1):
    """Polls until the condition is true (or true-like); its value, or None when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            return None
        time.sleep(interval)


def until(what, seconds, problem, interval=0.1):
    """Waits until `problem()` returns an empty string; else fails with `what` and the last problem. Returns the seconds it took."""
    begun = time.monotonic()
    while True:
        missing = problem()
        now = time.monotonic()
        if not missing:
            return now - begun
        if now - begun > seconds:
            raise Failure(f"{what}: not within {seconds:g} s: {missing}")
        time.sleep(interval)


def expect(condition, what):
    if not condition:
        raise Failure(what)
