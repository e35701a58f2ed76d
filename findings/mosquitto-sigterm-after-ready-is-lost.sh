#!/bin/sh
# mosquitto 2.0.11 of Debian 12: a SIGTERM that comes right after READY=1 of sd_notify(3) is lost. The handler clears the
# flag of the main loop, and the program sets that flag once more between the notification and the loop. The broker goes
# on; another SIGTERM ends it with exit code 0.
# What a reader would expect: READY=1 is the last word of a start, so that a signal after it is obeyed.
#
# strace 6.1 makes the moment long: it delays the return of the call that sends READY=1 by 0.4 s.
# Seen: after the first SIGTERM it still runs 2 s later; after the second it has ended with 0 within a second.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download mosquitto=2.0.11-1.2+deb12u2 libdlt2=2.18.8-6 libwrap0=7.6.q-32 libunwind8=1.6.2-3 strace=6.1-0.1 \
    >log 2>&1 || { cat log; exit 1; }
for package in *.deb; do
    dpkg-deb -x "$package" root
done
cat >run.py <<'CODE'
import os, signal, socket, subprocess, time

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
with open("conf", "w") as conf:
    conf.write(f"listener {port} 127.0.0.1\nuser root\nallow_anonymous true\n")
notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notified.bind("notify")
libraries = ":".join(os.path.abspath(f"root/{folder}x86_64-linux-gnu") for folder in ("lib/", "usr/lib/"))
environment = dict(os.environ, NOTIFY_SOCKET=os.path.abspath("notify"), LD_LIBRARY_PATH=libraries)
tracer = subprocess.Popen(
    ["root/usr/bin/strace", "-D", "-o", "trace", "-e", "inject=sendmsg,sendto:delay_exit=400000",
     "root/usr/sbin/mosquitto", "-c", "conf"], env=environment, stderr=subprocess.DEVNULL)
notified.settimeout(10)
print(notified.recv(100).decode())
tracer.send_signal(signal.SIGTERM)
time.sleep(2)
print("after the first SIGTERM:", "runs" if tracer.poll() is None else "has ended")
tracer.send_signal(signal.SIGTERM)
print("after the second: exit code", tracer.wait(10))
CODE
python3 run.py | tee output
cmp - output <<'EXPECTED'
READY=1
after the first SIGTERM: runs
after the second: exit code 0
EXPECTED
