# Sourced by measure.sh and namespaces.sh: the root of each process 1, with the same three services. They set $work and
# $daemon, and define image WORD..., which gets the words that handover executes in the root of $name.
busybox=out/init/amd64/busybox
bench/inits/fetch.sh >&2
for program in handover serve; do
    gcc -O2 -static -nostdlib -fno-stack-protector -fno-asynchronous-unwind-tables -s \
        -o "$work/$program" "bench/inits/$program.c"
done

# root: the directories and programs that each of them has.
root() {
    mkdir -p "$work/$name/bin" "$work/$name/sbin" "$work/$name/etc" "$work/$name/proc" "$work/$name/sys" \
        "$work/$name/dev" "$work/$name/run" "$work/$name/tmp" "$work/$name/var/log"
    cp "$work/handover" "$work/serve" "$work/$name"
    [ ! -d "out/inits/$name" ] || cp -R "out/inits/$name/." "$work/$name"
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
