#!/bin/sh
# How soon the first service runs once process 1 is executed, in PID namespaces of this machine: the static and the
# dynamic program beside the bare process 1 of bench/floor. Where the kernel can trace, also what the time goes to.
# For root. Usage: bench/boot.sh [RUNS]
# As process 1 of a machine in QEMU, beside the init programs of Debian. Usage: bench/boot.sh machines [ROUNDS]
# In namespaces, beside busybox init and sysvinit. Usage: bench/boot.sh namespaces [ROUNDS]
set -eu
cd "$(dirname "$0")/.."
if [ "${1:-}" = machines ]; then
    shift
    exec bench/inits/measure.sh "$@"
elif [ "${1:-}" = namespaces ]; then
    shift
    exec bench/inits/namespaces.sh "$@"
fi
runs=${1:-100}
make -s floor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'service.args\tfirst\t%s\nservice.fds\tfirst\tnull\tstdout\tstderr\nservice.start\tfirst\n' \
    "$PWD/out/floor/stamp" >"$work/conf"

# median COLUMN: of what was traced, in milliseconds.
median() {
    cut -d ' ' -f "$1" "$work/parts" | sort -g | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] * 1000 }'
}

# split PROGRAM: where the milliseconds are, the median of each part.
split() {
    trace=/sys/kernel/tracing/instances/daemonproxy.$$
    mkdir "$trace" 2>/dev/null || return 0
    echo 1 >"$trace/options/event-fork"
    # openat(2) with O_PATH: the first thing that Main does is to open its own program.
    case $(uname -m) in aarch64) openat=56 ;; *) openat=257 ;; esac
    echo "id == $openat" >"$trace/events/raw_syscalls/sys_enter/filter"
    for event in sched/sched_process_exec sched/sched_process_fork raw_syscalls/sys_enter; do
        echo 1 >"$trace/events/$event/enable"
    done
    sh -c 'echo $$ >"$1/set_event_pid"; shift; exec "$@" >/dev/null' - "$trace" \
        out/floor/boot "$runs" out/floor/init out/floor/stamp "$1" -q -c "$work/conf"
    sed 's/.* \([0-9]*\.[0-9]*\): /\1 /' "$trace/trace" >"$work/trace"
    rmdir "$trace"
    awk '
        / sched_process_exec: .*daemonproxy / { began = $1; main = 0 }
        / sys_enter: .*, 200000, / && !main { main = $1 }
        / sched_process_fork: comm=daemonproxy / { forked = $1 }
        / sched_process_exec: .*stamp / && main { print main - began, forked - main, $1 - forked; main = 0 }
    ' "$work/trace" >"$work/parts"
    printf '    execve to Main %s ms, Main to clone %s ms, clone to execve of the service %s ms\n' \
        "$(median 1)" "$(median 2)" "$(median 3)"
}

for program in out/static/daemonproxy out/daemonproxy; do
    [ -x "$program" ] || continue
    out/floor/boot "$runs" out/floor/init out/floor/stamp "$program" -q -c "$work/conf" | awk -F '\t' -v name="$program" '
        { ms[$1] = $2 / 1e6 }
        END {
            printf "%-24s p50 %.2f ms, best %.2f ms; bare p50 %.2f ms, best %.2f ms; ratio %.1f\n", name,
                ms["program p50"], ms["program best"], ms["bare p50"], ms["bare best"], ms["program p50"] / ms["bare p50"]
        }'
    split "$program"
done
