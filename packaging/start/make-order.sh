#!/bin/sh
# Writes packaging/start/methods.txt and sections.ld anew, after larger changes of what runs at the start. Needs root and an
# x64 machine. Runs the program twice: the C library chooses its string functions by the processor, and the second time as
# for one without vectors of 32 bytes.
# Usage: packaging/start/make-order.sh
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch packaging/start/sections.ld # the map is written when it is linked
packaging/publish.sh linux-x64 static "$work/program" "-p:LinkMap=$work/map"
gcc -O2 -Wall -Wextra -o "$work/profile" packaging/start/profile.c
for name in one two; do
    printf 'service.args\t%s\t/bin/sleep\t9\nservice.auto_up\t%s\t1\talways\n' $name $name
done >"$work/daemonproxy.conf"
printf 'service.args\tthree\t/bin/true\nservice.auto_up\tthree\t1\talways\n' >>"$work/daemonproxy.conf"
ulimit -S -n 1024 # what the kernel gives process 1
program=$work/program/daemonproxy
run() { unshare -m sh -c 'mount --bind "$1" /etc && exec "$1/profile" "$2"' sh "$work" "$program"; }
run >"$work/first"
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX512VL,-AVX512BW,-AVX512F,-AVX_Fast_Unaligned_Load,-SSSE3,-SSE4_1,-SSE4_2,-ERMS,-FSRM
run >"$work/second"
unset GLIBC_TUNABLES
python3 packaging/start/order.py "$work/map" "$program.dbg" "$work/first" "$work/second"
