#!/bin/sh
# Fetches Debian's kernel and its static busybox for an architecture, without installing anything: into
# out/init/ARCH/kernel and out/init/ARCH/busybox. They are fetched once.
# Usage: examples/init/fetch.sh amd64|arm64
set -eu
arch=${1:-amd64}
cd "$(dirname "$0")/../.."
mkdir -p "out/init/$arch"
cd "out/init/$arch"
[ -s kernel ] && [ -s busybox ] && exit 0

# apt with lists and a state of its own: the machine's architectures and packages stay as they are.
mkdir -p apt/lists/partial apt/cache/archives/partial
: >apt/status
apt() {
    program=$1
    shift
    "$program" -q -o "APT::Architecture=$arch" -o "APT::Architectures=$arch" -o APT::Sandbox::User=root \
        -o "Dir::State=$PWD/apt" -o "Dir::State::lists=$PWD/apt/lists" -o "Dir::State::status=$PWD/apt/status" \
        -o "Dir::Cache=$PWD/apt/cache" "$@"
}
apt apt-get update >apt/log 2>&1 || { tail -5 apt/log >&2; exit 1; }
kernel=$(apt apt-cache depends "linux-image-$arch" | sed -n 's/.*Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)
[ -n "$kernel" ] || { echo "no kernel package for $arch" >&2; exit 1; }
apt apt-get download "$kernel" busybox-static >>apt/log 2>&1 || { tail -5 apt/log >&2; exit 1; }
dpkg-deb -x linux-image-*.deb files
dpkg-deb -x busybox-static_*.deb files
cp files/boot/vmlinuz-* kernel
cp files/bin/busybox busybox
cp files/boot/config-* config
rm -rf files apt ./*.deb
ls -l kernel busybox
