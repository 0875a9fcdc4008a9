"""BGP: sessions that come, stay, end in time and are refused."""
import signal
import time

from .bgp_routes import ADDRESSES, PAIRS, family_of
from .daemons import bgp, static, two
from .network import pair
from .suite import TIMED, cases
from .system import expect, until, wait_until
from .wire import NOTIFICATION, OPEN, Sniffer

BRIEF = [("routed6", "bird6"), ("routed2", "bird2"), ("routed4", "bird4")]
QUICK = "connect delay time 1; error wait time 1,2; connect retry time 5;"


def sides(kinds, one="", other=None, common=QUICK, **options):
    """The bodies of both sides' configurations: an EBGP session and a static route each."""
    family, found = family_of(kinds), []
    for index, (kind, extra) in enumerate(zip(kinds, (one, one if other is None else other))):
        network = f"2001:db8:{index + 1}::/48" if family == 6 else f"10.{index + 1}.0.0/16"
        found.append(static(kind, [f"{network} blackhole"], family=family)
                     + bgp(kind, ADDRESSES[family][index], 65001 + index, ADDRESSES[family][1 - index], 65002 - index,
                           f"{common} {extra}", families=(family,), **options))
    return found


def up(network, kinds, *arguments, seconds=10, **options):
    """Both daemons with a session between them."""
    hosts = pair(network)
    a, b = two(network, hosts, kinds, sides(kinds, *arguments, **options))
    took = max(d.established(seconds=seconds) for d in (a, b))
    return a, b, took


def stays_down(daemon, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        expect(not daemon.protocol("B")[1].startswith("Established"), f"{daemon.name}: the session is Established")
        time.sleep(0.1)


@cases("bgp.hold-time.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"), phase=TIMED)
def hold_time(network, *kinds):
    """A silent peer: the session ends 6 s after its last message, with the right words, and is back when the peer is."""
    a, b, _ = up(network, kinds, "hold time 6;")
    sniffer = Sniffer(a.host, "eth0")
    try:
        time.sleep(4)                                 # some keepalives pass
        b.signal(signal.SIGSTOP)
        last = max(s.time for s in sniffer.segments if not s.outgoing and s.payload)
        until("routed ends the session", 7, lambda: "" if sniffer.messages(NOTIFICATION, outgoing=True) else "no NOTIFICATION", 0.02)
        when, body = sniffer.messages(NOTIFICATION, outgoing=True)[0]
        expect(body[0] == 4, f"NOTIFICATION {body[0]}, not Hold Timer Expired")
        expect(5.9 <= when - last <= 6.5, f"the session ended {when - last:.2f} s after the peer's last message")
        expect(not a.protocol("B")[1].startswith("Established"), "routed still shows Established")
        until("routes of the session are gone", 1, lambda: "still there" if a.routes("protocol B") else "")
    finally:
        b.signal(signal.SIGCONT)
        sniffer.close()
    for daemon in (a, b):
        daemon.established(seconds=15)
    until("routes are back", 3, lambda: "" if a.routes("protocol B") else "none")


@cases("bgp.silent-routed.{}-{}", ("routed6", "bird2"))
def silent_routed(network, *kinds):
    """The other way round: BIRD gives up a routed that hangs, and has it back when it goes on."""
    a, b, _ = up(network, kinds, "hold time 6;")
    a.signal(signal.SIGSTOP)
    try:
        until("BIRD ends the session", 8, lambda: "Established" if b.protocol("B")[1].startswith("Established") else "")
    finally:
        a.signal(signal.SIGCONT)
    for daemon in (a, b):
        daemon.established(seconds=15)


