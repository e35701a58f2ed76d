#!/bin/sh
# Fetches Debian's init programs, without installing anything, into out/inits: a folder for each, with its programs and
# the libraries that they name. It is fetched once.
# Usage: bench/inits/fetch.sh
set -eu
cd "$(dirname "$0")/../.."
examples/init/fetch.sh amd64
mkdir -p out/inits
cd out/inits
[ ! -d finit ] || exit 0

apt() {
    ../../examples/init/apt.sh amd64 "$@" >>log 2>&1 || { tail -5 log >&2; exit 1; }
}
apt apt-get update
apt apt-get download sysvinit-core runit s6 finit \
    libc6 libselinux1 libpcre2-8-0 libs6-2.11 libskarnet2.13 libexecline2.9 libcrypt1 libite5 libuev3
for package in ./*.deb; do
    dpkg-deb -x "$package" files
done

# take NAME PROGRAM...: these programs and the libraries that they need, each at its place.
take() {
    mkdir -p "$1/lib64"
    name=$1
    shift
    for program; do
        mkdir -p "$name/${program%/*}"
        cp "files/$program" "$name/$program"
    done
    for round in 1 2 3; do
        find "$name" -type f -exec readelf -d {} + | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u |
            while read -r library; do
                [ -e "$name/lib/$library" ] ||
                    install -D "$(realpath "$(find files -name "$library" | head -n 1)")" "$name/lib/$library"
            done
    done
    mv "$name"/lib/ld-linux-* "$name/lib64"
}
take sysvinit sbin/init
take runit sbin/runit usr/bin/runsvdir usr/bin/runsv
take s6 usr/bin/s6-svscan usr/bin/s6-supervise
take finit sbin/finit
rm -rf files apt ./*.deb
