#!/bin/sh
# Works for a moment, then fails.
echo "working"
sleep 1
exit 3
