#!/bin/sh
# Starts a daemon with a socket of right `jobs`, and the web application: http://localhost:5081/. ^C ends both.
# daemonproxy is taken from $DAEMONPROXY, from out/ of the checkout, or from PATH. What is made is in $WORK, or in work/.
set -eu
cd "$(dirname "$0")"
program=${DAEMONPROXY:-$(ls ../../out/daemonproxy 2>/dev/null || echo daemonproxy)}
command -v "$program" >/dev/null || { echo "$program is not there: make publish, or set DAEMONPROXY" >&2; exit 1; }
work=${WORK:-$PWD/work}
mkdir -p "$work"
# The client for Python, where it is not installed: in a clone, and in an archive.
export WORK="$work" PYTHONPATH="${PYTHONPATH:-$PWD/../../clients/python/src:$PWD/../../python}"
python3 -c 'import flask, daemonproxy' || { echo "Flask is needed: apt-get install python3-flask" >&2; exit 1; }
sed "s|USER|$(id -un)|; s|WORK|$work|" flask-jobs.conf >"$work/daemon.conf"

# The daemon ends with its standard input, which this script holds: also when the script is killed.
rm -f "$work/alive"
mkfifo "$work/alive"
"$program" -i -q -c "$work/daemon.conf" <"$work/alive" >/dev/null &
daemon=$!
exec 3>"$work/alive"
app=
trap 'kill $app 2>/dev/null || :; exec 3>&-; wait' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
until [ -S "$work/web.sock" ]; do
    kill -0 "$daemon" 2>/dev/null || exit 1
    sleep 0.1
done
python3 -m flask --app app run --port "${PORT:-5081}" 3>&- &
app=$!
wait "$app"
