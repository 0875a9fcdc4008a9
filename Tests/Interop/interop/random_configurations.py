"""Random configurations that are valid in both dialects, each a small change of the one before."""
import ipaddress
import random

from .daemons import dialect

POOL = [f"2001:db8:{0x100 + n:x}::/{48 + n % 3 * 8}" for n in range(16)]
PEERS = (1, 2, 3, 4)
# This one connects itself, so that it may be a peer of a range (2.x).
CALLER = 4


def peer_address(number):
    return f"2001:db8::1{number}"


def own_address(number):
    """BIRD has one session only with each address of a neighbour."""
    return f"2001:db8::a{number}"


def range_of(number, length):
    """A network with the address of a neighbour, and of no other if it is that long."""
    return ipaddress.ip_network(f"{peer_address(number)}/{length}", strict=False)


def peers_body(generator):
    """A BIRD 2 with four neighbours of ours, each with a table and an AS of its own."""
    text = ""
    for n in PEERS:
        routes = "".join(f"  route {net} blackhole {{ bgp_med = {generator.randrange(3)}; bgp_community.add((6501{n}, {generator.randrange(4)})); }};\n"
                         for net in POOL if generator.random() < 0.6)
        text += (f"ipv6 table p{n};\nprotocol static S{n} {{ ipv6 {{ table p{n}; }};\n{routes}}}\n"
                 f"protocol bgp B{n} {{ router id 10.255.1.{n}; local {peer_address(n)} as 6501{n}; neighbor {own_address(n)} as 65001;"
                 f" passive {'no' if n == CALLER else 'yes'};\n"
                 f"  connect delay time 1; error wait time 1,1; error forget time 1;\n"
                 f"  ipv6 {{ table p{n}; import all; export where source = RTS_STATIC; }};\n}}\n")
    return text


