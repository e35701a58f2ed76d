#!/bin/sh
# Works for a second, then fails.
echo "working"
sleep 1
exit 3
