# SPDX-License-Identifier: Apache-2.0
"""Frames of classic pcap and pcapng files, for tests that change real captures: (link type, [octets])."""
import struct

MOST_FRAMES = 20_000


def _classic(content, order):
    link = struct.unpack_from(order + "I", content, 20)[0] & 0x0FFFFFFF
    frames, at = [], 24
    while at + 16 <= len(content) and len(frames) < MOST_FRAMES:
        captured = struct.unpack_from(order + "I", content, at + 8)[0]
        if captured > len(content) - at - 16:
            break
        frames.append(content[at + 16:at + 16 + captured])
        at += 16 + captured
    return link, frames


def _next_generation(content):
    """The frames of the first interface."""
    order, link, frames, at = "<", None, [], 0
    while at + 12 <= len(content) and len(frames) < MOST_FRAMES:
        kind, size = struct.unpack_from(order + "II", content, at)
        if kind == 0x0A0D0D0A:
            order = "<" if content[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            size = struct.unpack_from(order + "I", content, at + 4)[0]
        if size < 12 or size > len(content) - at:
            break
        if kind == 1 and link is None:
            link = struct.unpack_from(order + "H", content, at + 8)[0]
        if kind == 6 and size >= 32:
            interface, _, _, captured = struct.unpack_from(order + "IIII", content, at + 8)
            if interface == 0:
                frames.append(content[at + 28:at + 28 + min(captured, size - 32)])
        elif kind == 3 and size >= 16:
            frames.append(content[at + 12:at + size - 4])
        at += size
    return link, frames


def read_capture(path):
    """None: it is in neither format."""
    with open(path, "rb") as file:
        content = file.read()
    magic = content[:4]
    if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        return _classic(content, "<")
    if magic in (b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d"):
        return _classic(content, ">")
    if magic == b"\x0a\x0d\x0d\x0a":
        link, frames = _next_generation(content)
        return None if link is None else (link, frames)
    return None
