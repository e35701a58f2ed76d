#!/bin/sh
# Shows each change, restarts the talker with back-off, and ends everything in order after half a minute or at ^C. It
# reads events on standard input and writes commands to standard output; both are lines of TAB-separated fields.
tab=$(printf '\t')
say() { printf '%s\n' "-- $*" >&2; }
send() { (IFS=$tab; printf '%s\n' "$*"); }

# ^C sends SIGINT to every process in the terminal's foreground. The controller ignores it and waits for the event.
trap '' INT

delay=1
talker=down
first=
ending=

# Ends the talker, then the pipe (the logger reads to its end and exits), then the daemon.
good_bye() {
    [ -z "$ending" ] || return
    ending=yes
    say "$1; good bye"
    send service.auto_up logger -
    case $talker in
        up) send service.signal talker SIGTERM ;;
        start) send service.start talker - ;;
        down) close_pipe ;;
    esac
}

close_pipe() {
    ending=closing
    send fd.delete log.w
}

talker_is_down() {
    if [ -n "$ending" ]; then
        close_pipe
    elif [ "$1" = - ]; then
        say "controller $$ is here and starts the talker; ^C ends it all"
        send service.start talker
    elif [ $(($1 - ${first:-$1})) -ge 30 ]; then
        good_bye 'half a minute is over'
    else
        say "talker is down ($2 $3); it may try again in $delay s"
        send service.start talker $(($1 + delay))
        delay=$((delay < 4 ? delay * 2 : 4))
    fi
}

send statedump
while IFS=$tab read -r event name state since pid reason value rest; do
    case $event:$name:$state in
        service.state:talker:*)
            talker=$state
            if [ "$state" = up ]; then
                say "talker runs as process $pid"
                : "${first:=$since}"
            elif [ "$state" = down ]; then
                talker_is_down "$since" "$reason" "$value"
            fi
            ;;
        service.state:logger:down)
            [ "$ending" != closing ] || { say 'the logger has written everything'; send terminate 0; }
            ;;
        signal:SIGINT:*|signal:SIGTERM:*)
            good_bye "got $name"
            ;;
    esac
done
