# Thin calls of dotnet; `make help` shows what each runs.
CONFIGURATION ?= Release
RID ?= linux-x64
PREFIX ?= /usr/local
DESTDIR ?=
# Everything that decides what is in the binary.
SOURCES = commands.spec commands.released.spec Directory.Build.props Directory.Packages.props \
	packaging/start/methods.txt packaging/start/sections.ld \
	$(shell find src/Daemonproxy src/Daemonproxy.Generators -name '*.cs' -o -name '*.csproj' -o -name '*.txt' -o -name '*.[cS]')

# The same for dpctl.
CONTROL_SOURCES = commands.spec Directory.Build.props Directory.Packages.props \
	$(shell find src/Daemonproxy.Control src/Daemonproxy.Client src/Daemonproxy.Manager src/Daemonproxy.Import src/Daemonproxy.Generators \
		src/Daemonproxy/Protocol -name '*.cs' -o -name '*.csproj')

# Each architecture and each kind of program has a place of its own.
PLACE = out$(if $(filter-out linux-x64,$(RID)),/$(RID))
OUT = $(PLACE)$(if $(filter 1,$(STATIC)),/static)

.PHONY: help run build docs docs-example accept test test-all soak bench floor publish publish-agent pack audit install uninstall install-init dist clean

help:             ## this list, with the dotnet command behind each target
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' $(MAKEFILE_LIST) | while read -r target text; do \
		printf 'make %-10s %s\n' "$$target" "$$text"; done

run: out/daemonproxy out/dpctl ## the example examples/first-five-minutes: services kept by dpctl manage, and what dpctl shows of them
	@BIN=$(CURDIR)/out examples/first-five-minutes/run.sh

build:            ## dotnet build Daemonproxy.sln -c Release
	dotnet build Daemonproxy.sln -c $(CONFIGURATION) --nologo

docs:             ## dotnet run --project src/Daemonproxy.SpecTool -c Release -- .
	@dotnet run --project src/Daemonproxy.SpecTool -c $(CONFIGURATION) -- .

accept: docs      ## make docs; then dotnet test with Verify_AcceptAll=true where files have the expected output: look at git diff
	@Verify_AcceptAll=true dotnet test tests/Daemonproxy.Generators.Tests -c $(CONFIGURATION) --nologo \
		--filter "FullyQualifiedName~GoodSpecs|FullyQualifiedName~Generators.Tests.Documents"
	@Verify_AcceptAll=true dotnet test tests/Daemonproxy.Tests -c $(CONFIGURATION) --nologo \
		--filter "FullyQualifiedName~TranscriptTests|FullyQualifiedName~BadInput|FullyQualifiedName~EventWriterTests.Every|FullyQualifiedName~LifecycleMatrix"

docs-example: out/packages/.generator ## dotnet build examples/own-protocol/server -t:ProtocolDocuments
	@dotnet build examples/own-protocol/server -restore -t:ProtocolDocuments --nologo -v quiet

test: out/daemonproxy out/static/daemonproxy out/dpctl out/static/dpctl floor out/packages/.generator ## dotnet test, each project under tests/, against the published binaries
	@tests/run $(CONFIGURATION)

test-all: test    ## make test with the long tests: DAEMONPROXY_LONG=1
	@DAEMONPROXY_LONG=1 tests/run $(CONFIGURATION)

SEEDS ?= 10000
soak:             ## SIMULATION_SEEDS=$(SEEDS) dotnet test tests/Daemonproxy.Tests: as many random conversations as asked for
	SIMULATION_SEEDS=$(SEEDS) IMAGE_FUZZ_SEEDS=$(SEEDS) dotnet test tests/Daemonproxy.Tests -c $(CONFIGURATION) --nologo \
		--filter "FullyQualifiedName~RandomTests|FullyQualifiedName~ImageFuzzTests" \
		--logger "console;verbosity=detailed"
	MANAGER_SEEDS=$(SEEDS) MANAGER_STEPS=1000000 dotnet test tests/Daemonproxy.Manager.Tests -c $(CONFIGURATION) --nologo \
		--filter "FullyQualifiedName~RandomTests" --logger "console;verbosity=detailed"
	FLEET_SEEDS=$(SEEDS) dotnet test tests/Daemonproxy.Fleet.Tests -c Release --nologo \
		--filter "FullyQualifiedName~SimulationTests" --logger "console;verbosity=detailed"
	JOBS_SEEDS=$(SEEDS) dotnet test tests/Daemonproxy.Jobs.Tests -c $(CONFIGURATION) --nologo \
		--filter "FullyQualifiedName~SimulationTests" --logger "console;verbosity=detailed"

bench: out/daemonproxy floor ## dotnet run --project bench/load -c Release -- --daemon out/daemonproxy (a short version)
	dotnet run --project bench/load -c Release -- --daemon out/daemonproxy --rounds 2 --idle-seconds 2 \
		--most-services 1000

BARE = $(addprefix out/floor/,stamp stay end init first)
HOSTED = $(addprefix out/floor/,spawn burst answer lines boot starts)

floor: $(BARE) $(HOSTED) ## the C programs of bench/floor

$(BARE): out/floor/%: bench/floor/%.c bench/floor/bare.h
	@mkdir -p out/floor
	gcc -O2 -Wall -Wextra -static -nostdlib -fno-stack-protector -fno-asynchronous-unwind-tables -o $@ $<

