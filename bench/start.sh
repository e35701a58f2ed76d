#!/bin/sh
# What a start costs, by turns in one run: an empty C program, an empty program of NativeAOT, and the daemon, static and
# dynamic, to the end of `--version` and to the first instruction of the first service. Other daemons may be named, such
# as those of an earlier release. Usage: bench/start.sh [RUNS [DAEMON...]]
set -eu
cd "$(dirname "$0")/.."
runs=${1:-300}
[ $# -eq 0 ] || shift
make -s floor
gcc -O2 -static -o out/floor/empty-static bench/floor/empty.c
gcc -O2 -o out/floor/empty-dynamic bench/floor/empty.c
rid=linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
for static in true false; do
    [ -x "out/floor/aot-$static" ] && continue
    dotnet publish bench/empty -c Release -r "$rid" --nologo -v quiet -o "artifacts/empty-$static" \
        -p:StaticExecutable="$static"
    cp "artifacts/empty-$static/empty" "out/floor/aot-$static"
done
config=$(mktemp)
trap 'rm -f "$config"' EXIT
printf 'service.args\tfirst\t%s\nservice.fds\tfirst\tnull\tstdout\tstderr\nservice.start\tfirst\n' \
    "$PWD/out/floor/stamp" >"$config"
echo "to the end of --version, microseconds"
out/floor/starts "$runs" - out/floor/empty-static out/floor/empty-dynamic out/floor/aot-true out/floor/aot-false \
    out/static/daemonproxy out/daemonproxy "$@"
echo "to the first instruction of the first service, microseconds"
out/floor/starts "$runs" "$config" out/static/daemonproxy out/daemonproxy "$@"
