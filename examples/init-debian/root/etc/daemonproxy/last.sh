# A child of process 1 runs this script when the services have ended; $1 is poweroff, reboot or halt. What still runs is
# ended first: a file that is open for writing keeps the root from being mounted read-only, and so from being clean.
echo "last: $1" >/dev/kmsg
kill -TERM -1
sleep 1
kill -KILL -1
sleep 1
sync
swapoff -a
umount -a -r