@cases("bgp.keepalive.{}-{}", ("routed6", "bird6"))
def keepalive(network, *kinds):
    """A hold time of 3 s on the other side only: ours follows, and the session lasts."""
    a, b, _ = up(network, kinds, "hold time 90;", "hold time 3;")
    since = a.since("B")
    expect("/3" in next(line for line in a.details("B").splitlines() if "Hold timer" in line), "the hold time is not 3")
    time.sleep(8)
    for daemon in (a, b):
        expect(daemon.protocol("B")[1].startswith("Established"), f"{daemon.name}: {daemon.protocol('B')}")
    expect(a.since("B") == since, "the session was another one")
    expect(not b.logged("Hold timer"), "BIRD logged an expired hold timer")


@cases("bgp.passive.{}-{}.{}", *[(*p, side) for p in BRIEF for side in ("a", "b")])
def passive(network, routed, bird, side):
    """One side waits to be called."""
    options = ("passive yes;", "") if side == "a" else ("", "passive yes;")
    a, b, _ = up(network, (routed, bird), *options)
    for host, waiting in ((a.host, side == "a"), (b.host, side == "b")):
        local = ADDRESSES[family_of((routed, bird))][host is b.host]
        listed = host.inside("ss", "-tnH", "state", "established")
        expect((f"{local}]:179 " in listed or f"{local}:179 " in listed) == waiting, f"{host.name}: the wrong side called: {listed}")


@cases("bgp.passive-both.{}-{}", ("routed6", "bird6"))
def passive_both(network, *kinds):
    """Nobody calls: no session; one is no longer passive: a session."""
    hosts = pair(network)
    a, b = two(network, hosts, kinds, sides(kinds, "passive yes;"))
    stays_down(a, 3)
    a.configure(sides(kinds)[0])
    for daemon in (a, b):
        daemon.established()


@cases("bgp.password.{}-{}", *BRIEF)
def password(network, *kinds):
    """The same TCP-MD5 password, then another one on our side, then the same again."""
    secret, wrong = 'password "Sesame-17";', 'password "sesame-17";'
    a, b, _ = up(network, kinds, secret)
    a.configure(sides(kinds, wrong)[0])
    until("the session ends", 3, lambda: "Established" if b.protocol("B")[1].startswith("Established") else "")
    stays_down(a, 3)
    stays_down(b, 0.1)
    a.configure(sides(kinds, secret)[0])
    for daemon in (a, b):
        daemon.established(seconds=15)


@cases("bgp.password-one-side.{}-{}.{}", ("routed6", "bird6", "a"), ("routed6", "bird6", "b"), ("routed2", "bird2", "a"))
def password_one_side(network, routed, bird, side):
    """Only one side has a password: no session."""
    secret = 'password "Sesame-17";'
    options = (secret, "") if side == "a" else ("", secret)
    a, b = two(network, pair(network), (routed, bird), sides((routed, bird), *options))
    stays_down(a, 3)
    stays_down(b, 0.1)


@cases("bgp.ttl-security.{}-{}", *PAIRS)
def ttl_security(network, *kinds):
    """Both sides with ttl security: a session, and we send with hop limit 255 (RFC 5082)."""
    hosts = pair(network)
    sniffer = Sniffer(hosts[0], "eth0")
    try:
        a, b = two(network, hosts, kinds, sides(kinds, "ttl security yes;"))
        for daemon in (a, b):
            daemon.established()
        low = {s.hop_limit for s in sniffer.segments if s.outgoing and s.payload} - {255}
        expect(not low, f"sent with hop limit {low}")
        # A peer that does not send with 255 is not heard.
        b.configure(sides(kinds, "ttl security no;")[1])
        until("the session ends", 5, lambda: "Established" if b.protocol("B")[1].startswith("Established") else "")
        stays_down(a, 3)
    finally:
        sniffer.close()


