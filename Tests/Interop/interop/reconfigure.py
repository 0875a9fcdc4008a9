"""`configure`: what stays untouched, what is asked for again, what is announced again, and what the replies are."""
import re
import time

from .bgp_policy import many
from .bgp_routes import ADDRESSES, family_of
from .bgp_session import QUICK
from .daemons import Daemon, bgp, dialect, ospf, static, two
from .network import pair
from .suite import cases
from .system import expect, until
from .wire import ROUTE_REFRESH, UPDATE, Sniffer

KINDS = [("routed6", "bird2"), ("routed2", "bird2"), ("routed4", "bird2")]


def updates(daemon, direction):
    """The received updates and withdraws of a BIRD's session: `import` is what its peer sent."""
    text = daemon.details("B")
    return tuple(int(re.search(rf"{direction} {what}: +(\d+)", text)[1]) for what in ("updates", "withdraws"))


def stays(daemons, before):
    for daemon in daemons:
        expect(daemon.since("B") == before[daemon.name] and daemon.protocol("B")[1] == "Established", f"{daemon.name}: the session did not stay")


@cases("reconfigure.filters.{}-{}", *KINDS)
def filters(network, *kinds):
    """An import filter that changes asks for the routes again; an export filter that changes sends the routes concerned and no other."""
    family, hosts = family_of(kinds), pair(network)
    here, there = ADDRESSES[family]
    theirs_list = many(family, 20)
    ours_list = [n.replace("2001:db8:100:", "2001:db8:200:").replace("10.100.", "10.200.") for n in theirs_list]

    def ours(imports="all", exports="all", head="", more=""):
        return head + static(kinds[0], [f"{n} blackhole" for n in ours_list], family=family) + bgp(
            kinds[0], here, 65001, there, 65002, QUICK, imports=imports, exports=exports, families=(family,)) + more
    theirs = static(kinds[1], [f"{n} blackhole" for n in theirs_list], family=family) + bgp(
        kinds[1], there, 65002, here, 65001, QUICK, families=(family,))
    head = "function f() { return net.len = 0; }\n"
    accept = "filter { if f() then reject; accept; }"
    a, b = two(network, hosts, kinds, (ours(accept, accept, head), theirs))
    a.established()
    a.has(theirs_list, "B", 5)
    b.has(ours_list, "B", 5)
    time.sleep(1)                                     # both ends of initial feed are through
    before = {daemon.name: daemon.since("B") for daemon in (a, b)}
    sniffer = Sniffer(a.host, "eth0")
    try:
        told, asked = updates(b, "Import"), updates(a, "Import")
        # Comments, unused functions, another order of definitions, other names: nothing happens.
        a.configure(ours(accept, "filter exported",
                         "# new\nfunction unused() { return true; }\n" + head + f"filter exported {accept.removeprefix('filter')}\n"))
        time.sleep(1)
        stays((a, b), before)
        expect(not any(sniffer.messages(kind, outgoing=out) for kind in (UPDATE, ROUTE_REFRESH) for out in (True, False)),
               "messages though nothing changed")
        expect((updates(b, "Import"), updates(a, "Import")) == (told, asked), "routes were sent though nothing changed")
        # Three networks get a MED, two are withdrawn, fifteen are not mentioned.
        changed, withdrawn = ours_list[:3], ours_list[5:7]
        exports = f"filter {{ if net ~ [ {', '.join(withdrawn)} ] then reject; if net ~ [ {', '.join(changed)} ] then bgp_med = 7; accept; }}"
        a.configure(ours(accept, exports, head))
        b.has([n for n in ours_list if n not in withdrawn], "B", 5)
        until("BIRD sees the MED", 5, lambda: "" if all(
            (r := b.route(n, "B")) and r.attributes.get("BGP.med") == "7" for n in changed) else "not yet")
        time.sleep(0.5)
        found = updates(b, "Import")
        expect(found == (told[0] + 3, told[1] + 2), f"updates and withdraws went from {told} to {found}")
        expect(not sniffer.messages(ROUTE_REFRESH, outgoing=True), "an export filter asked for routes")
        # An import filter: one ROUTE-REFRESH, and nothing is announced.
        a.configure(ours(f"where net ~ [ {', '.join(theirs_list[:4])} ]", exports, head))
        a.has(theirs_list[:4], "B", 5)
        requests = [body for _, body in sniffer.messages(ROUTE_REFRESH, outgoing=True) if body[2] == 0]
        expect(len(requests) == 1, f"{len(requests)} requests for a refresh")
        time.sleep(0.5)
        expect(updates(b, "Import") == found, "an import filter sent routes")
        # `configure soft`: no refresh, no announcement; the undo brings everything where it belongs.
        a.write(ours("none", "none", head))
        a.ask("configure soft")
        time.sleep(0.7)
        expect(len(a.routes("protocol B")) == 4 and updates(b, "Import") == found, "configure soft had an effect on routes")
        a.write(ours(accept, accept, head))
        a.ask("configure")
        a.has(theirs_list, "B", 5)
        b.has(ours_list, "B", 5)
        until("no MED is left", 5, lambda: "" if not any("BGP.med" in r.attributes for r in b.routes("protocol B")) else "a MED")
        stays((a, b), before)
    finally:
        sniffer.close()


