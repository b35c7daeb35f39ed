"""Bytes of unknown encoding become clean text: one kind of line end, nothing that cannot be stored."""

import codecs
import re
from pathlib import Path

REPLACEMENT = "\ufffd"
SAMPLE_BYTES = 65_536

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16, so it is asked first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\0"))
SURROGATE = re.compile("[\ud800-\udfff]")
HIGH = re.compile(rb"[\x80-\xff]+")
KANA = re.compile("[\u3040-\u30ff]")
WESTERN = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0152\u0153\u2018-\u201e\u2013\u2014\u2026\u20ac\u00a0-\u00a3\u00a7\u00a9\u00ab\u00ae\u00b0\u00b7\u00bb\u00bf]"
)
FAMILIES_OF_ONE_BYTE = ("cp12", "cp4", "cp8", "iso8859", "latin", "mac", "hp", "koi8")


class NotText(ValueError):
    """The bytes are not those of a text in any encoding; the message says what was seen."""


def decode(data: bytes) -> str:
    """The text of a file, cleaned (see `clean`). Raises NotText for what is not text at all."""
    return clean(data.decode(detect(data), "replace"))


def read_text(path: Path, what: str) -> str:
    """The text of a file, of whatever encoding. Raises ValueError that calls the file `what` and says why not."""
    try:
        return decode(path.read_bytes())
    except (OSError, NotText) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ValueError(f"cannot read {what} {str(path)!r}: {why}") from None


def detect(data: bytes) -> str:
    """Name of the encoding of a text: by its byte order mark, else UTF-8 if it is that, else a guess.

    The guess comes from charset-normalizer on at most 64 kB around the first byte that is not ASCII,
    corrected where that is known to err on short texts: Western European and Japanese. The codec
    named takes the byte order mark away, where there is one. Raises NotText for binary data.
    """
    for mark, name in BOMS:
        if data.startswith(mark):
            return {"utf-8": "utf-8-sig", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(name, name)
    wide = _wide(data[:SAMPLE_BYTES])
    if wide:
        return wide
    _refuse_binary(data)
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError as error:
        sample = data[max(0, error.start - 1000) :][:SAMPLE_BYTES]
        return "utf-8" if _mostly_utf8(sample) else _guess(sample)
    return "utf-8"


def clean(text: str) -> str:
    """The text with LF line ends, without a byte order mark, NUL and lone surrogates replaced.

    >>> clean("\\ufeffa\\r\\nb\\rc\\x00")
    'a\\nb\\nc\\ufffd'
    """
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", REPLACEMENT)
    if not text.isascii() and SURROGATE.search(text):
        # Two halves that belong together are one character; the round trip joins them.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of text in Latin script is NUL, or line ends are wide."""
    pairs = len(sample) // 2
    if pairs < 2 or b"\0" not in sample:
        return None
    for name, high, line_end in (("utf-16-le", 1, b"\n\0"), ("utf-16-be", 0, b"\0\n")):
        nuls = sample[high : 2 * pairs : 2].count(0)
        other = sample[1 - high : 2 * pairs : 2].count(0)
        if other == 0 and (nuls * 10 >= pairs * 7 or (nuls and sample.count(line_end) * 50 > nuls)):
            try:
                text = sample[: 2 * pairs].decode(name, "ignore")
            except ValueError:  # pragma: no cover - "ignore" takes what is wrong away
                continue
            letters = sum(character.isalnum() or character.isspace() for character in text[:4000])
            if letters * 10 >= len(text[:4000]) * 6:
                return name
    return None


def _refuse_binary(data: bytes) -> None:
    sample = data[:SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    nuls = sample.count(0)
    if nuls * 20 > len(sample) or controls * 50 > len(sample):
        raise NotText(f"it holds {controls + nuls} control characters in its first {len(sample)} bytes")


def _mostly_utf8(sample: bytes) -> bool:
    """Whether a few broken bytes stand in text that is UTF-8 otherwise."""
    text = sample.decode("utf-8", "replace")
    broken = text.count(REPLACEMENT)
    good = sum(not character.isascii() for character in text) - broken
    return good > 4 * broken


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    for name in ("shift_jis", "euc_jp"):
        text = _decoded(sample, name)
        high = len(re.findall(r"[^\x00-\x7f]", text))
        if high and len(KANA.findall(text)) * 4 > high and not re.search("[\uff66-\uff9f]{3}", text):
            return name
    best = from_bytes(sample).best()
    name = best.encoding.replace("-", "_") if best else "cp1252"
    if name.startswith(FAMILIES_OF_ONE_BYTE) or name == "ascii":
        # Code pages of one byte differ in a few letters only: the commonest is taken if it makes sense.
        high_bytes = sum(map(len, HIGH.findall(sample)))
        western = len(WESTERN.findall(sample.decode("cp1252", "replace")))
        if western * 20 >= high_bytes * 19 and high_bytes * 4 < len(sample):
            return "cp1252"
    return name


def _decoded(sample: bytes, name: str) -> str:
    """The sample in that encoding, or nothing; the character cut by its end does not count."""
    for cut in range(4):
        try:
            return sample[: len(sample) - cut].decode(name)
        except UnicodeDecodeError:
            continue
    return ""