@cases("bgp.collision.{}-{}.{}", *[(*p, order) for p in (("routed6", "bird6"), ("routed2", "bird2")) for order in ("lower", "higher")])
def collision(network, routed, bird, order):
    """Both call at once, again and again: one connection remains, whoever has the higher identifier (RFC 4271 §6.8)."""
    kinds, hosts = (routed, bird), pair(network)
    bodies = sides(kinds, common="connect delay time 0; error wait time 1,1; connect retry time 3;")
    if order == "higher":
        bodies = [body.replace("protocol bgp B {", "protocol bgp B {\n  router id 10.255.0.9;") if i == 0 else body for i, body in enumerate(bodies)]
    a, b = two(network, hosts, kinds, bodies)
    collided, sniffer = 0, Sniffer(hosts[0], "eth0")
    try:
        for _ in range(5):
            begun = time.time()
            a.ask("disable B")
            b.ask("disable B")
            time.sleep(0.3)
            b.ask("enable B")
            a.ask("enable B")
            for daemon in (a, b):
                daemon.established(seconds=12)
            time.sleep(0.3)
            for daemon in (a, b):
                expect(daemon.protocol("B")[1].startswith("Established"), f"{daemon.name}: the session did not stay")
            count = len(hosts[0].inside("ss", "-tnH", "state", "established", "( sport = 179 or dport = 179 )").splitlines())
            expect(count == 1, f"{count} connections")
            collided += len({s.ports for s in list(sniffer.segments) if s.time >= begun and any(k == OPEN for k, _ in s.messages)}) > 2
    finally:
        sniffer.close()


@cases("bgp.restart.{}-{}", *BRIEF)
def restart(network, *kinds):
    """Either daemon is killed and started again, or shut down in order: the session returns, with the routes."""
    a, b, _ = up(network, kinds, "hold time 9;")
    for victim, other in ((b, a), (a, b)):
        for end in (victim.kill, victim.stop):
            end()
            until(f"{other.name} notices that {victim.name} ended", 5,
                  lambda: "Established" if other.protocol("B")[1].startswith("Established") else "")
            victim.start()
            for daemon in (a, b):
                daemon.established(seconds=15)
                until(f"{daemon.name}: routes", 5, lambda: "" if daemon.routes("protocol B") else "none")


@cases("bgp.commands.{}-{}", *BRIEF)
def commands(network, *kinds):
    """disable, enable and restart on our side, as BIRD sees them; the shutdown message arrives (RFC 8203)."""
    a, b, _ = up(network, kinds)
    sniffer = Sniffer(a.host, "eth0")
    try:
        a.ask('disable B "night work"')
        until("the peer notices", 3, lambda: "Established" if b.protocol("B")[1].startswith("Established") else "")
        sent = wait_until(lambda: sniffer.messages(NOTIFICATION, outgoing=True), 1)
        expect(sent and sent[0][1][:2] == b"\6\2", f"not Cease, Administrative Shutdown: {sent}")
        expect(sent[0][1][3:] == b"night work", f"the message is {sent[0][1][2:]!r}")
        expect(a.protocol("B")[0] == "down", f"disabled, but {a.protocol('B')}")
        expect(not a.routes("protocol B"), "routes of a disabled protocol")
        a.ask("enable B")
        for daemon in (a, b):
            daemon.established(seconds=15)
        a.ask("restart B")
        until("routed is Established after restart", 15,
              lambda: "" if a.protocol("B")[1].startswith("Established") and b.protocol("B")[1].startswith("Established") else "not yet")
    finally:
        sniffer.close()


@cases("bgp.wrong-as.{}-{}", *BRIEF)
def wrong_as(network, *kinds):
    """A peer with another AS than configured is refused with OPEN Message Error, Bad Peer AS."""
    bodies = sides(kinds)
    bodies[1] = bodies[1].replace("as 65002;", "as 65003;")
    hosts = pair(network)
    sniffer = Sniffer(hosts[0], "eth0")
    try:
        a, _ = two(network, hosts, kinds, bodies)
        until("a NOTIFICATION", 8, lambda: "" if any(body[:2] == b"\2\2" for _, body in sniffer.messages(NOTIFICATION, outgoing=True)) else "none")
        stays_down(a, 1)
        until("the error is shown", 5, lambda: "" if "Bad peer AS" in a.details("B") + a.protocol("B")[1] else a.details("B"))
    finally:
        sniffer.close()