$(HOSTED): out/floor/%: bench/floor/%.c bench/floor/hosted.h
	@mkdir -p out/floor
	gcc -O2 -Wall -Wextra -o $@ $<

publish: $(OUT)/daemonproxy $(OUT)/dpctl ## packaging/publish.sh: dotnet publish src/Daemonproxy -r $(RID), into out/, and src/Daemonproxy.Control (STATIC=1: static programs)

$(PLACE)/daemonproxy: $(SOURCES)
	packaging/publish.sh $(RID) dynamic artifacts/native/$(RID)/dynamic
	@mkdir -p $(@D) && cp -f artifacts/native/$(RID)/dynamic/daemonproxy $@ && ls -l $@

$(PLACE)/static/daemonproxy: $(SOURCES)
	packaging/publish.sh $(RID) static artifacts/native/$(RID)/static
	@mkdir -p $(@D) && cp -f artifacts/native/$(RID)/static/daemonproxy $@ && ls -l $@

$(PLACE)/dpctl: $(CONTROL_SOURCES)
	PROJECT=src/Daemonproxy.Control packaging/publish.sh $(RID) dynamic artifacts/native/$(RID)/control-dynamic
	@mkdir -p $(@D) && cp -f artifacts/native/$(RID)/control-dynamic/dpctl $@ && ls -l $@

$(PLACE)/static/dpctl: $(CONTROL_SOURCES)
	PROJECT=src/Daemonproxy.Control packaging/publish.sh $(RID) static artifacts/native/$(RID)/control-static
	@mkdir -p $(@D) && cp -f artifacts/native/$(RID)/control-static/dpctl $@ && ls -l $@

# The agent of a fleet: the only program that speaks with Redis, and loads OpenSSL for it.
AGENT_SOURCES = commands.spec Directory.Build.props Directory.Packages.props \
	$(shell find src/Daemonproxy.Agent src/Daemonproxy.Fleet src/Daemonproxy.Jobs.Abstractions src/Daemonproxy.Client \
		src/Daemonproxy.Generators -name '*.cs' -o -name '*.csproj' -o -name '*.lua')

publish-agent: $(PLACE)/dpctl-agent ## packaging/publish.sh for src/Daemonproxy.Agent: the agent of a fleet, into out/

$(PLACE)/dpctl-agent: $(AGENT_SOURCES)
	PROJECT=src/Daemonproxy.Agent packaging/publish.sh $(RID) dynamic artifacts/native/$(RID)/agent
	@mkdir -p $(@D) && cp -f artifacts/native/$(RID)/agent/dpctl-agent $@ && ls -l $@

# There is no static one: it loads OpenSSL, and the C library's name services.
$(PLACE)/static/dpctl-agent: $(PLACE)/dpctl-agent
	@mkdir -p $(@D) && cp -f $< $@

pack: out/packages/.generator ## dotnet pack src/Daemonproxy.Client, .Jobs, .Jobs.Abstractions, .Fleet and .Generators (REPOSITORY=https://…: its address)
	packaging/pack.sh src/Daemonproxy.Client out/packages $(REPOSITORY)
	packaging/pack.sh src/Daemonproxy.Jobs.Abstractions out/packages $(REPOSITORY)
	packaging/pack.sh src/Daemonproxy.Jobs out/packages $(REPOSITORY)
	packaging/pack.sh src/Daemonproxy.Fleet out/packages $(REPOSITORY)

audit:            ## dotnet list package --vulnerable: asks the sources of packages for known weaknesses
	@packaging/audit.sh

# The package of the spec compiler. The version stays while it is worked on, so that the copy that the example unpacked
# goes with it.
out/packages/.generator: $(shell find src/Daemonproxy.Generators src/Daemonproxy.SpecTool src/Daemonproxy/Protocol \
		src/Daemonproxy.Client -name '*.cs' -o -name '*.csproj' -o -name '*.targets') Directory.Build.props
	packaging/pack.sh src/Daemonproxy.Generators out/packages $(REPOSITORY)
	@rm -rf artifacts/own-protocol/packages/daemonproxy.protocol.generator && touch $@

install: $(OUT)/daemonproxy $(OUT)/dpctl $(OUT)/dpctl-agent ## copies what packaging/files lists to $(DESTDIR)$(PREFIX): programs, manual pages, completions, examples
	@packaging/install.sh install $(OUT) $(DESTDIR)$(PREFIX)

uninstall:        ## removes the same files from $(DESTDIR)$(PREFIX)
	@packaging/install.sh uninstall $(OUT) $(DESTDIR)$(PREFIX)

# Relative, so that they are right wherever the root directory is mounted.
install-init:     ## a static binary as $(DESTDIR)/sbin/init, and links by the names of halt, reboot and the others
	@test -x $(PLACE)/static/daemonproxy || { echo "$(PLACE)/static/daemonproxy is missing: make publish STATIC=1" >&2; exit 1; }
	install -D -m 755 $(PLACE)/static/daemonproxy $(DESTDIR)/sbin/init
	for name in telinit halt poweroff reboot shutdown daemonproxy; do ln -sfn init $(DESTDIR)/sbin/$$name; done

dist:             ## packaging/dist.sh: tarballs, Debian packages and bills of materials for x64 and arm64, into out/dist
	@packaging/dist.sh

clean:            ## removes out/ and artifacts/
	rm -rf out artifacts
