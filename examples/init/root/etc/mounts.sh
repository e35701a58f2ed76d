# Process 1 runs this script once, before everything else. Only busybox exists yet. What fails is said, and the rest is
# done: a machine without one of these can still be mended.
b=/bin/busybox
failed=0
try() {
    "$@" || { echo "mounts: failed: $*" >&2; failed=1; }
}
try $b mkdir -p /proc /sys /dev /run /tmp /var/log /data /etc/dropbear
try $b mount -t proc proc /proc
try $b mount -t sysfs sysfs /sys
# The kernel may have mounted it already.
$b mount -t devtmpfs devtmpfs /dev 2>/dev/null || try [ -c /dev/null ]
try $b mkdir -p /dev/pts
try $b mount -t devpts devpts /dev/pts
try $b mount -t tmpfs -o mode=0755 tmpfs /run
try $b mount -t tmpfs -o mode=1777 tmpfs /tmp
try $b --install -s /bin
while read -r module; do
    [ ! -e "/lib/modules/$module.ko" ] || insmod "/lib/modules/$module.ko" 2>/dev/null
done </etc/modules
try mdev -s
if [ -b /dev/vda ]; then
    try mount -t ext4 /dev/vda /data
fi
try mkdir -p /run/openntpd /var/lib/openntpd/db /var/lib/openntpd/run
try ifconfig lo 127.0.0.1 up
try hostname small
echo "mounted after $(cut -d ' ' -f 1 /proc/uptime) seconds" >/dev/kmsg
exit $failed
