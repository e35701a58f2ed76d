#!/bin/sh
# Linux 6.18: /proc/net/unix, and so ss(8), shows a unix socket under the path that bind(2) was given, for as long as the
# socket lives, wherever rename(2) has moved its file since; getsockname(2) and the address of its messages have that
# path, too. So whoever finds a socket there and connects to the path may be refused although it is alive, and a name
# that is given by rename(2) is not shown to those who cannot list its directory.
#
# Seen: after a rename from `made` to `used`, the list has `made`, connecting to `used` works, to `made` is ENOENT.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >finding.py <<'CODE'
import os, socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.bind(os.getcwd() + '/made')
s.listen()
os.rename('made', 'used')
shown = [line.split()[-1] for line in open('/proc/net/unix') if os.getcwd() in line]
print('shown', *[os.path.basename(path) for path in shown])
print('own name', os.path.basename(s.getsockname()))
for name in 'used', 'made':
    try:
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).connect(name)
        print(name, 'connects')
    except OSError as error:
        print(name, os.strerror(error.errno))
CODE
echo "Linux $(uname -r | cut -d. -f1-2)"
python3 finding.py | tee output
printf 'shown made\nown name made\nused connects\nmade No such file or directory\n' | cmp - output
