# The controller of this machine. It reads events and writes commands. It may be killed at any time: the daemon starts
# it again, the statedump has the state, and a repeated command changes nothing.
PATH=/sbin:/bin
tab=$(printf '\t')
services='syslogd klogd mdev acpid network ntpd sshd httpd'
ending=
known=
stopped=
defined=
running=

# send WORD...: sends a command.
send() {
    (IFS=$tab && printf '%s\n' "$*")
}

# service NAME WORD...: defines a service that runs always, if its program is there.
service() {
    if [ -x "$2" ]; then
        defined="$defined $1"
        (shift && send service.args "$name" "$@")
        send service.auto_up "$1" 5 always
    fi
}

# has NAME: false for what this machine has no use for.
has() {
    [ "$1" != acpid ] || [ -e /dev/input/event0 ]
}

define() {
    for name in $services; do
        has "$name" || continue
        case $name in
            syslogd) service syslogd /bin/syslogd -n -O /var/log/messages ;;
            klogd) service klogd /bin/klogd -n ;;
            mdev) service mdev /bin/mdev -df ;;
            # Reads the power button, and calls /etc/acpi/PWRF/00000080.
            acpid) service acpid /bin/acpid -f -l /dev/null ;;
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

# end HOW: once it is known what there is, the services are stopped.
end() {
    [ -z "$ending" ] || return 0
    ending=$1
    stop
}

# Sends SIGTERM to the services that are defined by now, SIGHUP to the shell at the console, and SIGKILL to those that
# still run three seconds later. The answer `stopped` comes when all that they did before has been announced.
stop() {
    [ -n "$ending" ] && [ -n "$known" ] || return 0
    for name in $services login; do
        case " $defined " in *" $name "*) ;; *) continue ;; esac
        case $name in
            login) send service.stop login 3 SIGHUP ;;
            *) send service.stop "$name" 3 ;;
        esac
    done
    send service.auto_up tick -
    [ "$ending" != halt ] || pet V
    send echo stopped
}

# Once no service runs any more, process 1 executes a shell, whose child runs a script, which ends what else there is.
# Whatever is wrong with that script, and although a disk or a server of files does not answer for 40 seconds, the machine
# ends.
finish() {
    [ -n "$stopped" ] && [ -z "$running" ] || return 0
    # On one line, and with its arguments no more than 255 bytes.
    last='w() { while [ $((n -= 1)) -gt 0 ] && kill -0 $!; do busybox sleep 1; done 2>&-; }; n=40; '
    last=$last'busybox sh /etc/last.sh $0 & w; { busybox sync; busybox umount -a -r; } 2>&- & w; busybox $0 -fn; exec busybox sh'
    send terminate.exec_args /bin/busybox sh -c "$last" "$ending"
    send terminate 0 1
}

# Keeps the lists of the services that are defined, and that run.
note() {
    case " $defined " in *" $1 "*) ;; *) defined="$defined $1" ;; esac
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
send echo known
while IFS=$tab read -r event name state when pid reason value rest; do
    case $event.$name.$state in
        # Whatever came of the mounts.
        service.state.mounts.down) [ "$reason" != exit ] || [ -n "$ending" ] || define ;;
        service.state.tick.down) [ -n "$ending" ] || pet . ;;
        service.state.*) note "$name" "$state" && finish ;;
        known..) known=yes && stop ;;
        stopped..) stopped=yes && finish ;;
        # Ctrl-alt-del, and what reboot, poweroff, halt and shutdown send to process 1; systemd's tools and LXC send the
        # last of each line.
        signal.SIGINT.* | signal.SIGTERM.* | signal.SIGRTMIN+5.*) end reboot ;;
        signal.SIGUSR2.* | signal.SIGPWR.* | signal.SIGRTMIN+4.*) end poweroff ;;
        signal.SIGUSR1.* | signal.SIGRTMIN+3.*) end halt ;;
    esac
done
