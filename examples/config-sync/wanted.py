"""Reads a TOML file with the wanted services. All of it is checked before any of it is used."""

from __future__ import annotations

import re
import signal
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

NAME = re.compile(r"[A-Za-z0-9._-]{1,31}")
THERE_ANYWAY = re.compile(r"-|null|stdin|stdout|stderr|control\.(cmd|event|socket)|fd_[0-9]+")
KEEPER = "config-sync.fds"
"""A service that never runs: its tags are the names of the descriptors that were made from the file."""
FILE_FLAGS = ("read", "write", "append", "create", "trunc", "nonblock", "mkdir")
LONGEST_TEXT = 4000
"""In bytes: a line has 4,096, and also holds the command, the name, and three tags of this controller."""
LONGEST_TIME = 2**31 - 1


@dataclass(frozen=True)
class Service:
    args: tuple[str, ...]
    fds: tuple[str, ...] = ("null", "null", "null")
    tags: tuple[str, ...] = ()
    enabled: bool = True
    interval: int = 1
    stop: str = "SIGTERM"
    patience: int = 5


@dataclass(frozen=True)
class Wanted:
    """The wanted state: descriptors as the daemon announces them (kind, flags, text), and services."""

    fds: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)


class ConfigError(Exception):
    """All errors of a file, one line each."""


def load(path: str) -> Wanted:
    try:
        with open(path, "rb") as file:
            data = tomllib.load(file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ConfigError(str(problem)) from problem
    wanted = Wanted()
    problems = [*_read(data, wanted)]
    if problems:
        raise ConfigError("\n".join(problems))
    return wanted


def _read(data: dict[str, Any], wanted: Wanted) -> Iterator[str]:
    yield from _surplus("the file", data, ("pipes", "files", "services"))
    pipes, files, services = data.get("pipes", []), data.get("files", {}), data.get("services", {})
    if not _is_texts(pipes) or not isinstance(files, dict) or not isinstance(services, dict):
        yield "pipes is a list of names, files and services are tables"
        return
    for name in pipes:
        yield from _read_pipe(name, wanted)
    for name, table in files.items():
        yield from _read_file(name, table, wanted)
    for name, table in services.items():
        yield from _read_service(name, table, wanted)
    if len("\t".join(wanted.fds).encode()) > LONGEST_TEXT:
        yield "there are too many pipes and files"


def _read_pipe(name: str, wanted: Wanted) -> Iterator[str]:
    reader, writer = name + ".r", name + ".w"
    if not NAME.fullmatch(writer):
        yield f"pipe {name!r}: not a name"
    if reader in wanted.fds:
        yield f"pipe {name}: there are two"
    wanted.fds[reader] = ("pipe", "from", writer)
    wanted.fds[writer] = ("pipe", "to", reader)


def _read_file(name: str, table: Any, wanted: Wanted) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"file {name}: not a table"
        return
    yield from _surplus(f"file {name}", table, ("path", "flags"))
    path, flags = table.get("path"), table.get("flags", "read")
    if not NAME.fullmatch(name) or THERE_ANYWAY.fullmatch(name) or name in wanted.fds:
        yield f"file {name!r}: not a name, or one that is taken"
    if not _is_text(path) or not path:
        yield f"file {name}: path is missing, or no text"
        return
    words = flags.replace("truncate", "trunc").split(",") if _is_text(flags) else [""]
    for word in set(words) - set(FILE_FLAGS):
        yield f"file {name}: unknown flag {word!r}"
    if not {"read", "write"} & set(words):
        words.append("read")
    wanted.fds[name] = ("file", ",".join(flag for flag in FILE_FLAGS if flag in words), path)


def _read_service(name: str, table: Any, wanted: Wanted) -> Iterator[str]:
    what = f"service {name}"
    if not isinstance(table, dict):
        yield f"{what}: not a table"
        return
    yield from _surplus(what, table, Service.__dataclass_fields__)
    if not NAME.fullmatch(name) or name == KEEPER:
        yield f"service {name!r}: not a name, or one that is taken"
    for key in ("args", "fds", "tags"):
        if not _is_texts(table.get(key, [])):
            yield f"{what}: {key} is a list of texts without TABs and line feeds"
            return
    for key in ("interval", "patience"):
        value = table.get(key, 1)
        if type(value) is not int or not 1 <= value <= LONGEST_TIME:
            yield f"{what}: {key} is a whole number of seconds, at least 1"
    if not isinstance(table.get("enabled", True), bool):
        yield f"{what}: enabled is true or false"
    if not _is_text(table.get("stop", "")) or table.get("stop", "SIGTERM") not in signal.Signals.__members__:
        yield f"{what}: stop is a signal such as \"SIGTERM\""
    if not table.get("args") or not table["args"][0]:
        yield f"{what}: args is missing"
        return
    for fd in table.get("fds", []):
        if fd not in wanted.fds and not THERE_ANYWAY.fullmatch(fd):
            yield f"{what}: there is no descriptor {fd!r}"
    for key in ("args", "fds", "tags"):
        if len("\t".join(table.get(key, [])).encode()) > LONGEST_TEXT:
            yield f"{what}: {key} is too long"
    known = {key: value for key, value in table.items() if key in Service.__dataclass_fields__}
    wanted.services[name] = Service(**{key: tuple(v) if isinstance(v, list) else v for key, v in known.items()})


def _surplus(what: str, table: dict[str, Any], known: Any) -> Iterator[str]:
    for key in table:
        if key not in known:
            yield f"{what}: unknown key {key!r}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not any(byte in value for byte in "\t\n\0")


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(one) for one in value)
