"""The client and a daemon that is well."""

from __future__ import annotations

import dataclasses
import gc
import os
import socket
import subprocess
import sys
import threading
from typing import Any, Dict, List, Optional

from daemonproxy import LINES, Client, ConnectionClosed, NoAnswer, NobodyListens, NoPermission, NoSocket, errors
from daemonproxy.model import Reducer, ServiceInfo
from daemonproxy.protocol.events import (
    EVENTS, FdStateFileEvent, OverflowEvent, ServiceArgsEvent, ServiceStateExitedEvent, ServiceTagsEvent, WarningEvent,
)
from daemonproxy.protocol.values import ReadyOptions, ReadyWays
from support import Daemon, DaemonTest, until


# Values of each type of an event; and a service that has what events take back.
SAMPLES: Dict[str, Any] = {
    "int": 7, "Tuple[str, ...]": ("x",), "StartStep": "execute", "ReadyWays": ReadyWays(exit=True),
    "ReadyOptions": ReadyOptions(store=3),
}
BEFORE: Dict[str, Any] = {
    "phase": "up", "since": 1, "pid": 2, "auto_up_interval": 3, "listens": True, "ready": ReadyWays(notify=True),
    "store": 9, "ready_since": 4, "stopped_since": 5, "kill_at": 6,
}


