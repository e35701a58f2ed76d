"""Lines of the protocol: how values become fields, and fields become values.

The generated code in `daemonproxy.protocol` uses these parts. A text on the wire is bytes. UTF-8 is decoded; any other
byte becomes a lone surrogate, U+DC80 to U+DCFF (`os.fsdecode`), and is encoded as the same byte. So every path and
argument is preserved.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from dataclasses import dataclass
from typing import Any, ClassVar, Dict, Generic, List, Protocol, Tuple, Type, TypeVar, Union

T = TypeVar("T")
F = TypeVar("F", bound="Flags")

_NOT_IN_A_FIELD = {"\t": "a TAB", "\n": "a line feed", "\0": "a NUL"}
_NAME = re.compile(r"[A-Za-z0-9._-]+\Z")
_NUMBER = re.compile(r"-?[0-9]+\Z")
_OCTAL = re.compile(r"[0-7]+\Z")
_INTEGER_MOST = 2**63 - 1
_SIGNAL_MOST = 65535

# A deprecation warning points to the caller's line, not to a line of this package.
_HERE = __name__.rpartition(".")[0]


def encode(text: str) -> bytes:
    """The bytes of a text."""
    return text.encode("utf-8", "surrogateescape")


def decode(data: bytes) -> str:
    """The text of any bytes."""
    return data.decode("utf-8", "surrogateescape")


def deprecated(what: str, instead: str) -> None:
    """Warns the caller of a deprecated part of the protocol."""
    level = 2
    frame = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith(_HERE):
        frame = frame.f_back
        level += 1
    warnings.warn(f"{what}: {instead}", DeprecationWarning, stacklevel=level)


class HasFileno(Protocol):
    """An open file, or a socket."""

    def fileno(self) -> int:
        """Its descriptor."""


class OwnedDescriptor:
    """A received descriptor, close-on-exec. It is closed with the last reference to this object."""

    def __init__(self, number: int) -> None:
        self._number = number

    def fileno(self) -> int:
        """Its number; this object still owns it."""
        if self._number < 0:
            raise ValueError("the descriptor is closed")
        return self._number

    def detach(self) -> int:
        """Its number, which the caller closes."""
        number = self.fileno()
        self._number = -1
        return number

    def close(self) -> None:
        if self._number >= 0:
            os.close(self.detach())

    def __enter__(self) -> OwnedDescriptor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


Descriptor = Union[int, HasFileno]


def fileno(descriptor: Descriptor) -> int:
    """The number of a descriptor to send."""
    return descriptor if isinstance(descriptor, int) else descriptor.fileno()


def _check_field(text: object, parameter: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{parameter}: a text is needed, not {text!r}")
    for byte, what in _NOT_IN_A_FIELD.items():
        if byte in text:
            raise ValueError(f"{parameter}: a field cannot have {what} in it: {text!r}")
    return text


class Kind(Generic[T]):
    """A kind of value. `format` and `parse` raise ValueError for an invalid value."""

    def format(self, value: T, parameter: str) -> str:
        """The value as a field, or as a part of one."""
        raise NotImplementedError

    def parse(self, text: str, lenient: bool) -> T:
        """The value of a text; if lenient, unknown words are left out."""
        raise NotImplementedError


class _Text(Kind[str]):
    def format(self, value: str, parameter: str) -> str:
        return _check_field(value, parameter)

    def parse(self, text: str, lenient: bool) -> str:
        return text


class Name(Kind[str]):
    """A name: a limited number of `A-Z a-z 0-9 . _ -`."""

    def __init__(self, what: str, longest: int) -> None:
        self.what = what
        self.longest = longest

    def format(self, value: str, parameter: str) -> str:
        _check_field(value, parameter)
        if not _NAME.match(value) or len(value) > self.longest:
            raise ValueError(
                f"{parameter}: {value!r} is not the name of a {self.what}: 1 to {self.longest} of A-Z a-z 0-9 . _ -")
        return value

    def parse(self, text: str, lenient: bool) -> str:
        return self.format(text, self.what)


class Number(Kind[int]):
    """A whole number within its bounds, in decimal."""

    def __init__(self, least: int = -_INTEGER_MOST - 1, most: int = _INTEGER_MOST) -> None:
        self.least = least
        self.most = most

    def format(self, value: int, parameter: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{parameter}: a whole number is needed, not {value!r}")
        if not self.least <= value <= self.most:
            raise ValueError(f"{parameter}: {value} is not from {self.least} to {self.most}")
        return str(int(value))

    def parse(self, text: str, lenient: bool) -> int:
        if not _NUMBER.match(text):
            raise ValueError(f"{text!r} is not a number")
        return int(text)


class Octal(Number):
    """The same in octal, padded with zeros to one digit more than the greatest value has."""

    def format(self, value: int, parameter: str) -> str:
        super().format(value, parameter)
        return format(value, "o").rjust(len(format(self.most, "o")) + 1, "0")

    def parse(self, text: str, lenient: bool) -> int:
        if not _OCTAL.match(text):
            raise ValueError(f"{text!r} is not an octal number")
        return int(text, 8)


class _Signal(Kind[Union[str, int]]):
    def format(self, value: str | int, parameter: str) -> str:
        if isinstance(value, int):
            return Number(0, _SIGNAL_MOST).format(value, parameter)
        if not value:
            raise ValueError(f"{parameter}: a signal is needed")
        return _check_field(value, parameter)

    def parse(self, text: str, lenient: bool) -> str:
        if not text:
            raise ValueError("a signal is missing")
        return text


class Words(Kind[str]):
    """One of these words. A deprecated word names its replacement."""

    def __init__(self, *words: str, deprecated: Dict[str, str] | None = None) -> None:
        self.words = frozenset(words)
        self.deprecated = deprecated or {}

    def format(self, value: str, parameter: str) -> str:
        if value not in self.words:
            raise ValueError(f"{parameter}: {value!r} is none of {', '.join(sorted(self.words))}")
        if value in self.deprecated:
            deprecated(f"{parameter}: `{value}`", self.deprecated[value])
        return value

    def parse(self, text: str, lenient: bool) -> str:
        if text not in self.words:
            raise ValueError(f"{text!r} is not a known word")
        return text


class Bytes(Kind[str]):
    """A text after a word of a set: a limited number of bytes, and no comma."""

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def format(self, value: str, parameter: str) -> str:
        _check_field(value, parameter)
        if "," in value:
            raise ValueError(f"{parameter}: a word cannot have a comma in it: {value!r}")
        if not self.least <= len(encode(value)) <= self.most:
            raise ValueError(f"{parameter}: {value!r} has not {self.least} to {self.most} bytes")
        return value

    def parse(self, text: str, lenient: bool) -> str:
        return text


@dataclass(frozen=True)
class Flag:
    """A word of a set: its name on the wire, its field in Python, and its value."""

    word: str
    field: str = ""
    """Empty for an abbreviation of the words that it implies."""
    value: Kind[Any] | None = None
    default: int | None = None
    implies: Tuple[str, ...] = ()
    clears: Tuple[str, ...] = ()
    deprecated: str | None = None


class Flags:
    """Words joined by commas. A subclass has a field for each word: a bool, or its value or None."""

    WORDS: ClassVar[Tuple[Flag, ...]] = ()

    @classmethod
    def parse(cls: Type[F], text: str, lenient: bool = False) -> F:
        """The set of these words. Raises ValueError for an unknown word; if lenient, skips it."""
        known = {flag.word: flag for flag in cls.WORDS}
        values: Dict[str, Any] = {}
        for word in text.split(",") if text else []:
            name, equals, behind = word.partition("=")
            flag = known.get(name)
            if flag is None or (equals and flag.value is None) or (
                    flag.value is not None and not equals and flag.default is None):
                if lenient or not word:
                    continue
                raise ValueError(f"{word!r} is not a word of {cls.__name__}")
            for cleared in flag.clears:
                values.pop(known[cleared].field, None)
            for implied in flag.implies:
                values[known[implied].field] = True
            if flag.field:
                values[flag.field] = (
                    True if flag.value is None else flag.value.parse(behind, lenient) if equals else flag.default)
        return cls(**values)

    def __str__(self) -> str:
        """The words, as they are sent. Raises ValueError for a value out of its bounds."""
        words: List[str] = []
        for flag in self.WORDS:
            value = getattr(self, flag.field) if flag.field else None
            if value is None or value is False:
                continue
            if flag.deprecated is not None:
                deprecated(f"`{flag.word}`", flag.deprecated)
            words.append(flag.word if flag.value is None else f"{flag.word}={flag.value.format(value, flag.field)}")
        return ",".join(words)


class SetOf(Kind[F]):
    """A set. A command takes it as text, too: the words of the protocol, joined by commas."""

    def __init__(self, flags: Type[F]) -> None:
        self.flags = flags

    def format(self, value: F | str, parameter: str) -> str:
        if isinstance(value, str):
            try:
                value = self.flags.parse(_check_field(value, parameter))
            except ValueError as problem:
                raise ValueError(f"{parameter}: {problem}") from None
        if not isinstance(value, self.flags):
            raise TypeError(f"{parameter}: {self.flags.__name__} or its words are needed, not {value!r}")
        return str(value)

    def parse(self, text: str, lenient: bool) -> F:
        return self.flags.parse(text, lenient)


TEXT = _Text()
SIGNAL = _Signal()
INTEGER = Number()


class Prefixed(Kind[str]):
    """A value after a prefix, such as `fd:NAME`."""

    def __init__(self, prefix: str, kind: Kind[Any]) -> None:
        self.prefix = prefix
        self.kind = kind

    def format(self, value: str, parameter: str) -> str:
        behind = value[len(self.prefix):]
        number = isinstance(self.kind, Number)
        return self.prefix + self.kind.format(self.kind.parse(behind, False) if number else behind, parameter)

    def parse(self, text: str, lenient: bool) -> str:
        return self.format(text, self.prefix)


class OneOf(Kind[Any]):
    """A quoted word, or a value of one of these kinds: the first whose form it has."""

    def __init__(self, *options: str | Kind[Any]) -> None:
        self.words = [option for option in options if isinstance(option, str)]
        self.kinds = [option for option in options if isinstance(option, Kind)]

    def format(self, value: Any, parameter: str) -> str:
        if isinstance(value, str) and value in self.words:
            return value
        for kind in self.kinds:
            if not isinstance(kind, Prefixed) or (isinstance(value, str) and value.startswith(kind.prefix)):
                return kind.format(value, parameter)
        raise ValueError(f"{parameter}: {value!r} is none of {', '.join(map(repr, self.words))}")
