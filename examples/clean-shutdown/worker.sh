#!/bin/sh
# Writes a line ten times a second. At SIGTERM it finishes its work and writes a last line; with the word `stubborn` it
# ignores SIGTERM.
# Usage: worker.sh NAME [stubborn]
ending=
trap 'ending=yes' TERM
[ "${2:-}" != stubborn ] || trap '' TERM
trap '' INT
n=0
while [ -z "$ending" ]; do
    n=$((n + 1))
    echo "$1 $$ says $n"
    sleep 0.1
done
echo "$1 $$ has ended"
