"""Nexthop objects: what routes lead to, who makes them, and what becomes of them."""
import json
import signal

from .daemons import Daemon, bgp, kernel, static
from .kernel import Monitor
from .kernel_routes import ALL, BOTH, alone, gateway, holds, names, via
from .suite import case, cases
from .system import expect, run, until


def objects(host):
    """The kernel's nexthop objects by number."""
    return {o["id"]: o for o in json.loads(run("ip", "-n", host.namespace, "-j", "nexthop") or "[]")}


def led(host, name, family=6):
    """The number of the object that a route leads to, 0 for none."""
    found = json.loads(run("ip", "-n", host.namespace, f"-{family}", "-j", "route", "show", name, "proto", "bird") or "[]")
    return found[0].get("nhid", 0) if len(found) == 1 else None


def none_left(host):
    until("no object is left", 5, lambda: str(left) if (left := objects(host)) else "", 0.05)


@cases("objects.lead.{}-ipv{}", *ALL)
def lead(network, kind, family):
    """Routes with the same next hops share one object, a group where there are several; it goes with the last of them."""
    one, two_, three = names(family)
    near = [(gateway(family, w), f"eth{w}") for w in (0, 1)]

    def body(chosen, options=""):
        return kernel(kind, options, family=family) + static(kind, [f"{n} {d}" for n, d in chosen.items()], family=family)
    single, both = via(kind, near[0][0]), via(kind, near[0][0], near[1][0])
    host, _, daemon = alone(network, kind, body({one: both, two_: both, three: single}))
    holds(host, {one: near, two_: near, three: [near[0]]}, family=family)
    made = objects(host)
    expect(all(o.get("protocol") == "bird" for o in made.values()), f"not bird's: {made}")
    expect(led(host, one, family) == led(host, two_, family), "two groups for the same next hops")
    group, alone_ = made[led(host, one, family)], made[led(host, three, family)]
    expect(len(group.get("group", [])) == 2 and alone_.get("dev") == "eth0", f"group {group}, single {alone_}")
    # They carry their next hops themselves, and lead to objects again, without a moment of no route.
    monitor = Monitor(host, family=family)
    try:
        daemon.configure(body({one: both, two_: both, three: single}, "nexthop objects no;"))
        until("no route leads to an object", 5, lambda: "" if [led(host, n, family) for n in (one, two_, three)] == [0, 0, 0] else "some do")
        holds(host, {one: near, two_: near, three: [near[0]]}, family=family)
        none_left(host)
        daemon.configure(body({one: both, two_: both, three: single}))
        until("all lead to objects", 5, lambda: "" if all(led(host, n, family) for n in (one, two_, three)) else "some do not")
        holds(host, {one: near, two_: near, three: [near[0]]}, family=family)
        gone = [line for line in monitor.lines("Deleted") if any(n in line for n in (one, two_, three))]
        expect(not gone, f"removed in between: {gone}")
    finally:
        monitor.close()
    expect(daemon.stop() == 0, "the exit status is not 0")
    holds(host, {}, family=family)
    expect(not objects(host), f"objects are left: {objects(host)}")


@cases("objects.after-kill.{}-ipv{}", *ALL)
def after_kill(network, kind, family):
    """What a killed run left is used again, and what of it nobody needs goes."""
    one, two_ = names(family, 2)
    near = [(gateway(family, w), f"eth{w}") for w in (0, 1)]

    def body(chosen):
        return kernel(kind, "scan time 2;", family=family) + static(kind, [f"{n} {d}" for n, d in chosen.items()], family=family)
    both, single = via(kind, near[0][0], near[1][0]), via(kind, near[1][0])
    host, _, daemon = alone(network, kind, body({one: both, two_: single}))
    holds(host, {one: near, two_: [near[1]]}, family=family)
    before, group = objects(host), led(host, one, family)
    monitor = Monitor(host, family=family)
    try:
        daemon.kill()
        daemon.write(body({one: both}))
        daemon.start()
        holds(host, {one: near}, 10, family=family)
        expect(led(host, one, family) == group, "the group was not taken over")
        until("the object that nobody needs goes", 10, lambda: "" if set(objects(host)) == {group, *(m["id"] for m in before[group]["group"])}
              else str(objects(host)))
        expect(not [line for line in monitor.lines("Deleted") if one in line], "the route that stays was removed in between")
    finally:
        monitor.close()
    daemon.stop()
    none_left(host)


@cases("objects.tampering.{}-ipv{}", *ALL)
def tampering(network, kind, family):
    """Objects that somebody else removes are made anew, with their routes, and that is told once."""
    one, two_ = names(family, 2)
    near = [(gateway(family, w), f"eth{w}") for w in (0, 1)]
    wanted = {one: near, two_: [near[1]]}
    host, _, daemon = alone(network, kind, kernel(kind, "scan time 3600;", family=family) + static(
        kind, [f"{one} {via(kind, near[0][0], near[1][0])}", f"{two_} {via(kind, near[1][0])}"], family=family))
    holds(host, wanted, family=family)
    for _ in range(2):
        host.ip("nexthop flush")
        holds(host, wanted, 2, family=family)
    member = objects(host)[led(host, one, family)]["group"][0]["id"]
    host.ip(f"nexthop del id {member}")
    holds(host, wanted, 2, family=family)
    told = daemon.log.read_text().count("removed by somebody else")
    expect(told == 1, f"told {told} times")


