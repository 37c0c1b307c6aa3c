# SPDX-License-Identifier: Apache-2.0
"""Changes captures for the tests: classic pcap, little endian, as the generator writes it."""
import struct

from sensor_runs import read_bytes, write_file

HEADER = 24
RECORD = struct.Struct("<IIII")


def cut(capture, most, path):
    """Writes a capture whose frames are cut after this many bytes, as a small snap length does."""
    content = read_bytes(capture)
    parts, at = [content[:HEADER]], HEADER
    while at < len(content):
        seconds, fraction, captured, length = RECORD.unpack_from(content, at)
        at += RECORD.size
        kept = min(captured, most)
        parts += [RECORD.pack(seconds, fraction, kept, length), content[at:at + kept]]
        at += captured
    return write_file(path, b"".join(parts))
