#!/bin/sh
# An unreliable service: writes a few lines, then crashes or exits with an error.
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