@cases("reconfigure.replies.{}", ("routed6",), ("routed2",))
def replies(network, kind):
    """Codes and texts of all forms of `configure`; a timeout undoes; a broken file changes nothing; the file decides what runs."""
    host = network.host("a")
    one, two_ = (static(kind, [f"2001:db8:{n}::/48 blackhole"]) for n in (1, 2))
    a = Daemon(network, host, kind, one, router_id="10.255.0.1")
    reading = (2, f"Reading configuration from {a.conf}")
    other = host.folder / "other.conf"

    def has(number):
        return [r.network for r in a.routes()] == [f"2001:db8:{number}::/48"]
    expect(a.ask("configure") == [reading, (3, "Reconfigured")], "configure")
    expect(a.ask("configure check") == [reading, (20, "Configuration OK")], "configure check")
    expect(a.ask("configure undo") == [(21, "Undo requested"), (3, "Reconfigured")], "configure undo")
    expect(a.ask("configure undo") == [(21, "Undo requested"), (19, "Nothing to do")], "a second undo")
    expect(a.ask("configure confirm") == [(19, "Nothing to do")], "confirm without a timeout")
    a.write(two_)
    found = a.ask("configure check")
    expect(found == [reading, (20, "Protocol S: adjusted (routes)"), (20, "Configuration OK")], f"configure check: {found}")
    expect(has(1), "configure check changed something")
    expect(a.ask("configure timeout 1") == [reading, (22, "Undo scheduled in 1 s"), (3, "Reconfigured")], "configure timeout")
    expect(has(2), "configure timeout did nothing")
    until("it is undone", 3, lambda: "" if has(1) else "not yet")
    expect(a.ask("configure confirm") == [(19, "Nothing to do")], "confirm after the undo")
    a.ask("configure timeout 1")
    expect(a.ask("configure confirm") == [(18, "Reconfiguration confirmed")], "confirm")
    time.sleep(1.5)
    expect(has(2), "a confirmed configuration was undone")
    a.ask("configure undo")
    expect(has(1), "undo did not go back")
    # Another file, soft and with a timeout; then undone by hand.
    other.write_text(a.head + two_)
    found = a.ask(f'configure soft "{other}" timeout 30')
    expect(found == [(2, f"Reading configuration from {other}"), (22, "Undo scheduled in 30 s"), (3, "Reconfigured")], f"soft: {found}")
    expect(has(2), "configure soft did not take new routes")
    a.ask("configure undo")
    expect(has(1) and a.ask("configure confirm") == [(19, "Nothing to do")], "undo after soft")
    a.write(one + "protocol static { route 2001:db8:::/48 blackhole; }\nprotocol nothing;\n")
    since = a.since("S")
    found = a.ask("configure", refused=True)
    line = len(a.conf.read_text().splitlines())
    expect(found[0] == reading and all(code == 8002 for code, _ in found[1:]), f"a broken file: {found}")
    expect(any(text.startswith(f"{a.conf}:{line}:10 ") for _, text in found), f"a broken file: {found}")
    expect(has(1) and a.since("S") == since, "a broken file changed something")
    missing = a.ask('configure "/nonexistent/file"', refused=True)
    expect(missing[-1][0] == 8002 and "No such file" in missing[-1][1], f"{missing}")
    # As in BIRD the file decides what runs, whatever was done by hand.
    a.write(one + one.replace(" S ", " D ").replace(":1::", ":3::").replace("{", "{ disabled;", 1))
    a.ask("configure")
    a.ask("disable S")
    a.ask("enable D")
    expect((a.protocol("S")[0], a.protocol("D")[0]) == ("down", "up"), "enable and disable")
    found = [text for code, text in a.ask("configure check")]
    expect("Protocol S: started (was down)" in found and "Protocol D: stopped (disabled)" in found, f"configure check: {found}")
    a.ask("configure")
    expect((a.protocol("S")[0], a.protocol("D")[0]) == ("up", "down"), "the file does not decide")
    a.ask("configure")
    expect(a.protocol("D")[0] == "down", "a protocol disabled in the file runs")


