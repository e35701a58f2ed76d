#!/bin/sh
# Builds the image: out/init/ARCH/image, a compressed cpio archive with Daemonproxy as /init, busybox, an ssh server, an
# ntp client, and the files of root/. It fetches what it needs first, see fetch.sh.
# Usage: examples/init/build.sh [amd64|arm64 [PROGRAM]]
set -eu
arch=${1:-amd64}
cd "$(dirname "$0")/../.."
case $arch in arm64) tree=out/linux-arm64/static more=' RID=linux-arm64' ;; *) tree=out/static more= ;; esac
program=${2:-$tree/daemonproxy}
if [ ! -x "$program" ]; then
    echo "$program is missing: make publish STATIC=1$more" >&2
    exit 1
fi
examples/init/fetch.sh "$arch"
root=out/init/$arch/root
rm -rf "$root"
mkdir -p "$root/bin"
cp -R examples/init/root/. "$root"
mkdir -p "$root/sbin" "$root/lib/modules" "$root/data" "$root/var"
ln -s ../run "$root/var/run"
cp "$program" "$root/init"
for name in init telinit halt poweroff reboot shutdown daemonproxy; do
    ln -s ../init "$root/sbin/$name"
done
cp out/init/"$arch"/modules/* "$root/lib/modules"
cp out/init/"$arch"/extra/bin/* "$root/bin"
cp out/init/"$arch"/extra/lib/* "$root/lib"
[ "$arch" != amd64 ] || ln -s lib "$root/lib64"
cp "out/init/$arch/busybox" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
chmod -R u=rwX,go=rX "$root"
chmod 755 "$root/init" "$root"/bin/* "$root"/lib/ld-linux-* "$root"/etc/*.sh "$root"/etc/acpi/PWRF/*
find "$root" -exec touch -h -d @0 {} +
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 --reproducible) | gzip -9n >"out/init/$arch/image"
ls -l "out/init/$arch/image"
