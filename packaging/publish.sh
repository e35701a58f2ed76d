#!/bin/sh
# Publishes a program for an architecture, or says in one sentence what is missing for that: the daemon, or the one of the
# project in PROJECT, such as src/Daemonproxy.Control.
# Usage: packaging/publish.sh RID dynamic|static FOLDER [-p:NAME=VALUE…]
#        packaging/publish.sh RID needs          prints the packages that are missing, and builds nothing
set -eu
cd "$(dirname "$0")/.."
rid=$1 kind=$2

die() {
    echo "cannot publish for $rid: $*" >&2
    exit 1
}

case $rid in
    linux-x64) machine=x86_64 ;;
    linux-arm64) machine=aarch64 ;;
    *) die "the program is written for linux-x64 and linux-arm64; docs/INIT.md has a table of architectures" ;;
esac

# has FILE|COMMAND PACKAGE
missing=
has() {
    case $1 in
        /*) [ -e "$1" ] ;;
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac || missing="$missing $2"
}

# Clang links for an architecture that is not this machine's, with the C library that Debian has for it.
if [ "$(uname -m)" != "$machine" ]; then
    [ "$rid" = linux-arm64 ] || die "it can be built only on a machine of that architecture"
    has clang-14 clang-14
    has aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
    has aarch64-linux-gnu-objcopy binutils-aarch64-linux-gnu
    has /usr/aarch64-linux-gnu/lib/libc.a libc6-dev-arm64-cross
else
    command -v clang >/dev/null 2>&1 || has gcc gcc
    has objcopy binutils
    # gcc finds what it links with, wherever that is.
    for file in libc.a crt1.o; do
        path=$(gcc -print-file-name=$file 2>/dev/null) || path=
        [ "$path" != "$file" ] && [ -n "$path" ] || missing="$missing libc6-dev"
    done
fi
missing=$(echo "$missing" | tr -s ' ' '\n' | awk 'NF && !seen[$0]++' | paste -sd ' ' -)
if [ "$kind" = needs ]; then
    echo "$missing"
    exit
fi
[ -z "$missing" ] || die "apt-get install $missing"
command -v dotnet >/dev/null || die 'the .NET 10 SDK is missing'

folder=$3
shift 3
[ "$(uname -m)" = "$machine" ] ||
    set -- "$@" -p:CppCompilerAndLinker=clang-14 -p:ObjCopyName=aarch64-linux-gnu-objcopy
# The symbols are not published. What they had of the clone would give other identities than those of an archive.
set -- "$@" -p:EnableSourceLink=false -p:EnableSourceControlManagerQueries=false -p:EmbedUntrackedSources=false
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
