# The controller of this machine. It reads events and writes commands. It may be killed at any time: the daemon starts
# it again, the statedump has the state, and a repeated command changes nothing.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
tab=$(printf '\t')
services='rsyslog network sshd cron'
ending=
known=
stopped=
defined=
running=

# send WORD...: sends a command.
send() {
    (IFS=$tab && printf '%s\n' "$*")
}

# service NAME WORD...: defines a service that runs always. Each stays in the foreground.
service() {
    name=$1
    shift
    defined="$defined $name"
    send service.args "$name" "$@"
    send service.auto_up "$name" 5 always
}

define() {
    service rsyslog /usr/sbin/rsyslogd -n -iNONE
    service network /sbin/udhcpc -f -i eth0
    service sshd /bin/sh /etc/daemonproxy/sshd.sh
    service cron /usr/sbin/cron -f
    # Programs of the machine ask process 1 here, and people: echo statedump | daemonproxy --send
    send socket.create '' /run/daemonproxy.sock
}

# end HOW: once it is known what there is, the services are stopped.
end() {
    [ -z "$ending" ] || return 0
    ending=$1
    stop
}

# Sends SIGTERM to the services that are defined by now, SIGHUP to the getty's session, and SIGKILL to those that still
# run five seconds later. The answer `stopped` comes when all that they did before has been announced.
stop() {
    [ -n "$ending" ] && [ -n "$known" ] || return 0
    for name in $services getty; do
        case " $defined " in *" $name "*) ;; *) continue ;; esac
        case $name in
            getty) send service.stop getty 5 SIGHUP ;;
            *) send service.stop "$name" 5 ;;
        esac
    done
    send service.auto_up tick -
    send echo stopped
}

# Once no service runs any more, process 1 executes a shell, whose child runs a script, which ends what else there is.
# Whatever is wrong with that script, and although a disk or a server of files does not answer for 90 seconds, the machine
# ends, with the root read-only if it can be.
finish() {
    [ -n "$stopped" ] && [ -z "$running" ] || return 0
    # On one line, and with its arguments no more than 255 bytes.
    last='w() { while [ $((n -= 1)) -gt 0 ] && kill -0 $!; do sleep 1; done 2>&-; }; n=90; sh /etc/daemonproxy/last.sh $0 & w; '
    last=$last'kill -KILL -1; { sync; mount -o remount,ro /; } & w; /sbin/$0 -fn; exec sh'
    send terminate.exec_args /bin/sh -c "export PATH=$PATH; $last" "$ending"
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
    case " $services getty " in
        *" $1 "*) [ "$2" != up ] || running="$running $1" ;;
    esac
}

send conn.event_timeout 5 20 restart
send statedump
send echo known
while IFS=$tab read -r event name state when pid reason value rest; do
    case $event.$name.$state in
        # Whatever came of the mounts.
        service.state.mounts.down) [ "$reason" != exit ] || [ -n "$ending" ] || define ;;
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
