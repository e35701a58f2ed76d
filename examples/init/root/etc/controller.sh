# The controller of this machine. It reads events and writes commands. It may be killed at any time: the daemon starts
# it again, the statedump has the state, and a repeated command changes nothing.
PATH=/sbin:/bin
tab=$(printf '\t')
services='syslogd klogd mdev network ntpd sshd httpd'
ending=
running=

# send WORD...: sends a command.
send() {
    (IFS=$tab && printf '%s\n' "$*")
}

# service NAME WORD...: defines a service that runs always, if its program is there.
service() {
    if [ -x "$2" ]; then
        (shift && send service.args "$name" "$@")
        send service.auto_up "$1" 5 always
    fi
}

define() {
    for name in $services; do
        case $name in
            syslogd) service syslogd /bin/syslogd -n -O /var/log/messages ;;
            klogd) service klogd /bin/klogd -n ;;
            mdev) service mdev /bin/mdev -df ;;
            network) service network /bin/udhcpc -f -i eth0 -s /etc/network.sh ;;
            ntpd) service ntpd /bin/ntpd -d -s ;;
            sshd) service sshd /bin/dropbear -F -E -R -p 22 ;;
            httpd) service httpd /bin/httpd -f -p 80 -h /srv ;;
        esac
    done
    # Programs of the machine ask process 1 here, and people: echo statedump | daemonproxy --send
    send socket.create '' /run/daemonproxy.sock
}

# The watchdog resets a machine whose controller does not come here for a minute: its driver goes on counting when the
# controller ends, and while the machine ends. A V stops it, for a machine that is to be halted.
pet() {
    if [ -z "$dog" ] && [ -c /dev/watchdog ]; then
        exec 9>/dev/watchdog
        dog=yes
    fi
    [ -z "$dog" ] || printf "$1" >&9
}

# end HOW: sends SIGTERM to the services, SIGHUP to the shell at the console, and SIGKILL to those that still run three
# seconds later.
end() {
    [ -z "$ending" ] || return 0
    ending=$1
    for name in $services login; do
        case $name in
            login) send service.stop login 3 SIGHUP ;;
            *) send service.stop "$name" 3 ;;
        esac
    done
    send service.auto_up tick -
    [ "$1" != halt ] || pet V
    finish
}

# Once no service runs any more, process 1 executes a script, which ends what else there is. Whatever is wrong with that
# script, the machine ends.
finish() {
    [ -n "$ending" ] && [ -z "$running" ] || return 0
    send terminate.exec_args /bin/busybox sh -c \
        'busybox sh /etc/last.sh $0; busybox sync; busybox umount -a -r 2>/dev/null; busybox $0 -f; exec busybox sh' "$ending"
    send terminate 0 1
}

# Keeps the list of services that run.
note() {
    kept=
    for other in $running; do
        [ "$other" = "$1" ] || kept="$kept $other"
    done
    running=$kept
    case " $services login " in
        *" $1 "*) [ "$2" != up ] || running="$running $1" ;;
    esac
}

dog=
send conn.event_timeout 5 20 restart
send statedump
while IFS=$tab read -r event name state when pid reason value rest; do
    case $event.$name.$state in
        # Whatever came of the mounts.
        service.state.mounts.down) [ "$reason" != exit ] || define ;;
        service.state.tick.down) [ -n "$ending" ] || pet . ;;
        service.state.*) note "$name" "$state" && finish ;;
        # Ctrl-alt-del, and what reboot, poweroff, halt and shutdown send to process 1.
        signal.SIGINT.* | signal.SIGTERM.*) end reboot ;;
        signal.SIGUSR2.* | signal.SIGPWR.*) end poweroff ;;
        signal.SIGUSR1.*) end halt ;;
    esac
done
