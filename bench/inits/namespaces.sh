#!/bin/sh
# Runs Daemonproxy, busybox init and sysvinit on this machine, each as process 1 of a PID namespace with a root of its
# own, one after the other and again: milliseconds from the hand-over to the first service's output and to all three,
# medians, and the best first one. The times are those of the kernel's log, as in measure.sh. amd64, for root.
# Usage: bench/boot.sh namespaces [ROUNDS]
# DAEMON=PROGRAM
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-20}
daemon=${DAEMON:-out/static/daemonproxy}
[ -x "$daemon" ] || { echo "$daemon is missing: make publish STATIC=1" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. bench/inits/roots.sh

image() {
    root
    echo "$*" >"$work/$name.words"
}

# since MARK: the times of what the kernel's log has since then.
since() {
    dmesg | awk -v mark="$1" '
        index($0, mark) { began = ""; count = 0 }
        / handover$/ { began = time($0) }
        / service up$/ { up[++count] = time($0) }
        END { if (began != "" && count >= 3) printf "%.3f %.3f\n", (up[1] - began) * 1000, (up[3] - began) * 1000 }
        function time(line) { sub(/^\[ */, "", line); return substr(line, 1, index(line, "]") - 1) }'
}

run() {
    mark="$work $1 $2"
    echo "$mark" >/dev/kmsg
    unshare --pid --fork --kill-child --mount --uts --ipc --net sh -c '
        mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev" && root=$1 && shift && exec chroot "$root" /handover "$@"
        ' sh "$work/$1" $(cat "$work/$1.words") </dev/null >/dev/null 2>&1 &
    for try in 1 2 3 4 5 6 7 8 9 10; do
        sleep 0.2
        figures=$(since "$mark")
        [ -z "$figures" ] || break
    done
    kill -KILL $!
    wait $! 2>/dev/null || :
    [ -n "$figures" ] || { echo "$1 did not come up" >&2; exit 1; }
    echo "$1 $figures" >>"$work/figures"
}

# figure NAME COLUMN PART: the PART of 0 to 1 of a column, in order.
figure() {
    sed -n "s/^$1 \([0-9.]* [0-9.]*\)\$/\1/p" "$work/figures" | cut -d ' ' -f "$2" | sort -g |
        awk -v part="$3" '{ all[NR] = $1 } END { printf "%.2f", all[1 + int((NR - 1) * part)] }'
}

prepare
all='daemonproxy busybox sysvinit'
for round in $(seq "$rounds"); do
    for name in $all; do
        run "$name" "$round"
    done
done
printf '%-12s %9s %9s %9s\n' '' 'first ms' 'all ms' 'best ms'
for name in $all; do
    printf '%-12s %9s %9s %9s\n' $name "$(figure $name 1 0.5)" "$(figure $name 2 0.5)" "$(figure $name 1 0)"
done
