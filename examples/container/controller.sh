#!/bin/sh
# The controller of this container. It starts services one after the other. At SIGTERM (an engine stops the container)
# or SIGINT it ends them in the opposite order, then the container: with code 0, or 1 if a service needed SIGKILL.
# Usage: controller.sh SECONDS SERVICE...: the timeout of each service, and the services in the order of their start.
#
# It may be killed at any time: the daemon starts it again, the statedump has the state, and the signal is still
# pending.
set -fu
tab=$(printf '\t')
patience=$1
shift
order=$* reverse=''
for name; do reverse="$name $reverse"; done
states=' ' asked=' ' round=0 known='' ending='' target='' timer='' now=0 code=0

# ^C sends SIGINT to every process in the terminal's foreground. The controller ignores it and waits for the event.
trap '' INT

say() { printf '%s\n' "-- $*" >&2; }
send() { (IFS=$tab; printf '%s\n' "$*"); }

# Asks for the state; `known` is set when all of it has arrived.
look() {
    round=$((round + 1)) known=''
    send statedump
    send echo "round $round"
}

note() {  # NAME STATE
    kept=' '
    for pair in $states; do [ "${pair%=*}" = "$1" ] || kept="$kept$pair "; done
    states="$kept$1=$2 "
}

is() { case $states in *" $1=$2 "*) true ;; *) false ;; esac; }

# Starts a service when the one before it is up. A service that ends is started again, a second after its last start.
go_up() {
    for name in $order; do
        case $asked in
            *" $name "*) ;;
            *) asked="$asked$name "; say "starts $name"; send service.auto_up "$name" 1 always ;;
        esac
        is "$name" up || return 0
    done
}

go_down() {
    for name in $reverse; do
        if is "$name" up; then ask_to_end "$name"; return; fi
        if is "$name" start; then send service.start "$name" -; return; fi
    done
    say 'everything has ended'
    # The guard that process 1 has from the start is 1.
    send terminate "$code" 1
}

# The daemon is the clock: a service that does nothing starts when the timeout has passed. Its name is used only once,
# because a timer of an earlier run of this script may be due.
ask_to_end() {  # NAME
    [ "$target" != "$1" ] || return 0
    target=$1 timer=patience.$$.$1
    say "SIGTERM for $1"
    send service.signal "$1" SIGTERM
    send service.args "$timer" true
    send service.start "$timer" $((now + patience))
}

has_ended() {  # NAME
    [ "$target" = "$1" ] || return 0
    [ "$timer" = over ] || send service.start "$timer" -
    target=''
}

end() {  # SIGNAL
    [ -z "$ending" ] || return 0
    ending=yes
    say "got $1: everything ends, in order"
    for name in $order; do send service.auto_up "$name" -; done
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
        # The lost events may be any; a dump restates the state.
        overflow:*) look ;;
        "service.state:$timer:up")
            say "SIGKILL for $target"
            code=1 timer=over
            send service.signal "$target" SIGKILL
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
