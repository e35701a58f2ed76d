#!/bin/sh
# Copies lines with the time in front. Exits at the end of the pipe. At SIGTERM it first writes the line that it has
# read, because that line is not in the pipe any more. While the disk is full it tries the line again: the pipe holds
# what comes meanwhile. tee(1) would drop it, and never write again.
leaving=
line=
trap 'leaving=yes' TERM
trap '' INT HUP
while { [ -z "$leaving" ] && IFS= read -r line; } || [ -n "$line" ]; do
    until printf '%s %s\n' "$(date '+%F %T')" "$line" 2>/dev/null; do
        sleep 1
    done
    line=
done
