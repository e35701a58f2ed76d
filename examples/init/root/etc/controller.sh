# The controller of this machine: events come in, commands go out. It may be killed at any time: Daemonproxy starts it
# again, the statedump says what is, and what it says twice changes nothing.
tab=$(printf '\t')
services='syslogd httpd getty'
ending=
running=

# say WORD...: a command.
say() {
    (IFS=$tab && printf '%s\n' "$*")
}

# A getty makes the terminal its controlling terminal, so that ^C reaches what runs there. That is the terminal behind
# /dev/console, which cannot be one itself.
define() {
    console=$(tr ' ' '\n' </sys/class/tty/console/active | tail -n 1)
    say service.args syslogd /bin/syslogd -n -O /var/log/messages
    say service.args httpd /bin/httpd -f -p 80 -h /srv
    say service.args getty /bin/getty -n -l /etc/login.sh 115200 "$console" vt100
    for name in $services; do
        say service.auto_up "$name" 1 always
    done
}

# end HOW: services get SIGTERM, a shell at the console SIGHUP, and who still runs three seconds later SIGKILL.
end() {
    [ -z "$ending" ] || return 0
    ending=$1
    for name in $services; do
        say service.auto_up "$name" -
    done
    for name in $running; do
        case $name in
            getty) say service.signal getty SIGHUP ;;
            *) say service.signal "$name" SIGTERM ;;
        esac
    done
    say service.args patience /bin/sleep 3
    say service.start patience
    finish
}

# Once nothing runs any more, a script takes the place of process 1.
finish() {
    [ -n "$ending" ] && [ -z "$running" ] || return 0
    say terminate.exec_args /bin/sh /etc/last.sh "$ending"
    say terminate 0 1
}

# Which of the services run.
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

say statedump
while IFS=$tab read -r event name state when pid reason value rest; do
    case $event.$name.$state in
        service.state.mounts.down) [ "$reason" != exit ] || define ;;
        service.state.patience.down)
            if [ "$reason" = exit ]; then
                for other in $running; do
                    say service.signal "$other" SIGKILL
                done
            fi
            ;;
        service.state.*) note "$name" "$state" && finish ;;
        # Ctrl-alt-del, and what busybox's reboot, poweroff and halt send to process 1.
        signal.SIGINT.* | signal.SIGTERM.*) end reboot ;;
        signal.SIGUSR2.* | signal.SIGPWR.*) end poweroff ;;
        signal.SIGUSR1.*) end halt ;;
    esac
done
