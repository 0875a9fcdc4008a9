"""The language of configurations, option by option: what BIRD reads routed reads, and what BIRD refuses routed refuses.

Every option is written with every form of its values, right and wrong, in a file of its own; `-p` of both programs must agree. Where
they do not, a line of DIFFERENCES says why; routed.conf(5), DIFFERENCES FROM BIRD, says the same to users. What routed lacks has to be
refused by name.
"""
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

from .suite import case
from .system import BIRDS, ROUTED, Failure, Skip, expect, run

PROGRAMS = {"1.6-ipv6": ("1.6/usr/sbin/bird6", "-6"), "1.6-ipv4": ("1.6/usr/sbin/bird", "-4"), "2": ("2.0/usr/sbin/bird", None)}

SWITCH = ["", "yes", "no", "on", "off", "0", "1", "(1)", "FIVE", "WORD", "maybe", "yes no"]
WORD = ['"x"', "WORD", "x", "5", ""]
FILTERS = ["all", "none", "filter F", "filter NOBODY", "filter FUN", "filter { accept; }", "where true", "", "yes", "filter", "F"]
LIMITS = ["off", "10", "10 action warn", "10 action block", "10 action restart", "10 action disable", "10 action", "10 action foo", ""]
TABLES = ["T", "FOUR", "NOBODY", '"T"', "", "FIVE"]
DEBUG = ["all", "off", "{ states, routes, filters, interfaces, events, packets }", "{ }", "{ foo }", "states", ""]
IDS = ["1.2.3.4", "5", "(5+1)", "FIVE", "QUAD", "::1", '"x"', "", "4294967296", "NOBODY"]
CLASSES = ["all", "{ debug, trace, info, remote, warning, error, auth, fatal, bug }", "{ foo }", "{ }", "", "info"]


def number(low, high):
    edges = {low - 1, low, high, high + 1, 0}
    return [str(n) for n in sorted(edges) if n >= 0] + ["(2+1)", "FIVE", "0x10", "", "yes", '"5"', "-1", "5 6", "1.5", "5 s", "NOBODY", "WORD"]


ANY = number(0, 4294967295)
TIMES = ["1 s", "5 ms", "300 us", "(2+1) ms", "FIVE s", "5", "", "s", "4294 s", "5 h", '"x" s']
CHANNEL = {"import": FILTERS, "export": FILTERS, "import limit": LIMITS, "export limit": LIMITS, "receive limit": LIMITS,
           "import keep filtered": SWITCH, "preference": number(0, 65535), "table": TABLES}
COMMON = {"disabled": SWITCH, "debug": DEBUG, "router id": IDS, "description": WORD, "vrf": ["default", "x", ""]}


