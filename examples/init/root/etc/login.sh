#!/bin/sh
# The getty runs this script: a shell at the console.
echo
echo "This is $(uname -sr), and process 1 is $(cat /proc/1/comm). ^C works, so do reboot and poweroff."
cd /
HOME=/ PS1='small# ' exec /bin/sh
