#!/bin/sh
# Copies lines from the pipe to the terminal, with the time in front.
# The controller handles ^C: there may still be lines in the pipe.
trap "" INT
while read -r line; do
    echo "$(date +%T)  $line"
done
