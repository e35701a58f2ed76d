#!/usr/bin/env python3
"""What `echo echo x | daemonproxy --send` costs from start to end, beside `daemonproxy --version`, by turns in one run.

Usage: bench/send.py [DAEMON [RUNS]]
"""
import os
import subprocess
import sys
import tempfile
import time

daemon = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "out/static/daemonproxy")
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 500


def run(words, text):
    begin = time.perf_counter()
    subprocess.run([daemon, *words], input=text, stdout=subprocess.DEVNULL, check=False)
    return (time.perf_counter() - begin) * 1e6


with tempfile.TemporaryDirectory() as directory:
    socket = os.path.join(directory, "socket")
    with subprocess.Popen([daemon, "-S", socket], stderr=subprocess.DEVNULL) as supervisor:
        while not os.path.exists(socket):
            time.sleep(0.01)
        kinds = {"--version": (["--version"], b""), "--send": (["--send", socket], b"echo\tx\n")}
        times = {name: [] for name in kinds}
        for _ in range(runs):
            for name, (words, text) in kinds.items():
                times[name].append(run(words, text))
        supervisor.kill()

for name, measured in times.items():
    measured.sort()
    print(f"{name:10} best {measured[0]:6.0f}  quartile {measured[runs // 4]:6.0f}  median {measured[runs // 2]:6.0f} us")
ratios = [times["--send"][at] / times["--version"][at] for at in (0, runs // 4)]
print(f"ratio      best {ratios[0]:.2f}    quartile {ratios[1]:.2f}")