def options(dialect):
    """For each place in a file the options that may stand there, and values for them."""
    four, two = dialect == "1.6-ipv4", dialect == "2"
    net, host, via, bad = ("10.0.0.0/8", "10.0.0.1", "10.0.0.9", "10.0.0.1/8") if four else (
        "2001:db8::/32", "2001:db8::1", "2001:db8::9", "2001:db8::1/32")
    addresses = [host, "ADDRESS", "FIVE", '"x"', "", net, "eth0", host + "%eth0"]
    patterns = ['"eth0"', '"eth*", "x"', '-"eth0", "*"', "eth0", "", '"eth0",', "5"] + ([net, f'"eth*" {net}'] if not two else [])
    cease = SWITCH + ["{ cease }", "{ prefix limit hit, out of resources }", "{ }", "{ foo }", "{ prefix }"]
    routes = [f"{net} {rest}" for rest in (
        f"via {via}", "via ADDRESS", f"via {via}%eth0", 'via "eth0"', "via eth0", f"recursive {via}", "drop", "blackhole", "reject",
        "unreachable", "prohibit", "via", "", "foo", "blackhole { preference = 5; }", "blackhole { foo = 5; }", "blackhole { }")]
    several = [f"{net} multipath via {via} weight {w} via {host}" for w in (1, 256, 257)] if not two else [
        f"{net} via {via} weight {w} via {host}" for w in (0, 1, 256, 257)]
    neighbors = [host, f"{host} local {via}", f"{host} multihop", f"{host} local {via} multihop", f"{host} local {via} multihop no",
                 f'{host} dev "eth0"', f'{host} dev "eth0" local {via} multihop', f"{host}%eth0", "", "x", net]
    places = {
        "device": {"scan time": ANY, **COMMON},
        "direct": {"interface": patterns + [net] * (not two), "check link": SWITCH, **COMMON},
        "kernel": {"persist": SWITCH, "scan time": ANY, "learn": SWITCH, "kernel table": ANY + ["ipt_main"], "metric": ANY,
                   "merge paths": SWITCH + ["limit 4", "yes limit 255", "yes limit 256", "yes limit 0"], "device routes": SWITCH,
                   "graceful restart": SWITCH},
        "static": {"check link": SWITCH, "igp table": TABLES[:1] + TABLES[2:],
                   "route": routes + several + [f"{p} blackhole" for p in (bad, "PREFIX", host, "", "::/129", "10.0.0.0/33", "NOBODY")]},
        "pipe": {"": [f"peer table {t};" for t in TABLES] + ["", "peer table T; receive limit 5;", "peer table T; import keep filtered;"]},
        "bgp": {
            "multihop": number(1, 255), "direct": ["", "yes"], "source address": addresses, "interface": ['"eth0"', "eth0", ""],
            "password": WORD, "rr cluster id": IDS, "disable after cease": cease, "allow local as": ANY, "hold time": number(3, 65535),
            "startup hold time": ["5", ""], "keepalive time": ["0", "1", "80", "65536", ""], "error wait time": ["60, 300", "60", "60 300"],
            "connect delay time": ANY, "start delay time": ANY, "error forget time": ANY, "default bgp_med": ANY,
            "default bgp_local_pref": ANY, "connect retry time": ["1", "120", ""],
            **{name: SWITCH for name in (
                "passive", "ttl security", "check link", "capabilities", "enable route refresh", "enable as4", "enable extended messages",
                "disable after error", "path metric", "med metric", "igp metric", "prefer older", "deterministic med",
                "interpret communities", "allow bgp_local_pref", "setkey")},
            **{name: SWITCH + ["aware"] for name in ("graceful restart", "long lived graceful restart")},
            "graceful restart time": number(0, 4095), "long lived stale time": number(0, 16777215),
            "bfd": SWITCH + ["graceful", "graceful yes"], **COMMON},
        "bfd": {"interface": patterns[:7], "multihop": ["", "{ }", "{ interval 1 s; }", "yes"], "neighbor": neighbors, **COMMON},
        "bfd interface": {**{name: TIMES for name in ("interval", "min rx interval", "min tx interval", "idle tx interval")},
                          "multiplier": number(1, 255), "passive": SWITCH,
                          "authentication": ["none", "foo", ""] + [f"{m}; password {p}" for m in ("simple", "keyed md5", "meticulous keyed sha1", "md5")
                                                                  for p in ('"x"', "WORD", '"x" { id 5; }', '"x" { id 256; }', '"x" { foo; }', "x")],
                          "passwords": ['{ password "x"; }; authentication simple', "{ foo; }; authentication simple"]},
        "session": {"local as 1; neighbor": [f"{via} as 2", f"{via} port 5 as 2", f"{via} as 0", via, "as 2", "fe80::1 as 2", f"{via} as 2 as 3",
                                             f"{via} as 2; rr client", f"{via} as 1; rr client", f"{via} as 1; rs client", f"{via} as 2; multihop",
                                             f"{via} as 1; check link", f'{via} as 1; interface "eth0"', f'{via} as 1; direct; interface "eth0"',
                                             f"{via} as 70000; enable as4 no", f"{via} as 2; neighbor {host} as 2", f"{via} as 2; neighbor as 3"],
                    "": ["", "local as 1", f"neighbor {via} as 2"]},
        "ospf": {"rfc1583compat": SWITCH, "stub router": SWITCH, "merge external": SWITCH, "instance id": ["0", "31", "255", "256", ""],
                 "ecmp": SWITCH + ["limit 4", "yes limit 0", "yes limit 300", "yes limit"], "tick": ["0", "1", "5", ""],
                 **({"graceful restart": SWITCH + ["aware"], "graceful restart time": number(1, 1800)} if two else {}),
                 "area": [f"{i} {{ }}" for i in IDS[:4]] + ["0", "0 { foo; }"]},
        "area": {"stubnet": [net, f"{net} {{ hidden; summary; cost 5; }}", f"{net} {{ cost 0; }}", f"{net} {{ foo; }}", bad, ""],
                 "virtual link": ["5", "5 { }"], "networks": [f"{{ {net}; }}", f"{{ {net} hidden; }}", f"{{ {net} tag 5; }}", "{ }", f"{{ {bad}; }}", net],
                 "interface": patterns[:7] + ['"a" { }', '"a" instance 5', '"a" instance 256', '"a" { cost 5 }']},
        "stub": {"stub": SWITCH, "summary": SWITCH, "default cost": number(1, 16777214), "stub cost": ["0", "1", "16777215", ""],
                 "nssa": ["", "yes"], "nssa; summary; default nssa": SWITCH[:6], "default nssa": SWITCH[:6], "translator": SWITCH,
                 "translator stability": ["0", "40", "4294967295", ""], "nssa; default cost2": ["5"],
                 "nssa; summary; default nssa; default cost2": number(1, 16777214),
                 "external": [f"{{ {net}; {net} tag 5; {net} hidden; }}", f"{{ {net} foo; }}", f"{{ {bad}; }}", ""],
                 "": ["stub no; summary", "summary; stub no", "stub; summary no", "nssa; stub no; summary", "nssa; summary; default nssa; default cost2 5; stub cost 5"]},
        "transit": {"virtual link": [f"{i}" for i in IDS] + [f"{i} {{ }}" for i in IDS[:4]] + [
            "5 instance 0", "5 instance 255", "5 instance 256", "5 instance 40 { hello 5 }", "5 { cost 5; }", "5 { foo; }", "5 instance"],
                    "stub; virtual link": ["5"], "nssa; virtual link": ["5"]},
        "virtual link": {"hello": ["0", "1", "10", "65536", ""], "wait": ["1", "2", ""], "retransmit": ["1", "2", ""],
                         "dead": ["1", "2", "65535", ""], "dead count": ["1", "2", ""], "transmit delay": number(1, 65535),
                         "authentication": ["none", "foo", ""], "type": ["ptp"], "poll": ["5"], "priority": ["1"]},
        "interface": {"cost": number(1, 65535), "hello": ["0", "1", "10", "65536", ""], "poll": ["0", "1", ""], "wait": ["1", "2", ""],
                      "retransmit": ["1", "2", ""], "dead": ["1", "2", "65535", ""], "dead count": ["1", "2", ""],
                      "transmit delay": number(1, 65535), "priority": number(0, 255), "ecmp weight": number(1, 256),
                      "tx length": number(256, 65535), "tx class": number(0, 255), "tx dscp": number(0, 63), "tx priority": ANY,
                      "rx buffer": ["normal", "large", "255", "256", "65535", "65536", "foo", ""], "stub": SWITCH, "check link": SWITCH,
                      "link lsa suppression": SWITCH, "ttl security": SWITCH + ["tx only", "tx"], "bfd": SWITCH, "authentication": ["none", "foo", ""],
                      "type": ["broadcast", "bcast", "nonbroadcast", "nbma", "pointopoint", "ptp", "pointomultipoint", "ptmp", "foo", ""],
                      "neighbors": ["{ fe80::1; }", "{ fe80::1 eligible; fe80::2; }", "{ }", "{ 2001:db8::1; }", "{ 10.0.0.1; }", "{ 10.0.0.1 eligible; }",
                                    "{ fe80::1 }", "{ eligible; }", "{ fe80::1%eth0; }", "{ fe80::1 foo; }", "fe80::1", ""],
                      "strict nonbroadcast": SWITCH, "real broadcast": SWITCH, "ptp netmask": SWITCH, "ptp address": SWITCH},
        "global": {"log stderr": CLASSES, "log syslog": CLASSES + ['name "x" all', "name all"], "log": ["", "foo all"], "router id": IDS,
                   "debug protocols": DEBUG, "debug commands": ANY, "eval": ["5", "(5+5)", "foo", ""], "graceful restart wait": ANY,
                   "watchdog warning": ["5 s", "5 ms", "500 us", "5", ""], "watchdog timeout": ["5 s", "5"],
                   "timeformat route": ["iso short", "iso long", '"%T"', '"%T" 72000 "%F"', '"%T" 72000', "iso", "foo", ""],
                   "timeformat": ["base iso long", "log iso long", "protocol iso long", "foo iso short"],
                   "define": ["X = 5", 'X = "x"', f"X = {net}", "X = [1,2]", "X = F", "X", "FIVE = 6", "'a-b' = 5", "X = (rt,1,2)"],
                   "filter": ["X { accept; }", "X int i; { i = 5; accept; }", "X { foo; }", "X", "F { }"],
                   "function": ["X() { return 5; }", "X(int a; int b) { return a; }", "X(foo a) { }", "FUN() { }"],
                   "": [";", "# c\n", "/* c */", "/* a", '"abc', "@", "}", "{", "foo"],
                   "protocol": ["device { }", "direct D { }", "foo { }", "static D2 { foo; }", "rip { }"]},
    }
    if two:
        places["channel"] = {**CHANNEL, "next hop self": SWITCH + ["ibgp", "ebgp"], "next hop keep": SWITCH + ["ibgp", "ebgp"],
                             "next hop address": addresses, "mandatory": SWITCH, "next hop prefer": ["global", "local", "", "foo"], "extended next hop": SWITCH, "cost": ["0", "1", "4294967295", "4294967296", "", "foo"], "gateway": ["direct", "recursive", "foo", ""], "debug": DEBUG,
                             "missing lladdr": ["self", "drop", "ignore", "foo"], "igp table": TABLES[:1] + TABLES[2:]}
        places["channels"] = {"": ["ipv4", "ipv6", "ipv4; ipv6", "ipv4; ipv4", "ipv4 { };", "import all", "preference 5", "foo"]}
        places["bgp"]["bfd"] += ["{ }", "{ interval 1 s; multiplier 3; passive; graceful; }", "{ graceful yes; }", "{ foo; }", "{ interval 5; }"]
        places["bfd"].update({"accept": ["", "ipv4", "ipv6 direct", "multihop ipv4 direct", "foo"], "strict bind": SWITCH})
        places["static"]["route"] += [f"{net} via {via} {rest}" for rest in ("bfd", "bfd yes", "bfd no weight 5", "weight 5 bfd", "bfd maybe")]
        places["device"]["interface"] = ['"eth0"', f'"eth0" {{ preferred {host}; }}', f'"eth0" {{ foo; }}', net]
        places["bgp"].update({"strict bind": ["no", "maybe"], "min hold time": ["0", "240", "241", ""], "min keepalive time": ["0", "80", "81"],
                              "rr client": ["no", "yes"], "rs client": SWITCH[:5], "enforce first as": SWITCH, "allow as sets": SWITCH,
                              "advertise hostname": SWITCH, "require roles": SWITCH,
                              "local role": ["peer", "provider", "customer", "rs_server", "rs_client", "foo", "", "peer; require roles"], "confederation": ["65000", "0", "4294967295", "4294967296", "", "foo"],
                              "confederation member": [*SWITCH, "yes; confederation 5"], "free bind": SWITCH})
        places["bgp"].update({"dynamic name": ['"x"', '"x y"', '""', '"%d"', f'"{"n" * 48}"', f'"{"n" * 49}"', "WORD", "5", ""],
                              "dynamic name digits": ["0", "10", "11", "FIVE", "", "foo"], "neighbor range": ["2001:db8::/32"]})
        places["session"] = {**places["session"], "local as 1; neighbor range": [
            "2001:db8::/32 as 2", "10.0.0.0/8 as 2", "10.0.0.1/8 as 2", "::/0 external", "::/0 internal", "::/0 as 1 internal", "::/0 as 1 external",
            "::/0", "2001:db8::/129 as 2", "2001:db8::1 as 2", "PREFIX as 2", "10.0.0.0/8 port 5 as 2", "10.0.0.0/8 port 0 as 2", "foo as 2", "",
            "::/0 as 2; neighbor 2001:db8::9 as 2", "::/0 as 2; neighbor as 3", "::/0 as 2; neighbor range 10.0.0.0/8", "::/0 as 2; multihop",
            '::/0 as 2; interface "eth0"', '::/0 as 1; interface "eth0"', "fe80::/10 as 2", "fe80::/10 as 1", 'fe80::/10 as 2; interface "eth0"',
            "::/0 as 2; strict bind", "::/0 as 2; rr client", "::/0 as 1; rr client", "::/0 as 2; password \"x\"", "::/0 as 2; passive",
            "::/0 as 2; rs client", "::/0 as 2; check link", "::/0 as 1; check link", "::/0 as 2; ttl security", "::/0 as 70000; enable as4 no"]}
        places["global"].update({"ipv4 table": ["X", "X sorted", "X { sorted; }", "X { trie; gc threshold 5; gc period 5 s; }", "X { foo; }", "T"],
                                 "router id from": ['"eth0"', "eth0", ""], "hostname": WORD, "debug channels": DEBUG})
    else:
        places["static"]["route"] += [f"{net} via {via} {{ bfd; }}", f"{net} via {via} {{ bfd maybe; }}", f"{net} via {via} bfd",
                                      f"{net} multipath via {via} bfd yes via {host} weight 5 bfd no", f"{net} multipath via {via} {{ bfd; }}"]
        for place in ("direct", "kernel", "static", "ospf", "bgp"):
            places[place] = {**places[place], **CHANNEL}
        places["bgp"].update({"rr client": ["yes no"], "next hop": ["self", "keep", "foo", ""], "gateway": ["direct", "recursive", "foo"],
                              "missing lladdr": ["self", "drop", "ignore", "foo"], "advertise ipv4": SWITCH, "igp table": TABLES[:1] + TABLES[2:]})
        places["pipe"]["mode"] = ["transparent; peer table T", "opaque; peer table T", "foo; peer table T"]
        places["device"]["primary"] = [host, net, f'"eth0" {host}', '"x"', ""]
        places["global"].update({"table": ["X", "X sorted", "T", '"X"', ""], "timeformat base": ["old short", "old long"],
                                 "listen bgp": ["port 179", f"address {host} port 5 dual", "v6only", "foo"]})
    return places


