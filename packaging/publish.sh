#!/bin/sh
# Publishes a program for an architecture, or says in one sentence what is missing for that: the daemon, or the one of the
# project in PROJECT, such as src/Daemonproxy.Control.
# Usage: packaging/publish.sh RID dynamic|static FOLDER [-p:NAME=VALUE…]
set -eu
cd "$(dirname "$0")/.."
rid=$1 kind=$2 folder=$3
shift 3

die() {
    echo "cannot publish for $rid: $*" >&2
    exit 1
}

case $rid in
    linux-x64) machine=x86_64 ;;
    linux-arm64) machine=aarch64 ;;
    *) die "the program is written for linux-x64 and linux-arm64; docs/INIT.md has a table of architectures" ;;
esac
command -v dotnet >/dev/null || die 'the .NET 10 SDK is missing'

# Clang links for an architecture that is not this machine's, with the C library that Debian has for it.
if [ "$(uname -m)" != "$machine" ]; then
    [ "$rid" = linux-arm64 ] || die "it can be built only on a machine of that architecture"
    missing=
    for pair in clang-14:clang-14 aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu \
        aarch64-linux-gnu-objcopy:binutils-aarch64-linux-gnu; do
        command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
    done
    [ -e /usr/aarch64-linux-gnu/lib/libc.a ] || missing="$missing libc6-dev-arm64-cross"
    [ -z "$missing" ] || die "apt-get install$missing"
    set -- "$@" -p:CppCompilerAndLinker=clang-14 -p:ObjCopyName=aarch64-linux-gnu-objcopy
elif ! command -v gcc >/dev/null && ! command -v clang >/dev/null; then
    die 'apt-get install gcc'
fi
[ "$kind" = dynamic ] || set -- "$@" -p:StaticExecutable=true

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet publish "${PROJECT:-src/Daemonproxy}" -c Release -r "$rid" --nologo -v quiet -o "$folder" "$@" >"$log" 2>&1; then
    package=$(sed -n 's/.*error NU110[0-9]: [^.]*package \([^ ]*\).*/\1/p' "$log" | head -n 1)
    [ -z "$package" ] || die "no source of packages has $package"
    cat "$log" >&2
    die 'dotnet publish failed'
fi
cat "$log"
