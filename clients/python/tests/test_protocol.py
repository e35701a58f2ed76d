"""Everything of the protocol goes out and comes back, as docs/protocol.json says: it is made from the same spec."""

from __future__ import annotations

import json
import os
import unittest
import warnings
from typing import Any, Callable, Dict, List

from daemonproxy import LINES, CommandFailed, errors
from daemonproxy.messages import UnknownEvent, error_of, parse_event
from daemonproxy.protocol import VERSION, values
from daemonproxy.protocol.errors import ERRORS
from daemonproxy.protocol.events import EVENTS, ErrorEvent, ServiceArgsEvent, ServiceFailedEvent
from support import ROOT, DaemonTest

PROTOCOL: Dict[str, Any] = json.loads((ROOT / "docs" / "protocol.json").read_text())
ENUMS = {one["name"]: [word["name"] for word in one["words"]] for one in PROTOCOL["enums"]}
SETS = {one["name"]: one["words"] for one in PROTOCOL["sets"]}


def pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.replace("-", ".").replace("_", ".").split("."))


def word_of(name: str) -> str:
    """A word of a set: one with a value, if it has such."""
    word = next((one for one in reversed(SETS[name]) if "value" in one), SETS[name][0])
    value = word.get("value")
    if value is None:
        return str(word["name"])
    sample = {"octal": "0640", "text": "x"}.get(value.get("type"), str(value.get("most")))
    return f"{word['name']}={sample}"


def sample_of(one: Dict[str, Any]) -> str:
    """A value of a type, on the wire."""
    kind = one["type"]
    if kind == "enum":
        return str(ENUMS[one["of"]][-1])
    if kind == "set":
        return word_of(str(one["of"]))
    if kind == "name":
        return "web"
    number = str(one.get("least", 7))
    return {"signal": "SIGUSR1", "text": "a text", "errno": "ENOENT"}.get(str(kind), number)


def field_of(cell: Dict[str, Any]) -> List[str]:
    """What an event has in a field."""
    if cell["shape"] == "dash":
        return ["-"]
    if cell["shape"] == "list":
        return ["one", "two"]
    texts = [one["literal"] if "literal" in one else sample_of(one) for one in cell["elements"]]
    if cell["elements"][0].get("rest"):
        return ["one", "two", "\udcff"]
    return [",".join(texts)] if cell["shape"] == "sequence" else [texts[0]]


class EventTests(unittest.TestCase):
    def test_every_event_is_read_and_written_as_it_came(self) -> None:
        seen = set()
        for event in PROTOCOL["events"]:
            for line in event["lines"]:
                if event["name"] == "raw":
                    continue
                with self.subTest(event=event["name"], case=line.get("case")):
                    text = "\t".join([event["name"], *(text for one in line["fields"] for text in field_of(one))])
                    told = parse_event(text, EVENTS)
                    name = event["name"] + ("." + line["case"] if "case" in line else "")
                    self.assertEqual(type(told).__name__, pascal(name) + "Event")
                    self.assertEqual(str(told), text)
                    seen.add(type(told))
        self.assertEqual(seen, {one for cases in EVENTS.values() for one in cases})

    def test_values_are_typed(self) -> None:
        told = parse_event("service.failed\tweb\t12\texecute\tENOENT\t/x", EVENTS)
        self.assertEqual(told, ServiceFailedEvent("web", 12, "execute", "ENOENT", "/x"))
        told = parse_event("fd.state\tlog\tfile\twrite,mode=0640,owner=a:b\t/log", EVENTS)
        self.assertEqual(getattr(told, "flags"), values.FileFlags(write=True, mode=0o640, owner="a:b"))
        told = parse_event("fd.state\ta\tpipe\tfrom\t?", EVENTS)
        self.assertIsNone(getattr(told, "text"))
        self.assertEqual(str(told), "fd.state\ta\tpipe\tfrom\t?")

    def test_an_empty_rest_is_none(self) -> None:
        self.assertEqual(parse_event("service.args\tweb\t", EVENTS), ServiceArgsEvent("web", ()))
        self.assertEqual(parse_event("error\ta\tb", EVENTS), ErrorEvent("a\tb"))

    def test_what_a_newer_daemon_adds_is_left_out(self) -> None:
        told = parse_event("fd.state\tlog\tfile\twrite,sparkling\t/log\tnew", EVENTS)
        self.assertEqual(getattr(told, "flags"), values.FileFlags(write=True))
        told = parse_event("service.state\tweb\tup\t1\t2\t-\t-\t0\t-\tmore", EVENTS)
        self.assertEqual(type(told).__name__, "ServiceStateUpEvent")
        for line in ("service.state\tweb\tflying\t1", "service.flies\tweb", "", "service.state", "stats\tnew\t1"):
            self.assertEqual(parse_event(line, EVENTS), UnknownEvent(line))

    def test_the_version_is_that_of_the_spec(self) -> None:
        self.assertEqual(VERSION, PROTOCOL["version"])
        self.assertEqual(values.LIMIT_LINE, next(one["value"] for one in PROTOCOL["limits"] if one["name"] == "line"))