def frame(dialect, place, statement):
    """A whole file around a statement."""
    four, two = dialect == "1.6-ipv4", dialect == "2"
    address, prefix, via = ("10.0.0.77", "10.0.0.0/8", "10.0.0.9") if four else ("2001:db8::77", "2001:db8::/32", "2001:db8::9")
    tables = "ipv6 table T; ipv6 table PRIMARY; ipv4 table FOUR;" if two else "table T; table PRIMARY; table FOUR;"
    head = (f"router id 1.1.1.1;\n{tables}\ndefine FIVE = 5; define WORD = \"word\"; define QUAD = 1.2.3.4; define ADDRESS = {address};\n"
            f"define PREFIX = {prefix};\nfilter F {{ accept; }}\nfunction FUN() {{ return 5; }}\n")
    channel = "ipv6 { import all; export all; };" if two else ""
    peer = f"local as 65001; neighbor {via} as 65002;"
    ospf = "protocol ospf v3" if two else "protocol ospf"
    device = "" if place == "device" or statement.startswith("protocol device") else "protocol device { }\n"
    return head + device + {
        "device": "protocol device { %s; }", "direct": f"protocol direct {{ {channel} %s; }}",
        "kernel": f"protocol kernel {{ {channel} %s; }}", "static": f"protocol static {{ {channel} %s; }}",
        "pipe": "protocol pipe { table PRIMARY; %s; }", "bgp": f"protocol bgp {{ {peer} {channel} %s; }}",
        "bfd": "protocol bfd { %s; }", "bfd interface": 'protocol bfd { interface "zz" { %s; }; }',
        "session": f"protocol bgp {{ {channel} %s; }}", "ospf": f'{ospf} {{ %s; area 0 {{ interface "zz"; }}; }}',
        "area": f'{ospf} {{ area 0 {{ interface "zz"; %s; }}; }}', "interface": f'{ospf} {{ area 0 {{ interface "zz" {{ %s; }}; }}; }}',
        "stub": f'{ospf} {{ area 0 {{ }}; area 7 {{ stub; interface "zz"; %s; }}; }}',
        "transit": f"{ospf} {{ area 0 {{ }}; area 7 {{ %s; }}; }}",
        "virtual link": f"{ospf} {{ area 0 {{ }}; area 7 {{ virtual link 5 {{ %s; }}; }}; }}",
        "channel": f"protocol bgp {{ {peer} ipv6 {{ import all; export all; %s; }}; }}", "channels": "protocol direct { %s; }",
        "global": "%s;"}[place].replace("%s", statement) + "\n"


