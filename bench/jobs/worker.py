"""A worker as web applications have it: a queue, threads, and subprocess.run for each job, with a file for its output.

worker.py DIRECTORY JOBS AT_ONCE [--record]

Prints the seconds from the first job that is put into the queue to the end of the last one that is known. With
--record it keeps what Daemonproxy.Jobs keeps, in SQLite with a write-ahead log: a job that is accepted, its start and
its end, each synced to the disk before it goes on. Without, nothing is left of it when it ends.
"""

import queue
import sqlite3
import subprocess
import sys
import threading
import time


class Record:
    """The table of jobs. One thread at a time writes: SQLite takes no more."""

    def __init__(self, directory):
        self._lock = threading.Lock()
        self._base = sqlite3.connect(f"{directory}/jobs.db", check_same_thread=False)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.execute("CREATE TABLE jobs (id INTEGER PRIMARY KEY, status TEXT, accepted, started, ended, code)")

    def write(self, text, *values):
        with self._lock, self._base:
            self._base.execute(text, values)


class NoRecord:
    def write(self, text, *values):
        pass


def run(directory, waiting, record):
    while (job := waiting.get()) is not None:
        record.write("UPDATE jobs SET status = 'running', started = ? WHERE id = ?", time.time(), job)
        with open(f"{directory}/{job}.log", "ab") as output:
            done = subprocess.run(["/bin/true"], stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
        record.write("UPDATE jobs SET status = 'over', ended = ?, code = ? WHERE id = ?", time.time(),
                     done.returncode, job)


def main():
    directory, jobs, at_once = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    record = Record(directory) if sys.argv[4:] == ["--record"] else NoRecord()
    waiting = queue.Queue()
    threads = [threading.Thread(target=run, args=(directory, waiting, record)) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    begin = time.monotonic()
    for job in range(jobs):
        record.write("INSERT INTO jobs (id, status, accepted) VALUES (?, 'queued', ?)", job, time.time())
        waiting.put(job)
    for thread in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()
    print(time.monotonic() - begin)


main()
