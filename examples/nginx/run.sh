#!/bin/sh
# Installs nginx from Debian if it is missing, then runs it under the daemon: http://127.0.0.1:8087/, with its log in
# var/access.log.
set -e
cd "$(dirname "$0")"
if ! command -v nginx >/dev/null 2>&1; then
    apt-get update -q && apt-get install -y -q --no-install-recommends nginx-light
fi
mkdir -p var
exec "${DAEMONPROXY:-$(ls ../../out/daemonproxy 2>/dev/null || echo daemonproxy)}" -c nginx.daemonproxy.conf "$@"
