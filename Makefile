# Thin calls of dotnet; `make help` shows what each runs.
CONFIGURATION ?= Release
RID ?= linux-x64
PREFIX ?= /usr/local
DESTDIR ?=
# Everything that decides what is in the binary.
SOURCES = commands.spec Directory.Build.props Directory.Packages.props \
	$(shell find src/Daemonproxy src/Daemonproxy.Generators -name '*.cs' -o -name '*.csproj' -o -name '*.txt')

ifeq ($(STATIC),1)
OUT = out/static
else
OUT = out
endif

.PHONY: help run build test test-all soak bench publish install clean

help:             ## this list, with the dotnet command behind each target
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' $(MAKEFILE_LIST) | awk -F': ' '{ printf "make %-10s %s\n", $$1, $$2 }'

run: out/daemonproxy  ## the example examples/hello: out/daemonproxy -c examples/hello/hello.conf
	@cd examples/hello && ../../out/daemonproxy -qq -c hello.conf

build:            ## dotnet build Daemonproxy.sln -c Release
	dotnet build Daemonproxy.sln -c $(CONFIGURATION) --nologo

test: out/daemonproxy out/static/daemonproxy ## dotnet test, each project under tests/, against the published binaries
	@tests/run $(CONFIGURATION)

test-all: test    ## make test with the long tests: DAEMONPROXY_LONG=1
	@DAEMONPROXY_LONG=1 tests/run $(CONFIGURATION)

SEEDS ?= 10000
soak:             ## SIMULATION_SEEDS=$(SEEDS) dotnet test tests/Daemonproxy.Tests: as many random conversations as asked for
	SIMULATION_SEEDS=$(SEEDS) IMAGE_FUZZ_SEEDS=$(SEEDS) dotnet test tests/Daemonproxy.Tests -c $(CONFIGURATION) --nologo \
		--filter "FullyQualifiedName~RandomTests|FullyQualifiedName~ImageFuzzTests" \
		--logger "console;verbosity=detailed"

bench: out/daemonproxy ## dotnet run --project bench/load -c Release -- --daemon out/daemonproxy
	dotnet run --project bench/load -c Release -- --daemon out/daemonproxy

publish: $(OUT)/daemonproxy ## dotnet publish src/Daemonproxy -c Release -r linux-x64 (STATIC=1: -p:StaticExecutable=true)

out/daemonproxy: $(SOURCES)
	dotnet publish src/Daemonproxy -c Release -r $(RID) --nologo -v quiet -o artifacts/native/dynamic
	@mkdir -p out && cp -f artifacts/native/dynamic/daemonproxy out/daemonproxy && ls -l out/daemonproxy

out/static/daemonproxy: $(SOURCES)
	dotnet publish src/Daemonproxy -c Release -r $(RID) --nologo -v quiet -o artifacts/native/static \
		-p:StaticExecutable=true
	@mkdir -p out/static && cp -f artifacts/native/static/daemonproxy out/static/daemonproxy && ls -l out/static/daemonproxy

install: $(OUT)/daemonproxy ## copies the binary to $(DESTDIR)$(PREFIX)/sbin
	install -D -m 755 $(OUT)/daemonproxy $(DESTDIR)$(PREFIX)/sbin/daemonproxy

clean:            ## removes out/ and artifacts/
	rm -rf out artifacts
