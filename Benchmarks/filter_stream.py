"""The UPDATEs of Benchmarks/run-filters: what a route server's peer sends, so that every part of the filters has something to do.

The prefixes and how many share their attributes come from the harness (about 6). Of the paths (1 to 10 hops, mean about 4) some hold a
transit network's or a reserved AS number; 85 % have communities (1 to 9; a third of those also some that speak to the route server),
35 % large and 15 % extended ones, 30 % a MED. Some prefixes are too long or reserved. Everything comes from a fixed seed.
"""
import random
import struct

MARK = b"\xff" * 16
HOPS = {1: 2, 2: 10, 3: 22, 4: 28, 5: 20, 6: 10, 7: 5, 8: 2, 10: 1}
TRANSIT = [174, 701, 1299, 2914, 3257, 3320, 3356, 5511, 6453, 6461, 6762, 6830, 7018, 12956]
RESERVED = [23456, 64512, 65000, 4200000001]
RS = 64512
# What peers ask the route server for, and how often of a thousand sets with such communities: classes, refusals, prepending, regions,
# and tags that only the route server may set.
WISHES = [((RS, 1000), 140), ((RS, 1001), 160), ((RS, 1002), 140), ((RS, 666), 60), ((0, RS), 40), ((65501, 1), 60), ((65502, 1), 40),
          ((65503, 1), 30), ((65535, 65281), 10), ((65535, 65282), 10), ((RS, 12), 80), ((RS, 2010), 120), ((RS, 2070), 110)]


def asn(r):
    while True:
        value = r.randrange(131073, 402000) if r.random() < .35 else r.randrange(1, 23000)
        if value not in TRANSIT:
            return value


def path(r, first, origin, lengths, weights):
    hops = r.choices(lengths, weights)[0]
    middle = [asn(r) for _ in range(max(0, hops - 2))]
    odd = r.random()
    if odd < .05:
        middle.insert(0, r.choice(TRANSIT))
    elif odd < .06:
        middle.append(r.choice(RESERVED))
    return [first] + middle + ([origin] if hops > 1 else [])


def attribute(flags, kind, value):
    return struct.pack("!BBB", flags, kind, len(value)) + value


def communities(r, hops):
    found = {(r.choice(hops) & 0xffff) << 16 | r.randrange(1, 9000) for _ in range(r.randint(1, 9))}
    if r.random() < .33:
        wishes, weights = zip(*WISHES)
        found |= {high << 16 | low for high, low in r.choices(wishes, weights, k=r.randint(1, 2))}
    # As received, that is, in no order in particular.
    found = sorted(found)
    r.shuffle(found)
    return found


def attributes(r, hops, nexthop, nlri):
    """In the order of their types, as most speakers send them."""
    out = attribute(0x40, 1, b"\0" if r.random() < .85 else b"\2")
    out += attribute(0x40, 2, struct.pack(f"!BB{len(hops)}I", 2, len(hops), *hops))
    if r.random() < .3:
        out += attribute(0x80, 4, struct.pack("!I", r.choice([0, 10, 50, 100, 500, 5000])))
    if r.random() < .85:
        found = communities(r, hops)
        out += attribute(0xc0, 8, struct.pack(f"!{len(found)}I", *found))
    reach = b"\0\2\1\x10" + nexthop + b"\0" + nlri
    out += struct.pack("!BBH", 0x90, 14, len(reach)) + reach
    if r.random() < .15:
        extended = [(0x0002, r.choice([RS, r.choice(hops) & 0xffff]), r.randrange(1, 500)) for _ in range(r.randint(1, 3))]
        out += attribute(0xc0, 16, b"".join(struct.pack("!HHI", *one) for one in extended))
    if r.random() < .35:
        large = [(r.choice([RS, r.choice(hops)]), r.choice([1, 10, 20]), r.randrange(1, 500)) for _ in range(r.randint(1, 5))]
        out += attribute(0xc0, 32, b"".join(struct.pack("!III", *one) for one in large))
    return out


def odd_prefix(r, number):
    """Reserved, or longer than a /48; unique by its number."""
    if r.random() < .5:
        return bytes([48]) + struct.pack("!HI", 0xfd00, number)
    return bytes([64]) + struct.pack("!HIH", 0x2a0f, number, 1)


def message(nlri, attrs):
    body = struct.pack("!HH", 0, len(attrs)) + attrs
    return MARK + struct.pack("!HB", 19 + len(body), 2) + body


def updates(groups, first, nexthop):
    """The stream: one UPDATE for each (origin AS, [NLRI]) of `groups` (more if they do not fit), and End-of-RIB."""
    r = random.Random("filters")
    lengths, weights = zip(*HOPS.items())
    out, number = [], 0
    for origin, prefixes in groups:
        hops = path(r, first, origin, lengths, weights)
        seed = r.random()
        chunk = []
        for position, prefix in enumerate(prefixes):
            if r.random() < .02:
                number += 1
                prefix = odd_prefix(r, number)
            chunk.append(prefix)
            if len(chunk) == 300 or position == len(prefixes) - 1:
                nlri = b"".join(chunk)
                # The same attributes for all of them.
                out.append(message(nlri, attributes(random.Random(seed), hops, nexthop, nlri)))
                chunk = []
    out.append(message(b"", b"\x90\x0f\0\3\0\2\1"))
    return b"".join(out)
