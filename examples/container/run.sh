#!/bin/sh
# Runs it as process 1 of a sandbox that has its own processes and its own /proc, and everything else from this machine.
# For root. More options for the daemon may follow; the code is the one the container would end with.
set -e
cd "$(dirname "$0")"
exec unshare --pid --fork --mount-proc --kill-child "${DAEMONPROXY:-../../out/daemonproxy}" -q -c container.conf "$@"
