# Process 1 runs this script once, before everything else. Only busybox exists yet.
set -e
/bin/busybox mkdir -p /proc /sys /dev /run /tmp /var/log
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev 2>/dev/null || [ -c /dev/null ]
/bin/busybox mkdir -p /dev/pts
/bin/busybox mount -t devpts devpts /dev/pts
/bin/busybox mount -t tmpfs -o mode=0755 tmpfs /run
/bin/busybox mount -t tmpfs -o mode=1777 tmpfs /tmp
/bin/busybox --install -s /bin
ifconfig lo 127.0.0.1 up
hostname small
echo "mounted after $(cut -d ' ' -f 1 /proc/uptime) seconds" >/dev/kmsg
