#!/bin/sh
# SIGHUP to the daemon: nginx reloads its configuration. SIGTERM or ^C: nginx finishes its requests, the logger writes
# what is left in the pipe, the daemon ends.
tab=$(printf '\t')
tell() { (IFS=$tab; printf '%s\n' "$*"); }
trap '' INT HUP TERM
ending=

tell echo ready
while IFS=$tab read -r event name state rest; do
    case $event:$name:$state in
        signal:SIGHUP:*)
            tell service.signal web SIGHUP
            ;;
        signal:SIGTERM:* | signal:SIGINT:*)
            [ -z "$ending" ] || continue
            ending=web
            tell service.auto_up web -
            tell service.auto_up logger -
            tell service.signal web SIGQUIT
            ;;
        service.state:web:down)
            [ "$ending" != web ] || { ending=logger; tell fd.delete log.w; }
            ;;
        service.state:logger:down)
            [ "$ending" != logger ] || tell terminate 0
            ;;
    esac
done
