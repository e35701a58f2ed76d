#!/bin/sh
# Three services supervised, one crashed, the daemon upgraded while they run, and everything shut down.
# daemonproxy and dpctl are taken from $BIN, or from PATH.
set -eu
PATH="${BIN:+$BIN:}$PATH"
for program in daemonproxy dpctl; do
    command -v $program >/dev/null || { echo "$program is not in PATH: make publish, and BIN=\$PWD/out" >&2; exit 1; }
done
work=$(mktemp -d)
cp "$(dirname "$0")"/* "$work"
cd "$work"
DAEMONPROXY_SOCKET=$work/socket
export PATH DAEMONPROXY_SOCKET

say() {
    printf '\n$ %s\n' "$*"
    "$@" || echo "(exit code $?)"
}

daemonproxy -c daemonproxy.conf -S "$DAEMONPROXY_SOCKET" &
daemon=$!
trap 'kill -9 $daemon 2>/dev/null || true; rm -rf "$work"' EXIT
until dpctl wait web --for up --timeout 1 2>/dev/null; do sleep 0.1; done

say dpctl status
say dpctl signal web SIGKILL
dpctl wait web --for down --timeout 5 || true
say dpctl status
dpctl wait web --for up --timeout 20
say dpctl status web
say dpctl upgrade
say dpctl restart clock
say dpctl tail -n 3 clock
say dpctl shutdown
wait "$daemon"
trap 'rm -rf "$work"' EXIT
