"""The filter language: BIRD's own tests of it, and what BIRD and routed make of the same terms and commands."""
import itertools
import os
import re
from pathlib import Path

from .suite import cases
from .system import BIRDS, REPOSITORY, ROUTED, Skip, expect, run

# A folder with 1.6/filter and 2.0/filter of BIRD's sources; fetched from Debian if not given.
SOURCES = Path(os.environ.get("BIRD_SOURCES", REPOSITORY / ".build/bird-sources"))
PROGRAMS = {"bird4": (BIRDS / "1.6/usr/sbin/bird", ["-4"]), "bird6": (BIRDS / "1.6/usr/sbin/bird6", ["-6"]),
            "bird2": (BIRDS / "2.0/usr/sbin/bird", [])}
# For a file that could be of both languages.
MARKS = {"bird4": "roa table r1;\n", "bird6": "roa table r1;\n", "bird2": "roa4 table r1;\n"}
HEAD = "router id 192.0.2.1;\nprotocol device { }\n"

# Where BIRD 1.6's tests show something else, and why.
DIFFERENT_PRINTS = {
    "Should be true: TRUE TRUE TRUE TRUE FALSE TRUE":
        ("Should be true: TRUE TRUE TRUE TRUE TRUE FALSE", "1.6 compares the terms of computed masks, routed their values"),
}


def _sources(version):
    folder = SOURCES / version / "filter"
    if not folder.is_dir() and "BIRD_SOURCES" not in os.environ:
        run(REPOSITORY / "lab/fetch-bird-sources", check=False, timeout=120)
    if not folder.is_dir():
        raise Skip(f"no source of BIRD {version}: set BIRD_SOURCES, or let lab/fetch-bird-sources reach Debian's archive")
    return folder


def _bird(kind, path):
    """Exit status and what was printed, without the program's name before it."""
    done = run(PROGRAMS[kind][0], "-p", "-c", path, check=False)
    return done.returncode, [re.sub(r"^bird6?: ", "", line) for line in (done.stdout + done.stderr).splitlines()]


def _routed(kind, path):
    done = run(ROUTED, *PROGRAMS[kind][1], "--filter-tests", path, check=False)
    lines = done.stdout.splitlines()
    return done.returncode, [line for line in lines if not re.fullmatch(r"\d+ tests, \d+ failed", line)], done


@cases("filters.suites.{}", ("2.0",))
def suites(_, version):
    """Each suite of BIRD 2's tests passes."""
    path = _sources(version) / "test.conf"
    done = run(ROUTED, "--filter-tests", path, check=False)
    wrong = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    expect(done.returncode == 0 and not wrong, f"exit {done.returncode}: {wrong} {done.stderr[-300:]}")
    defined = len(re.findall(r"^bt_test_(?:suite|same)", path.read_text(), re.M))
    passed = sum(line.startswith("ok ") for line in done.stdout.splitlines())
    expect(passed == defined, f"{passed} passed of {defined}")
    empty = [line for line in done.stdout.splitlines() if "(0 assertions)" in line]
    expect(not empty, f"suites that assert nothing: {empty}")


@cases("filters.prints.{}", ("1.6",))
def prints(_, version):
    """BIRD 1.6's tests print what they print under BIRD."""
    path = _sources(version) / "test.conf"
    _, theirs = _bird("bird4", path)
    # `quitbird` ends BIRD.
    expect(theirs and theirs.pop() == "Filter asked me to die", f"BIRD did not come to the end: {theirs[-1:]}")
    status, ours, done = _routed("bird4", path)
    expect(status == 0, f"exit {status}: {done.stderr[-300:]}")
    wanted = [DIFFERENT_PRINTS.get(line, (line,))[0] for line in theirs]
    wrong = [(a, b) for a, b in itertools.zip_longest(wanted, ours) if a != b]
    expect(not wrong, f"{len(wrong)} lines differ, the first: {wrong[:1]}")


@cases("filters.files.{}", ("1.6",), ("2.0",))
def files(_, version):
    """The other files beside the tests are read as BIRD reads them."""
    folder = _sources(version)
    for path in sorted([*folder.glob("test.conf2"), *folder.glob("test-reconf-*.conf")]):
        kind = "bird4" if version == "1.6" else "bird2"
        theirs, ours = _bird(kind, path)[0], run(ROUTED, *PROGRAMS[kind][1], "-p", "-c", path, check=False)
        expect((theirs == 0) == (ours.returncode == 0), f"{path.name}: BIRD {theirs}, routed {ours.returncode}: {ours.stderr[-300:]}")


