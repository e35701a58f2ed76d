# Runs in the place of process 1 when everything has ended; $1 is poweroff, reboot or halt.
echo "last: $1" >/dev/kmsg
umount -a -r 2>/dev/null
sync
exec /bin/busybox "$1" -f