@cases("objects.carrier.{}-ipv{}", *ALL)
def carrier(network, kind, family):
    """A link without carrier takes its objects along: other next hops stay, and all is as before when it is back."""
    one, two_ = names(family, 2)
    near = [(gateway(family, w), f"eth{w}") for w in (0, 1)]
    wanted = {one: near, two_: [near[1]]}
    host, other, _ = alone(network, kind, kernel(kind, "scan time 3600;", family=family) + static(
        kind, [f"{one} {via(kind, near[0][0], near[1][0])}", f"{two_} {via(kind, near[1][0])}"], family=family))
    holds(host, wanted, family=family)
    for _ in range(2):
        other.ip("link set eth1 down")
        holds(host, {one: [near[0]]}, family=family)
        other.ip("link set eth1 up")
        holds(host, wanted, family=family)


@case("objects.bird-takes-over")
def bird_takes_over(network):
    """BIRD takes over what we leave with `persist`, and we what it leaves; no route is missing, and none and no object stays behind."""
    one, two_ = names(6, 2)
    near = [(gateway(6, w), f"eth{w}") for w in (0, 1)]
    chosen = [f"{one} {via('routed2', near[0][0], near[1][0])}", f"{two_} {via('routed2', near[1][0])}"]
    host, _, ours = alone(network, "routed2", kernel("routed2", "persist;") + static("routed2", chosen))
    wanted = {one: near, two_: [near[1]]}
    holds(host, wanted)
    monitor = Monitor(host)
    try:
        expect(ours.stop() == 0, "the exit status is not 0")
        holds(host, wanted)
        expect(not objects(host), f"objects are left: {objects(host)}")
        bird = Daemon(network, host, "bird2", kernel("bird2", "persist; scan time 1;") + static("bird2", chosen), router_id="10.255.0.1", name="bird")
        bird.has([one, two_], "S")
        bird.stop()
        holds(host, wanted)
        ours.start()
        until("our objects", 5, lambda: "" if led(host, one) and led(host, two_) else "none")
        holds(host, wanted)
        gone = [line for line in monitor.lines("Deleted") if one in line or two_ in line]
        expect(not gone, f"removed in between: {gone}")
    finally:
        monitor.close()
    ours.write(kernel("routed2") + static("routed2", chosen))
    ours.ask("configure")
    ours.stop()
    holds(host, {})
    none_left(host)


def multipath(network, kind):
    """Two peers that announce the same networks, merged in the kernel; one is alone with some others."""
    host, *others = network.hosts("a", "b", "c")
    count = 300
    ours = [(gateway(6, w).replace("::2", "::1"), gateway(6, w)) for w in (0, 1)]
    for wire, (near, far) in enumerate(ours):
        network.link(host, f"eth{wire}", others[wire], "eth0", (f"{near}/64", f"{far}/64"))
    body = kernel(kind, "merge paths; scan time 3600;")
    for wire, (near, far) in enumerate(ours):
        body += bgp(kind, near, 65001, far, 65002 + wire, "hold time 6;", name=f"B{wire}", exports="none")
    daemon = Daemon(network, host, kind, body, router_id="10.255.0.1")
    peers = []
    for wire, (near, far) in enumerate(ours):
        shared = [f"2001:db8:{0x1000 + n:x}::/48 unreachable" for n in range(count)]
        own = [f"2001:db8:{0x2000 + n:x}::/48 unreachable" for n in range(count if wire == 0 else 0)]
        peers.append(Daemon(network, others[wire], "bird2", static("bird2", shared + own) + bgp(
            "bird2", far, 65002 + wire, near, 65001, name="B", imports="none"), router_id=f"10.255.0.{wire + 2}", name=f"peer{wire}"))
    far = [(gateway(6, w), f"eth{w}") for w in (0, 1)]
    shared = {f"2001:db8:{0x1000 + n:x}::/48": far for n in range(count)}
    own = {f"2001:db8:{0x2000 + n:x}::/48": far[:1] for n in range(count)}
    holds(host, {**shared, **own}, 30)
    return host, daemon, peers, far, shared


@cases("objects.failover.{}-{}", *[(kind[0], how) for kind in BOTH for how in ("cease", "kill", "hold")])
def failover(network, kind, how):
    """A session that ends takes its next hop out of all routes with one deletion; none that has another is written or missing."""
    host, daemon, peers, far, shared = multipath(network, kind)
    monitor = Monitor(host)
    try:
        if how == "cease":
            peers[0].ask("disable B")
        elif how == "kill":
            peers[0].kill()
        else:
            peers[0].signal(signal.SIGSTOP)
        holds(host, {name: far[1:] for name in shared}, 20)
        text = monitor.text().splitlines()
    finally:
        if how == "hold":
            peers[0].signal(signal.SIGCONT)
        monitor.close()
    touched = [line for line in text if any(f" {name} " in f" {line} " for name in shared)]
    expect(not touched, f"routes with another next hop were written: {touched[:3]}")
    removed = [line for line in text if line.startswith("Deleted id ")]
    expect(len(removed) >= 1, f"no object was removed: {text[:5]}")