# (place, statement, why): patterns of what routed refuses although BIRD reads it, and of what it reads although BIRD refuses it.
REFUSED = [
    ("bgp", "hold time (1|2|65536|4294967295|\\(1\\+1\\))$", "RFC 4271 §4.2: 0, or 3 to 65535 seconds"),
    ("bgp|channel", "graceful restart time|long lived stale time", "RFC 4724 §3, RFC 9494 §3.1: 12 and 24 bits"),
    ("bgp", "keepalive time 65536", "16 bits hold the time that it has to be below"),
    ("session", "local as 1; neighbor .* as 0", "RFC 7607: AS 0 cannot be anybody's"),
    ("bfd interface", "id 256", "RFC 5880 §4.2: eight bits"),
    ("bfd interface", "multiplier (0|256|4294967295)", "RFC 5880 §4.1: eight bits, and zero is refused by neighbours"),
    ("interface|virtual link", "(hello|dead).* (65535|65536|4294967295)", "RFC 5340 §A.3.2: 16 bits in a Hello"),
]
READ = [
    ("global", "define X = 0X10", "0X is 0x"), ("pipe", "FOUR", "a table of another family is noticed in 2.x only"),
    ("bgp", "interface WORD", "constants stand wherever a text does"), ("static", "route PREFIX", "and wherever a prefix does"),
    ("interface", "link lsa suppression", "OSPFv2 is read, and does not run"),
    ("", "tick 4294967295|wait 4294967295", "BIRD 1.6 takes them for negative numbers"),
    ("global", "eval", "any type of value can be computed"), ("global", "function FUN", ""),
    ("global", "timeformat .* (old|WORD)", "constants, and the old formats"),
]


