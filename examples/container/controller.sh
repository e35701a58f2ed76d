#!/bin/sh
# The controller of this container. Starts services one after the other; at SIGTERM (a container is to stop) or SIGINT
# ends them in the opposite order, then the container: with code 0, or 1 if one had to be killed.
# Usage: controller.sh SECONDS SERVICE...: how long each may take to end, and which there are, the first to start first.
#
# It may be killed at any time: it is started again, the statedump says what is, and the signal is still pending.
set -fu
tab=$(printf '\t')
patience=$1
shift
order=$* reverse=''
for name; do reverse="$name $reverse"; done
states=' ' asked=' ' round=0 known='' ending='' target='' timer='' now=0 code=0

# ^C goes to everything in the terminal's foreground, us too; the daemon tells us as an event, and that is enough.
trap '' INT

say() { printf '%s\n' "-- $*" >&2; }
tell() { (IFS=$tab; printf '%s\n' "$*"); }

# Asks what there is; `known` is set once all of it has come.
look() {
    round=$((round + 1)) known=''
    tell statedump
    tell echo "round $round"
}

note() {  # NAME STATE
    kept=' '
    for pair in $states; do [ "${pair%=*}" = "$1" ] || kept="$kept$pair "; done
    states="$kept$1=$2 "
}

is() { case $states in *" $1=$2 "*) true ;; *) false ;; esac; }

# The next is started when the one before it is up. One that ends is started again, a second after its last start.
go_up() {
    for name in $order; do
        case $asked in
            *" $name "*) ;;
            *) asked="$asked$name "; say "starts $name"; tell service.auto_up "$name" 1 always ;;
        esac
        is "$name" up || return 0
    done
}

go_down() {
    for name in $reverse; do
        if is "$name" up; then ask_to_end "$name"; return; fi
        if is "$name" start; then tell service.start "$name" -; return; fi
    done
    say 'everything has ended'
    # The guard that process 1 has from the start is 1.
    tell terminate "$code" 1
}

# The daemon is our clock: a service that does nothing starts when patience is over. Its name is used only once: one of
# an earlier run of this script may be due.
ask_to_end() {  # NAME
    [ "$target" != "$1" ] || return 0
    target=$1 timer=patience.$$.$1
    say "SIGTERM for $1"
    tell service.signal "$1" SIGTERM
    tell service.args "$timer" true
    tell service.start "$timer" $((now + patience))
}

has_ended() {  # NAME
    [ "$target" = "$1" ] || return 0
    [ "$timer" = over ] || tell service.start "$timer" -
    target=''
}

end() {  # SIGNAL
    [ -z "$ending" ] || return 0
    ending=yes
    say "got $1: everything ends, in order"
    for name in $order; do tell service.auto_up "$name" -; done
    look
}

step() {
    [ -n "$known" ] || return 0
    if [ -n "$ending" ]; then go_down; else go_up; fi
}

look
while IFS=$tab read -r event name state since rest; do
    case $event:$name:$state in
        "round $round::") known=yes; step ;;
        signal:SIGTERM:* | signal:SIGINT:*)
            [ "$state" -le "$now" ] || now=$state
            end "$name"
            ;;
        # What was lost may have been anything; a dump tells of it.
        overflow:*) look ;;
        "service.state:$timer:up")
            say "SIGKILL for $target"
            code=1 timer=over
            tell service.signal "$target" SIGKILL
            ;;
        service.state:patience.*) ;;
        service.state:*)
            case $state:$since in
                start:* | *:-) ;;
                *) [ "$since" -le "$now" ] || now=$since ;;
            esac
            note "$name" "$state"
            [ "$state" != down ] || has_ended "$name"
            step
            ;;
    esac
done
