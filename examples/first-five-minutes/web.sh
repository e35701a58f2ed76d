#!/bin/sh
# Serves nothing, and crashes after some seconds.
echo "web: serving"
sleep "${WEB_SECONDS:-8}"
echo "web: something went wrong" >&2
exit 7
