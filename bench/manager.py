#!/usr/bin/env python3
"""Measures dpctl manage: its memory, its processor time, and how long services take to be up.

Usage: bench/manager.py [DAEMON [DPCTL]]

Prints, for 1,000 services of which each needs another one: resident memory, the time until all are up, the processor time for
a service that is started again (a handful of plans over all services), and the context switches in ten idle seconds. Then the
time until 200 services are up, and until 200 runs of true(1) are over, with a graph of needs and without one, several times in
turn. Last, the time of one plan for 1,000 services, if tests/Daemonproxy.Manager.Tests was built.
"""
import os, signal, subprocess, sys, tempfile, time

DAEMON = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "out/daemonproxy")
DPCTL = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "out/dpctl")


STAYS = 'command = ["/bin/sleep", "100000"]\n'
ENDS = 'command = ["/bin/true"]\nready = "exit"\nrestart = "never"\n'


def services(count, graph, keys):
    text = []
    for number in range(count):
        text.append(f'[service.s{number}]\n{keys}')
        if graph and number % 10:
            text.append(f'needs = ["s{number - 1}"]\n')
    return "".join(text)


class Managed:
    def __init__(self, count, graph, keys=STAYS):
        self.folder = tempfile.TemporaryDirectory()
        self.socket = os.path.join(self.folder.name, "socket")
        self.file = os.path.join(self.folder.name, "services.toml")
        with open(self.file, "w") as out:
            out.write(services(count, graph, keys))
        self.count = count
        self.ends = keys == ENDS
        self.events = open(os.path.join(self.folder.name, "events"), "w+b")
        self.daemon = subprocess.Popen(
            [DAEMON, "-qq", "-i", "-S", self.socket], stdin=subprocess.PIPE, stdout=self.events)
        while not os.path.exists(self.socket):
            time.sleep(0.01)
        self.begun = time.monotonic()
        self.manager = subprocess.Popen([DPCTL, "-S", self.socket, "manage", self.file], stderr=subprocess.DEVNULL)

    def done(self):
        if self.ends:
            return os.pread(self.events.fileno(), 1 << 20, 0).count(b"\tdown\t")
        with open(f"/proc/{self.daemon.pid}/task/{self.daemon.pid}/children") as children:
            return len(children.read().split())

    def wait(self):
        while self.done() < self.count:
            time.sleep(0.005)
        return time.monotonic() - self.begun

    def status(self, key):
        with open(f"/proc/{self.manager.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(key))

    def processor(self):
        with open(f"/proc/{self.manager.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def switches(self):
        counts = {}
        for thread in os.listdir(f"/proc/{self.manager.pid}/task"):
            with open(f"/proc/{self.manager.pid}/task/{thread}/status") as status:
                counts[thread] = sum(int(line.split()[1]) for line in status if "ctxt_switches" in line)
        return counts

    def end(self):
        with open(f"/proc/{self.daemon.pid}/task/{self.daemon.pid}/children") as children:
            pids = [int(pid) for pid in children.read().split()]
        self.manager.kill()
        self.daemon.kill()
        self.manager.wait()
        self.daemon.wait()
        self.daemon.stdin.close()
        self.events.close()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.folder.cleanup()


def thousand():
    managed = Managed(1000, graph=True)
    print(f"1,000 services up after          {managed.wait():.2f} s")
    time.sleep(2)
    print(f"resident memory                  {managed.status('VmRSS')} kB")
    before = managed.processor()
    for number in range(20):
        subprocess.run([DPCTL, "-S", managed.socket, "restart", f"s{number * 10 + 9}"], stdout=subprocess.DEVNULL)
    print(f"processor time for a restart     {(managed.processor() - before) / 20 * 1000:.1f} ms")
    # Threads of the pool that were needed a moment ago end within half a minute.
    time.sleep(40)
    before = managed.switches()
    time.sleep(10)
    after = managed.switches()
    print(f"context switches in 10 idle s    {sum(after[thread] - before.get(thread, 0) for thread in after)}")
    print(f"resident memory then             {managed.status('VmRSS')} kB")
    managed.end()


def boot(graph, keys):
    managed = Managed(200, graph, keys)
    taken = managed.wait()
    managed.end()
    return taken


def main():
    thousand()
    for what, keys in ("services up", STAYS), ("runs over", ENDS):
        with_graph, without = [], []
        for _ in range(5):
            with_graph.append(boot(True, keys))
            without.append(boot(False, keys))
        ratio = min(with_graph) / min(without)
        line = f"200 {what}, graph / none"
        print(f"{line:<32} {min(with_graph):.2f} s / {min(without):.2f} s, {ratio:.2f} x")
    tests = "artifacts/bin/Daemonproxy.Manager.Tests/release/Daemonproxy.Manager.Tests.dll"
    if os.path.exists(tests):
        subprocess.run(["dotnet", "exec", tests, "plan", "1000"], check=True)


main()
