#!/bin/sh
# Fetches what the image is made of, without installing anything, into out/init/ARCH: Debian's kernel, its static busybox,
# a folder `modules` of the kernel's, and a folder `extra` with an ssh server and an ntp client and their libraries. It is
# fetched once, and again when root/etc/modules has changed.
# Usage: examples/init/fetch.sh amd64|arm64
set -eu
arch=${1:-amd64}
cd "$(dirname "$0")/../.."
mkdir -p "out/init/$arch"
cd "out/init/$arch"
wanted=../../../examples/init/root/etc/modules
[ -s kernel ] && [ -s busybox ] && [ -d extra ] && cmp -s "$wanted" wanted && exit 0

# With lists and a state of its own: the machine's architectures and packages stay as they are.
mkdir -p apt
apt() {
    ../../../examples/init/apt.sh "$arch" "$@"
}
apt apt-get update >apt/log 2>&1 || { tail -5 apt/log >&2; exit 1; }
kernel=$(apt apt-cache depends "linux-image-$arch" | sed -n 's/.*Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)
[ -n "$kernel" ] || { echo "no kernel package for $arch" >&2; exit 1; }
apt apt-get download "$kernel" busybox-static >>apt/log 2>&1 || { tail -5 apt/log >&2; exit 1; }
apt apt-get download dropbear-bin openntpd libc6 libcrypt1 libtomcrypt1 libtommath1 libgmp10 zlib1g libbsd0 libmd0 \
    >>apt/log 2>&1 || { tail -5 apt/log >&2; exit 1; }
dpkg-deb -x linux-image-*.deb files
dpkg-deb -x busybox-static_*.deb files
rm -f linux-image-*.deb busybox-static_*.deb
for package in ./*.deb; do
    dpkg-deb -x "$package" more
done
cp files/boot/vmlinuz-* kernel
cp files/bin/busybox busybox
cp files/boot/config-* config

# For a disk, the network, a watchdog and the power button of QEMU.
rm -rf modules extra
mkdir -p modules extra/bin extra/lib
while read -r module; do
    find files/lib/modules -name "$module.ko" -exec cp {} modules \;
done <"$wanted"

# The programs, and the libraries that they name. A missing one is named by the machine when the program starts.
cp more/usr/sbin/dropbear more/usr/bin/dropbearkey more/usr/sbin/ntpd extra/bin
for round in 1 2 3; do
    for file in extra/bin/* extra/lib/*; do
        [ ! -f "$file" ] || readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
    done | sort -u | while read -r library; do
        [ -e "extra/lib/$library" ] || cp -L "$(find more -name "$library" | head -n 1)" extra/lib/
    done
done
cp -L "$(find more -name 'ld-linux-*' | head -n 1)" extra/lib/
rm -rf files more apt ./*.deb
cp "$wanted" wanted
ls -l kernel busybox
