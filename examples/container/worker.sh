#!/bin/sh
# Works, and leaves an orphan behind each time. At SIGTERM it finishes its work and writes a last line; with the word
# `stubborn` it ignores SIGTERM.
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