# Values of every type, and those of 2.x only. Addresses of the other family are left out for 1.6.
VALUES = ["1", "0x1f", "true", "(1,2)", "(1,2,3)", "(rt,1,2)", "(ro,100000,7)", "(generic,0x430000,1)", "10.0.0.1", "2001:db8::1", "10.0.0.0/8",
          "2001:db8::/32", '"abc"', "+empty+", "-empty-", "--empty--", "---empty---", "[5, 1, 2..4, 3]", "[(1,*), (2,3)]", "[10.0.0.1]",
          "[= 1 2..5 * ? =]", "RTS_BGP", "ORIGIN_EGP", "[RTS_BGP]", "[(rt,1,*), (ro,5,6)]", "[(1,2,*), (3,4,5)]", "add(-empty-,(1,2))",
          "add(--empty--,(rt,1,2))", "prepend(prepend(+empty+,5),6)"]
VALUES_2 = ["[]", "10:20", "1.2.3.4:5", "2:1000:7", "[10:20, 100000:1..100000:9]", "10.0.0.0/8 max 16 as 5", "10:20 10.0.0.0/8",
            "2001:db8::/32 from 2001:db8:1::/48", "[= 1 [2, 4..6] 3+ =]", "flow4 { dst 10.0.0.0/8; proto = 6; dport > 24 && < 30 || 80; }"]
PREFIX_SETS = ["{0}0.0.0/8", "{0}0.0.0/8+", "{0}0.0.0/8-", "{0}128.0.0/9{{10,13}}", "{0}64.32.0/19{{17,22}}"]
SIX = ["2001:db8::/32", "2001:db8::/32+", "2001:db8::/32-", "2001:db8:8000::/33{34,70}", "2001:db8::/46{40,50}"]
TERMS = ["1 + 2 * 3 - 4 / 2", "5 - 7", "1 < 2 && 2 <= 2 || 3 > 4", "!true", "!(1 = 2)", "(1,2) < (1,3)", "(rt,1,2) > (rt,1,1)", "5 ~ [1, 3..7]",
         "(3,4) ~ [(1..5, 4)]", "(9,4) !~ [(*, 5..6)]", "(1,2,3) ~ [(1,*,*)]", "(rt,1,9) ~ [(rt,1,5..9)]", '"eth0" ~ "eth*"', '"x" ~ "?"',
         "RTS_BGP ~ [RTS_STATIC, RTS_BGP]", "5 ~ prepend(+empty+,5)", "prepend(+empty+,5) ~ [= 5 =]", "prepend(+empty+,5) ~ [= * =]",
         "prepend(+empty+,5) ~ [4..6]", "(1,2) ~ add(-empty-,(1,2))", "add(-empty-,(1,2)) ~ [(1,*)]", "delete(add(-empty-,(1,2)),(1,2))",
         "filter(add(add(-empty-,(1,2)),(3,4)),[(3,*)])", "prepend(prepend(+empty+,5),6).len", "prepend(prepend(+empty+,5),6).first",
         "prepend(prepend(+empty+,5),6).last", "delete(prepend(prepend(+empty+,5),6),5)", "add(-empty-,(1,2)).len", "defined(1)",
         "1 ~ [1] && 2 !~ [1]", "7 ~ [1..3, 2..9]"]
TERMS_4 = ["10.1.2.3 ~ 10.0.0.0/8", "10.1.2.3.mask(8)", "10.0.0.0/8.len", "10.0.0.0/8.ip", "10.5.0.0/16 ~ [10.0.0.0/8{12,20}]"]
TERMS_6 = ["2001:db8::1 ~ 2001:db8::/32", "2001:db8::1.mask(16)", "2001:db8::/32.len", "2001:db8:1::/48 ~ [2001:db8::/32{40,56}]"]
TERMS_2 = ["add(-empty-,(1,2)).max", "(1,2).asn", "(1,2,3).data2", "10.0.0.1.is_v4", "10.0.0.0/8.type", "(10.0.0.0/8 max 16 as 5).maxlen",
           "(10:20 10.0.0.0/8).rd", "10:20 < 10:21", "10:20 ~ [10:20]", "format([1, 1, 2])", "true = (1 = 1)"]


def _terms(kind):
    values = [v for v in VALUES if not (kind == "bird4" and ":" in v) and not (kind == "bird6" and v == "10.0.0.0/8")]
    values += VALUES_2 if kind == "bird2" else []
    terms = [f"{a} {sign} {b}" for a in values for b in values for sign in ("=", "!=")] + values + TERMS
    if kind != "bird6":
        terms += TERMS_4 + [f"[{p.format('10.')}]" for p in PREFIX_SETS]
        terms += [f"[{a.format('10.')}, {b.format('11.')}]" for a in PREFIX_SETS for b in PREFIX_SETS]
    if kind != "bird4":
        terms += TERMS_6 + [f"[{p}]" for p in SIX] + [f"[{a}, {b.replace('db8', 'db9')}]" for a in SIX for b in SIX]
    return terms + (TERMS_2 if kind == "bird2" else [])


