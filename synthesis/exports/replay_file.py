"""A replay file: general text, found by its number without holding it in memory."""

import hashlib
import json
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kg.encodings import clean

FIELD = "text"
PARQUET = b"PAR1"
BOM = b"\xef\xbb\xbf"
WANTED = 'it wants JSON lines, {"text": "…"} on each, or a Parquet file with a column text'


class ReplayFile:
    """The texts of an open file of JSON lines; `lines` are the numbers they have there, from 1."""

    def __init__(
        self, path: Path, sha256: str, file: IO[bytes], starts: "array[int]", lines: "array[int]"
    ) -> None:
        self.path = path
        self.sha256 = sha256
        self.lines = lines
        self._file = file
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts)

    def text(self, number: int) -> str:
        """The text of this number, from 0, cleaned as documents are (no NUL, no lone surrogates)."""
        self._file.seek(self._starts[number])
        return clean(str(json.loads(self._file.readline().removeprefix(BOM))[FIELD]))


@contextmanager
def opened(path: Path, folder: Path) -> Iterator[ReplayFile]:
    """The replay file at that place, every line of it looked at once.

    A Parquet file is laid out as JSON lines in `folder` meanwhile. Raises ValueError that names the file and
    the line where it cannot be read, is neither of the two, or holds no text.
    """
    name = f"the replay file {str(path)!r}"
    try:
        with path.open("rb") as file:
            parquet = file.read(len(PARQUET)) == PARQUET
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ValueError(f"cannot read {name}: {error.strerror or error}") from None
    with tempfile.TemporaryFile(dir=folder) if parquet else path.open("rb") as file:
        if parquet:
            _unpack(path, file, name)
        file.seek(0)
        starts, lines = _index(file, name)
        if not starts:
            raise ValueError(f"{name} holds no text; {WANTED}")
        yield ReplayFile(path, sha256, file, starts, lines)


def _index(file: IO[bytes], name: str) -> "tuple[array[int], array[int]]":
    """Where the texts begin and the numbers of their lines; empty texts are passed over."""
    starts, lines = array("Q"), array("Q")
    start = 0
    for number, line in enumerate(file, 1):
        if line.removeprefix(BOM).strip() and _text_of(line, f"{name}, line {number}").strip():
            starts.append(start)
            lines.append(number)
        start += len(line)
    return starts, lines


def _text_of(line: bytes, where: str) -> str:
    try:
        row: Any = json.loads(line.removeprefix(BOM))  # Any: JSON of a stranger
    except (ValueError, RecursionError):
        shown = line[:40].decode("utf-8", "replace").strip()
        raise ValueError(f"{where}: {shown!r} is not JSON; {WANTED}") from None
    if not isinstance(row, dict):
        raise ValueError(f"{where}: it is no object; {WANTED}")
    if FIELD not in row:
        raise ValueError(f"{where}: its keys are {', '.join(row)[:80]!r}; {WANTED}")
    text = row[FIELD]
    if not isinstance(text, str):
        raise ValueError(f"{where}: its text is {str(text)[:40]!r}, no words; {WANTED}")
    return text


def _unpack(path: Path, file: IO[bytes], name: str) -> None:
    import pyarrow
    import pyarrow.parquet

    try:
        source = pyarrow.parquet.ParquetFile(path)
        columns = source.schema_arrow.names
        if FIELD not in columns:
            raise ValueError(f"{name} has the columns {', '.join(columns)[:80]}, no column text; {WANTED}")
        for batch in source.iter_batches(columns=[FIELD]):
            for text in batch.column(0).to_pylist():
                file.write(json.dumps({FIELD: "" if text is None else str(text)}).encode() + b"\n")
    except (pyarrow.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # of the file that is written
            raise
        raise ValueError(f"cannot read {name}: {str(error).splitlines()[0][:120]}") from None
