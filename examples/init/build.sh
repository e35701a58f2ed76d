#!/bin/sh
# Builds the image: out/init/ARCH/image, a compressed cpio archive with Daemonproxy as /init, busybox, and the files of
# root/. It fetches busybox and a kernel first, see fetch.sh.
# Usage: examples/init/build.sh [amd64|arm64 [PROGRAM]]
set -eu
arch=${1:-amd64}
cd "$(dirname "$0")/../.."
case $arch in arm64) tree=artifacts/dist/linux-arm64 ;; *) tree=out/static ;; esac
program=${2:-$tree/daemonproxy}
if [ ! -x "$program" ]; then
    echo "$program is missing: make publish STATIC=1 builds it for amd64, make dist for arm64" >&2
    exit 1
fi
examples/init/fetch.sh "$arch"
root=out/init/$arch/root
rm -rf "$root"
mkdir -p "$root/bin"
cp -R examples/init/root/. "$root"
cp "$program" "$root/init"
cp "out/init/$arch/busybox" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
chmod -R u=rwX,go=rX "$root"
chmod 755 "$root/init" "$root/bin/busybox" "$root/etc/login.sh"
find "$root" -exec touch -h -d @0 {} +
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 --reproducible) | gzip -9n >"out/init/$arch/image"
ls -l "out/init/$arch/image"
