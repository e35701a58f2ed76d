#!/bin/sh
# At SIGTERM or SIGINT to the daemon, this controller ends everything in order: services by stage (tag `stop=1` to
# `stop=9`; the default is 5), then loggers (tag `logger=FD`, the writing end of the pipe that they read), then the
# daemon.
# Usage: controller.sh [SECONDS [LOGGERS]]: the timeout of a stage before the next stronger signal (5), and that of the
# loggers, which lose what they have not read by then (60).
#
# It works in rounds: ask for the state; stop the first stage that is not finished; wait until it has ended or the
# timeout has passed; ask again. It remembers almost nothing from round to round. So a service may end or start at any
# moment, events may be lost (overflow), and this script may be killed: its next run continues.
set -fu
tab=$(printf '\t')
patience=${1:-5} loggers_patience=${2:-60}
round=0 now=0 stage='' targets=' ' level=0 crashes=0
closed=' ' fresh=' ' finished=' '

# ^C sends SIGINT to every process in the terminal's foreground. The controller ignores it and waits for the event.
trap '' INT

say() { printf '%s\n' "-- $*" >&2; }
send() { IFS=$tab; printf '%s\n' "$*"; unset IFS; }

# Lists are words between blanks.
has() { case $1 in *" $2 "*) true ;; *) false ;; esac; }
without() { kept=$1; case $1 in *" $2 "*) kept=${1%%" $2 "*}' '${1#*" $2 "} ;; esac; }

# What a round finds: services that are up, services that wait for their start, STAGE/NAME, and FD/NAME of loggers.
look() {
    round=$((round + 1))
    timer=stop.timer.$$.$round
    up=' ' waiting=' ' stages=' ' loggers=' ' targets=' '
    send statedump
    send echo "round $round"
}

take_state() {  # NAME STATE SINCE PID
    without "$up" "$1"; up=$kept
    without "$waiting" "$1"; waiting=$kept
    case $1:$2:$4 in
        stop.timer.* | *:up:$$) ;;
        *:up:*) up="$up$1 " ;;
        *:start:*) waiting="$waiting$1 " ;;
    esac
    case $2:$3 in
        start:* | *:-) ;;
        *) [ "$3" -le "$now" ] || now=$3 ;;
    esac
}

take_tags() {  # NAME TAGS, which are separated by TABs
    IFS=$tab
    for tag in $2; do
        case $tag in
            stop=[1-9]) stages="$stages${tag#stop=}/$1 " ;;
            logger=?*) loggers="$loggers${tag#logger=}/$1 " ;;
        esac
    done
    unset IFS
}

stage_of() {  # NAME
    its=5
    for word in $stages; do [ "${word#*/}" != "$1" ] || its=${word%%/*}; done
    for word in $loggers; do [ "${word#*/}" != "$1" ] || its=loggers; done
}

# A logger counts even if it is down: its pipe may still hold the last lines.
find_targets() {  # STAGE
    targets=' '
    for name in $up $waiting; do
        stage_of "$name"
        [ "$its" != "$1" ] || has "$finished" "$name" || targets="$targets$name "
    done
    [ "$1" = loggers ] || return 0
    for word in $loggers; do
        has "$finished$targets" "${word#*/}" || targets="$targets${word#*/} "
    done
}

act() {
    before=$stage
    for stage in 1 2 3 4 5 6 7 8 9 loggers; do
        find_targets "$stage"
        [ "$targets" = ' ' ] || break
    done
    if [ "$targets" = ' ' ]; then
        say 'everything has ended'
        send terminate 0
        return
    fi
    [ "$stage" = "$before" ] || level=0 crashes=0
    case $stage:$level in
        loggers:0) how=end-of-pipe ;;
        loggers:1 | *:0) how=SIGTERM ;;
        loggers:2 | *:1) how=SIGKILL ;;
        *) how=nothing ;;
    esac
    say "stage $stage, $how for${targets% }"
    if [ "$how" = nothing ]; then
        finished="$finished$targets"
        look
        return
    fi
    for name in $targets; do
        ask_to_end "$name"
    done
    # The daemon is the clock: this service starts when the timeout has passed.
    [ "$stage" != loggers ] || patience=$loggers_patience
    send service.args "$timer" true
    send service.start "$timer" $((now + patience))
}

ask_to_end() {  # NAME
    ! has "$waiting" "$1" || send service.start "$1" -
    send service.auto_up "$1" -
    if [ "$how" = end-of-pipe ]; then
        close_pipe "$1"
    elif has "$up" "$1"; then
        send service.signal "$1" "$how"
    fi
}

# No process writes any more, so the logger reads to the end and exits. It may be exiting for another reason just now:
# only a run that began after the pipe was closed, and exited with code 0, has certainly read everything.
close_pipe() {  # NAME
    for word in $loggers; do
        fd=${word%%/*}
        [ "${word#*/}" = "$1" ] && ! has "$closed" "$fd" || continue
        closed="$closed$fd "
        send fd.delete "$fd"
    done
    has "$up$waiting" "$1" || send service.start "$1"
}

# A service that we wait for has changed its state.
follow() {  # NAME STATE REASON VALUE
    case $how:$2:$3:$4 in
        end-of-pipe:up:*) fresh="$fresh$1 " ;;
        *:up:*) send service.signal "$1" "$how" ;;
        end-of-pipe:down:exit:0) has "$fresh" "$1" && has_ended "$1" || send service.start "$1" ;;
        end-of-pipe:down:-:*) send service.start "$1" ;;
        end-of-pipe:down:*)
            say "logger $1 failed ($3 $4) before the end of its pipe"
            crashes=$((crashes + 1))
            if [ "$crashes" -lt 10 ]; then send service.start "$1"; else has_ended "$1"; fi
            ;;
        *:down:*) has_ended "$1" ;;
    esac
}

has_ended() {  # NAME
    [ "$stage" != loggers ] || finished="$finished$1 "
    without "$targets" "$1"
    targets=$kept
    [ "$targets" = ' ' ] || return 0
    level=0
    send service.start "$timer" -
    look
}

while IFS=$tab read -r event name state since pid reason value rest; do
    case $event:$name:$state in
        signal:SIGTERM:* | signal:SIGINT:*)
            [ "$state" -le "$now" ] || now=$state
            [ "$round" -gt 0 ] || { say "got $name: everything ends, in order"; look; }
            ;;
        "round $round::") act ;;
        # The lost events may include the signal; a dump restates it.
        overflow:*) if [ "$round" = 0 ]; then send statedump; else look; fi ;;
        service.state:stop.timer.$$.$round:up) now=$since level=$((level + 1)); look ;;
        service.state:*)
            [ "$round" = 0 ] || take_state "$name" "$state" "$since" "$pid"
            ! has "$targets" "$name" || follow "$name" "$state" "$reason" "$value"
            ;;
        service.tags:*)
            [ "$round" = 0 ] || take_tags "$name" "$state$tab$since$tab$pid$tab$reason$tab$value$tab$rest"
            ;;
    esac
done
