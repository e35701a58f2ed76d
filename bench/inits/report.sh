# Runs beside the process 1 that is measured: waits until three services are up and all is quiet, prints what the
# kernel's log says about their times, and the memory of each process that is neither a service nor of this script.
b=/report/busybox
for try in 1 2 3 4 5 6 7 8 9 10; do
    $b sleep 3
    [ "$($b dmesg | $b grep -c 'service up')" -lt 3 ] || break
done
$b sleep 3
echo
$b dmesg | $b sed -n -e 's/.*\[ *\([0-9.]*\)\] handover$/began \1/p' -e 's/.*\[ *\([0-9.]*\)\] service up$/up \1/p'
for process in /proc/[0-9]*; do
    program=$($b readlink $process/exe) || continue
    case $program in /report/* | /serve | */run) continue ;; esac
    memory=$($b awk '/^Rss:/ { r = $2 } /^Pss:/ { p = $2 } END { print r, p }' $process/smaps_rollup)
    echo "process $program $memory"
done
echo finished
$b reboot -f
