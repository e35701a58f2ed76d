"""A web application that packs files in the background: a job of the daemon for each."""

import functools
import os
import secrets
import tempfile

from daemonproxy import ConnectFailed, ConnectionClosed
from daemonproxy.errors import Running, ServiceFull
from daemonproxy.jobs import Job, Jobs, NoSuchJob
from flask import Flask, Response, abort, redirect, render_template, request, send_file

WORK = os.path.abspath(os.environ.get("WORK", "work"))
RESULTS = os.path.join(WORK, "results")
os.makedirs(RESULTS, exist_ok=True)
app = Flask(__name__)


# A client belongs to the process that made it, and a server may fork.
@functools.lru_cache(maxsize=1)
def jobs_of(process: int) -> Jobs:
    return Jobs(os.path.join(WORK, "web.sock"), directory=os.path.join(WORK, "jobs"))


def jobs() -> Jobs:
    return jobs_of(os.getpid())


def result_of(job: Job) -> str:
    return os.path.join(RESULTS, job.name + ".xz")


@app.get("/")
def index() -> str:
    return render_template("index.html", jobs=sorted(jobs().list(), key=lambda job: -(job.created or 0)))


@app.post("/files")
def pack() -> Response:
    upload = request.files.get("file") or abort(400, "There is no file.")
    name = "job." + secrets.token_hex(8)
    with tempfile.TemporaryFile() as file:
        upload.save(file)
        file.seek(0)
        jobs().start(
            ["sh", "-c", 'exec xz -9 -v -c >"$1"', "xz", os.path.join(RESULTS, name + ".xz")],
            name=name, stdin=file, tags=[f"file={' '.join((upload.filename or '').split())[:100]}"], time_limit=60)
    return redirect("/")


@app.get("/jobs/<name>")
def show(name: str) -> dict:
    job = jobs().get(name)
    return {"name": job.name, "status": job.status, "how": job.how, "started": job.started, "ended": job.ended}


@app.get("/jobs/<name>/output")
def output(name: str) -> Response:
    job = jobs().get(name)
    return Response(jobs().follow_output(job.name), content_type="text/plain; charset=utf-8")


@app.get("/jobs/<name>/result")
def result(name: str) -> Response:
    job = jobs().get(name)
    return send_file(result_of(job), as_attachment=True) if job.succeeded else abort(409, job.how)


@app.post("/jobs/<name>/stop")
def stop(name: str) -> Response:
    jobs().stop(name)
    return redirect("/")


@app.post("/jobs/<name>/forget")
def forget(name: str) -> Response:
    job = jobs().get(name)
    jobs().forget(job.name)
    if os.path.exists(result_of(job)):
        os.unlink(result_of(job))
    return redirect("/")


@app.errorhandler(NoSuchJob)
def not_found(problem: NoSuchJob) -> tuple:
    return f"{problem}\n", 404


@app.errorhandler(Running)
@app.errorhandler(ServiceFull)
def conflict(problem: Exception) -> tuple:
    return f"{problem}\n", 409


@app.errorhandler(ConnectFailed)
@app.errorhandler(ConnectionClosed)
@app.errorhandler(TimeoutError)
def away(problem: Exception) -> tuple:
    return f"{problem}\n", 503
