#!/bin/sh
# Shows what happens as it happens, restarts the talker with back-off, and ends everything, in order, after half a
# minute or at ^C. Events come in on standard input, commands go out on standard output; both are TAB-separated fields.
tab=$(printf '\t')
say() { printf '%s\n' "-- $*" >&2; }
tell() { (IFS=$tab; printf '%s\n' "$*"); }

# ^C goes to everything in the terminal's foreground, us too; the daemon tells us as an event, and that is enough.
trap '' INT

delay=1
talker=down
first=
ending=

# In order: the talker, then the pipe (the logger reads to its end and leaves), then the daemon.
good_bye() {
    [ -z "$ending" ] || return
    ending=yes
    say "$1; good bye"
    tell service.auto_up logger -
    case $talker in
        up) tell service.signal talker SIGTERM ;;
        start) tell service.start talker - ;;
        down) close_pipe ;;
    esac
}

close_pipe() {
    ending=closing
    tell fd.delete log.w
}

talker_is_down() {
    if [ -n "$ending" ]; then
        close_pipe
    elif [ "$1" = - ]; then
        say "controller $$ is here and starts the talker; ^C ends it all"
        tell service.start talker
    elif [ $(($1 - ${first:-$1})) -ge 30 ]; then
        good_bye 'half a minute is over'
    else
        say "talker is down ($2 $3); it may try again in $delay s"
        tell service.start talker $(($1 + delay))
        delay=$((delay < 4 ? delay * 2 : 4))
    fi
}

tell statedump
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
            [ "$ending" != closing ] || { say 'the logger has written everything'; tell terminate 0; }
            ;;
        signal:SIGINT:*|signal:SIGTERM:*)
            good_bye "got $name"
            ;;
    esac
done
