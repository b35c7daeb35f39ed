"""JSON by orjson, and by the standard library for what orjson refuses.

That is lone surrogates, which a model or a document may contain: they are written and read as they are; and
what some servers send: a byte order mark, UTF-16, NaN.
"""

import json
from typing import Any

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dumps(value: Any) -> bytes:
    """The value as compact JSON in UTF-8, without a newline.

    >>> dumps({"name": "顾守拙", "years": [1911]}).decode()
    '{"name":"顾守拙","years":[1911]}'
    """
    import orjson  # takes 30 ms the first time: not at the start of every command

    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return _dump(value).encode("utf-8", "surrogatepass")


def loads(data: bytes) -> Any:
    """What the JSON says; raises ValueError where it is none.

    >>> loads(b'{"name":"\\\\ud800"}')
    {'name': '\\ud800'}
    """
    import orjson

    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return json.loads(data)


def quoted(text: str) -> str:
    r"""The JSON of a text in ASCII alone, byte for byte as the standard library writes it.

    >>> quoted("\u949f") == '"' + "\\" + 'u949f"'
    True
    """
    if text.isascii() and "\x7f" not in text:  # which orjson leaves as it is
        import orjson

        return orjson.dumps(text).decode("ascii")
    return json.dumps(text)
