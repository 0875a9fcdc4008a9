"""What the lab shows when something breaks: how soon it is noticed, what is lost meanwhile, that it heals."""
import signal
import time
from contextlib import contextmanager

from . import checks, control, daemons, network, tunnels
from .kernel import RouteWatch, kernel_routes
from .system import LabError
from .topology import BY_NAME, ENDS, MACHINES, NODES, PRIVATE, ROUTERS, site_network

VICTIM = BY_NAME["V2-1.private"]
BOTH_OUT = ("V1-1", "V2-2")
OUT_NODES = [n for n in NODES if n.machine in BOTH_OUT]


class Events:
    """The events, in the order in which they are run; each leaves the lab as it found it.

    After a cold start VX-2 is the designated router of its site's links, so that V2-1's loss changes next hops and no topology.
    """

    def __init__(self, report, flows, state):
        self.report, self.flows, self.state = report, flows, state
        self.all = {"ecmp": self.ecmp_changes, "kill": self.killed, "hang": self.hung, "cut": self.cut_off, "out": self.both_out,
                    "crash": self.both_crash}

    def run(self, name):
        """One event. What keeps it from coming to its end is a failure too, and the next event finds the lab whole again."""
        try:
            self.all[name]()
        except (LabError, control.ControlError) as error:
            self.report.verdict(f"event {name} came to its end", False, 0, str(error))
            network.replug(self._plugs())
            for machine in MACHINES:
                network.set_links(machine, "up")
        lost = daemons.missing()
        if lost:
            self.report.verdict(f"event {name}: all daemons run at its end", False, 0, " ".join(n.name for n in lost))
            self._start(lost)

    def _plugs(self):
        """(node, interface, bridge) of what joins V2-1 to the other sites."""
        return [(BY_NAME["V2-1.public"], "eth0", "internet")] + (tunnels.wire_plugs("V2-1") if self.state["interco"] == "veth" else [])

    @contextmanager
    def _watch(self, name, without=()):
        """Watches the routes to remote networks everywhere but in some nodes."""
        with RouteWatch([(n, checks.remote_networks(n)) for n in PRIVATE + ROUTERS if n not in without]) as watch:
            yield
            self.report.routes_stayed(name, watch)

    def _heal(self, name, since):
        """All is as before, and no packet gets lost any more. Ends the story of the event `name`."""
        def missing():
            return checks.settled() or ", ".join(self.flows.broken())
        self.report.within(f"{name}: healed", self.report.expect.heal, missing, since=since)

    def _start(self, nodes):
        daemons.start(nodes, self.state["daemons"])

    def ecmp_changes(self):
        """A session of V1-1 goes and comes back: its routes change from two next hops to one and back."""
        node, target = BY_NAME["V1-1.private"], site_network(2)
        begin = time.monotonic()

        def hops_are(*devices):
            found = [device for _, hops in kernel_routes(node, target) for device, _ in hops]
            return "" if found == list(devices) else f"V1-1 has {target} over {' '.join(found) or 'nothing'}"
        with self._watch("one session less and again"):
            for _ in range(3):
                control.ask(node, "disable IBGP_V2_1")
                self.report.within("session disabled: one next hop left", 5, lambda: hops_are("vti4"))
                control.ask(node, "enable IBGP_V2_1")
                self.report.within("session enabled: two next hops again", self.report.expect.heal, lambda: hops_are("vti3", "vti4"))
            self._heal("one session less and again", time.monotonic())
        self.report.outage("one session less and again", self.flows, begin, self.report.expect.outage)

    def killed(self):
        """A daemon is killed and started again."""
        name, begin = "V2-1's daemon killed", time.monotonic()
        with self._watch(name, without=[VICTIM]):
            daemons.kill(VICTIM)
            self._noticed(name, begin, 0)
            time.sleep(max(0, begin + 10 - time.monotonic()))
            self.report.outage(name, self.flows, begin, self.report.expect.outage)
            again = time.monotonic()
            self._start([VICTIM])
            self._heal(f"{name}, started again", again)
        self.report.outage(f"{name}, started again", self.flows, again, self.report.expect.outage)

    def hung(self):
        """A daemon is stopped for a while: its host forwards, but is silent."""
        name, begin = "V2-1's daemon hung", time.monotonic()
        with self._watch(name, without=[VICTIM]):
            daemons.send(VICTIM, signal.SIGSTOP)
            try:
                self._noticed(name, begin, self.report.expect.detect[0])
                time.sleep(max(0, begin + 10 - time.monotonic()))
            finally:
                daemons.send(VICTIM, signal.SIGCONT)
            again = time.monotonic()
            self._heal(f"{name}, awake again", again)
        self.report.outage(name, self.flows, begin, self.report.expect.outage)

    def cut_off(self):
        """A host is cut off the Internet, in silence: no link goes down."""
        name, plugs, begin = "V2-1 cut off the Internet", self._plugs(), time.monotonic()
        with self._watch(name):
            network.unplug([plug[:2] for plug in plugs])
            try:
                self._noticed(name, begin, self.report.expect.detect[0])
                time.sleep(max(0, begin + 10 - time.monotonic()))
            finally:
                network.replug(plugs)
            again = time.monotonic()
            self._heal(f"{name}, connected again", again)
        self.report.outage(name, self.flows, begin, self.report.expect.outage)

    def _noticed(self, name, begin, at_least):
        """The peers give up their sessions with V2-1 after the hold time, not before and not after."""
        ends, at_most = [end for end in ENDS if end.remote == VICTIM], self.report.expect.detect[1]
        gone = {}                                              # end → when its session was gone
        while len(gone) < len(ends) and time.monotonic() - begin <= at_most:
            for end in (e for e in ends if e not in gone):
                if checks.sessions([end]):
                    gone[end] = time.monotonic() - begin
            time.sleep(0.05)
        good = len(gone) == len(ends) and min(gone.values()) >= at_least and max(gone.values()) <= at_most
        detail = f"{len(gone)} of {len(ends)} sessions ended" + (f", after {min(gone.values()):.1f} s and later" if gone else "")
        if not good:
            detail += f"; wanted all, after {at_least:.1f} to {at_most:.1f} s"
        self.report.verdict(f"{name}: noticed by its peers", good, max(gone.values(), default=at_most), detail)

    def both_out(self):
        """V1-1 and V2-2 shut down in order: with tunnels per pair of hosts site 1 would now have lost site 2."""
        def leave():
            daemons.stop([n for n in OUT_NODES if n.side == "private"])
            daemons.stop(OUT_NODES)
        self._out_and_back("V1-1 and V2-2 out", leave, self.report.expect.orderly)

    def both_crash(self):
        """V1-1 and V2-2 vanish, links and all: only OSPF's dead interval tells their sites."""
        def vanish():
            for node in OUT_NODES:
                daemons.kill(node)
        self._out_and_back("V1-1 and V2-2 crashed", vanish, self.report.expect.crash)

    def _out_and_back(self, name, leave, bound):
        """Both machines leave, their links go down with them, and some time later they are back.

        Routes are not watched here: with its designated router a link's whole topology goes, until the next one describes it.
        The flows tell how long that takes.
        """
        begin = time.monotonic()
        leave()
        for machine in BOTH_OUT:
            network.set_links(machine, "down")
        time.sleep(max(0, begin + 15 - time.monotonic()))
        self.report.within(f"{name}: all flows arrive", bound + 15, lambda: ", ".join(self.flows.broken()), since=begin)
        self.report.within(f"{name}: site 1 still reaches site 2", 10, checks.routers_reach)
        self.report.outage(name, self.flows, begin, bound)
        again = time.monotonic()
        for machine in BOTH_OUT:
            network.set_links(machine, "up")
        self._start(OUT_NODES)
        self._heal(f"{name}, back", again)
        self.report.outage(f"{name}, back", self.flows, again, bound)
