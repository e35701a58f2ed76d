#!/bin/sh
# Boots the image in QEMU, with the serial port as console; ^A x leaves QEMU. Further arguments go to process 1.
# Usage: examples/init/boot.sh [amd64|arm64 [WORD...]]; MEMORY=96M, QEMU='more options of QEMU'
set -eu
arch=${1:-amd64}
[ $# -eq 0 ] || shift
cd "$(dirname "$0")/../.."
[ -e "out/init/$arch/image" ] || examples/init/build.sh "$arch" >&2
case $arch in
    arm64) machine='qemu-system-aarch64 -machine virt -cpu cortex-a57' console=ttyAMA0 ;;
    *) machine='qemu-system-x86_64 -machine pc' console='ttyS0 nokaslr no_timer_check' ;;
esac
# shellcheck disable=SC2086 # the words of $machine and $QEMU are options
# Without nokaslr Debian's kernel for amd64 needs 16 MB more to start. Without no_timer_check it panics when the emulated
# timer comes late, on a busy machine.
exec $machine -accel tcg -m "${MEMORY:-128M}" -nodefaults -nographic -no-reboot ${QEMU:--serial mon:stdio} \
    -kernel "out/init/$arch/kernel" -initrd "${IMAGE:-out/init/$arch/image}" \
    -append "console=$console rdinit=/init panic=-1 ${QUIET-quiet} -- $*"
