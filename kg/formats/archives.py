"""Zip archives from strangers (docx, epub): opened with bounds on what they may unpack to."""

import zipfile
from typing import BinaryIO

from kg.formats.base import ReadError

MAX_UNPACKED = 1_000_000_000
"""Bytes all members may hold together."""

MAX_RATIO = 200
"""Times a member over a megabyte may be larger than it is packed; text packs 3 to 20 times."""

MAX_MEMBERS = 50_000


def open_archive(file: BinaryIO, kind: str) -> zipfile.ZipFile:
    """The archive, once its table of contents has been found harmless. Raises ReadError.

    The sizes stated there are held when a member is read: zipfile stops at the size stated.
    """
    file.seek(0, 2)
    if file.tell() == 0:
        raise ReadError("it is empty (0 bytes)")
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ReadError(f"it is not a {kind} file, or was cut short: {error}") from None
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise ReadError(f"it would unpack to {unpacked // 1_000_000:,} MB in {len(members):,} files; refused")
    for member in members:
        if member.file_size > 1_000_000 and member.file_size > MAX_RATIO * max(1, member.compress_size):
            times = member.file_size // max(1, member.compress_size)
            raise ReadError(
                f"{member.filename[:80]!r} in it would unpack to {times:,} times its size; refused"
            )
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """One member's bytes. Raises ReadError where it is missing, broken or encrypted."""
    try:
        return archive.read(name)
    except KeyError:
        raise ReadError(f"{name[:80]!r} is missing in it") from None
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise ReadError(f"{name[:80]!r} in it cannot be unpacked: {error}") from None
    except Exception as error:  # zlib.error, lzma.LZMAError: their modules may be missing
        raise ReadError(f"{name[:80]!r} in it cannot be unpacked: {error}") from None
