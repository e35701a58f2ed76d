#!/usr/bin/env python3
"""A job of a fleet whose effect happens once, however often the job is run.

The effect and the comparison of the fence are one transaction. A run on a machine that was considered lost has a
smaller fence than the later run on another machine: it changes nothing.
Usage: once.py DATABASE
"""
import os
import sqlite3
import sys

job, fence = os.environ["DAEMONPROXY_JOB"], int(os.environ["DAEMONPROXY_FENCE"])
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
database.execute("CREATE TABLE IF NOT EXISTS effects (job TEXT PRIMARY KEY, fence INTEGER, amount INTEGER)")
database.execute("BEGIN IMMEDIATE")
known = database.execute("SELECT fence FROM effects WHERE job = ?", (job,)).fetchone()
if known is None:
    database.execute("INSERT INTO effects VALUES (?, ?, 1)", (job, fence))  # pay, send, count: once
    said = "done"
elif known[0] < fence:
    database.execute("UPDATE effects SET fence = ? WHERE job = ?", (fence, job))  # an earlier run has done it
    said = "was done before"
else:
    said = "too late: a newer run has the job"
database.execute("COMMIT")
print(said)
