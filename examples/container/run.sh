#!/bin/sh
# Runs the daemon as process 1 of a PID namespace with its own /proc; everything else is this machine's. For root.
# Further arguments are options of the daemon. The exit code is that of the container.
set -e
cd "$(dirname "$0")"
program=${DAEMONPROXY:-$(ls ../../out/daemonproxy 2>/dev/null || echo daemonproxy)}
exec unshare --pid --fork --mount-proc --kill-child "$program" -q -c container.conf "$@"
