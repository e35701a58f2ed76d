#!/bin/sh
# Writes lines with the time in front. Leaves at the end of the pipe, or between two lines when told to.
trap 'exit 0' TERM
trap '' INT HUP
while read -r line; do
    printf '%s %s\n' "$(date '+%F %T')" "$line"
done
