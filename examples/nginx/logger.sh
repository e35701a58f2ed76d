#!/bin/sh
# Writes lines with the time in front. Leaves at the end of the pipe, or between two lines when told to: a line that was
# read is written first, since it is in the pipe no more.
leaving=
trap 'leaving=yes' TERM
trap '' INT HUP
while [ -z "$leaving" ] && read -r line; do
    printf '%s %s\n' "$(date '+%F %T')" "$line"
done
