#!/bin/sh
# A sample service: writes a line ten times a second. Usage: worker.sh NAME
ending=
trap 'ending=yes' TERM INT
n=0
while [ -z "$ending" ]; do
    n=$((n + 1))
    echo "$1 $$ says $n"
    sleep 0.1
done
echo "$1 $$ has ended"
