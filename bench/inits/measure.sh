#!/bin/sh
# Boots Daemonproxy and the init programs of Debian in QEMU, one after the other and again, with the same kernel and the
# same three services, and prints the medians: milliseconds from the hand-over to the first service's output and to all
# three, kilobytes of everything that supervises, bytes on disk. amd64, under emulation.
# The clock of the machine counts instructions, 8 ns each, so that other work on this machine does not matter.
# Usage: bench/boot.sh machines [ROUNDS]
# DAEMON=PROGRAM; MEMORY=megabytes of the machine; QEMU='other options of QEMU'; KEEP=FILE has the figures of each boot.
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-3}
daemon=${DAEMON:-out/static/daemonproxy}
[ -x "$daemon" ] || { echo "$daemon is missing: make publish STATIC=1" >&2; exit 1; }
kernel=out/init/amd64/kernel
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. bench/inits/roots.sh

# image WORD...: the archive in which handover executes these words.
image() {
    root
    mkdir -p "$work/$name/report"
    cp "$busybox" "$work/$name/report/busybox"
    cp bench/inits/report.sh "$work/$name/report"
    # The report has a busybox of its own: what process 1 is measured as shares nothing with the report.
    cat >"$work/$name/init" <<END
#!/report/busybox sh
b=/report/busybox
\$b mount -t proc proc /proc
\$b mount -t sysfs sysfs /sys
\$b mount -t devtmpfs devtmpfs /dev 2>/dev/null
\$b sh /report/report.sh >/dev/ttyS1 2>&1 </dev/null &
exec /handover $*
END
    chmod 755 "$work/$name/init"
    (cd "$work/$name" && find . | cpio --quiet -o -H newc -R 0:0) >"$work/$name.image"
}

# boot NAME: adds its figures.
boot() {
    # shellcheck disable=SC2086 # the words of $QEMU are options
    timeout 120 qemu-system-x86_64 -machine pc -accel tcg -m "${MEMORY:-160}M" -nodefaults -nographic -no-reboot \
        ${QEMU--icount shift=3,sleep=off} -serial "file:$work/console" -serial "file:$work/answer" \
        -kernel $kernel -initrd "$work/$1.image" \
        -append 'console=ttyS0 nokaslr rdinit=/init panic=-1 printk.devkmsg=on quiet' </dev/null >"$work/qemu" 2>&1 || :
    tr -d '\r' <"$work/answer" | awk -v name="$1" '
        $1 == "began" { began = $2 } $1 == "up" { count++; up[count] = $2 }
        $1 == "process" { processes++; resident += $3; private += $4 }
        END {
            if (count < 3 || !processes) exit 1
            printf "%s boot %.1f %.1f %d %d %d\n", name, (up[1] - began) * 1000, (up[3] - began) * 1000,
                private, resident, processes
        }' >>"$work/figures" || {
        echo "$1 did not come up:" >&2
        tail -n 20 "$work/console" "$work/answer" "$work/qemu" >&2
    }
}

# median NAME COLUMN
median() {
    sed -n "s/^$1 boot //p" "$work/figures" | cut -d ' ' -f "$2" | sort -g |
        awk '{ all[NR] = $1 } END { print NR ? all[int((NR + 1) / 2)] : "-" }'
}

prepare
all='daemonproxy busybox sysvinit runit s6 finit'
for round in $(seq "$rounds"); do
    for name in $all; do
        boot $name
    done
done
printf '%-12s %9s %9s %10s %12s %10s %12s %14s\n' \
    '' 'first ms' 'all ms' 'PSS kB' 'resident kB' processes 'programs B' 'with libs B'
for name in $all; do
    printf '%-12s %9s %9s %10s %12s %10s %12s %14s\n' $name "$(median $name 1)" "$(median $name 2)" \
        "$(median $name 3)" "$(median $name 4)" "$(median $name 5)" \
        $(sed -n "s/^$name size //p" "$work/figures")
done
[ -z "${KEEP:-}" ] || cp "$work/figures" "$KEEP"
