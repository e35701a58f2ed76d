# Process 1 executes this script when everything has ended; $1 is poweroff, reboot or halt.
echo "last: $1" >/dev/kmsg
umount -a -r 2>/dev/null
sync
exec /bin/busybox "$1" -f
