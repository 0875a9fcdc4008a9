"""Verdicts: one line each, `ok|FAIL name (seconds) detail`, and what is expected of which daemon."""
import time
from dataclasses import dataclass

from .control import ControlError

HOLD_TIME = 6.0          # of every BGP session in the lab
KEEPALIVE = 2.0
OSPF_WAIT = 40.0         # four hellos of 10 s
RESOLUTION = 0.5         # how finely the flows and the polling see


@dataclass(frozen=True)
class Expectation:
    """Bounds in seconds."""
    cold_start: float        # start of the daemons to everything reachable and both next hops everywhere
    heal: float              # a daemon is back to everything as before
    outage: float            # worst interruption of a flow by the loss of a daemon
    orderly: float           # the same when hosts leave in order
    crash: float             # the same when hosts vanish together with their links
    detect: tuple            # a silent death is noticed not before and not after


EXPECTATIONS = {
    "routed": Expectation(cold_start=OSPF_WAIT + 5, heal=30, outage=HOLD_TIME + RESOLUTION, orderly=HOLD_TIME + RESOLUTION,
                          crash=OSPF_WAIT + 2 + RESOLUTION, detect=(HOLD_TIME - KEEPALIVE - RESOLUTION, HOLD_TIME + RESOLUTION)),
    # BIRD 1.6.8: its connection attempts last as long as TCP's, its hold timer is jittered down to two thirds, after an expired
    # one it waits 60 s and twice as long each time again. It changes an ECMP route by deleting it first: see `routes_stayed`.
    "bird": Expectation(cold_start=120, heal=330, outage=HOLD_TIME + 1, orderly=12, crash=OSPF_WAIT + 5,
                        detect=(HOLD_TIME / 2 - KEEPALIVE, HOLD_TIME + RESOLUTION)),
}


class Report:
    def __init__(self, expectation, daemons):
        self.expect = expectation
        self.daemons = daemons      # routed or bird, by the node's name
        self.passed, self.failed = 0, []

    def verdict(self, name, good, seconds, detail=""):
        if good:
            self.passed += 1
        else:
            self.failed.append(name)
        print(f"{'ok  ' if good else 'FAIL'} {name} ({seconds:.1f} s)" + (f": {detail}" if detail else ""), flush=True)
        return good

    def within(self, name, bound, condition, since=None):
        """Polls `condition`, which returns what is still missing or nothing, until it holds; that may take `bound` seconds,
        counted from `since`."""
        begun = time.monotonic() if since is None else since
        while (missing := attempt(condition)) and time.monotonic() - begun <= bound:
            time.sleep(0.1)
        took = time.monotonic() - begun
        late = "" if took <= bound else f"allowed are {bound:.1f} s"
        self.verdict(name, not missing and not late, took, "; ".join(filter(None, (missing, late))))

    def outage(self, name, flows, begin, bound):
        """How long the flows were interrupted since `begin`."""
        time.sleep(0.5)  # what is under way arrives
        worst = flows.outage(begin, time.monotonic() - 0.4)
        detail = str(worst) if worst.seconds <= bound else f"{worst}; allowed are {bound:.1f} s"
        self.verdict(f"{name}: worst outage", worst.seconds <= bound, worst.seconds, detail)

    def routes_stayed(self, name, watch):
        """Whether no watched network was without a route at any moment; where BIRD runs, it may be."""
        watch.close()
        windows = watch.windows
        longest = max(((w.end or time.monotonic()) - w.begin for w in windows), default=0.0)
        good = not watch.trouble and all(self.daemons[w.node] == "bird" for w in windows)
        detail = f"{watch.changes} changes, {len(windows)} times without a route"
        if windows:
            detail += f" (at most {longest * 1000:.1f} ms): " + ", ".join(map(str, windows[:4])) + (", …" if len(windows) > 4 else "")
        self.verdict(f"{name}: no moment without a route", good, longest, "; ".join(watch.trouble[:3] + [detail]))


def attempt(condition):
    """What is missing; a daemon that does not answer is missing too."""
    try:
        return condition()
    except ControlError as error:
        return str(error)
