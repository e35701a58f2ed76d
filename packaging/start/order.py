#!/usr/bin/env python3
"""Writes methods.txt and sections.ld beside this file: the order in which compiler and linker place the code of the start.

order.py MAP DEBUG ADDRESSES…
  MAP        the linker's map of a static program
  DEBUG      the symbols of the same program
  ADDRESSES  what profile.c printed for it, a file for each run; the first run gives the order, the next ones add to it

make-order.sh builds the program, and calls this.
"""
import bisect
import os
import re
import subprocess
import sys

MANAGED = "__managedcode"

SCRIPT = """/* Written by make-order.sh: the code that runs at the start lies together, so that the kernel maps it by few page faults.
 * docs/decisions/0065 has the reasons. A section that no longer exists is no error. */
SECTIONS
{
  .text.start :
  {
    /* What is in no archive: the beginnings of the program, and its own files in C. */
    :*(.text .text.*)
%s  }
  %s : { *(%s) }
}
INSERT BEFORE .text;
"""


class Spans:
    """Spans of addresses, each with what lies there."""

    def __init__(self, items):
        self.items = sorted(items, key=lambda item: item[:2])
        self.starts = [item[0] for item in self.items]

    def at(self, address):
        index = bisect.bisect_right(self.starts, address) - 1
        if index >= 0 and address < self.items[index][0] + self.items[index][1]:
            return self.items[index][2]
        return None


def sections(path):
    """Input sections of the map, each with its name and the file that it is from; long names have a line of their own."""
    with open(path, encoding="utf-8") as file:
        text = file.read().split("Linker script and memory map")[1]
    line = r"^ (\.text\S*|%s)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$" % MANAGED
    for name, start, size, file in re.findall(line, text, re.MULTILINE):
        if int(size, 16):
            yield int(start, 16), int(size, 16), (name, os.path.basename(file))


def methods(path):
    """Functions of the symbols; the compiler has folded those with the same code, so an address may have several."""
    names = {}
    sizes = {}
    listing = subprocess.run(["readelf", "-sW", path], capture_output=True, text=True, check=True).stdout
    for words in map(str.split, listing.splitlines()):
        if len(words) == 8 and words[3] == "FUNC" and words[6] != "UND":
            start = int(words[1], 16)
            names.setdefault(start, set()).add(words[7])
            sizes[start] = max(sizes.get(start, 0), int(words[2]))
    return ((start, sizes[start], sorted(names[start])) for start in names)


def pattern(name, file):
    """The linker's pattern: functions of the runtime have sections of their own, those of the C library have files."""
    member = re.match(r"(.+\.a)\((.+)\)$", file)
    if not member:
        return None
    return f"*({name})" if name.startswith(".text._Z") else f"*{member[1]}:{member[2]}({name})"


def main(map_file, debug, *runs):
    placed = Spans(sections(map_file))
    functions = Spans(methods(debug))
    order = {}
    linked = {}
    for run in runs:
        with open(run, encoding="ascii") as file:
            for address in (int(line, 16) for line in file):
                section = placed.at(address)
                if section is None:
                    continue
                if section[0] == MANAGED:
                    order.update(dict.fromkeys(functions.at(address) or ()))
                elif (text := pattern(*section)) is not None:
                    linked[text] = None
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "methods.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for name in order)
    with open(os.path.join(folder, "sections.ld"), "w", encoding="utf-8") as file:
        file.write(SCRIPT % ("".join(f"    {text}\n" for text in linked), MANAGED, MANAGED))


if __name__ == "__main__":
    main(*sys.argv[1:])
