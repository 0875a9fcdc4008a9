# Everything a user or a maintainer does here. `make lab` and `make test` set up a fresh Debian machine by themselves.

SWIFT     ?= swift
JOBS      ?= 2
PREFIX    ?= /usr/local
DESTDIR   ?=
RELEASE    = .build/release
LINT_DIRS  = Sources Tests Package.swift Fuzz/Package.swift $(wildcard Fuzz/Sources/*Fuzzer) Fuzz/Sources/Driver
LIBRARIES  = RouteCore BGP OSPFv3 BFD
PURE       = RouteCore BGP OSPFv3 BFD KernelSync Configuration Control ControlLanguage

# What is installed is Embedded Swift (Package.swift), so that a router needs nothing but libc and libmnl.
RELEASE_BUILD = ROUTED_EMBEDDED=1 $(SWIFT) build -c release -j $(JOBS)

.PHONY: all build test library documentation lab lab-vti bench lint format check install clean deps fuzz interop

all: build

# What Debian has and the build needs.
deps:
	@lab/install build

build: deps
	$(RELEASE_BUILD) --product routed
	$(RELEASE_BUILD) --product routectl
	@# Embedded Swift has no names of cases: what is put into a text has to describe itself.
	@if grep -aq 'cannot print value' $(RELEASE)/routed $(RELEASE)/routectl; then \
	  echo "a value without CustomStringConvertible is put into a text" >&2; exit 1; fi

# Unit tests, the libraries as others use them, then interoperability with real daemons in network namespaces (as root; skipped visibly
# otherwise).
test: deps
	$(SWIFT) test -j $(JOBS)
	$(MAKE) library
	$(MAKE) interop

library:
	Tests/Library/run

# The libraries' documentation, by DocC's plugin.
documentation:
	ROUTED_DOCUMENTATION=1 $(SWIFT) package generate-documentation $(foreach name,$(LIBRARIES),--target $(name)) --warnings-as-errors

interop: build
	lab/fetch-birds
	lab/test-configurations
	Tests/Interop/run

# The lab on routed: up, checked, shown, down. `EVENTS=all` takes daemons, links and whole hosts away too (ten minutes).
EVENTS ?= ecmp,kill
lab: build
	lab/run --daemon=routed --events=$(EVENTS)

# The same with real VTI and ESP, in User Mode Linux.
lab-vti: build
	lab/uml --daemon=routed --events=$(EVENTS)

# Speed beside BIRD, loads and filters; needs the benchmark harness and root, see Benchmarks/run and Benchmarks/run-filters.
bench: build
	Benchmarks/run
	Benchmarks/run-filters

# Every fuzz target for a minute; Fuzz/run tells more.
fuzz: deps
	Fuzz/run

lint:
	$(SWIFT) format lint --strict --recursive $(LINT_DIRS)
	@if grep -rnE '^(@[a-zA-Z_]+ )*(public |internal |package |private )?import (Foundation|Glibc|Dispatch|Logging)' \
	  $(addprefix Sources/,$(PURE)); then echo "the pure targets import only the standard library" >&2; exit 1; fi
	@if grep -rn 'import Foundation' Sources; then echo "no Foundation in the product" >&2; exit 1; fi

format:
	$(SWIFT) format --in-place --recursive $(LINT_DIRS)

check: lint test

install: build
	install -D -m 755 $(RELEASE)/routed $(DESTDIR)$(PREFIX)/sbin/routed
	install -D -m 755 $(RELEASE)/routectl $(DESTDIR)$(PREFIX)/bin/routectl
	install -D -m 644 Documentation/routectl.1 $(DESTDIR)$(PREFIX)/share/man/man1/routectl.1
	install -D -m 644 Documentation/routed.conf.5 $(DESTDIR)$(PREFIX)/share/man/man5/routed.conf.5
	install -D -m 644 Documentation/routed.8 $(DESTDIR)$(PREFIX)/share/man/man8/routed.8
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in routed routed@; do \
	  sed 's|/usr/local|$(PREFIX)|' Documentation/$$unit.service >$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit.service || exit 1; done

clean:
	rm -rf .build
