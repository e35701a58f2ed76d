#!/bin/sh
# At SIGHUP to the daemon, nginx reloads its configuration. At SIGTERM or ^C, nginx finishes its requests, the logger
# writes the rest of the pipe, and the daemon ends.
tab=$(printf '\t')
send() { (IFS=$tab; printf '%s\n' "$*"); }
trap '' INT HUP TERM
ending=

send echo ready
while IFS=$tab read -r event name state rest; do
    case $event:$name:$state in
        signal:SIGHUP:*)
            send service.signal web SIGHUP
            ;;
        signal:SIGTERM:* | signal:SIGINT:*)
            [ -z "$ending" ] || continue
            ending=web
            send service.auto_up web -
            send service.auto_up logger -
            send service.signal web SIGQUIT
            ;;
        service.state:web:down)
            [ "$ending" != web ] || { ending=logger; send fd.delete log.w; }
            ;;
        service.state:logger:down)
            [ "$ending" != logger ] || send terminate 0
            ;;
    esac
done
