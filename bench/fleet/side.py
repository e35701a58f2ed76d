#!/usr/bin/python3
"""The sides of Celery and RQ: side.py SOCKET celery|rq burst|latency JOBS STAMP. Prints what Program.cs prints.

As a module it has the tasks that the workers run.
"""
import os
import struct
import subprocess
import sys
import time

import celery
import redis

SOCKET = os.environ.get("BENCH_REDIS", "")
LATE = os.environ.get("BENCH_LATE") == "1"  # acknowledged after the job, as at least once needs it
app = celery.Celery("side", broker=f"redis+socket://{SOCKET}?virtual_host=1", backend=f"redis+socket://{SOCKET}?virtual_host=2")
app.conf.update(worker_prefetch_multiplier=1 if LATE else 4, task_acks_late=LATE, task_reject_on_worker_lost=LATE, broker_connection_retry_on_startup=True)


@app.task(name="side.run")
def run(program):
    """What a job is for both: a program, its exit code and its output."""
    ended = subprocess.run([program], stdout=subprocess.PIPE, check=False)
    return [ended.returncode, ended.stdout.hex()]


def rq_run(program):
    ended = subprocess.run([program], stdout=subprocess.PIPE, check=False)
    return [ended.returncode, ended.stdout.hex()]


class Celery:
    def start(self, program):
        return run.delay(program)

    def wait(self, job):
        return job.get(timeout=60, interval=0.001)

    def ended(self):
        return redis.Redis(unix_socket_path=SOCKET, db=2).dbsize()


class Rq:
    def __init__(self):
        import rq
        self.queue = rq.Queue("bench", connection=redis.Redis(unix_socket_path=SOCKET, db=3))

    def start(self, program):
        return self.queue.enqueue("side.rq_run", program)

    def wait(self, job):
        while job.result is None:
            time.sleep(0.001)
        return job.result

    def ended(self):
        return self.queue.finished_job_registry.count


def burst(side, jobs):
    side.wait(side.start("/bin/true"))
    before = side.ended()
    begun = time.monotonic()
    for _ in range(jobs):
        side.start("/bin/true")
    while side.ended() < before + jobs:
        time.sleep(0.02)
    print(round(jobs / (time.monotonic() - begun)))


def latency(side, jobs, stamp):
    side.wait(side.start(stamp))
    times = []
    for _ in range(2 * jobs):
        begun = time.monotonic_ns()
        result = side.wait(side.start(stamp))
        times.append((struct.unpack("q", bytes.fromhex(result[1])[:8])[0] - begun) / 1000)
    times = sorted(times[jobs:])  # the programs are warm by then
    print(round(times[jobs // 2]), round(times[min(jobs - 1, jobs * 99 // 100)]))


if __name__ == "__main__":
    side = Celery() if sys.argv[2] == "celery" else Rq()
    if sys.argv[3] == "burst":
        burst(side, int(sys.argv[4]))
    else:
        latency(side, int(sys.argv[4]), sys.argv[5])
