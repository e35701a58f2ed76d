#!/bin/sh
# A service with bad nerves: says a few lines, then dies of one thing or another.
n=0
for word in once upon a time there was a daemon that held the pipes of everybody; do
    n=$((n + 1))
    echo "talker $$: $word"
    sleep 0.4
    case $(( ($$ + n) % 17 )) in
        0) kill -SEGV $$ ;;
        1) exit 7 ;;
    esac
done
