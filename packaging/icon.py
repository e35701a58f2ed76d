#!/usr/bin/env python3
"""Draws packaging/icon.png, the icon of the packages: a daemon, and the services that it holds by their pipes."""
import os
import struct
import zlib

SIZE = 128
BACK, LINE, DAEMON, SERVICE = (24, 40, 72), (120, 160, 210), (255, 176, 46), (236, 242, 250)
CENTER = (64, 64)
SERVICES = [(26, 30), (102, 30), (26, 98), (102, 98)]


def is_near_line(x, y, a, b, width):
    length = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    along = max(0, min(1, ((x - a[0]) * (b[0] - a[0]) + (y - a[1]) * (b[1] - a[1])) / length))
    return (x - a[0] - along * (b[0] - a[0])) ** 2 + (y - a[1] - along * (b[1] - a[1])) ** 2 < width * width


def color(x, y):
    if (x - CENTER[0]) ** 2 + (y - CENTER[1]) ** 2 < 22 ** 2:
        return DAEMON
    if any((x - a) ** 2 + (y - b) ** 2 < 13 ** 2 for a, b in SERVICES):
        return SERVICE
    if any(is_near_line(x, y, CENTER, service, 3) for service in SERVICES):
        return LINE
    return BACK


def pixel(x, y):
    parts = [color(x + i / 4, y + j / 4) for i in range(4) for j in range(4)]
    return bytes(sum(part[channel] for part in parts) // 16 for channel in range(3))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(SIZE)) for y in range(SIZE))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "icon.png"), "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0))
               + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
