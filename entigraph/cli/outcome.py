"""How a command ends: exit codes, one-line errors, the log of every command."""

import logging
import os
import sys
import traceback
from collections.abc import Callable, Sequence

import typer

from entigraph.cli.terminal import talk

FAILED, USAGE, PARTLY = 1, 2, 3
INTERRUPTED = 130


def partly() -> typer.Exit:
    """Finished, with some failures or stopped by a limit: exit code 3."""
    return typer.Exit(PARTLY)


def guarded(command: Callable[[], object], words: Sequence[str], *, debug: bool) -> int:
    """The exit code of a command; what it raised is said in one line and logged in full."""
    try:
        command()
        return 0
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else FAILED
    except KeyboardInterrupt:
        talk("entigraph: interrupted; run the same command again to go on")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader is gone
        return 0
    except Exception as error:
        _log(words)
        if debug:
            traceback.print_exc()
        talk(f"entigraph: {_one_line(error)}")
        if not _expected(error):
            from entigraph.config import log_file

            talk(f"entigraph: this is a fault of the program; the details are in {log_file()}")
        return USAGE if isinstance(error, ValueError) and not isinstance(error, UnicodeError) else FAILED


def _expected(error: Exception) -> bool:
    from kg.model import GraphError
    from lm.base import LMError

    return isinstance(error, GraphError | LMError | ValueError | OSError | MemoryError)


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.strerror}: {str(error.filename)!r}"
    text = " ".join(str(error).split())
    return text or type(error).__name__


def _log(words: Sequence[str]) -> None:
    from entigraph.config import log_file

    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8", errors="replace")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger = logging.getLogger("entigraph")
    logger.propagate = False
    logger.addHandler(handler)
    logger.error("entigraph %s", " ".join(words[:2]), exc_info=True)
    logger.removeHandler(handler)
    handler.close()
