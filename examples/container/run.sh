#!/bin/sh
# Runs the daemon as process 1 of a PID namespace with its own /proc; everything else is this machine's. For root.
# Further arguments are options of the daemon. The exit code is that of the container.
set -e
cd "$(dirname "$0")"
exec unshare --pid --fork --mount-proc --kill-child "${DAEMONPROXY:-../../out/daemonproxy}" -q -c container.conf "$@"