class ErrorTests(unittest.TestCase):
    def test_every_error_is_known_by_its_text(self) -> None:
        for error in PROTOCOL["errors"]:
            with self.subTest(error=error["name"]):
                text = "".join(piece.get("literal", "4") for piece in error["text"])
                found = error_of(text + ', for command "x"', None, ERRORS, values.LIMIT_ERROR_TEXT)
                self.assertEqual(type(found).__name__, pascal(error["name"]))
                self.assertEqual(str(found), text)
        self.assertEqual(len(ERRORS), len(PROTOCOL["errors"]))

    def test_one_that_was_cut_is_known_by_its_beginning(self) -> None:
        text = 'unknown flag "' + "x" * 60
        self.assertIsInstance(error_of(text, None, ERRORS, values.LIMIT_ERROR_TEXT), errors.UnknownFlag)
        self.assertIs(type(error_of('unknown flag "x', None, ERRORS, values.LIMIT_ERROR_TEXT)), CommandFailed)


def argument_of(field: Dict[str, Any]) -> Any:
    """An argument of a method, and how it goes over the wire."""
    if field.get("mark") == "rest" or "type" not in field:
        return (field.get("literals") or ["a text"])[0]
    kind = field["type"]
    if kind in ("integer", "seconds", "instant"):
        return int(field.get("least", 7))
    if kind == "name":
        return {"service": "web", "fd": "null"}.get(field["of"], "s")
    return sample_of(field)


