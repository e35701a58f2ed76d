#!/bin/busybox sh
# The kernel starts this script from the archive in memory: it loads the drivers, mounts the disk, and hands over to the
# /sbin/init that it finds there. $@ are the words of the kernel's command line that the kernel does not know.
b=/bin/busybox
$b mount -t devtmpfs devtmpfs /dev
while read -r module; do
    [ ! -e "/modules/$module.ko" ] || $b insmod "/modules/$module.ko" 2>/dev/null
done </etc/modules
for try in 1 2 3 4 5 6 7 8 9 10; do
    ! $b mount -t ext4 -o ro /dev/vda /root 2>/dev/null || break
    $b sleep 1
done
if [ -x /root/sbin/init ]; then
    # So that there is a /dev/console from the start.
    $b mount --move /dev /root/dev
    exec $b switch_root /root /sbin/init "$@"
fi
echo "first: no /sbin/init on /dev/vda"
exec $b sh