class ConnectTests(DaemonTest):
    def test_a_missing_socket_is_told(self) -> None:
        with self.assertRaisesRegex(NoSocket, "There is no socket /no/such: the daemon does not run"):
            Client("/no/such")
        with self.assertRaisesRegex(ValueError, "1 to 107 bytes"):
            Client("/" + "x" * 107)

    def test_nobody_who_listens_is_told(self) -> None:
        path = os.path.join(self.folder, "dead")
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(path)
        for one in (path, __file__):
            with self.assertRaisesRegex(NobodyListens, "No process listens on"):
                Client(one)

    def test_a_socket_of_somebody_else_is_told(self) -> None:
        os.chmod(self.folder, 0o755)
        program = (
            "import os, sys\n"
            "from daemonproxy import Client, NoPermission\n"
            "if os.getuid() == 0: os.setuid(65534)\n"
            "else: os.chmod(sys.argv[1], 0)\n"
            "try: Client(sys.argv[1])\n"
            "except NoPermission as problem: print(problem)")
        said = subprocess.run(
            [sys.executable, "-c", program, self.socket], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertEqual(said, f"This user may not open {self.socket}.\n")
        self.assertTrue(issubclass(NoPermission, OSError))

    def test_a_full_daemon_is_not_waited_for_without_end(self) -> None:
        path = os.path.join(self.folder, "full")
        full = Daemon(path, "--controllers", "1")
        self.addCleanup(full.close)
        with self.assertRaisesRegex(NoAnswer, "does not answer: it has no place for another controller"):
            Client(path, timeout=0.1)

    def test_the_path_is_that_of_the_environment(self) -> None:
        os.environ["DAEMONPROXY_SOCKET"] = self.socket
        self.addCleanup(os.environ.pop, "DAEMONPROXY_SOCKET")
        with Client() as client:
            self.assertEqual(client.path, self.socket)

    def test_a_lazy_client_waits_for_its_daemon(self) -> None:
        path = os.path.join(self.folder, "later")
        with Client(path, lazy=True) as client:
            waiting = client.pipelined.service_tags("web", "x")
            until(lambda: "There is no socket" in client.status.reason, "it has tried")
            self.assertEqual(client.status.state, "lost")
            self.addCleanup(Daemon(path).close)
            self.assertEqual(waiting.result(10).answers, (ServiceTagsEvent("web", ("x",)),))

    def test_after_its_end_a_client_says_why(self) -> None:
        client = self.connect()
        events = client.events()
        client.close()
        client.close()
        self.assertEqual(client.status.state, "ended")
        with self.assertRaisesRegex(ConnectionClosed, "This side has closed the connection."):
            client.service_start("web")
        self.assertEqual(list(events), [])
        self.assertEqual(list(client.events()), [])

    def test_a_child_process_is_told_that_the_client_is_not_its_own(self) -> None:
        client = self.connect()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                client.statedump()
            except ConnectionClosed as problem:
                os.write(writer, str(problem).encode())
            finally:
                client.close()
                os._exit(0)
        os.waitpid(child, 0)
        self.assertIn(b"make one after fork(2)", os.read(reader, 1000))
        self.assertEqual(client.echo("still here").answers[0].__str__(), "still here")
        os.close(reader)
        os.close(writer)


class CommandTests(DaemonTest):
    def test_answers_warnings_and_errors_belong_to_their_command(self) -> None:
        client = self.connect()
        events = client.events()
        pending = [
            client.pipelined.service_args("web", "/bin/web", "-p"),
            client.pipelined.service_fds("web", "null", "web.log"),
            client.pipelined.service_start("nix"),
            client.pipelined.service_tags("web", "x"),
        ]
        self.assertEqual(pending[0].result().answers, (ServiceArgsEvent("web", ("/bin/web", "-p")),))
        self.assertEqual(pending[1].result().warnings, ('fd "web.log" is not yet defined',))
        with self.assertRaises(errors.ServiceUnknown) as told:
            pending[2].result()
        self.assertEqual(told.exception.text, "No such service")
        self.assertEqual(told.exception.command, LINES.service_start("nix"))
        self.assertEqual(pending[3].result().answers, (ServiceTagsEvent("web", ("x",)),))
        self.assertFalse([one for one in iter(lambda: events.get(0), None) if isinstance(one, WarningEvent)])

    def test_many_threads_share_a_client(self) -> None:
        client = self.connect()
        problems: List[BaseException] = []

        def work(number: int) -> None:
            try:
                for turn in range(100):
                    name = f"s{number}"
                    answers = client.service_tags(name, f"turn={turn}").answers
                    assert answers == (ServiceTagsEvent(name, (f"turn={turn}",)),), answers
                    try:
                        client.service_signal(name, "TERM")
                    except errors.NotRunning:
                        continue
                    raise AssertionError("it was signalled")
            except BaseException as problem:
                problems.append(problem)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(problems, [])

    def test_the_thread_of_a_client_does_not_wait_for_itself(self) -> None:
        client = self.connect()
        state = client.follow()

        def test(one: Optional[ServiceInfo]) -> bool:
            # The first time it is asked here, and there is no service yet.
            return bool(client.pipelined.service_tags("web", "x") and False if one is None else client.statedump())

        with self.assertRaisesRegex(RuntimeError, "own thread cannot wait"):
            state.wait_service("web", test, 10)

    def test_a_call_can_be_given_up(self) -> None:
        client = self.connect(answer_timeout=0.05)
        os.kill(self.daemon.process.pid, 19)
        try:
            with self.assertRaises(TimeoutError):
                client.service_tags("web", "x")
        finally:
            os.kill(self.daemon.process.pid, 18)
        with Client(self.socket) as other:
            until(lambda: "web" in other.follow().now.services, "it was run all the same")

    def test_descriptors_go_both_ways(self) -> None:
        client = self.connect()
        reader, writer = os.pipe()
        # More than the daemon keeps at once.
        taken = [client.pipelined.fd_take(writer, f"pipe{number}") for number in range(20)]
        self.assertIsInstance(taken[-1].result().answers[0], FdStateFileEvent)
        os.close(writer)
        given = client.fd_give("pipe7").descriptor
        assert given is not None
        self.assertFalse(os.get_inheritable(given.fileno()))
        os.write(given.fileno(), b"through the daemon")
        given.close()
        self.assertEqual(os.read(reader, 100), b"through the daemon")
        for number in range(20):
            client.fd_delete(f"pipe{number}")
        self.assertEqual(os.read(reader, 100), b"")
        os.close(reader)
        with self.assertRaises(errors.FdConstant):
            client.fd_give("null")

    def test_no_descriptor_is_left_here(self) -> None:
        client = self.connect()
        before = len(os.listdir("/proc/self/fd"))
        with open(os.devnull) as file:
            for _ in range(10):
                client.fd_take(file, "x")
                given = client.pipelined.fd_give("x")
                given.cancel()
                client.statedump()
                with self.assertRaises(errors.FdUnknown):
                    client.fd_give("y")
        with Client(self.socket, reconnect=False) as other:
            other.pipelined.fd_give("x")
        given.cancel()
        del given
        self.assertEqual(len(os.listdir("/proc/self/fd")), before)

    def test_exit_ends_the_connection_and_not_the_client(self) -> None:
        client = self.connect()
        client.exit()
        client.service_tags("web", "x")
        once = self.connect(reconnect=False)
        once.exit()
        until(lambda: once.status.state == "ended", "it has ended")
        self.assertEqual(once.status.reason, "The daemon has closed the connection, as requested.")

    def test_terminate_ends_the_daemon(self) -> None:
        client = self.connect(reconnect=False)
        client.terminate(3)
        self.assertEqual(self.daemon.process.wait(), 3)
        with self.assertRaisesRegex(ConnectionClosed, "The daemon has closed the connection"):
            client.service_tags("web", "x")


class EventTests(DaemonTest):
    def test_a_subscription_has_what_comes_after_it(self) -> None:
        client = self.connect()
        client.service_args("web", "/bin/sh", "-c", "exit 7")
        with client.events() as events:
            client.service_start("web")
            told = next(one for one in events if isinstance(one, ServiceStateExitedEvent))
        self.assertEqual((told.name, told.value), ("web", 7))
        self.assertEqual(list(events), [])

    def test_a_reader_that_is_too_slow_is_told_so(self) -> None:
        client = self.connect()
        events = client.events(10)
        for number in range(25):
            client.service_tags("web", str(number))
        told = list(iter(lambda: events.get(0), None))
        self.assertIsInstance(told[0], OverflowEvent)
        self.assertEqual(told[-1], ServiceTagsEvent("web", ("24",)))
        self.assertLessEqual(len(told), 10)
        self.assertIsNone(events.get(0.01))

    def test_a_subscription_that_nobody_has_is_forgotten(self) -> None:
        client = self.connect()
        kept = client.events()
        for _ in range(10):
            client.events()
        gc.collect()
        client.service_tags("web", "x")
        self.assertEqual(len(client._link.hub._queues), 1)
        told = list(iter(lambda: kept.get(0.01), None))
        self.assertIn(ServiceTagsEvent("web", ("x",)), told)

    def test_the_model_follows(self) -> None:
        client = self.connect()
        state = client.follow()
        client.service_args("web", "/bin/sh", "-c", "exit 7")
        client.service_env("web", "A=1")
        client.service_user("web", "0", "0")
        client.service_ready("web", "exit", "store=3")
        client.service_auto_up("web", 9, "SIGUSR2")
        client.service_listen("web", "+")
        client.fd_pipe("in", "out")
        now = state.now
        web = now.services["web"]
        self.assertEqual((web.args, web.env, web.user), (("/bin/sh", "-c", "exit 7"), ("A=1",), ("0", "0")))
        self.assertEqual((web.store, web.ready and web.ready.exit), (3, True))
        self.assertEqual((web.auto_up_interval, web.auto_up_triggers, web.listens), (9, ("SIGUSR2",), True))
        self.assertEqual(getattr(now.fds["in"], "text"), "out")
        client.fd_delete("out")
        self.assertIsNone(getattr(state.now.fds["in"], "text"))
        client.service_start("web")
        ended = state.wait_service("web", lambda one: one is not None and one.phase == "exited", 10)
        self.assertEqual(ended and ended.exit_code, 7)
        client.service_delete("web")
        self.assertIsNone(state.service("web"))
        self.assertIn("web", now.services)
        with self.assertRaises(TimeoutError):
            state.wait(lambda now: "web" in now.services, 0.01)
        with self.assertRaises(ZeroDivisionError):
            state.wait(lambda now: bool(1 // 0))

    def test_every_event_about_a_service_is_in_the_model(self) -> None:
        for name, cases in EVENTS.items():
            for case in cases:
                if not name.startswith("service.") or name == "service.watchdog":
                    continue
                with self.subTest(event=case.__name__):
                    values: Dict[str, Any] = {
                        one.name: SAMPLES.get(str(one.type), "web") for one in dataclasses.fields(case)}
                    reducer, changes = Reducer(), 0
                    for before in (ServiceInfo("web"), ServiceInfo("web", **BEFORE)):
                        reducer.services["web"] = before
                        self.assertEqual(reducer.apply(case(**values)), "web")
                        changes += reducer.services.get("web") != before
                    self.assertTrue(changes, "the model has no place for it")

    def test_the_model_of_a_second_client_is_the_same(self) -> None:
        first, second = self.connect(), self.connect()
        follow = first.follow()
        for number in range(300):
            first.pipelined.service_args(f"s{number:03}", "/bin/true", "x" * number)
        first.service_tags("s007", "\udcff")
        self.assertEqual(second.follow().now, follow.now)


if __name__ == "__main__":
    import unittest

    unittest.main()
