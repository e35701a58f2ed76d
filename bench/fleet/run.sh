#!/bin/sh
# Runs the same jobs by an agent of a fleet, by Celery and by RQ, on one Redis, and prints a table and the ratios.
# Usage: bench/fleet/run.sh [JOBS [PLACES [LATENCIES]]], with NO_BUILD=1 in the environment after the first time
set -eu
cd "$(dirname "$0")/../.."
jobs=${1:-2000} places=${2:-4} latencies=${3:-1000}
root=$PWD work=$(mktemp -d) pids=
cleanup() {
    # shellcheck disable=SC2086 # a list
    kill $pids 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM
export BENCH_REDIS=$work/redis.sock PYTHONPATH=$root/bench/fleet PYTHONDONTWRITEBYTECODE=1
stamp=$root/out/floor/stamp
bench=$root/artifacts/bin/Daemonproxy.FleetBench/release/Daemonproxy.FleetBench
for file in out/daemonproxy out/dpctl-agent out/floor/stamp; do
    [ -x "$file" ] || { echo "$file is missing: make publish publish-agent floor" >&2; exit 1; }
done
[ -n "${NO_BUILD:-}" ] || dotnet build bench/fleet -c Release --nologo -v quiet >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }

redis-server --port 0 --unixsocket "$BENCH_REDIS" --dir "$work" --save '' --appendonly yes --appendfsync everysec >"$work/redis.log" &
pids="$pids $!"
until redis-cli -s "$BENCH_REDIS" ping >/dev/null 2>&1; do sleep 0.1; done

info() { redis-cli -s "$BENCH_REDIS" info "$1" | sed -n "s/^$2:\([0-9.]*\).*/\1/p"; }
cpu() { echo "$(info cpu used_cpu_user) $(info cpu used_cpu_sys)" | awk '{ printf "%.0f", ($1 + $2) * 1000000 }'; }

row() { printf '%-22s %10s %14s %14s\n' "$@"; }
row "$places places" 'jobs/s' 'start p50 us' 'start p99 us'

# What Redis pays: jobs that wait for a queue that no machine has.
memory=$(info memory used_memory) time=$(cpu)
"$bench" "$BENCH_REDIS" park "$jobs" /bin/true
waiting=$((($(info memory used_memory) - memory) / jobs)) accepting=$((($(cpu) - time) / jobs))
redis-cli -s "$BENCH_REDIS" flushall >/dev/null

# Each side alone: the workers of one are gone before those of the next begin.
mkfifo "$work/stay"
sleep 100000 >"$work/stay" &
pids="$pids $!"
out/daemonproxy -i -qq -S "$work/d.sock" <"$work/stay" >"$work/events" 2>&1 &
daemon=$!
pids="$pids $daemon"
until [ -S "$work/d.sock" ]; do sleep 0.1; done
out/dpctl-agent run -S "$work/d.sock" --redis "$BENCH_REDIS" --name bench --allow '*' --places "$places" --directory "$work/agent" \
    2>"$work/agent.log" &
agent=$!
pids="$pids $agent"
until grep -qs 'has a lease' "$work/agent.log"; do sleep 0.1; done
memory=$(info memory used_memory) time=$(cpu)
fleet=$("$bench" "$BENCH_REDIS" burst "$jobs" /bin/true)
over=$((($(info memory used_memory) - memory) / jobs)) whole=$((($(cpu) - time) / jobs))
fleet_start=$("$bench" "$BENCH_REDIS" latency "$latencies" "$stamp")
# shellcheck disable=SC2086 # two numbers
row fleet "$fleet" $fleet_start
kill "$agent" "$daemon"

# Celery as it comes acknowledges a job before it runs, and loses it with its worker; "late" is what gives at least once.
celery() {
    BENCH_LATE=$1 /usr/bin/python3 -m celery -A side worker -c "$places" -P prefork --loglevel=ERROR \
        --without-gossip --without-mingle --without-heartbeat >"$work/celery.log" 2>&1 &
    celery=$!
    pids="$pids $celery"
    other=$(/usr/bin/python3 bench/fleet/side.py "$BENCH_REDIS" celery burst "$jobs" /bin/true)
    other_start=$(/usr/bin/python3 bench/fleet/side.py "$BENCH_REDIS" celery latency "$latencies" "$stamp")
    # shellcheck disable=SC2086 # two numbers
    row "$2" "$other" $other_start
    kill "$celery"
    wait "$celery" 2>/dev/null || true
    redis-cli -s "$BENCH_REDIS" flushall >/dev/null
}
celery 0 'Celery, early'
early=$other early_start=$other_start
celery 1 'Celery, late'

workers=
for _ in $(seq "$places"); do
    /usr/bin/python3 /usr/bin/rq worker -q -u "unix://$BENCH_REDIS?db=3" bench >"$work/rq.log" 2>&1 &
    workers="$workers $!"
done
pids="$pids $workers"
few=$((jobs / 10))
slow=$(/usr/bin/python3 bench/fleet/side.py "$BENCH_REDIS" rq burst "$few" /bin/true)
slow_start=$(/usr/bin/python3 bench/fleet/side.py "$BENCH_REDIS" rq latency "$((latencies / 10))" "$stamp")
# shellcheck disable=SC2086 # two numbers
row "RQ ($few jobs)" "$slow" $slow_start

ratio() {
    echo "$2 $3 $fleet $fleet_start" |
        awk -v "name=$1" '{ printf "fleet : %-14s jobs/s %.1f, p50 %.2f, p99 %.2f\n", name, $4/$1, $5/$2, $6/$3 }'
}
ratio 'Celery, early' "$early" "$early_start"
ratio 'Celery, late' "$other" "$other_start"
ratio RQ "$slow" "$slow_start"
echo "Redis, of the fleet: $waiting bytes for a job that waits, $over for one that is over;" \
    "$accepting us of its processor to accept a job, $whole us for all of a job"
