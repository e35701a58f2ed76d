#!/bin/sh
# Ends the daemon when it gets SIGTERM or SIGINT.
trap '' INT
while read -r event name rest; do
    case $event:$name in
        signal:SIGTERM | signal:SIGINT) printf 'terminate\t0\n' ;;
    esac
done