class Genes:
    """What a configuration is made of; `mutate` changes a little of it."""

    def __init__(self, kind, seed):
        self.kind, self.random = kind, random.Random(seed)
        self.bird2 = dialect(kind) == 2
        self.values = {}
        for name in self.choices():
            self._choose(name)

    def choices(self):
        """Every gene with its possible values, the likeliest several times."""
        policies = ["all"] * 4 + ["none", "filter f1", "filter f2", "filter f3", "where short()", "where net ~ SET",
                                  "filter { if bgp_med = 1 then reject; bgp_local_pref = 120; accept; }", "where proto ~ \"B*\" || source = RTS_STATIC"]
        tables = ["main"] * 4 + ["t1", "t2"]
        genes = {
            "router id": ["10.255.0.1"] * 30 + ["10.255.0.9"],
            "limit": list(range(46, 66, 4)), "set": list(range(8)), "local pref": [90, 100, 110], "community": [1, 2, 3], "comment": list(range(9)),
            "unused": [True, False], "sorted": [""] * 6 + [" sorted"], "direct": ['"lan*"', '"*"', '"eth*", "lan0"', None],
            "kernel": ["all"] * 3 + ["filter f1", "where short()", "filter { krt_metric = 77; accept; }", "none", None],
            "merge": [True, False, False], "scan": [20, 30], "learn": [False, False, True], "device": [10, 15],
            "kernel 1": [None, "all", "where net ~ SET"],
            "pipe": [None, ("all", "none"), ("none", "all"), ("where short()", "where net ~ SET"), ("filter f3", "none")],
            "pipe 2": [None, None, ("all", "none"), ("filter f1", "none")],
        }
        for name in ("S1", "S2"):
            genes[f"{name} routes"] = [tuple(sorted(self.random.sample(range(16), 6))) for _ in range(4)] + [None]
            genes[f"{name} target"] = ["blackhole", "unreachable", "via 2001:db8::11", "via 2001:db8:5::2", "recursive 2001:db8::12"]
            genes[f"{name} table"] = tables
            genes[f"{name} preference"] = [200, 200, 100]
            genes[f"{name} import"] = policies
        for n in PEERS:
            genes[f"B{n}"] = ["up"] * 8 + ["absent", "disabled"]
            genes[f"B{n} import"] = genes[f"B{n} export"] = policies
            genes[f"B{n} table"] = tables
            genes[f"B{n} hold"] = [30] * 9 + [33]
            genes[f"B{n} options"] = [""] * 6 + ["next hop self;", "preference 120;", "import keep filtered;", "import limit 900 action block;",
                                                 "export limit 900 action warn;", "receive limit 900 action disable;"]
            genes[f"B{n} description"] = ["one", "two"]
            genes[f"B{n} range"] = [None, None, 128, 124] if n == CALLER and self.bird2 else [None]
        return genes

    def _choose(self, name):
        self.values[name] = self.random.choice(self.choices()[name])

    def mutate(self):
        for name in self.random.sample(sorted(self.values), self.random.choice((1, 1, 2, 3))):
            self._choose(name)

    def _table(self, name):
        return {"main": "master6" if self.bird2 else "master"}.get(name, name)

    def _channel(self, table, inner):
        return f"ipv6 {{ table {self._table(table)}; {inner} }};" if self.bird2 else f"table {self._table(table)}; {inner}"

    def text(self):
        """The configuration, without its head."""
        v = self.values
        word = "ipv6 table" if self.bird2 else "table"
        out = [f"# version {v['comment']}", f"router id {v['router id']};", f"{word} t1{v['sorted']};", f"{word} t2;",
               f"define LIMIT = {v['limit']};", f"define SET = [ {', '.join(POOL[v['set']:v['set'] + 6])} ];",
               "function short() { return net.len <= LIMIT; }"]
        if v["unused"]:
            out.append("function unused(int a) { return a > LIMIT; }")
        out += ["filter f1 { if short() then accept; reject; }",
                f"filter f2 {{ if net ~ SET then bgp_local_pref = {v['local pref']}; accept; }}",
                f"filter f3 {{ if net ~ SET then {{ bgp_community.add((65001, {v['community']})); accept; }} if short() then reject; bgp_med = 5; accept; }}",
                f"protocol device {{ scan time {v['device']}; }}"]
        if v["direct"]:
            out.append(f"protocol direct D {{ {self._channel('main', '')} interface {v['direct']}; }}")
        if v["kernel"]:
            merge = ("merge paths on;" if self.bird2 else "merge paths yes;") if v["merge"] else ""
            learn = "learn;" if v["learn"] else ""
            out.append(f"protocol kernel K {{ scan time {v['scan']}; {merge} {learn} {self._channel('main', 'import all; export ' + v['kernel'] + ';')} }}")
        if v["kernel 1"]:
            out.append(f"protocol kernel K1 {{ kernel table 100; scan time {v['scan']}; {self._channel('t1', 'import none; export ' + v['kernel 1'] + ';')} }}")
        for name, own, peer, gene in (("P", "main", "t1", "pipe"), ("P2", "t1", "t2", "pipe 2")):
            if v[gene]:
                out.append(f"protocol pipe {name} {{ table {self._table(own)}; peer table {peer}; import {v[gene][0]}; export {v[gene][1]}; }}")
        for name in ("S1", "S2"):
            if v[f"{name} routes"]:
                routes = "".join(f"  route {POOL[n]} {v[f'{name} target']};\n" for n in v[f"{name} routes"])
                inner = f"import {v[f'{name} import']}; preference {v[f'{name} preference']};"
                out.append(f"protocol static {name} {{ {self._channel(v[f'{name} table'], inner)}\n{routes}}}")
        return "\n".join(out + [self._session(n) for n in PEERS if v[f"B{n}"] != "absent"]) + "\n"

    def _session(self, n):
        v = self.values
        disabled = "disabled;" if v[f"B{n}"] == "disabled" else ""
        inner = f"import {v[f'B{n} import']}; export {v[f'B{n} export']}; {v[f'B{n} options']}"
        name, neighbor = f"B{n}", peer_address(n)
        if v[f"B{n} range"]:
            # The range is called otherwise, what comes of it B41.
            name, neighbor = f"R{n}", f"range {range_of(n, v[f'B{n} range'])}"
            disabled += f' dynamic name "B{n}";'
        return (f"protocol bgp {name} {{ {disabled} description \"{v[f'B{n} description']}\"; local {own_address(n)} as 65001;\n"
                f"  neighbor {neighbor} as 6501{n}; hold time {v[f'B{n} hold']}; connect delay time 1; connect retry time 2;\n"
                f"  error wait time 1,1; error forget time 1; {self._channel(v[f'B{n} table'], inner)}\n}}")

    @property
    def sessions(self):
        return [f"B{n}1" if self.values[f"B{n} range"] else f"B{n}" for n in PEERS if self.values[f"B{n}"] == "up"]
