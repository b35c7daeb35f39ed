"""One event as one line of JSON that carries its own checksum.

A line is a JSON object whose last field is the CRC-32 of every byte before that field:

    {"event":"failed","key":"9f…","error":"TimedOut","crc":"5d0c1e2a"}

The head (`event` to `usd`) comes first and is short; what may be long, the request and the completion,
comes after it. So a reader that only counts never parses a text.
"""

import re
import zlib
from collections.abc import Mapping
from typing import Any

from lm import fastjson

MARK = b',"crc":"'
TAIL = len(MARK) + 8 + len('"}')
LONG = b',"request":'

_NUMBER = rb"([0-9.eE+-]+|null)"
_COUNTED = re.compile(
    rb'\{"event":"(?:sent|answered|failed)","key":"([0-9a-f]{32})","id":"([0-9a-z-]+)","at":[0-9.]+,'
    rb'"run":"([^"\\]*)","purpose":"[^"\\]*",(?:'
    rb'"tokens_in":(\d+),"tokens_out":(\d+),"usd":' + _NUMBER + rb',"request":'
    rb'|"model":"[^"\\]*","tokens":(\d+),"usd":' + _NUMBER + rb',"crc":'
    rb'|"left":(true|false),)'
)


def encode(event: Mapping[str, Any]) -> bytes:
    """The line of an event, its newline included.

    Lone surrogates, which a model or a document may contain, are written as they are and read back
    as they were; all other text is UTF-8.
    """
    body = memoryview(fastjson.dumps(event))[:-1]
    return b"".join((body, MARK, b'%08x"}\n' % zlib.crc32(body)))


def whole(line: bytes) -> bool:
    """Whether a line (without its newline) is what was written."""
    if len(line) < TAIL or line[-TAIL:-10] != MARK or line[-2:] != b'"}':
        return False
    return b"%08x" % zlib.crc32(memoryview(line)[:-TAIL]) == line[-10:-2]


def head(line: bytes) -> dict[str, Any]:
    """The short fields of a whole line. Inside a JSON string the mark would be escaped."""
    cut = line.find(LONG)
    data: dict[str, Any] = fastjson.loads((line[:cut] if cut >= 0 else line[:-TAIL]) + b"}")
    return data


def decode(line: bytes) -> dict[str, Any]:
    """All fields of a whole line but the checksum."""
    data: dict[str, Any] = fastjson.loads(line[:-TAIL] + b"}")
    return data


def counted(line: bytes) -> tuple[str, bytes, str, str, int, int, float | None] | None:
    """What a whole line counts for: kind, key, attempt, run, two numbers and dollars.

    The numbers are the tokens of an answer, the tokens that are reserved, or 1 for a failure that had left.
    It reads lines as `lm.journal` writes them five times as fast as `head`; None for any other.
    """
    found = _COUNTED.match(line)
    if found is None:
        return None
    key, attempt, run, tokens_in, tokens_out, cost, most_tokens, most_usd, left = found.groups()
    head = bytes.fromhex(key.decode("ascii")), attempt.decode("ascii"), run.decode("utf-8", "surrogatepass")
    if tokens_in is not None:
        return "answered", *head, int(tokens_in), int(tokens_out), _usd(cost)
    if left is not None:
        return "failed", *head, int(left == b"true"), 0, None
    return "sent", *head, int(most_tokens), 0, _usd(most_usd)


def _usd(written: bytes) -> float | None:
    return None if written == b"null" else float(written)
