#!/bin/sh
# Compares `dpctl status` with `sv status` of runit and, if it is there, `supervisorctl status`: whole processes, the same
# 200 services, alternating, the median of 100 runs each.
# Usage: bench/control.sh [DPCTL [DAEMON]]
set -eu
cd "$(dirname "$0")/.."
dpctl=$(realpath "${1:-out/static/dpctl}")
daemon=$(realpath "${2:-out/daemonproxy}")
folder=$(mktemp -d)
pids=
runsvdir=
process=
# runsvdir passes SIGHUP on to its children, and leaves them behind at SIGTERM. The daemon without a controller takes SIGTERM
# for an event, and its services live on without it.
end() {
    kill -HUP $runsvdir 2>/dev/null || true
    kill $pids 2>/dev/null || true
    if [ -n "$process" ]; then
        services=$(cat "/proc/$process/task/$process/children")
        # shellcheck disable=SC2086 # a word for each
        kill -KILL "$process" $services
    fi
    sleep 1
    rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

i=0
while [ $i -lt 200 ]; do
    name=service$(printf %03d $i)
    printf 'service.args\t%s\tsleep\t100000\nservice.auto_up\t%s\t1\talways\n' "$name" "$name" >>"$folder/conf"
    mkdir -p "$folder/sv/$name"
    printf '#!/bin/sh\nexec sleep 100000\n' >"$folder/sv/$name/run"
    chmod +x "$folder/sv/$name/run"
    printf '[program:%s]\ncommand=sleep 100000\n' "$name" >>"$folder/programs"
    i=$((i + 1))
done
"$daemon" -qq -c "$folder/conf" -S "$folder/socket" &
process=$!
if command -v runsvdir >/dev/null; then
    runsvdir "$folder/sv" &
    runsvdir=$!
fi
if command -v supervisord >/dev/null; then
    {
        printf '[unix_http_server]\nfile=%s/supervisor\n[supervisord]\nlogfile=/dev/null\nlogfile_maxbytes=0\n' "$folder"
        printf 'pidfile=%s/pid\n[supervisorctl]\nserverurl=unix://%s/supervisor\n' "$folder" "$folder"
        printf '[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory ='
        printf ' supervisor.rpcinterface:make_main_rpcinterface\n'
        cat "$folder/programs"
    } >"$folder/supervisord.conf"
    supervisord -n -s -c "$folder/supervisord.conf" &
    pids="$pids $!"
fi
sleep 10

python3 - "$folder" "$dpctl" <<'PYTHON'
import os, shutil, statistics, sys, time

folder, dpctl = sys.argv[1:]
services = [f"{folder}/sv/{name}" for name in sorted(os.listdir(f"{folder}/sv"))]
commands = {"dpctl status": [dpctl, "-S", f"{folder}/socket", "status"]}
if shutil.which("sv"):
    commands["sv status"] = [shutil.which("sv"), "status", *services]
if shutil.which("supervisorctl"):
    commands["supervisorctl status"] = [shutil.which("supervisorctl"), "-c", f"{folder}/supervisord.conf", "status"]
null = os.open(os.devnull, os.O_WRONLY)
times = {name: [] for name in commands}
for _ in range(100):
    for name, command in commands.items():
        begin = time.perf_counter()
        process = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
        os.waitpid(process, 0)
        times[name].append(time.perf_counter() - begin)
for name, measured in times.items():
    measured.sort()
    print(f"{name:21} median {statistics.median(measured) * 1000:6.2f} ms   least {measured[0] * 1000:6.2f} ms")
PYTHON