@case("grammar.1.6-ipv6", "1.6-ipv6", needs_root=False)
@case("grammar.1.6-ipv4", "1.6-ipv4", needs_root=False)
@case("grammar.2", "2", needs_root=False)
def grammar(network, dialect):
    program, family = PROGRAMS[dialect]
    if not (BIRDS / program).exists():
        raise Skip(f"{BIRDS / program} is not here: lab/fetch-birds brings it")
    statements = [(place, f"{name} {value}".strip())
                  for place, entries in options(dialect).items() for name, values in entries.items() for value in dict.fromkeys(values)]
    expect(len(statements) > 600, f"only {len(statements)} statements")

    def compare(numbered):
        number, (place, statement) = numbered
        path = network.folder / f"{number}.conf"
        path.write_text(frame(dialect, place, statement))
        bird = run(BIRDS / program, "-p", "-c", path, check=False)
        ours = run(ROUTED, "-p", "-c", path, *([family] if family else []), check=False)
        expect(ours.returncode in (0, 1), f"{statement}: exit {ours.returncode}")
        if (bird.returncode == 0) == (ours.returncode == 0) or "not supported yet" in ours.stderr:
            return None
        known = READ if ours.returncode == 0 else REFUSED
        if any(re.match(p, place) and re.search(pattern, statement) for p, pattern, _ in known):
            return None
        said = (ours.stderr if ours.returncode else bird.stderr).strip().splitlines()
        return f"{place}: {statement!r}: {'BIRD' if bird.returncode == 0 else 'routed'} reads it, the other says {said[:1]}"

    with ThreadPoolExecutor(2) as pool:
        wrong = [text for text in pool.map(compare, enumerate(statements)) if text]
    if wrong:
        raise Failure(f"{len(wrong)} of {len(statements)} statements: " + "; ".join(wrong[:12]))