class CommandTests(DaemonTest):
    OPTIONS = ["--debug-crash"]
    # They end something; the tests of faults and of jobs send them.
    ENDING = ("exit", "terminate", "debug.crash", "reexec")

    def test_every_command_is_understood_by_the_daemon(self) -> None:
        client = self.connect()
        client.service_args("web", "/bin/true")
        for command in PROTOCOL["commands"]:
            name = command["name"]
            with self.subTest(command=name), open(os.devnull) as given:
                method = getattr(LINES, name.replace(".", "_"))
                fields = [one for one in command["fields"]]
                optional = [one["mark"] == "optional" for one in fields]
                is_word = [
                    "type" not in one and "prefixed" not in one and len(one.get("literals", ())) == 1
                    and one["mark"] == "required" for one in fields]
                arguments = [argument_of(one) for one in fields]
                sent = [one for one, fixed in zip(arguments, is_word) if not fixed]
                line = method(*([given] if command.get("takesDescriptor") else []), *sent)
                self.assertEqual(str(line), "\t".join([name, *map(str, arguments)]))
                short = [one for one, left, fixed in zip(arguments, optional, is_word) if not left and not fixed]
                method(*([given] if command.get("takesDescriptor") else []), *short)
                if name in self.ENDING:
                    continue
                try:
                    client.run(line)
                except CommandFailed as problem:
                    allowed = {pascal(one) for one in command.get("fails", [])} | {
                        pascal(error) for one in fields for error in one.get("errors", [])}
                    self.assertIn(type(problem).__name__, allowed)

    def test_what_the_protocol_forbids_is_not_sent(self) -> None:
        wrong: List[Callable[[], object]] = [
            lambda: LINES.service_args("web", "a\tb"), lambda: LINES.service_args("web", "a\nb"),
            lambda: LINES.service_args("web", "a\0b"), lambda: LINES.service_start("a b"),
            lambda: LINES.service_start("x" * 32), lambda: LINES.service_start(""),
            lambda: LINES.service_stop("web", -1), lambda: LINES.service_stop("web", 2**31),
            lambda: LINES.service_stop("web", None, "SIGTERM"), lambda: LINES.service_signal("web", 65536),
            lambda: LINES.service_signal("web", ""), lambda: LINES.fd_open("log", "wirte", "/log"),
            lambda: LINES.fd_open("log", values.FileFlags(mode=0o1000), "/log"),
            lambda: LINES.fd_open("log", values.FileFlags(owner="a,b"), "/log"),
            lambda: LINES.service_auto_up("web", 0), lambda: LINES.service_auto_up("web", 1, "fd:a b"),
            lambda: LINES.echo("x" * 4096), lambda: LINES.service_tags("web", "\ud800"),
            lambda: LINES.stats("unknown"),  # type: ignore[arg-type]
            lambda: LINES.service_ready("web", None, "store=2"),
        ]
        for call in wrong:
            with self.assertRaises(ValueError):
                call()
        wrong = [
            lambda: LINES.service_stop("web", True), lambda: LINES.service_stop("web", "1"),  # type: ignore[arg-type]
            lambda: LINES.service_start(7), lambda: LINES.fd_open("log", 7, "/log"),  # type: ignore[arg-type]
        ]
        for call in wrong:
            with self.assertRaises(TypeError):
                call()

    def test_lines_are_what_they_look_like(self) -> None:
        for line, text in (
            (LINES.service_stop("web"), "service.stop\tweb"),
            (LINES.service_stop("web", 3, "HUP"), "service.stop\tweb\t3\tHUP"),
            (
                LINES.service_signal("web", 9, values.SignalOptions(tree=True, pid=7)),
                "service.signal\tweb\t9\ttree,pid=7",
            ),
            (LINES.fd_open("log", "append,write,mode=0640", "/l"), "fd.open\tlog\twrite,append,mode=0640\t/l"),
            (LINES.fd_socket("web", "tcp,listen", "*:80"), "fd.socket\tweb\tinet,stream,bind,listen=32\t*:80"),
            (LINES.service_auto_up("web", "-"), "service.auto_up\tweb\t-"),
            (
                LINES.service_auto_up("web", 5, "always", "fd:web", "SIGHUP"),
                "service.auto_up\tweb\t5\talways\tfd:web\tSIGHUP",
            ),
            (LINES.log_filter("+"), "log.filter\t+"),
            (LINES.socket_create("-", "/s"), "socket.create\t-\t/s"),
            (LINES.service_dir("web", os.fsdecode(b"/\xff")), "service.dir\tweb\t/\udcff"),
        ):
            self.assertEqual(str(line), text)
        self.assertEqual(LINES.service_dir("web", os.fsdecode(b"/\xff")).line, b"service.dir\tweb\t/\xff\n")

    def test_nothing_of_the_protocol_is_deprecated_unseen(self) -> None:
        from daemonproxy.wire import Words, deprecated

        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            deprecated("`say`", "use `speak`")
            Words("low", "high", deprecated={"high": "use `low`"}).format("high", "volume")
        self.assertEqual([str(one.message) for one in told], ["`say`: use `speak`", "volume: `high`: use `low`"])
        self.assertEqual({one.filename for one in told}, {__file__})
        self.assertTrue(all(one.category is DeprecationWarning for one in told))


if __name__ == "__main__":
    unittest.main()
