# Everyday commands. No logic here: meson builds, the scripts named below do the rest.
MAKEFLAGS += --no-print-directory
T ?=
K ?=
SECONDS ?= 30
ARGS ?=

.PHONY: all run test check fuzz vm bench golden docs format clean build-packages test-packages

all:
	@packaging/build build-debug

build-packages:
	@packaging/install-packages packaging/build-packages

test-packages: build-packages
	@packaging/install-packages packaging/test-packages || echo 'make: tests that need them will be skipped'

run: build-packages
	@packaging/build build-release --buildtype=release -- src/app/hostmeter
	@exec build-release/src/app/hostmeter run $(ARGS)

test: test-packages
	@packaging/build build-debug
	@tests/run build-debug '$(T)'

check: test-packages
	@tests/check

fuzz:
	@tests/fuzz/run $(SECONDS) $(T)

vm: test-packages
	@packaging/install-packages packaging/vm-packages || echo 'make: without them no virtual machine can run'
	@packaging/build build-debug -- src/app/hostmeter
	@tests/vm/run build-debug $(K)

bench: test-packages
	@packaging/build build-release --buildtype=release
	@tests/bench/run build-release $(T)

golden: all
	@tests/golden/golden.py --rewrite build-debug/src/app/hostmeter $(T)

docs: all
	@docs/metrics.py --rewrite build-debug/src/app/hostmeter
	@HOSTMETER_WRITE_GENERATED=1 tests/run build-debug config/reference

format:
	@tests/format --rewrite

clean:
	@rm -rf build-*
