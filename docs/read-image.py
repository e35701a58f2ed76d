#!/usr/bin/env python3
"""Prints the image of a daemonproxy: its header, its work note, its crash note, and which records are in use.

Usage: read-image.py PID | FILE

PID is a running daemon. FILE is a copy of its image, /proc/PID/fd/N, or a core file that holds the image. The script
only reads. docs/IMAGE.md describes the format; this script knows the layouts 1 and 2.
"""

import mmap
import os
import signal
import struct
import sys

MAGIC = 0x0A3179786F727044
PAGE = 4096
CAPACITY = 24
REGIONS = ("-", "settings", "counters", "signals", "log", "connections", "inboxes", "outboxes", "services",
           "service text", "descriptors", "descriptor text", "control socket", "upgrade", "launches", "helpers")
STEPS = ("starting", "waiting", "signals", "reaping", "accepting", "reading", "commands", "launching", "(not used)",
         "flushing", "logging", "ending")
STATES = ("free", "never started", "waiting for its start", "up", "exited", "killed")
LAUNCHES = ("free", "under way", "cancelled")
HELPERS = ("free", "under way", "answered", "cancelled", "lost")
TASKS = ("-", "open a file", "bind a socket", "change the directory", "create the control socket",
         "remove a socket's file", "examine a descriptor", "close descriptors", "open a program")
NO_ADDRESS = {2**64 - 1: "raised by the daemon itself", 2**64 - 2: "sent by another process"}


class Image:
    def __init__(self, path: str) -> None:
        self.file = open(path, "rb")
        self.base = 0
        if self.file.read(4) == b"\x7fELF":
            self.base = self.find_in_core()
        if self.number(0, "Q") != MAGIC:
            sys.exit(f"{path} is not an image of daemonproxy")
        self.regions = [struct.unpack("<qii", self.bytes(24 + 16 * id, 16)) for id in range(CAPACITY)]

    def find_in_core(self) -> int:
        with mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ) as core:
            found = [core.find(struct.pack("<Qi", MAGIC, layout)) for layout in (1, 2)]
            offset = max(found)
        if offset < 0:
            sys.exit("there is no image in this core file")
        return offset

    def bytes(self, offset: int, count: int) -> bytes:
        self.file.seek(self.base + offset)
        return self.file.read(count)

    def number(self, offset: int, format: str) -> int:
        return struct.unpack("<" + format, self.bytes(offset, struct.calcsize(format)))[0]

    def record(self, region: str, index: int) -> bytes:
        offset, size, count = self.regions[REGIONS.index(region)]
        return self.bytes(offset + size * index, size) if 0 <= index < count else b""

    def records(self, region: str):
        offset, size, count = self.regions[REGIONS.index(region)]
        for index in range(count):
            if index * size % PAGE < size and not self.has_data(offset + index * size):
                return
            yield index, self.record(region, index)

    # A table is filled from its start, and its pages exist only when used: a page of zeros is the end.
    def has_data(self, offset: int) -> bool:
        return any(self.bytes(offset, PAGE))

    # FNV-1a, 64 bits, of everything before the first field that changes.
    def checksum(self) -> int:
        sum = 0xCBF29CE484222325
        for byte in self.bytes(0, 408):
            sum = (sum ^ byte) * 0x100000001B3 % 2**64
        return sum


def name(record: bytes) -> str:
    return record[:min(record[31], 31)].decode("latin-1") if len(record) > 31 else ""


def word(words: tuple, number: int) -> str:
    return words[number] if 0 <= number < len(words) else f"unknown ({number})"


def changed(image: Image, offset: int) -> str:
    value = image.number(offset, "Q")
    if value == 0:
        return "none"
    region, index = word(REGIONS, value >> 32), (value & 0xFFFFFFFF) - 1
    text = f"{region} {index}"
    return f"{text} '{name(image.record(region, index))}'" if region in ("services", "descriptors") else text


def print_header(image: Image) -> None:
    layout, header, total = struct.unpack("<iiq", image.bytes(8, 16))
    sound = "sound" if image.checksum() == image.number(656, "Q") else "NOT sound"
    print(f"layout {layout}, header of {header} bytes, {total} bytes in all, checksum {sound}")
    print(f"{'region':16}{'offset':>12}{'bytes each':>12}{'records':>9}")
    for id, (offset, size, count) in enumerate(image.regions):
        if count:
            print(f"{word(REGIONS, id):16}{offset:12}{size:12}{count:9}")


def print_notes(image: Image) -> None:
    step, connection, line, length, service = struct.unpack("<5i", image.bytes(416, 20))
    print(f"step of the turn: {word(STEPS, step)}")
    if connection >= 0:
        text = image.record("inboxes", connection)[line:line + length]
        print(f"command line: connection {connection}: {text!r}")
    if service >= 0:
        print(f"service being launched or reaped: {name(image.record('services', service))}")
    print(f"record being changed: {changed(image, 408)}")
    print(f"suspect of the last crash: {changed(image, 648)}")
    owner, count, number, address, time = struct.unpack("<3i4xQq", image.bytes(440, 32))
    print(f"owner: process {owner}; crashes survived or under way: {count}")
    if count:
        how = signal.Signals(number).name if number else "no signal: a failed assertion or an unhandled exception"
        print(f"last crash: {how}, {NO_ADDRESS.get(address, f'address {address:#x}')}, at {time / 1e9:.3f} s")


def print_records(image: Image) -> None:
    for index, record in image.records("services"):
        if name(record):
            pid = struct.unpack_from("<i", record, 36)[0]
            print(f"service {index} {name(record)}: {word(STATES, record[32])}, process {pid or '-'}")
    for index, record in image.records("descriptors"):
        if name(record):
            print(f"descriptor {index} {name(record)}: {struct.unpack_from('<i', record, 40)[0]}")
    for index, record in image.records("launches"):
        if record[0]:
            service = struct.unpack_from("<i", record, 8)[0]
            print(f"launch {index} of service {service}: {word(LAUNCHES, record[0])}")
    for index, record in image.records("helpers"):
        if record[0]:
            pid = struct.unpack_from("<i", record, 8)[0]
            print(f"helper {index}, process {pid or '-'}, to {word(TASKS, record[1])}: {word(HELPERS, record[0])}")
    log = image.record("log", 0)
    start, end = struct.unpack_from("<ii", log, 36)
    if 0 <= start < end:
        print(f"log not written yet: {log[56 + start:56 + end]!r}")


def image_of(pid: str) -> str:
    for number in os.listdir(f"/proc/{pid}/fd"):
        path = f"/proc/{pid}/fd/{number}"
        if os.readlink(path).startswith("/memfd:daemonproxy"):
            return path
    sys.exit(f"process {pid} has no image")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    image = Image(image_of(sys.argv[1]) if sys.argv[1].isdigit() else sys.argv[1])
    print_header(image)
    print_notes(image)
    print_records(image)


if __name__ == "__main__":
    main()
