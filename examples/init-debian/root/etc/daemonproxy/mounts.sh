# Process 1 runs this script once, before everything else. The root is mounted read-only. What fails is said, and the
# rest is done: a machine without one of these can still be mended at its console.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
failed=0
try() {
    "$@" || { echo "mounts: failed: $*" >&2; failed=1; }
}
try mount -t proc proc /proc
try mount -t sysfs sysfs /sys
[ -c /dev/null ] || try mount -t devtmpfs devtmpfs /dev
try mkdir -p /dev/pts /dev/shm
try mount -t devpts -o gid=5,mode=620 devpts /dev/pts
try mount -t tmpfs -o mode=1777 tmpfs /dev/shm
try mount -t tmpfs -o mode=0755 tmpfs /run
try mkdir -p /run/sshd
try mkdir -m 1777 /run/lock

# fsck(8): 1 is a file system that has been mended, 2 one that has to be mounted anew, 4 and more one that is broken.
fsck -p -C0 -T /
status=$?
case $status in
    0 | 1) try mount -o remount,rw / ;;
    2 | 3) echo 'mounts: the root has been mended: restarting' >&2; exec /sbin/reboot -f ;;
    *) echo "mounts: the root stays read-only: fsck exits $status" >&2; failed=1 ;;
esac
try mount -a
try mount -t tmpfs -o mode=1777 tmpfs /tmp
try hostname -F /etc/hostname
try ip link set lo up
echo "mounted after $(cut -d ' ' -f 1 /proc/uptime) seconds" >/dev/kmsg
exit $failed
