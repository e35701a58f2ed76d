# The controller of this machine. It reads events and writes commands. It may be killed at any time: the daemon starts
# it again, the statedump has the state, and a repeated command changes nothing.
tab=$(printf '\t')
services='syslogd httpd getty'
ending=
running=

# send WORD...: sends a command.
send() {
    (IFS=$tab && printf '%s\n' "$*")
}

# A getty makes the terminal its controlling terminal, so that ^C reaches the processes there. It needs the terminal
# behind /dev/console, because /dev/console itself cannot be a controlling terminal.
define() {
    console=$(tr ' ' '\n' </sys/class/tty/console/active | tail -n 1)
    send service.args syslogd /bin/syslogd -n -O /var/log/messages
    send service.args httpd /bin/httpd -f -p 80 -h /srv
    send service.args getty /bin/getty -n -l /etc/login.sh 115200 "$console" vt100
    for name in $services; do
        send service.auto_up "$name" 1 always
    done
}

# end HOW: sends SIGTERM to the services, SIGHUP to a shell at the console, and SIGKILL to those that still run three
# seconds later.
end() {
    [ -z "$ending" ] || return 0
    ending=$1
    for name in $services; do
        send service.auto_up "$name" -
    done
    for name in $running; do
        case $name in
            getty) send service.signal getty SIGHUP ;;
            *) send service.signal "$name" SIGTERM ;;
        esac
    done
    send service.args patience /bin/sleep 3
    send service.start patience
    finish
}

# Once no service runs any more, process 1 executes a script.
finish() {
    [ -n "$ending" ] && [ -z "$running" ] || return 0
    send terminate.exec_args /bin/sh /etc/last.sh "$ending"
    send terminate 0 1
}

# Keeps the list of services that run.
note() {
    kept=
    for other in $running; do
        [ "$other" = "$1" ] || kept="$kept $other"
    done
    running=$kept
    case " $services " in
        *" $1 "*) [ "$2" != up ] || running="$running $1" ;;
    esac
}

send statedump
while IFS=$tab read -r event name state when pid reason value rest; do
    case $event.$name.$state in
        service.state.mounts.down) [ "$reason" != exit ] || define ;;
        service.state.patience.down)
            if [ "$reason" = exit ]; then
                for other in $running; do
                    send service.signal "$other" SIGKILL
                done
            fi
            ;;
        service.state.*) note "$name" "$state" && finish ;;
        # Ctrl-alt-del, and the signals that busybox's reboot, poweroff and halt send to process 1.
        signal.SIGINT.* | signal.SIGTERM.*) end reboot ;;
        signal.SIGUSR2.* | signal.SIGPWR.*) end poweroff ;;
        signal.SIGUSR1.*) end halt ;;
    esac
done
