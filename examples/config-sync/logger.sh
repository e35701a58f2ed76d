#!/bin/sh
# Copies lines, with the time in front, up to the end of the pipe. At SIGTERM it leaves between two lines: one that was
# read is written first, since it is in the pipe no more.
leaving=
trap 'leaving=yes' TERM
trap '' INT
while [ -z "$leaving" ] && read -r line; do
    printf '%s %s\n' "$(date '+%F %T')" "$line"
done