@cases("reconfigure.ospf.{}-{}", ("routed6", "bird6"), ("routed2", "bird2"))
def ospf_in_place(network, *kinds):
    """Cost and export of OSPF change while the adjacency stays."""
    hosts = pair(network)

    def body(kind, number, cost=10, exports="none"):
        return ospf(kind, {"eth0": f"cost {cost};"}, exports=exports) + static(kind, [f"2001:db8:{number}::/48 blackhole"])
    a, b = two(network, hosts, kinds, [body(kinds[0], 1), body(kinds[1], 2, exports="all")])
    until("a has the route", 20, lambda: "" if a.route("2001:db8:2::/48", "O") else "no")
    since = a.since("O")
    expect("0020" not in str(a.ask("configure check")), "a plan for nothing")
    a.configure(body(kinds[0], 1, 35, "all"))
    until("b has the route", 10, lambda: "" if b.route("2001:db8:1::/48", "O") else "no")
    until("a has the new cost", 10, lambda: "" if "2001:db8::/64" in a.text("show ospf state") and "metric 35" in a.text("show ospf state") else "no")
    a.configure(body(kinds[0], 1, 35, "none"))
    until("b has it no more", 10, lambda: "" if not b.route("2001:db8:1::/48", "O") else "still")
    expect(a.since("O") == since and "Full" in a.text("show ospf neighbors"), "OSPF restarted")


@cases("reconfigure.tables.{}", ("routed2",))
def tables(network, kind):
    """Tables come, go, and come again with another family; pipes open in a direction that was closed."""
    host = network.host("a")

    def body(table="ipv6 table t;", pipe="", more=""):
        return f"{table}\n{static(kind, ['2001:db8:1::/48 blackhole'])}{pipe}{more}"
    a = Daemon(network, host, kind, body(), router_id="10.255.0.1")

    def networks(table):
        return sorted(r.network for r in a.routes(f"table {table}"))
    pipe = "protocol pipe P { table t; peer table master6; import %s; export none; }\n"
    a.configure(body(pipe=pipe % "none"))
    expect(networks("t") == [], "a closed pipe")
    a.configure(body(pipe=pipe % "all"))
    until("the pipe is open", 3, lambda: "" if networks("t") == ["2001:db8:1::/48"] else str(networks("t")))
    a.configure(body(pipe=pipe % "where net.len < 48"))
    until("the pipe is closed", 3, lambda: "" if networks("t") == [] else str(networks("t")))
    a.configure(body("ipv4 table t;", more="protocol static V { ipv4 { table t; }; route 10.1.0.0/16 blackhole; }\n"))
    expect(networks("t") == ["10.1.0.0/16"], f"the table of the other family has {networks('t')}")
    a.configure(body("", more=""))
    expect(a.ask("show route table t", refused=True)[-1][0] == 9001, "a table that is no more")
    a.configure(body(pipe=pipe % "all"))
    until("the table is back", 3, lambda: "" if networks("t") == ["2001:db8:1::/48"] else str(networks("t")))
    expect(dialect(kind) == 2, "2.x only")
