#!/bin/sh
# Says a line ten times a second. At SIGTERM it finishes what it does, and says so; with the word `stubborn` it does not.
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