@cases("filters.values.{}", ("bird4",), ("bird6",), ("bird2",))
def values(network, kind):
    """Every value and every comparison prints the same under BIRD and routed."""
    terms = _terms(kind)
    path = network.folder / "values.conf"
    functions = []
    for number, start in enumerate(range(0, len(terms), 100)):
        prints = "".join(f"  print {term};\n" for term in terms[start:start + 100])
        functions.append(f"function f{number}()\n{{\n{prints}  return 1;\n}}\neval f{number}();\n")
    path.write_text(HEAD + MARKS[kind] + "".join(functions))
    status, theirs = _bird(kind, path)
    expect(status == 0, f"BIRD refuses: {theirs[-1:]}")
    status, ours, done = _routed(kind, path)
    expect(status == 0, f"routed refuses: {done.stderr[-300:]}")
    expect(len(theirs) == len(terms), f"BIRD printed {len(theirs)} lines for {len(terms)} terms")
    wrong = [(t, a, b) for t, a, b in itertools.zip_longest(terms, theirs, ours) if a != b]
    expect(not wrong, f"{len(wrong)} of {len(terms)} differ, the first: {wrong[:3]}")


# Bodies of a filter that both read, or both refuse.
COMMANDS = [
    "accept;", 'reject "x", 1;', "error;", "if true then accept;", "if true then { accept; } else reject;", "if true accept;", "accept",
    "case net.len { 1..24: accept; else: reject; }", "case source { RTS_BGP, RTS_STATIC: accept; }", "case 1 { 1: 2: accept; }",
    "case (1,2) { (1,*): accept; }", "preference = 5;", "net = 10;", "proto = \"x\";", "source = RTS_BGP;", "ifindex = 3;", 'ifname = "eth0";',
    "scope = SCOPE_LINK;", "dest = RTD_BLACKHOLE;", "igp_metric = 5;", "unset(igp_metric);", "unset(preference);", "bgp_origin = ORIGIN_IGP;",
    "bgp_path.prepend(5);", "bgp_path.delete([1..5]);", "bgp_path.empty;", "bgp_path.empty", "bgp_med = bgp_med + 1;", "unset(bgp_med);",
    "bgp_community.add((1,2));", "bgp_community.delete([(1,*)]);", "bgp_community = -empty-;", "bgp_ext_community.add((rt,1,2));",
    "bgp_large_community.delete([(1,*,*)]);", "bgp_large_community.delete([(1,2..3,4)]);", "ospf_metric1 = 5;", "ospf_tag = 5;", "krt_metric = 5;",
    "krt_mtu = 1400;", "nofunction();", "nosymbol = 5;", "nosymbol;", "5;", "bgp_path.len;", "if defined(bgp_med) then accept;",
    "if bgp_path ~ [= * 5 * =] then accept;", "if 1 < 2 < 3 then accept;", "if !(1 = 2) then accept;",
    "print 4294967296;", "print 1 2;", "print ,1;", "print 'a b';", "print \"unterminated;", "/* open", "accept; # comment", "// no comment",
    "print [5, 1;", "print [1 2];", "print [(rt,*,1)];", "print [= 1 =;", "print (1,2,3,4);", "print (rt,1,2,3);", "print 7 % 2;", "print @;",
    "print [(1,5)..(3,4)];", "print [(3..1,5)];", "print roa_check(nosuch);", "print roa_check(r1);", "print roa_check(r1, net, 5);",
    "print roa_check(r1, net);",
]
COMMANDS_2 = ["int i = 5; i = 6;", 'int i = "a";', "for int i in bgp_path do print i;", "for int p in bgp_community do print p;",
              "for int i in 5 do print i;", "weight = 5;", "return true;", "bool set b;", "int i; int i;", "int i; { int i; i = 3; }", "cast = 1;",
              "if bgp_med > \"a\" then accept;", "if 1 / 0 = 1 then accept;", "print 10.0.0.0/33;", "print 10.0.0.1/8;", "print [10.0.0.0/8{24,8}];",
              "bt_assert(true);", "bt_assert(1);", "bt_check_assign(bgp_med, 5);", "print [= + 1 =];", "print [= [(1,2)] =];", "print 5:70000;",
              "print 65536:70000;", "quitbird;"]


@cases("filters.commands.{}", ("bird4",), ("bird6",), ("bird2",))
def commands(network, kind):
    """What BIRD reads is read, what BIRD refuses is refused."""
    path, wrong = network.folder / "command.conf", []
    for body in COMMANDS + (COMMANDS_2 if kind == "bird2" else []):
        path.write_text(f"{HEAD}{MARKS[kind]}filter f\n{{\n{body}\n}}\n")
        theirs = _bird(kind, path)[0] == 0
        ours = run(ROUTED, *PROGRAMS[kind][1], "-p", "-c", path, check=False)
        if theirs != (ours.returncode == 0):
            wrong.append(f"{body!r}: {'BIRD reads it' if theirs else 'BIRD refuses it'}, routed: {ours.stderr.strip()[:120]}")
    expect(not wrong, f"{len(wrong)} differ: {wrong}")
