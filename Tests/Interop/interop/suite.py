"""The cases and how they run: some at a time; then those that measure time, with nothing else beside them; those with many routes alone."""
import os
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Callable

from . import system
from .network import Network
from .system import Failure, Skip

CASES = []
PARALLEL, TIMED, ALONE = range(3)


@dataclass
class Case:
    name: str
    body: Callable
    arguments: tuple
    phase: int                 # PARALLEL, TIMED or ALONE
    needs_root: bool


def case(name, *arguments, phase=PARALLEL, needs_root=True):
    """Registers a function as a case: it gets a Network and `arguments`."""
    def register(body):
        CASES.append(Case(name, body, arguments, phase, needs_root))
        return body
    return register


def cases(pattern, *argument_lists, phase=PARALLEL):
    """Registers a function once per list of arguments, which complete its name's `{}`."""
    def register(body):
        for arguments in argument_lists:
            CASES.append(Case(pattern.format(*arguments), body, arguments, phase, True))
        return body
    return register


def why_not():
    """Why nothing can run here, or an empty string."""
    if os.geteuid():
        return "not root"
    try:
        Network("probe", "probe").close()
        with system.entered(_probe()):
            pass
    except (Failure, OSError) as error:
        return f"no network namespaces: {error}"
    finally:
        system.abandon()
    return ""


def _probe():
    system.make_namespace(f"{system.PREFIX}probe")
    return f"{system.PREFIX}probe"


def run(cases, jobs, keep):
    """Runs cases and prints a line for each and the count; the exit status."""
    for program in (system.ROUTED, system.ROUTECTL):
        if not os.access(program, os.X_OK):
            print(f"{program} is missing: make build", file=sys.stderr)
            return 2
    reason = why_not()
    if not reason:
        try:
            system.run(system.REPOSITORY / "lab/fetch-birds", timeout=120)
        except Failure as failure:
            reason = f"no BIRD to test with: {failure}"
    if reason:
        print(f"interoperability tests skipped: {reason}")
    counts, begun = {"ok": 0, "FAIL": 0, "skip": 0}, time.monotonic()

    def one(number, case):
        counts[_one(number, case, keep, reason)] += 1
    # Most cases wait most of the time; those that measure it are to find a processor.
    for phase, at_once in ((PARALLEL, jobs), (TIMED, min(jobs, 3)), (ALONE, 1)):
        with ThreadPoolExecutor(max(1, at_once)) as pool:
            list(pool.map(lambda numbered: one(*numbered), [n for n in enumerate(cases) if n[1].phase == phase]))
    print(f"{time.monotonic() - begun:.0f} seconds", file=sys.stderr)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped", flush=True)
    return 1 if counts["FAIL"] else 0


def _one(number, case, keep, reason):
    begun, network, problem = time.monotonic(), None, None
    try:
        if reason and case.needs_root:
            raise Skip(reason)
        network = Network(case.name, number)
        case.body(network, *case.arguments)
    except Skip as skip:
        print(f"skip {case.name}: {skip}\n", end="", flush=True)
        return "skip"
    except Failure as failure:
        problem = str(failure)
    except Exception:                                  # of the case itself: a failure like any other, but with its place
        problem = traceback.format_exc().strip().replace("\n", " | ")
    finally:
        if network:
            ends = [f"{d.name} ({d.kind}) ended with status {d.process.returncode}" for d in network.daemons
                    if d.is_routed and d.process and d.process.poll() not in (None, 0, -9)]
            network.close(keep=keep and (problem or ends))
            if ends:
                problem = "; ".join(ends + ([problem] if problem else []))
    seconds = time.monotonic() - begun
    if problem:
        kept = f" [{network.folder}]" if keep and network else ""
        print(f"FAIL {case.name}: {' '.join(problem.split())}{kept}\n", end="", flush=True)
        return "FAIL"
    print(f"ok {case.name} ({seconds:.1f})\n", end="", flush=True)
    return "ok"
