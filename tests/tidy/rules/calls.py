# SPDX-License-Identifier: Apache-2.0
"""Calls that are not to be made, each with what to write instead, and numbers put together by hand."""
import re

from rules.finding import Finding

CALL = r"(?<![\w.>:])(?:std::|::)?"
WORKERS = ("sensor/base/", "sensor/model/", "sensor/decode/", "sensor/track/", "sensor/extract/", "sensor/match/",
           "sensor/pipeline/")
PACKETS = ("sensor/decode/", "sensor/track/", "sensor/extract/")
BANNED = [  # words, pattern in code around them, folders (production where empty), what to write instead
    ("strcpy strcat strncpy strncat sprintf vsprintf gets", CALL + r"{}\s*\(", (), "std::string, std::copy or fmt"),
    ("atoi atol atoll atof strtol strtoul strtoull strtod", CALL + r"{}\s*\(", (), "std::from_chars: it reports errors"),
    ("stoi stol stoul stoull stod", CALL + r"{}\s*\(", (), "std::from_chars: it does not throw"),
    ("localtime gmtime ctime asctime", CALL + r"{}\s*\(", (), "gmtime_r: threads share the result of the other"),
    ("strtok rand srand", CALL + r"{}\s*\(", (), "std::string_view; a generator of the caller: threads share this state"),
    ("system popen alloca longjmp setjmp", r"(?:std)?::{}\s*\(", (), "the library's own call; a bounded container; a result"),
    ("namespace", r"(?m)^using\s+{}\b(?! std::\w*literals)", (), "the names that are meant"),
    ("endl", r"\bstd::{}\b", (), r"'\n': endl flushes"),
    ("regex", r"\bstd::{}\b", (), "match's patterns or a scan by hand: std::regex recurses per character"),
    ("throw", r"\b{}\b(?! std::bad_)", WORKERS, "an outcome or a result: of exceptions only std::bad_alloc passes"),
    ("assert", CALL + r"{}\s*\([^;]*?(?:\+\+|--|[^=!<>]=(?!=))", (), "the effect as a statement: NDEBUG drops it here"),
    ("cout cerr", r"\bstd::{}\b", WORKERS + ("sensor/correlate/", "exporters/"), "a result that app reports"),
    ("sleep_for sleep_until usleep nanosleep", r"\b{}\s*\(", PACKETS, "nothing: packets' stages do not wait"),
    ("system_clock steady_clock clock_gettime gettimeofday", r"\b{}\b", PACKETS,
     "packet time: results must not depend on when packets are read"),
]
BANNED = [(frozenset(words.split()), re.compile(pattern.replace("{}", f"(?:{'|'.join(words.split())})")), folders, instead)
          for words, pattern, folders, instead in BANNED]
WORD = re.compile(r"\b(?:" + "|".join(sorted(set().union(*(words for words, _, _, _ in BANNED)))) + r")\b")
SHIFT = r"<<=?\s*(?:8|16|24|40|48|56)U?L*\b"
RAW_BYTES = re.compile(rf"{SHIFT}[^;{{}}]*(?:\||\+(?!\+))|(?:\||(?<!\+)\+)[^;{{}}]*{SHIFT}|<<=\s*8U?\b|\*\s*(?:256|0x100)U?\s*[|+]"
                       r"|\b(?:ntohs|ntohl|be(?:16|32|64)toh|le(?:16|32|64)toh|__builtin_bswap(?:16|32|64))\s*\("
                       r"|reinterpret_cast<\s*(?:const\s+)?std::u?int(?:16|32|64)_t\s*(?:const\s*)?\*>")
READS_BYTES = ("sensor/base/", "sensor/decode/")


def find(tree):
    for path in tree.production():
        code = tree.cpp(path)
        words = set(WORD.findall(code.plain_code))
        for banned, pattern, folders, instead in BANNED:
            if not words & banned or (folders and not path.startswith(folders)):
                continue
            for call in pattern.finditer(code.plain_code):
                name = call.group().strip(" (")
                yield Finding(path, code.line_at(call.start()), f"'{name}' is not for this folder: write {instead}"
                              if folders else f"'{name}': write {instead}", f"{path.rsplit('/', 1)[-1]} {name}")


def raw_bytes(tree):
    """Numbers put together of bytes by shifts, where base::ByteReader or base's readers do it with a check of lengths."""
    for path in tree.production():
        if path.startswith(READS_BYTES):
            continue
        code = tree.cpp(path)
        for row in RAW_BYTES.finditer(code.plain_code):
            yield Finding(path, code.line_at(row.start()), "puts a number together of bytes by hand: read it with "
                          "base::ByteReader or base::integer_at", path.rsplit("/", 1)[-1])
