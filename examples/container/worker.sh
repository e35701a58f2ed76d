#!/bin/sh
# Works, and leaves an orphan behind every time. At SIGTERM it finishes what it does, and says so; with the word
# `stubborn` it does not.
# Usage: worker.sh NAME [stubborn]
ending=
trap 'ending=yes' TERM
[ "${2:-}" != stubborn ] || trap '' TERM
trap '' INT
echo "$1 is at work"
while [ -z "$ending" ]; do
    (sleep 0.1 & exit 0)
    sleep 0.2
done
echo "$1 has ended"
