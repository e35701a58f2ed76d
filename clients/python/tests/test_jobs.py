"""Background jobs, over a socket that allows nothing else."""

from __future__ import annotations

import asyncio
import getpass
import os
import subprocess
import sys
import threading
import time
from typing import Any, Coroutine, Dict, List, Sequence, Tuple

from daemonproxy import Client, errors
from daemonproxy.jobs import AsyncJobs, Job, Jobs, NameTaken, NoSuchJob
from support import PATIENCE, DaemonTest, until


class JobsTest(DaemonTest):
    def setUp(self) -> None:
        super().setUp()
        self.web = os.path.join(self.folder, "web")
        self.all = self.connect()
        self.all.socket_create(f"name=web,allow=jobs,prefix=job.,user={getpass.getuser()},max=8", self.web)
        self.directory = os.path.join(self.folder, "jobs")

    def open(self) -> Jobs:
        jobs = Jobs(self.web, directory=self.directory)
        self.addCleanup(jobs.close)
        return jobs

    def descriptors(self) -> List[str]:
        return [name for name in self.all.follow().now.fds if name.startswith("job.")]


class PlainJobsTests(JobsTest):
    def test_a_job_has_what_it_was_given(self) -> None:
        jobs = self.open()
        before = time.time()
        job = jobs.start(
            ["sh", "-c", 'cat; printf "%s|" "$@" "$X" "$HOME"; pwd; ulimit -n; exit 3', "sh", "a\tb", "c\nd", "",
             "\udcff"],
            stdin=b"in\0put\n", env={"X": "y\nz", "HOME": None}, cwd="/", tags=["user=1"], limits=["nofile=99"])
        job = jobs.wait(job.name, PATIENCE)
        self.assertEqual((job.status, job.exit_code, job.how, job.succeeded), ("over", 3, "exit code 3", False))
        self.assertEqual(jobs.read_output(job.name), b"in\0put\na\tb|c\nd||\xff|y\nz||/\n99\n")
        self.assertEqual(jobs.read_output(job.name, 7), b"a\tb|c\nd||\xff|y\nz||/\n99\n")
        assert job.created and job.started and job.ended
        self.assertTrue(before - 1 < job.created <= job.started <= job.ended < time.time() + 1, job)
        self.assertEqual(os.stat(self.directory).st_mode & 0o777, 0o700)
        assert job.output
        self.assertEqual(os.stat(job.output).st_mode & 0o777, 0o600)
        until(lambda: not self.descriptors(), "the daemon has no descriptor of it")
        jobs.forget(job.name)
        self.assertEqual(os.listdir(self.directory), [])
        with self.assertRaisesRegex(NoSuchJob, f"there is no job {job.name}"):
            jobs.get(job.name)

    def test_long_arguments_go_by_a_descriptor(self) -> None:
        jobs = self.open()
        job = jobs.wait(jobs.start(["printf", "%s", "x" * 100_000]).name, PATIENCE)
        self.assertEqual(len(jobs.read_output(job.name)), 100_000)
        self.assertEqual(job.args, ("printf",))
        with self.assertRaisesRegex(ValueError, "args: 131078 bytes, and the daemon reads 131072"):
            jobs.start(["true", "x" * 131_072])
        wrong: List[Sequence[str]] = [["true", "\0"], [], [""], "true"]
        for args in wrong:
            with self.assertRaises((ValueError, TypeError)):
                jobs.start(args)
        self.assertEqual(len(os.listdir(self.directory)), 1)

    def test_an_open_file_is_standard_input(self) -> None:
        jobs = self.open()
        with open(__file__, "rb") as file:
            job = jobs.start(["wc", "-c"], stdin=file)
        jobs.wait(job.name, PATIENCE)
        self.assertEqual(int(jobs.read_output(job.name)), os.path.getsize(__file__))

    def test_jobs_are_found_by_tags_by_everybody(self) -> None:
        jobs, others = self.open(), self.open()
        first = jobs.start(["true"], tags=["user=1", "red"])
        jobs.start(["true"], tags=["user=1"])
        self.assertEqual(len(others.list()), 2)
        self.assertEqual([job.name for job in others.list("user=1", "red")], [first.name])
        self.assertEqual(others.tag(first.name, "blue").tags, ("blue",))
        self.assertEqual([job.name for job in jobs.list("blue")], [first.name])
        self.assertIsNotNone(jobs.get(first.name).created)
        with self.assertRaises(ValueError):
            jobs.start(["true"], tags=["job.x"])

    def test_a_stop_reaches_what_a_job_has_started(self) -> None:
        jobs = self.open()
        program = (
            "import os, time, signal\nsignal.signal(15, signal.SIG_IGN)\nos.fork()\n"
            "print(os.getpid(), flush=True)\ntime.sleep(1000)")
        job = jobs.start([sys.executable, "-S", "-c", program], name="tree")
        self.assertEqual(job.name, "job.tree")
        until(lambda: jobs.read_output("tree").count(b"\n") == 2, "both run")
        pids = [int(one) for one in jobs.read_output("tree").split()]
        with self.assertRaises(errors.Running):
            jobs.forget("tree")
        jobs.stop("tree", grace=0)
        job = jobs.wait("tree", PATIENCE)
        self.assertEqual((job.signal, job.is_stopped, job.how), ("SIGKILL", True, "killed by SIGKILL"), job)
        for pid in pids:
            until(lambda: not os.path.exists(f"/proc/{pid}/exe"), f"{pid} is gone")
        jobs.stop("tree")
        jobs.signal("tree", "TERM")
        with self.assertRaises(NoSuchJob):
            jobs.stop("nix")

    def test_a_signal_goes_to_all_of_it_or_to_the_first(self) -> None:
        jobs = self.open()
        job = jobs.start(["sh", "-c", 'trap "echo first" USR1; echo ready; while :; do sleep 0.01; done'])
        until(lambda: jobs.read_output(job.name) == b"ready\n", "it listens")
        jobs.signal(job.name, "USR1", tree=False)
        until(lambda: jobs.read_output(job.name) == b"ready\nfirst\n", "it has heard")
        jobs.signal(job.name, "KILL")
        self.assertTrue(jobs.wait(job.name, PATIENCE).signal)
        with self.assertRaises(errors.BadSignal):
            jobs.signal(jobs.start(["sleep", "1000"]).name, "NOISE")

    def test_a_job_whose_time_is_over_is_stopped(self) -> None:
        jobs = self.open()
        job = jobs.start(["sleep", "1000"], time_limit=0.01)
        job = jobs.wait(job.name, PATIENCE)
        self.assertEqual((job.signal, job.is_timed_out, job.is_stopped, job.time_limit), ("SIGTERM", True, True, 0.01))
        quick = jobs.wait(jobs.start(["true"], time_limit=100).name, PATIENCE)
        self.assertEqual((quick.is_timed_out, quick.time_limit), (False, 100))

    def test_a_program_that_cannot_be_executed_is_a_failure(self) -> None:
        jobs = self.open()
        job = jobs.wait(jobs.start(["/no/such"]).name, PATIENCE)
        self.assertEqual(str(job.failure), "execute: ENOENT /no/such")
        self.assertEqual(job.how, "not executed, execute: ENOENT /no/such")
        self.assertFalse(job.succeeded)

    def test_an_argument_of_another_type_is_refused_by_its_name(self) -> None:
        jobs = self.open()
        wrong: List[Tuple[str, Any]] = [
            ("args", "true"), ("args", b"true"), ("args", ["sleep", 5]), ("tags", "user=1"), ("tags", [5]),
            ("limits", "nofile=5"), ("stdin", "text"), ("time_limit", "5"),
        ]
        for parameter, value in wrong:
            given: Dict[str, Any] = {"args": ["true"], parameter: value}
            with self.subTest(parameter, value=value), self.assertRaisesRegex(TypeError, f"^{parameter}: "):
                jobs.start(**given)
        self.assertEqual(jobs.list(), [])

    def test_a_name_is_accepted_once(self) -> None:
        first, second = self.open(), Jobs(self.web)
        self.addCleanup(second.close)
        for turn in range(5):
            outcomes: List[Any] = []

            def start(jobs: Jobs) -> None:
                try:
                    outcomes.append(jobs.start(["sh", "-c", "echo x >>" + self.folder + "/ran"], name=f"n{turn}"))
                except (NameTaken, errors.CommandFailed) as problem:
                    outcomes.append(problem)

            threads = [threading.Thread(target=start, args=(jobs,)) for jobs in (first, second)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(sorted(type(one).__name__ for one in outcomes), ["Job", "NameTaken"])
            first.wait(f"n{turn}", PATIENCE)
        with open(self.folder + "/ran") as file:
            self.assertEqual(file.read(), "x\n" * 5)

    def test_a_full_socket_is_told_and_leaves_nothing(self) -> None:
        jobs = self.open()
        started = [jobs.start(["sleep", "1000"], stdin=b"x") for _ in range(8)]
        with self.assertRaises(errors.ServiceFull):
            jobs.start(["true"])
        until(lambda: not self.descriptors(), "the daemon has no descriptor of them")
        self.assertEqual(len(os.listdir(self.directory)), 8)
        for job in started:
            jobs.stop(job.name, 0)

    def test_output_is_followed_to_its_end(self) -> None:
        jobs = self.open()
        go = os.path.join(self.folder, "go")
        os.mkfifo(go)
        job = jobs.start(["sh", "-c", 'echo one; read x <"$1"; echo two', "sh", go])
        pieces = jobs.follow_output(job.name, timeout=PATIENCE)
        self.assertEqual(next(pieces), b"one\n")
        with open(go, "w") as file:
            file.write("\n")
        self.assertEqual(b"".join(pieces), b"two\n")
        self.assertEqual(list(jobs.follow_output(job.name, offset=4)), [b"two\n"])
        slow = jobs.start(["sleep", "1000"])
        with self.assertRaises(TimeoutError):
            list(jobs.follow_output(slow.name, timeout=0.01))

    def test_changes_are_watched(self) -> None:
        jobs = self.open()
        job = jobs.start(["sleep", "1000"])
        seen = []
        for one in jobs.watch(job.name, timeout=PATIENCE):
            if one.status == "running" and "red" not in one.tags:
                jobs.tag(job.name, "red")
            elif one.status == "running":
                jobs.signal(job.name, "TERM")
            seen.append((one.status, one.tags))
        self.assertEqual(seen[-1], ("over", ("red",)))
        self.assertIn(("running", ("red",)), seen)
        with self.assertRaises(TimeoutError):
            for _ in jobs.watch(timeout=0.01):
                pass

    def test_a_wait_can_be_given_up(self) -> None:
        jobs = self.open()
        job = jobs.start(["sleep", "1000"])
        with self.assertRaises(TimeoutError):
            jobs.wait(job.name, 0.01)
        jobs.stop(job.name, 0)
        self.assertTrue(jobs.wait(job.name, PATIENCE).is_over)

    def test_jobs_outlive_the_program_that_started_them(self) -> None:
        program = (
            "import sys; from daemonproxy.jobs import Jobs\n"
            "jobs = Jobs(sys.argv[1], directory=sys.argv[2]); print(jobs.start(['sleep', '1000'], time_limit=50).name)")
        name = subprocess.run(
            [sys.executable, "-c", program, self.web, self.directory], stdout=subprocess.PIPE, text=True,
            check=True).stdout.strip()
        jobs = self.open()
        self.assertEqual((jobs.get(name).status, jobs.get(name).time_limit), ("running", 50))
        jobs.stop(name, 0)
        self.assertTrue(jobs.wait(name, PATIENCE).is_stopped)

    def test_a_crash_and_an_upgrade_lose_no_job(self) -> None:
        jobs = self.open()
        job = jobs.start(["sleep", "1000"])
        until(lambda: jobs.get(job.name).status == "running", "it runs")
        pid = jobs.get(job.name).pid
        self.daemon.crash()
        self.all.repeating.reexec("-")
        self.assertEqual(jobs.get(job.name).pid, pid)
        jobs.stop(job.name, 0)
        self.assertTrue(jobs.wait(job.name, PATIENCE).signal)

    def test_crashes_among_many_starts_lose_and_repeat_nothing(self) -> None:
        jobs = self.open()
        ran = os.path.join(self.folder, "ran")
        names: List[str] = []

        def start() -> None:
            for number in range(150):
                # Each says its number once, whatever becomes of the daemon meanwhile.
                names.append(jobs.start(["sh", "-c", f"echo {number} >>{ran}"], stdin=b"x", output=os.devnull).name)
                job = jobs.wait(names[-1], PATIENCE)
                if job.exit_code != 0:
                    raise AssertionError(job)
                jobs.forget(names[-1])

        problems: List[BaseException] = []

        def guarded() -> None:
            try:
                start()
            except BaseException as problem:
                problems.append(problem)

        thread = threading.Thread(target=guarded)
        thread.start()
        # Eight within ten seconds would be its end.
        for crash in range(1, 7):
            until(lambda: len(names) >= 20 * crash or not thread.is_alive(), "some have started")
            self.daemon.process.send_signal(11)
        thread.join(PATIENCE)
        self.assertEqual(problems, [])
        with open(ran) as file:
            self.assertEqual([int(line) for line in file], list(range(150)))
        self.assertEqual(jobs.list(), [])

    def test_a_daemon_that_was_killed_knows_nothing_of_its_jobs(self) -> None:
        jobs = self.open()
        job = jobs.start(["sleep", "1000"])
        outcomes: List[BaseException] = []

        def wait() -> None:
            try:
                jobs.wait(job.name)
            except NoSuchJob as problem:
                outcomes.append(problem)

        until(lambda: jobs.get(job.name).status == "running", "it runs")
        pid = jobs.get(job.name).pid
        assert pid
        thread = threading.Thread(target=wait)
        thread.start()
        self.daemon.kill()
        os.kill(pid, 9)
        self.daemon.start()
        self.all.repeating.socket_create(f"name=web,allow=jobs,prefix=job.,user={getpass.getuser()}", self.web)
        thread.join(PATIENCE)
        self.assertEqual(len(outcomes), 1)
        self.assertEqual(jobs.wait(jobs.start(["true"]).name, PATIENCE).exit_code, 0)

    def test_a_client_can_be_shared(self) -> None:
        with Client(self.web) as client:
            with Jobs(client) as jobs:
                job = jobs.start(["true"], output=os.path.join(self.folder, "out"))
                self.assertTrue(jobs.wait(job.name, PATIENCE).succeeded)
            client.statedump()
        self.assertTrue(os.path.exists(os.path.join(self.folder, "out")))


class AsyncJobsTests(JobsTest):
    def run_it(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run(asyncio.wait_for(work, PATIENCE))

    def test_jobs_from_start_to_end(self) -> None:
        async def work() -> None:
            async with AsyncJobs(self.web, directory=self.directory) as jobs:
                names = [(await jobs.start(["sh", "-c", f"echo {number}; exit {number}"])).name for number in range(8)]
                ended: List[Job] = await asyncio.gather(*(jobs.wait(name) for name in names))
                self.assertEqual([job.exit_code for job in ended], list(range(8)))
                self.assertEqual(await jobs.read_output(names[5]), b"5\n")
                self.assertEqual([piece async for piece in jobs.follow_output(names[6])], [b"6\n"])
                with self.assertRaises(errors.ServiceFull):
                    await jobs.start(["true"])
                for job in await jobs.list():
                    await jobs.forget(job.name)
                job = await jobs.start(["sleep", "1000"], tags=["red"])
                seen = []
                async for one in jobs.watch(job.name):
                    seen.append(one.status)
                    if one.status == "running":
                        await jobs.stop(job.name, 0)
                self.assertEqual(seen[-1], "over")
                self.assertEqual((await jobs.tag(job.name, "blue")).tags, ("blue",))
                with self.assertRaises(NoSuchJob):
                    await jobs.get("nix")
                with self.assertRaises(NameTaken):
                    await jobs.start(["true"], name=job.name)
            until(lambda: not self.descriptors(), "the daemon has no descriptor of them")

        self.run_it(work())

    def test_a_wait_and_a_start_can_be_cancelled(self) -> None:
        async def work() -> None:
            async with AsyncJobs(self.web, directory=self.directory) as jobs:
                job = await jobs.start(["sleep", "1000"])
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(jobs.wait(job.name), 0.05)
                for _ in range(20):
                    task = asyncio.ensure_future(jobs.start(["sleep", "1000"], stdin=b"x"))
                    await asyncio.sleep(0)
                    await asyncio.sleep(0)
                    task.cancel()
                    with self.assertRaises(asyncio.CancelledError):
                        await task
                await jobs.stop(job.name, 0)
                self.assertTrue((await jobs.wait(job.name)).is_stopped)
                left = [one for one in await jobs.list() if one.name != job.name]
                self.assertEqual([one for one in left if one.status == "new"], [])
                for one in left:
                    await jobs.stop(one.name, 0)

        self.run_it(work())
        until(lambda: not self.descriptors(), "the daemon has no descriptor of them")


if __name__ == "__main__":
    import unittest

    unittest.main()
