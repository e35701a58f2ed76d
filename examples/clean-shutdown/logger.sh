#!/bin/sh
# Copies lines with the time in front. Exits at the end of the pipe. At SIGTERM it first writes the line that it has
# read, because that line is not in the pipe any more.
leaving=
trap 'leaving=yes' TERM
trap '' INT
while [ -z "$leaving" ] && read -r line; do
    printf '%s %s\n' "$(date '+%F %T')" "$line"
done
