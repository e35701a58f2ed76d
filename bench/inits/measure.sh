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
bench/inits/fetch.sh >&2
kernel=out/init/amd64/kernel busybox=out/init/amd64/busybox
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for program in handover serve; do
    gcc -O2 -static -nostdlib -fno-stack-protector -fno-asynchronous-unwind-tables -s \
        -o "$work/$program" "bench/inits/$program.c"
done

# image NAME WORD...: the archive in which handover executes these words.
image() {
    mkdir -p "$work/$name/bin" "$work/$name/sbin" "$work/$name/report" "$work/$name/etc" "$work/$name/proc" \
        "$work/$name/sys" "$work/$name/dev" "$work/$name/run" "$work/$name/tmp" "$work/$name/var/log"
    cp "$work/handover" "$work/serve" "$work/$name"
    cp "$busybox" "$work/$name/report/busybox"
    cp bench/inits/report.sh "$work/$name/report"
    [ ! -d "out/inits/$name" ] || cp -R "out/inits/$name/." "$work/$name"
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

# shell WORD...: busybox by these names too, for those that run scripts.
shell() {
    mkdir -p "$work/$name/bin"
    cp "$busybox" "$work/$name/bin/busybox"
    for word; do
        ln -s busybox "$work/$name/bin/$word"
    done
}

# directories FOLDER: a service each, as runit and s6 want it; the program itself, without a script before it.
directories() {
    for service in one two three; do
        mkdir -p "$work/$name/$1/$service"
        cp "$work/serve" "$work/$name/$1/$service/run"
    done
}

# size NAME FILE...: bytes of these and of the libraries of NAME.
size() {
    name=$1
    shift
    own=$(cat "$@" | wc -c)
    all=$own
    [ ! -d "out/inits/$name" ] || all=$(find "out/inits/$name" -type f -exec cat {} + | wc -c)
    echo "$name size $own $all" >>"$work/figures"
}

prepare() {
    name=daemonproxy
    mkdir -p "$work/$name/sbin" "$work/$name/etc"
    cp "$daemon" "$work/$name/sbin/init"
    for service in one two three; do
        printf 'service.args\t%s\t/serve\nservice.auto_up\t%s\t1\talways\n' $service $service
    done >"$work/$name/etc/daemonproxy.conf"
    size $name "$daemon"
    image /sbin/init

    name=busybox
    shell
    mkdir -p "$work/$name/etc" "$work/$name/sbin"
    ln -s ../bin/busybox "$work/$name/sbin/init"
    printf '::respawn:/serve %s\n' one two three >"$work/$name/etc/inittab"
    size $name "$busybox"
    image /sbin/init

    name=sysvinit
    mkdir -p "$work/$name/etc"
    printf 'id:2:initdefault:\n1:2:respawn:/serve\n2:2:respawn:/serve\n3:2:respawn:/serve\n' >"$work/$name/etc/inittab"
    size $name out/inits/$name/sbin/init
    image /sbin/init

    name=runit
    shell sh
    directories etc/service
    mkdir -p "$work/$name/etc/runit"
    printf '#!/bin/sh\nexit 0\n' >"$work/$name/etc/runit/1"
    printf '#!/bin/sh\nexec /usr/bin/runsvdir -P /etc/service\n' >"$work/$name/etc/runit/2"
    cp "$work/$name/etc/runit/1" "$work/$name/etc/runit/3"
    chmod 755 "$work/$name"/etc/runit/*
    size $name out/inits/$name/sbin/runit out/inits/$name/usr/bin/*
    image /sbin/runit

    name=s6
    directories service
    size $name out/inits/$name/usr/bin/*
    image /usr/bin/s6-svscan /service

    name=finit
    mkdir -p "$work/$name/etc/finit.d"
    shell sh mount umount mkdir hostname swapon touch
    : >"$work/$name/etc/fstab"
    printf 'service :%d [S12345] /serve -- service\n' 1 2 3 >"$work/$name/etc/finit.conf"
    size $name out/inits/$name/sbin/finit
    image /sbin/finit
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
