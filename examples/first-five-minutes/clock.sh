#!/bin/sh
# Says that it is ready by a line on descriptor 3, then the time each second.
echo ready >&3
while :; do
    date +%T
    sleep 1
done
