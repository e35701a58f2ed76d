#!/bin/sh
# Boots the disk in QEMU, with the serial port as console; ^A x leaves QEMU. Further arguments go to process 1.
# ssh reaches the machine at port 2222 of this one, once /root/.ssh/authorized_keys has a key.
# Usage: examples/init-debian/boot.sh [WORD...]; MEMORY=256M, DISK=FILE, QEMU='more options of QEMU'
set -eu
cd "$(dirname "$0")/../.."
[ -e out/init-debian/disk ] || examples/init-debian/build.sh >&2
# shellcheck disable=SC2086 # the words of $QEMU are options
exec qemu-system-x86_64 -machine pc -accel tcg -m "${MEMORY:-256M}" -nodefaults -nographic -no-reboot \
    ${QEMU:--serial mon:stdio -nic user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:2222-:22} \
    -drive "file=${DISK:-out/init-debian/disk},if=virtio,format=raw" \
    -kernel out/init/amd64/kernel -initrd out/init-debian/first \
    -append "console=ttyS0 no_timer_check rdinit=/init panic=-1 ${QUIET-quiet} -- $*"
