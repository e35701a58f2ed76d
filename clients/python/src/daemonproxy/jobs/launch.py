"""The commands that make a job: data that do not fit a line are passed by descriptors."""

from __future__ import annotations

import math
import os
import re
import secrets
from dataclasses import dataclass
from typing import Iterable, List, Mapping, Sequence, Union

from ..messages import Command
from ..protocol.commands import LINES
from ..wire import Descriptor, encode, fileno
from .job import OUTPUT_KEY, OWN_TAGS, id_tag

MOST_BY_DESCRIPTOR = 128 * 1024
"""The most bytes of arguments, and of variables, that the daemon reads."""
# Longer arguments are passed by a descriptor: the texts of the services of a socket have 4 kB each.
_MOST_OF_LINE = 1500
# The descriptors have one letter more than the service.
_NAME = re.compile(r"[A-Za-z0-9._-]{1,30}\Z")

Path = Union[str, "os.PathLike[str]"]


def texts_of(parameter: str, texts: Iterable[str]) -> List[str]:
    """A list of texts. A text alone, whose letters would be taken, is a TypeError."""
    if isinstance(texts, (str, bytes)):
        raise TypeError(f"{parameter}: a list of texts is needed, not {texts!r}")
    found = list(texts)
    for text in found:
        if not isinstance(text, str):
            raise TypeError(f"{parameter}: a text is needed, not {text!r}")
    return found


def descriptors_of(name: str) -> List[str]:
    """The names of the descriptors of a job during its start."""
    return [name + letter for letter in "ioae"]


@dataclass
class Launch:
    """A job to be started. `close` closes the files that it opens."""

    name: str
    args: Sequence[str]
    stdin: bytes | Descriptor | None = None
    env: Mapping[str, str | None] | None = None
    clear_env: bool = False
    cwd: Path | None = None
    tags: Iterable[str] = ()
    limits: Iterable[str] = ()
    time_limit: float | None = None
    output: str | None = None
    """The output file, which exists or can be created; None for /dev/null."""
    is_new_output: bool = False
    """True if the file must not exist."""

    def __post_init__(self) -> None:
        self._opened: List[int] = []
        self.id = secrets.token_hex(8)
        self.takes: List[Command] = []
        self.settings: List[Command] = []
        if not isinstance(self.name, str) or not _NAME.match(self.name):
            raise ValueError(f"name: a job has a name of 1 to 30 of A-Z a-z 0-9 . _ -, not {self.name!r}")
        self.args = texts_of("args", self.args)
        self.tags = texts_of("tags", self.tags)
        self.limits = texts_of("limits", self.limits)
        if not self.args or not self.args[0]:
            raise ValueError("args: a job needs a program")
        if self.time_limit is not None:
            if not isinstance(self.time_limit, (int, float)):
                raise TypeError(f"time_limit: a number of seconds is needed, not {self.time_limit!r}")
            if not 0 < self.time_limit < 2**31:
                raise ValueError("time_limit: seconds above 0")
        if self.stdin is not None and not isinstance(self.stdin, (bytes, int)) and not hasattr(self.stdin, "fileno"):
            raise TypeError(f"stdin: bytes, an open file or a descriptor is needed, not {self.stdin!r}")
        try:
            self._make()
        except BaseException:
            self.close()
            raise

    @property
    def claim(self) -> Command:
        """The claim of the name: of two claims, the daemon runs one first, and the answer to the second shows both."""
        return LINES.service_tag(self.name, *id_tag(self.id, self.time_limit))

    @property
    def withdrawal(self) -> Command:
        return LINES.service_tag(self.name, f"job.{self.id}")

    def close(self) -> None:
        """Closes what was opened; the daemon has duplicates."""
        for descriptor in self._opened:
            os.close(descriptor)
        self._opened.clear()

    # The output is created last, so that a refused job leaves no file.
    def _make(self) -> None:
        name = self.name
        tags = ["=".join(id_tag(self.id, self.time_limit)), *self._output_tag()]
        for tag in self.tags:
            if tag.startswith(OWN_TAGS) or not tag:
                raise ValueError(f"tags: {tag!r} is reserved, or is not a valid tag")
            tags.append(tag)
        self.settings.append(LINES.service_tags(name, *tags))
        self.settings.append(LINES.service_process(name, "session"))
        if self.cwd is not None:
            self.settings.append(LINES.service_dir(name, os.fspath(self.cwd)))
        if self.limits:
            self.settings.append(LINES.service_limits(name, *self.limits))
        self._add_args()
        self._add_env()
        stdin = stdout = "null"
        if self.stdin is not None:
            stdin = name + "i"
            if isinstance(self.stdin, bytes):
                self._take(self._memory("stdin", self.stdin), stdin)
            else:
                self._take(fileno(self.stdin), stdin)
        if self.output is not None:
            stdout = name + "o"
            self._take(self._open_output(self.output), stdout)
        self.settings.append(LINES.service_fds(name, stdin, stdout, stdout))

    def _output_tag(self) -> List[str]:
        path = None if self.output is None else os.path.abspath(self.output)
        return [] if path is None or set(path) & {"\t", "\n"} else [f"{OUTPUT_KEY}={path}"]

    def _add_args(self) -> None:
        args = list(self.args)
        texts = _texts("args", args)
        is_line = len(texts) <= _MOST_OF_LINE and all(args) and not any("\t" in one or "\n" in one for one in args)
        if is_line:
            self.settings.append(LINES.service_args(self.name, *args))
            return
        if not set(args[0]) & {"\t", "\n"}:
            self.settings.append(LINES.service_args(self.name, args[0]))
        self._take(self._memory("args", texts), self.name + "a")
        self.settings.append(LINES.service_args_from(self.name, self.name + "a"))

    # Variables may be secrets: they must not be in lines that controllers and the log can show.
    def _add_env(self) -> None:
        if self.clear_env:
            self.settings.append(LINES.service_env(self.name, "-"))
        if not self.env:
            return
        for key in self.env:
            if not key or "=" in key:
                raise ValueError(f"env: {key!r} is not the name of a variable")
        changes = [key if value is None else f"{key}={value}" for key, value in self.env.items()]
        self._take(self._memory("env", _texts("env", changes)), self.name + "e")
        self.settings.append(LINES.service_env_from(self.name, self.name + "e"))

    def _take(self, descriptor: int, name: str) -> None:
        self.takes.append(LINES.fd_take(descriptor, name))

    def _open_output(self, path: str) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY
        if self.is_new_output:
            flags |= os.O_EXCL | os.O_NOFOLLOW
        mode = 0o600 if self.is_new_output else 0o666
        self._opened.append(os.open(path, flags, mode))
        return self._opened[-1]

    def _memory(self, name: str, data: bytes) -> int:
        descriptor = os.memfd_create(name)
        self._opened.append(descriptor)
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view):]
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor


def _texts(parameter: str, texts: Iterable[str]) -> bytes:
    """Texts, each terminated by NUL."""
    data = b""
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"{parameter}: a text is needed, not {text!r}")
        if "\0" in text:
            raise ValueError(f"{parameter}: no text can have a NUL in it: {text!r}")
        data += encode(text) + b"\0"
    if len(data) > MOST_BY_DESCRIPTOR:
        raise ValueError(f"{parameter}: {len(data)} bytes, and the daemon reads {MOST_BY_DESCRIPTOR}")
    return data


def whole_seconds(seconds: float) -> int:
    """These seconds, rounded up to whole seconds."""
    return max(0, math.ceil(seconds))
