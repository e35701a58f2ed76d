"""Jobs by supervisord: addProcessGroup by XML-RPC for each, which starts it, until each is known to have exited.

supervisord.py DIRECTORY JOBS THREADS

Prints the seconds. The programs are in the config from the beginning: their sections, and the time to read them, are
not counted. Exit code 3: supervisord is not installed.
"""

import http.client
import shutil
import subprocess
import sys
import threading
import time
import xmlrpc.client

try:
    from supervisor.xmlrpc import SupervisorTransport
except ImportError:
    sys.exit(3)

HEAD = """[supervisord]
nodaemon=true
logfile={0}/log
pidfile={0}/pid
childlogdir={0}
loglevel=warn
[unix_http_server]
file={0}/socket
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""

JOB = """[program:{1}]
command=/bin/true
startsecs=0
autorestart=false
stdout_logfile={0}/{1}.log
redirect_stderr=true
"""


def connect(directory):
    return xmlrpc.client.ServerProxy(
        "http://127.0.0.1", transport=SupervisorTransport(None, None, f"unix://{directory}/socket")).supervisor


def wait_until_ready(directory):
    server = connect(directory)
    while True:
        try:
            server.getState()
            return server
        except (OSError, http.client.HTTPException):
            server = connect(directory)
            time.sleep(0.02)


def add(directory, names):
    server = connect(directory)
    for name in names:
        server.addProcessGroup(name)


def main():
    directory, jobs, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    program = shutil.which("supervisord", path="/usr/bin:/usr/local/bin")
    if program is None:
        sys.exit(3)
    config = f"{directory}/config"
    names = [f"job{number}" for number in range(jobs)]
    with open(config, "w", encoding="utf-8") as file:
        file.write(HEAD.format(directory))
    supervisord = subprocess.Popen([program, "-c", config], stdout=subprocess.DEVNULL)
    try:
        server = wait_until_ready(directory)
        with open(config, "a", encoding="utf-8") as file:
            file.writelines(JOB.format(directory, name) for name in names)
        server.reloadConfig()
        begin = time.monotonic()
        threads = [threading.Thread(target=add, args=(directory, names[at::count])) for at in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while sum(job["statename"] == "EXITED" for job in server.getAllProcessInfo()) < jobs:
            time.sleep(0.005)
        print(time.monotonic() - begin)
    finally:
        supervisord.terminate()
        supervisord.wait()


main()
