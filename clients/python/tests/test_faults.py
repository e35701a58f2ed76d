"""The client where something goes wrong: the daemon, the reader, or a peer that is no daemon."""

from __future__ import annotations

import array
import os
import socket
import threading
from typing import Callable, List

from daemonproxy import AnswerLost, Client, CommandFailed, ConnectionClosed, NoAnswer, UnknownEvent
from daemonproxy.protocol.events import OverflowEvent, ServiceStateExitedEvent, ServiceTagsEvent
from support import PATIENCE, PROGRAM, DaemonTest, until


class FaultTests(DaemonTest):
    def test_a_crash_loses_no_service_and_the_model_heals(self) -> None:
        client = self.connect()
        state = client.follow()
        events = client.events()
        client.service_args("web", "sleep", "1000")
        client.service_start("web")
        before = state.wait_service("web", lambda one: one is not None and one.phase == "up", PATIENCE)
        self.daemon.crash()
        self.assertTrue(client.wait_connected(PATIENCE))
        client.repeating.service_tags("web", "after")
        after = state.now.services["web"]
        assert before is not None
        self.assertEqual((after.pid, after.phase, after.tags), (before.pid, "up", ("after",)))
        self.assertIn(OverflowEvent(), list(iter(lambda: events.get(0.1), None)))
        client.service_stop("web", 0)

    def test_commands_under_way_at_a_crash_end(self) -> None:
        client = self.connect()
        for turn in range(3):
            repeated = [client.repeating.service_tags("web", "x")]
            pending = [client.pipelined.service_tags("web", str(number)) for number in range(500)]
            self.daemon.process.send_signal(11)
            lost = 0
            for one in pending:
                try:
                    one.result(PATIENCE)
                except AnswerLost:
                    lost += 1
            self.assertLess(lost, 500)
            client.repeating.service_tags("web", f"turn={turn}")
            self.assertEqual(len(repeated), 1)
        self.assertEqual(client.follow().now.services["web"].tags, ("turn=2",))

    def test_an_upgrade_is_not_noticed(self) -> None:
        client = self.connect()
        client.service_args("web", "sleep", "1000")
        client.service_start("web")
        before = client.follow().now.services["web"].pid
        client.reexec(PROGRAM)
        self.assertEqual(client.follow().now.services["web"].pid, before)
        self.assertEqual(getattr(client.stats("reexecs").answers[0], "value"), 1)
        client.service_stop("web", 0)

    def test_a_daemon_that_starts_anew_is_found_again(self) -> None:
        client = self.connect()
        state = client.follow()
        events = client.events()
        client.service_tags("old", "x")
        self.daemon.kill()
        until(lambda: client.status.state == "lost", "it is lost")
        self.assertFalse(state.now.is_whole)
        self.assertIn("old", state.now.services)
        waiting = client.pipelined.service_tags("new", "x")
        self.daemon.start()
        self.assertEqual(waiting.result(PATIENCE).answers, (ServiceTagsEvent("new", ("x",)),))
        self.assertTrue(client.wait_connected(PATIENCE))
        self.assertEqual(set(state.now.services), {"new"})
        self.assertIn(OverflowEvent(), list(iter(lambda: events.get(0.1), None)))

    def test_a_command_that_was_sent_is_not_sent_twice(self) -> None:
        client = self.connect()
        client.service_tags("web", "x")
        os.kill(self.daemon.process.pid, 19)
        sent = client.pipelined.service_tags("web", "y")
        repeated: List[object] = []
        thread = threading.Thread(target=lambda: repeated.append(client.repeating.service_tags("web", "z").answers))
        thread.start()
        until(lambda: not (client._link._unsent or client._link._out), "both were sent")
        self.daemon.kill()
        with self.assertRaises(ConnectionClosed) as told:
            sent.result(PATIENCE)
        self.assertTrue(told.exception.may_have_run)
        self.daemon.start()
        thread.join(PATIENCE)
        self.assertEqual(repeated, [(ServiceTagsEvent("web", ("z",)),)])

    def test_a_client_that_does_not_come_back_says_why_it_ended(self) -> None:
        client = self.connect(reconnect=False)
        state = client.follow()
        waiting = threading.Thread(target=lambda: self.assertRaises(
            ConnectionClosed, state.wait_service, "web", lambda one: one is not None))
        waiting.start()
        self.daemon.kill()
        waiting.join(PATIENCE)
        self.assertFalse(waiting.is_alive())
        self.assertEqual(client.status.state, "ended")
        with self.assertRaisesRegex(ConnectionClosed, "The daemon has closed the connection."):
            client.service_start("web")

    def test_a_reader_that_stalls_overflows_and_heals(self) -> None:
        client, other = self.connect(), self.connect()
        state = client.follow()
        go, stalled = threading.Event(), threading.Event()

        def stall(_: object) -> bool:
            stalled.set()
            return go.wait(PATIENCE)

        thread = threading.Thread(target=lambda: state.wait_service("web", lambda one: one is not None and stall(one)))
        thread.start()
        other.service_tags("web", "first")
        self.assertTrue(stalled.wait(PATIENCE))
        overflows = 0
        while not overflows:
            for number in range(500):
                other.pipelined.service_tags("web", "x" * 200, str(number))
            overflows = getattr(other.stats("overflows").answers[0], "value")
        other.service_tags("web", "the-last")
        go.set()
        thread.join(PATIENCE)
        state.wait_service("web", lambda one: one is not None and one.tags == ("the-last",), PATIENCE)
        self.assertEqual(client.service_tags("web", "well").answers, (ServiceTagsEvent("web", ("well",)),))


