#!/bin/sh
# What supervising costs in memory: Daemonproxy (static and dynamic), runit and s6 with 1 and with N services that
# sleep. Adds up Rss, and Anonymous and shared memory of its own, of smaps_rollup, over the processes of the supervisor
# alone. Those that are not installed are left out.
# Usage: bench/small.sh [N]
set -eu
cd "$(dirname "$0")/.."
n=${1:-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# tree PID: a process and all that came of it.
tree() {
    echo "$1"
    for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
        tree "$child"
    done
}

# report NAME COUNT PID: those of the tree that are not services.
report() {
    for pid in $(tree "$3"); do
        case $(cat "/proc/$pid/comm") in sleep) continue ;; esac
        sed "s/^/$pid /" "/proc/$pid/smaps_rollup" 2>/dev/null || :
        awk -v pid="$pid" '/^[0-9a-f]+-/ { m = /memfd:daemonproxy/ } /^Rss:/ && m { print pid, "Image:", $2 }' \
            "/proc/$pid/smaps"
    done | awk -v name="$1" -v count="$2" '
        $2 == "Rss:" { rss += $3; processes++ } $2 == "Anonymous:" || $2 == "Image:" { own += $3 }
        END { printf "%-22s %5d services %5d processes %8d kB resident %8d kB own\n", name, count, processes, rss, own }'
    # Stopped from the root on, nobody starts anything again.
    for pid in $(tree "$3"); do
        kill -STOP "$pid" 2>/dev/null || :
    done
    for pid in $(tree "$3"); do
        kill -KILL "$pid" 2>/dev/null || :
    done
    wait "$3" 2>/dev/null || :
}

# await COUNT PID: until so many services sleep.
await() {
    until [ "$(tree "$2" | while read -r pid; do cat "/proc/$pid/comm"; done 2>/dev/null | grep -cx sleep)" -ge "$1" ]; do
        sleep 0.5
    done
    sleep 2
}

daemonproxy() {
    for number in $(seq "$2"); do
        printf 'service.args\ts%d\t/bin/sleep\t100000\nservice.start\ts%d\n' "$number" "$number"
    done >"$work/conf"
    "$3" -q -c "$work/conf" 2>/dev/null &
    await "$2" $!
    report "$1" "$2" $!
}

# services COUNT: a directory for each, as runit and s6 want it.
services() {
    rm -rf "$work/services"
    for number in $(seq "$1"); do
        mkdir -p "$work/services/s$number"
        printf '#!/bin/sh\nexec sleep 100000\n' >"$work/services/s$number/run"
        chmod +x "$work/services/s$number/run"
    done
}

for count in 1 "$n"; do
    [ ! -x out/static/daemonproxy ] || daemonproxy 'daemonproxy, static' "$count" out/static/daemonproxy
    [ ! -x out/daemonproxy ] || daemonproxy 'daemonproxy, dynamic' "$count" out/daemonproxy
    if command -v runsvdir >/dev/null; then
        services "$count"
        runsvdir "$work/services" 2>/dev/null &
        await "$count" $!
        report runit "$count" $!
    fi
    if command -v s6-svscan >/dev/null; then
        services "$count"
        s6-svscan -c $((count + 10)) "$work/services" 2>/dev/null &
        await "$count" $!
        report s6 "$count" $!
    fi
done
