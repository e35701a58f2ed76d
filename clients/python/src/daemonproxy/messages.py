"""The messages of the protocol: outgoing commands, incoming events and errors."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, ClassVar, Dict, List, Sequence, Tuple, Type, TypeVar

from .wire import TEXT, Kind, SetOf, decode, encode


@dataclass(frozen=True)
class Command:
    """A command: a checked line, and the events of its answer."""

    name: str
    line: bytes
    """With its line feed."""
    answers: Tuple[Type[Event], ...] = ()
    """The events that it is answered with."""
    descriptor: int | None = None
    """A descriptor that is sent with the line; the caller still owns it."""

    def __str__(self) -> str:
        return decode(self.line[:-1])


class Line:
    """Builds a command line."""

    def __init__(self, name: str, most: int = sys.maxsize) -> None:
        self._name = name
        self._fields = [name]
        self._most = most
        self._absent: str | None = None

    def add(self, parameter: str, value: Any, kind: Kind[Any]) -> Line:
        """A field that must be there."""
        text = kind.format(value, parameter)
        if self._absent is not None:
            raise ValueError(f"{parameter}: the argument needs {self._absent}, which precedes it")
        self._fields.append(text)
        return self

    def add_optional(self, parameter: str, value: Any, kind: Kind[Any]) -> Line:
        """A field that is left out if it is None."""
        if value is None:
            self._absent = self._absent or parameter
        else:
            self.add(parameter, value, kind)
        return self

    def add_all(self, parameter: str, values: Sequence[Any], kind: Kind[Any]) -> Line:
        """Any number of fields."""
        for value in values:
            self.add(parameter, value, kind)
        return self

    def add_word(self, word: str) -> Line:
        """A fixed word."""
        self._fields.append(word)
        return self

    def command(self, *answers: Type[Event], descriptor: int | None = None) -> Command:
        """The command. Raises ValueError if the line is longer than the daemon reads."""
        line = encode("\t".join(self._fields)) + b"\n"
        if len(line) > self._most:
            raise ValueError(f"{self._name}: line too long: {len(line)} bytes, and the daemon reads {self._most}")
        return Command(self._name, line, answers, descriptor)


class DaemonproxyError(Exception):
    """The base class of the exceptions of this package."""


class CommandFailed(DaemonproxyError):
    """A command failed, and changed nothing, except with `Internal`: the daemon crashed while it ran the command.

    Each error of the protocol is a subclass, in `daemonproxy.errors`. An error that this version does not know is this
    class itself; so is an unknown command.
    """

    TEXT: ClassVar[Tuple[str, ...]] = ()
    """The parts of the error text before, between and after the values."""

    def __init__(self, text: str, command: Command | None = None) -> None:
        super().__init__(text)
        self.text = text
        """The text of the error, without the quoted line."""
        self.command = command
        """The command; None if unknown."""

    def __str__(self) -> str:
        return self.text if self.command is None else f"{self.text} (in answer to {self.command.name})"


def error_of(text: str, command: Command | None, known: Sequence[Type[CommandFailed]], most: int) -> CommandFailed:
    """The exception of an error. A text with values is cut to `most` bytes, so its end may be missing."""
    text = text.partition(', for command "')[0]
    for kind in known:
        first, *others = kind.TEXT
        if not (text.startswith(first) if others else text == first):
            continue
        at = len(first)
        for piece in others:
            found = text.find(piece, at)
            if found < 0:
                at = at if len(encode(text)) >= most else -1
                break
            at = found + len(piece)
        if at >= 0:
            return kind(text, command)
    return CommandFailed(text, command)


class Column:
    """One or more fields of an event: the name in Python, and the form on the wire."""

    def __init__(self, field: str, kind: Kind[Any], otherwise: str | None = None) -> None:
        self.field = field
        self.kind = kind
        self.otherwise = otherwise
        """The text for None; None if the field always has a value."""

    def parse(self, fields: List[str], at: int, values: Dict[str, Any], lenient: bool) -> int:
        """Reads fields from an index on, and returns the next index; raises ValueError or IndexError."""
        text = fields[at]
        values[self.field] = None if text == self.otherwise else self.kind.parse(text, lenient)
        return at + 1

    def format(self, event: Event) -> List[str]:
        """The fields."""
        value = getattr(event, self.field)
        if value is None and self.otherwise is not None:
            return [self.otherwise]
        return [self.kind.format(value, self.field)]


class Fixed(Column):
    """A word that identifies the case of an event."""

    def __init__(self, word: str) -> None:
        super().__init__("", TEXT)
        self.word = word

    def parse(self, fields: List[str], at: int, values: Dict[str, Any], lenient: bool) -> int:
        if fields[at] != self.word:
            raise ValueError(fields[at])
        return at + 1

    def format(self, event: Event) -> List[str]:
        return [self.word]


class Rest(Column):
    """All remaining fields; an empty rest has none."""

    def __init__(self, field: str) -> None:
        super().__init__(field, TEXT)

    def parse(self, fields: List[str], at: int, values: Dict[str, Any], lenient: bool) -> int:
        left = fields[at:]
        if not left:
            raise IndexError(at)
        values[self.field] = () if left == [""] else tuple(left)
        return len(fields)

    def format(self, event: Event) -> List[str]:
        return list(getattr(event, self.field)) or [""]


class Message(Column):
    """A text for people, which may have TABs in it: an error quotes the line."""

    def __init__(self, field: str) -> None:
        super().__init__(field, TEXT)

    def parse(self, fields: List[str], at: int, values: Dict[str, Any], lenient: bool) -> int:
        values[self.field] = "\t".join([fields[at], *fields[at + 1:]])
        return len(fields)

    def format(self, event: Event) -> List[str]:
        return [str(getattr(event, self.field))]


class Joined(Column):
    """Several values and words in one field, joined by commas."""

    def __init__(self, *parts: str | Column) -> None:
        super().__init__("", TEXT)
        self.parts = parts

    def parse(self, fields: List[str], at: int, values: Dict[str, Any], lenient: bool) -> int:
        words = [word for word in fields[at].split(",") if word]
        for part in self.parts:
            if isinstance(part, str):
                while lenient and words and words[0] != part:
                    words.pop(0)
                if not words or words.pop(0) != part:
                    raise ValueError(part)
            elif isinstance(part.kind, SetOf):
                names = {flag.word for flag in part.kind.flags.WORDS}
                count = 0
                while count < len(words) and words[count].partition("=")[0] in names:
                    count += 1
                values[part.field] = part.kind.parse(",".join(words[:count]), lenient)
                del words[:count]
            else:
                values[part.field] = part.kind.parse(words.pop(0), lenient)
        if words and not lenient:
            raise ValueError(words[0])
        return at + 1

    def format(self, event: Event) -> List[str]:
        texts = [part if isinstance(part, str) else part.format(event)[0] for part in self.parts]
        return [",".join(text for text in texts if text)]


@dataclass(frozen=True)
class Event:
    """An event of the daemon."""

    NAME: ClassVar[str] = ""
    COLUMNS: ClassVar[Tuple[Column, ...]] = ()

    def __str__(self) -> str:
        """The line, as the daemon sends it, without its line feed."""
        return "\t".join([self.NAME, *(text for column in self.COLUMNS for text in column.format(self))])


@dataclass(frozen=True)
class UnknownEvent(Event):
    """A line that this version does not know, or the answer to `echo`."""

    line: str

    def __str__(self) -> str:
        return self.line


E = TypeVar("E", bound=Event)


def _parse_as(case: Type[E], fields: List[str], lenient: bool) -> E | None:
    values: Dict[str, Any] = {}
    at = 1
    try:
        for column in case.COLUMNS:
            at = column.parse(fields, at, values, lenient)
    except (ValueError, IndexError):
        return None
    return case(**values) if at == len(fields) or lenient else None


def parse_event(line: str, known: Dict[str, Tuple[Type[Event], ...]]) -> Event:
    """The event of a line, without its line feed. An unknown event is an UnknownEvent.

    Unknown words of sets and unknown fields at the end, of a newer daemon, are left out.
    """
    fields = line.split("\t")
    cases = known.get(fields[0], ())
    for lenient in (False, True):
        for case in cases:
            event = _parse_as(case, fields, lenient)
            if event is not None:
                return event
    return UnknownEvent(line)