class PeerTests(DaemonTest):
    """Peers that are no daemon, or none that we know."""

    def serve(self, talk: Callable[[socket.socket], None]) -> str:
        path = os.path.join(self.folder, "peer")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        self.addCleanup(listener.close)

        def accept() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    try:
                        talk(peer)
                    except OSError:
                        pass

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        self.addCleanup(thread.join, 1)
        self.addCleanup(lambda: listener.shutdown(socket.SHUT_RDWR))
        return path

    @staticmethod
    def answer(peer: socket.socket, before: bytes = b"") -> bool:
        """Answers the next markers as a daemon does, with something before them."""
        data = peer.recv(65536)
        markers = [line[5:] + b"\n" for line in data.split(b"\n") if line.startswith(b"echo\t")]
        peer.sendall(before + b"".join(markers))
        return bool(data)

    def test_one_that_never_answers_is_given_up(self) -> None:
        def talk(peer: socket.socket) -> None:
            while peer.recv(65536):
                pass

        path = self.serve(talk)
        with self.assertRaises(NoAnswer):
            Client(path, timeout=0.1)

    def test_one_that_closes_at_once_is_told(self) -> None:
        path = self.serve(lambda peer: None)
        client = Client(path, lazy=True, reconnect=False)
        with self.assertRaises(ConnectionClosed):
            client.statedump()
        client.close()

    def test_rubbish_is_passed_on_and_harms_nothing(self) -> None:
        rubbish = b"\xff\xfe\0\nservice.state\tweb\nservice.state\t\t\t\nstats\tuptime\tx\nerror\ndone 1\nerror\tlone\n"

        def talk(peer: socket.socket) -> None:
            self.answer(peer)
            while self.answer(peer, rubbish):
                pass

        with Client(self.serve(talk)) as client:
            client.wait_connected(PATIENCE)
            events = client.events()
            with self.assertRaises(CommandFailed) as failed:
                client.service_tags("web")
            self.assertEqual(str(failed.exception), "lone (in answer to service.tags)")
            told = list(iter(lambda: events.get(0.05), None))
            self.assertEqual([type(one) for one in told], [UnknownEvent] * 6)
            self.assertEqual(str(told[0]), "\udcff\udcfe\0")

    def test_a_line_without_an_end_is_no_daemon(self) -> None:
        def talk(peer: socket.socket) -> None:
            self.answer(peer)
            while True:
                peer.sendall(b"x" * 65536)

        client = Client(self.serve(talk), reconnect=False)
        until(lambda: client.status.state == "ended", "it was given up")
        self.assertEqual(client.status.reason, "The connection broke: the line of the daemon is too long.")
        client.close()

    def test_descriptors_that_nobody_asked_for_are_closed(self) -> None:
        done = threading.Event()
        before = self.nulls()

        def talk(peer: socket.socket) -> None:
            self.answer(peer)
            with open(os.devnull) as file:
                for _ in range(20):
                    rights = array.array("i", [file.fileno()] * 3)
                    peer.sendmsg([b"info\tx\n"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            while self.answer(peer):
                done.set()

        with Client(self.serve(talk)) as client:
            client.statedump()
            self.assertTrue(done.is_set())
            client.statedump()
            self.assertEqual(self.nulls(), before)

    @staticmethod
    def nulls() -> List[str]:
        """The descriptors of this process that are /dev/null."""
        found = []
        for number in os.listdir("/proc/self/fd"):
            try:
                found += [number] if os.readlink(f"/proc/self/fd/{number}") == os.devnull else []
            except FileNotFoundError:
                pass  # That of the list itself.
        return found

    def test_a_marker_that_is_missing_is_an_answer_that_is_lost(self) -> None:
        def talk(peer: socket.socket) -> None:
            self.answer(peer)
            self.answer(peer)
            first = peer.recv(65536)
            peer.sendall(b"overflow\n")
            rest = first + peer.recv(65536)
            marker = [line[5:] for line in rest.split(b"\n") if line.startswith(b"echo\t")][-1]
            peer.sendall(marker + b"\n")
            while self.answer(peer):
                pass

        with Client(self.serve(talk)) as client:
            self.assertTrue(client.wait_connected(PATIENCE))
            with self.assertRaisesRegex(AnswerLost, "The answer to service.start was lost"):
                client.service_start("web")
            client.service_start("web")

    def test_events_that_end_a_conversation_are_read(self) -> None:
        client = self.connect()
        client.service_args("web", "true")
        events = client.events()
        client.service_start("web")
        while not isinstance(events.get(PATIENCE), ServiceStateExitedEvent):
            pass


if __name__ == "__main__":
    import unittest

    unittest.main()
